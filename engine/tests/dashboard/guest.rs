//! A plugin with a handler for each thing that a plugin can do, of which a row replaces or adds some.

use engine::module::to_binary;
use serde::Deserialize;

/// What a plugin has.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Guest {
    /// The allocator as a function, instead of one that works; empty: none.
    allocate: Option<String>,
    /// Instead of the module's own memory.
    memory: Option<String>,
    /// What else the module has.
    more: String,
    /// All of the module, instead of all this.
    wat: Option<String>,
}

/// Hands out memory from 4096 on, and remembers the last size: how a plugin learns how long an answer is.
const ALLOCATE: &str = r#"(func $allocate (export "allocate") (param i32) (result i32)
  (global.set $last (local.get 0))
  (global.set $heap (i32.add (global.get $heap) (local.get 0)))
  (block (loop
    (br_if 1 (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
    (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
    (br 0)))
  (i32.sub (global.get $heap) (local.get 0)))"#;

const HANDLERS: &str = r#"
(import "env" "host_k8s_api_call" (func $k8s (param i32 i32) (result i32)))
(import "env" "host_log" (func $log (param i32 i32)))
(import "env" "host_get_config" (func $config (param i32) (result i32)))
(import "env" "host_storage_get" (func $get (param i32 i32) (result i32)))
(import "env" "host_storage_set" (func $set (param i32 i32 i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
(global $heap (mut i32) (i32.const 4096))
(global $last (mut i32) (i32.const 0))
(global $count (mut i32) (i32.const 0))
(data (i32.const 100) "{\"status\":\"healthy\"}")
(data (i32.const 200) "key")
(data (i32.const 300) "0 or 1")
;; An address and a length as handlers return them.
(func $pack (param i32 i32) (result i64)
  (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1))))
(func (export "status") (param i64 i64) (result i64) (call $pack (i32.const 100) (i32.const 20)))
(func (export "echo") (param i32 i32) (result i64) (call $pack (local.get 0) (local.get 1)))
(func (export "wide") (param i64 i64) (result i64) (call $pack (i32.wrap_i64 (local.get 0)) (i32.wrap_i64 (local.get 1))))
(func (export "nothing") (param i32 i32))
(func (export "narrow") (param i32 i32) (result i32) (i32.const 100))
(func (export "zero") (param i32 i32) (result i64) (i64.const 20))
(func (export "empty") (param i32 i32) (result i64) (i64.shl (i64.const 100) (i64.const 32)))
(func (export "trap") (param i32 i32) (result i64) unreachable)
(func (export "exit") (param i32 i32) (result i64) (call $exit (i32.const 3)) (i64.const 0))
(func (export "one") (param i32) (result i64) (i64.const 0))
(func (export "floats") (param f32 f64) (result i64)
  (call $pack (i32.reinterpret_f32 (local.get 0)) (i32.wrap_i64 (i64.reinterpret_f64 (local.get 1)))))
(func (export "forever") (param i32 i32) (result i64) (loop (br 0)) (i64.const 0))
(func (export "outside") (param i32 i32) (result i64) (call $pack (i32.const 65530) (i32.const 100)))
(func (export "wrapped") (param i32 i32) (result i64) (i64.const -1))
(func (export "count") (param i32 i32) (result i64)
  (global.set $count (i32.add (global.get $count) (i32.const 1)))
  (i32.store8 (i32.const 400) (i32.add (i32.const 48) (i32.rem_u (global.get $count) (i32.const 10))))
  (call $pack (i32.const 400) (i32.const 1)))
(func $answer (param i32) (result i64)
  (if (i32.eqz (local.get 0)) (then (return (call $pack (i32.const 300) (i32.const 1)))))
  (call $pack (local.get 0) (global.get $last)))
(func (export "k8s") (param i32 i32) (result i64) (call $answer (call $k8s (local.get 0) (local.get 1))))
(func (export "config") (param i32 i32) (result i64) (call $answer (call $config (i32.const 7))))
(func (export "get") (param i32 i32) (result i64) (call $answer (call $get (local.get 0) (local.get 1))))
(func (export "set") (param i32 i32) (result i64)
  (if (result i64) (call $set (i32.const 200) (i32.const 3) (local.get 0) (local.get 1))
    (then (call $pack (i32.const 305) (i32.const 1)))
    (else (call $pack (i32.const 300) (i32.const 1)))))
(func (export "log") (param i32 i32) (call $log (local.get 0) (local.get 1)))
(func (export "print") (param i32 i32)
  (i32.store (i32.const 0) (local.get 0))
  (i32.store (i32.const 4) (local.get 1))
  (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
  (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8))))
;; The body holds the arguments of a host function as numbers.
(func $number (param i32 i32) (result i32) (i32.load (i32.add (local.get 0) (i32.shl (local.get 1) (i32.const 2)))))
(func (export "raw_k8s") (param i32 i32) (result i64)
  (call $answer (call $k8s (call $number (local.get 0) (i32.const 0)) (call $number (local.get 0) (i32.const 1)))))
(func (export "raw_log") (param i32 i32)
  (call $log (call $number (local.get 0) (i32.const 0)) (call $number (local.get 0) (i32.const 1))))
(func (export "raw_get") (param i32 i32) (result i64)
  (call $answer (call $get (call $number (local.get 0) (i32.const 0)) (call $number (local.get 0) (i32.const 1)))))
(func (export "raw_set") (param i32 i32) (result i64)
  (drop (call $set (call $number (local.get 0) (i32.const 0)) (call $number (local.get 0) (i32.const 1))
    (call $number (local.get 0) (i32.const 2)) (call $number (local.get 0) (i32.const 3))))
  (i64.const 0))
"#;

/// The handlers that every manifest has a route for, `/<name>` with GET and POST.
pub(crate) const ROUTES: [&str; 26] = [
    "status", "echo", "wide", "nothing", "narrow", "zero", "empty", "trap", "exit", "one", "floats",
    "forever", "outside", "wrapped", "count", "k8s", "config", "get", "set", "log", "print", "raw_k8s",
    "raw_log", "raw_get", "raw_set", "absent",
];

impl Guest {
    /// The module.
    pub(crate) fn wasm(&self) -> Vec<u8> {
        let whole = || {
            let memory = self.memory.as_deref().unwrap_or(r#"(memory (export "memory") 1)"#);
            let allocate = self.allocate.as_deref().unwrap_or(ALLOCATE);
            format!("(module {HANDLERS} {memory} {allocate} {})", self.more)
        };
        let wat = self.wat.clone().unwrap_or_else(whole);
        to_binary(wat.as_bytes()).unwrap_or_else(|error| panic!("{error}: {wat}"))
    }
}

/// A text cut to a length that can be read.
pub(crate) fn short(text: &str) -> String {
    match text.char_indices().nth(400) {
        Some((end, _)) => format!("{}… {} bytes", &text[..end], text.len()),
        None => text.to_owned(),
    }
}
