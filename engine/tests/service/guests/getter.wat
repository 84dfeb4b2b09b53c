;; Behaves as the example simple-get of wasm-k8s-host-proxy does: logs, gets a ConfigMap, answers what it holds under
;; `my-data`. It reads messages with texts shorter than 128 bytes.
(module
  (import "env" "log" (func $log (param i32 i32) (result i64)))
  (import "kubernetes" "get" (func $get (param i32 i32) (result i64)))
  (memory (export "memory") 2)
  (global $heap (mut i32) (i32.const 65536))
  (global $is_ready (mut i32) (i32.const 0))
  ;; Where the name and the namespace of the request lie.
  (global $name (mut i32) (i32.const 0))
  (global $name_length (mut i32) (i32.const 0))
  (global $namespace (mut i32) (i32.const 0))
  (global $namespace_length (mut i32) (i32.const 0))
  ;; Where the next byte of a message goes.
  (global $out (mut i32) (i32.const 0))

  (data (i32.const 1024) "Getting ConfigMap object '")
  (data (i32.const 1056) "' from the Kubernetes cluster...")
  (data (i32.const 1100) "\0a\10\12\02v1\1a\0aconfigmaps\12")
  (data (i32.const 1140) "EOF")
  (data (i32.const 1150) "\22my-data\22:\22")

  (func (export "_initialize") (global.set $is_ready (i32.const 1)))

  (func $malloc (export "malloc") (param $size i32) (result i32) (local $at i32)
    (local.set $at (global.get $heap))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (block (loop
      (br_if 1 (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
      (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
      (br 0)))
    (local.get $at))

  (func (export "free") (param i32))

  (func (export "getter_api_version") (result i64) (i64.const 1))

  (func $put (param $byte i32)
    (i32.store8 (global.get $out) (local.get $byte))
    (global.set $out (i32.add (global.get $out) (i32.const 1))))

  (func $copy (param $from i32) (param $length i32)
    (memory.copy (global.get $out) (local.get $from) (local.get $length))
    (global.set $out (i32.add (global.get $out) (local.get $length))))

  ;; Reads the request; 0 when it is none.
  (func $read (param $at i32) (param $size i32) (result i32) (local $end i32) (local $length i32)
    (global.set $name_length (i32.const 0))
    (global.set $namespace_length (i32.const 0))
    (local.set $end (i32.add (local.get $at) (local.get $size)))
    (block (loop
      (br_if 1 (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $length (i32.load8_u offset=1 (local.get $at)))
      (if (i32.gt_u (i32.add (i32.add (local.get $at) (i32.const 2)) (local.get $length)) (local.get $end))
        (then (return (i32.const 0))))
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x0a)) (then
        (global.set $name (i32.add (local.get $at) (i32.const 2)))
        (global.set $name_length (local.get $length)))
      (else (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x12)) (then
        (global.set $namespace (i32.add (local.get $at) (i32.const 2)))
        (global.set $namespace_length (local.get $length)))
      (else (return (i32.const 0))))))
      (local.set $at (i32.add (i32.add (local.get $at) (i32.const 2)) (local.get $length)))
      (br 0)))
    (i32.const 1))

  (func $result (param $at i32) (param $size i32) (result i64)
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32))
      (i64.extend_i32_u (local.get $size))))

  ;; Where the text behind `"my-data":"` begins; 0 when it is not there.
  (func $find (param $at i32) (param $end i32) (result i32) (local $i i32)
    (block (loop
      (br_if 1 (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $i (i32.const 0))
      (block (loop
        (br_if 1 (i32.ne
          (i32.load8_u (i32.add (local.get $at) (local.get $i)))
          (i32.load8_u offset=1150 (local.get $i))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (if (i32.eq (local.get $i) (i32.const 11)) (then
          (return (i32.add (local.get $at) (i32.const 11)))))
        (br 0)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br 0)))
    (i32.const 0))

  (func (export "getter_get_config_map") (param $at i32) (param $size i32) (result i64)
    (local $message i32) (local $reply i64) (local $end i32) (local $length i32)
    (if (i32.eqz (global.get $is_ready)) (then unreachable))
    (if (i32.eqz (call $read (local.get $at) (local.get $size))) (then (return (i64.const 0))))
    ;; The log.
    (local.set $message (call $malloc (i32.const 512)))
    (global.set $out (local.get $message))
    (call $put (i32.const 0x0a))
    (call $put (i32.add (i32.const 59) (i32.add (global.get $name_length) (global.get $namespace_length))))
    (call $copy (i32.const 1024) (i32.const 26))
    (call $copy (global.get $name) (global.get $name_length))
    (call $put (i32.const 0x2f))
    (call $copy (global.get $namespace) (global.get $namespace_length))
    (call $copy (i32.const 1056) (i32.const 32))
    (if (i64.ne (call $log (local.get $message) (i32.sub (global.get $out) (local.get $message))) (i64.const 0))
      (then unreachable))
    ;; The question: the request is the part of it that names the object.
    (global.set $out (local.get $message))
    (call $copy (i32.const 1100) (i32.const 19))
    (call $put (local.get $size))
    (call $copy (local.get $at) (local.get $size))
    (local.set $reply (call $get (local.get $message) (i32.sub (global.get $out) (local.get $message))))
    (if (i64.eqz (local.get $reply)) (then
      (return (call $result (i32.const 1140) (i32.const 0x80000003)))))
    (local.set $at (i32.wrap_i64 (i64.shr_u (local.get $reply) (i64.const 32))))
    (local.set $end (i32.add (local.get $at) (i32.wrap_i64 (local.get $reply))))
    (local.set $at (call $find (local.get $at) (local.get $end)))
    (if (i32.eqz (local.get $at)) (then (return (i64.const 0))))
    (block (loop
      (br_if 1 (i32.eq (i32.load8_u (i32.add (local.get $at) (local.get $length))) (i32.const 0x22)))
      (local.set $length (i32.add (local.get $length) (i32.const 1)))
      (br 0)))
    (if (i32.eqz (local.get $length)) (then (return (i64.const 0))))
    (local.set $message (call $malloc (i32.add (local.get $length) (i32.const 2))))
    (global.set $out (local.get $message))
    (call $put (i32.const 0x0a))
    (call $put (local.get $length))
    (call $copy (local.get $at) (local.get $length))
    (call $result (local.get $message) (i32.add (local.get $length) (i32.const 2)))))
