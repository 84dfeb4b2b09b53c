//! A guest that only computes: the sieve of Eratosthenes, and an FNV hash over its table.
//!
//! Calls no host function, so that what it costs is the machine's alone.

/// The guest: four rounds over a table of 2^18 numbers. It traps when the count of primes is wrong.
pub(crate) const WAT: &str = r#"(module
  (memory (export "memory") 5)
  (func $sieve (result i32) (local $i i32) (local $j i32) (local $primes i32)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 262144))
    (local.set $i (i32.const 2))
    (loop $next
      (if (i32.eqz (i32.load8_u (local.get $i)))
        (then
          (local.set $primes (i32.add (local.get $primes) (i32.const 1)))
          (local.set $j (i32.add (local.get $i) (local.get $i)))
          (block $crossed
            (loop $cross
              (br_if $crossed (i32.ge_u (local.get $j) (i32.const 262144)))
              (i32.store8 (local.get $j) (i32.const 1))
              (local.set $j (i32.add (local.get $j) (local.get $i)))
              (br $cross)))))
      (br_if $next
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 262144))))
    (local.get $primes))
  (func $hash (result i32) (local $i i32) (local $hash i32)
    (local.set $hash (i32.const 0x811c9dc5))
    (loop $next
      (local.set $hash (i32.mul (i32.const 0x01000193)
        (i32.xor (local.get $hash) (i32.load8_u (local.get $i)))))
      (br_if $next
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 262144))))
    (local.get $hash))
  (func (export "_start") (local $round i32)
    (loop $again
      (if (i32.ne (call $sieve) (i32.const 23000)) (then unreachable))
      (i32.store (i32.const 262144) (call $hash))
      (br_if $again
        (i32.lt_u (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 4))))))"#;
