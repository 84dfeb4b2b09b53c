//! Guests of services: one that behaves as the example of wasm-k8s-host-proxy, and one whose methods do what their
//! names say.

use engine::module::to_binary;
use serde::Deserialize;

/// The guest of a row.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Guest {
    /// Whether it is the getter; else it is the echo.
    getter: bool,
    /// The allocator as a function, instead of one that works; empty: none.
    malloc: String,
    /// The same for what gives room back; it counts how often it is called.
    free: String,
    /// What else the module has.
    more: String,
    /// The version that it says it is of, as an instruction.
    version: String,
    /// All of the module, instead of all this.
    wat: String,
}

impl Default for Guest {
    fn default() -> Self {
        Self {
            getter: false,
            malloc: MALLOC.into(),
            free: FREE.into(),
            more: String::new(),
            version: "(i64.const 1)".into(),
            wat: String::new(),
        }
    }
}

const MALLOC: &str = r#"(func $malloc (export "malloc") (param $size i32) (result i32) (local $at i32)
  (local.set $at (global.get $heap))
  (global.set $heap (i32.add (local.get $at) (local.get $size)))
  (block (loop
    (br_if 1 (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
    (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
    (br 0)))
  (local.get $at))"#;

const FREE: &str = r#"(func (export "free") (param $at i32)
  (global.set $freed (i32.add (global.get $freed) (i32.const 1))))"#;

/// The getter.
const GETTER: &str = include_str!("guests/getter.wat");

/// The imports of one form, which pass a request on and return what they are told.
const HOSTS: [(&str, &str); 9] = [
    ("kubernetes", "get"),
    ("kubernetes", "list"),
    ("kubernetes", "create"),
    ("kubernetes", "update"),
    ("kubernetes", "patch"),
    ("kubernetes", "delete"),
    ("kubernetes", "watch"),
    ("env", "ask"),
    ("env", "undeclared"),
];

impl Guest {
    pub(crate) fn getter() -> Self {
        Self { getter: true, ..Self::default() }
    }

    /// The echo with more functions.
    pub(crate) fn with(more: &str) -> Self {
        Self { more: more.into(), ..Self::default() }
    }

    pub(crate) fn wasm(&self) -> Vec<u8> {
        let wat = match self {
            Self { wat, .. } if !wat.is_empty() => wat.clone(),
            Self { getter: true, .. } => GETTER.to_owned(),
            guest => guest.echo(),
        };
        to_binary(wat.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{wat}"))
    }

    /// Each method takes a message and does with it what its name says.
    fn echo(&self) -> String {
        let imports: String = HOSTS
            .iter()
            .map(|(module, name)| {
                format!(
                    "(import \"{module}\" \"{name}\" (func ${module}_{name} (param i32 i32) (result i64)))\n"
                )
            })
            .collect();
        let asks: String = HOSTS
            .iter()
            .map(|(module, name)| {
                let method = if *module == "env" { (*name).to_owned() } else { format!("kubernetes_{name}") };
                format!(
                    "(func (export \"echo_{method}\") (param i32 i32) (result i64)
                       (call ${module}_{name} (local.get 0) (local.get 1)))\n"
                )
            })
            .collect();
        let Self { malloc, free, more, version, .. } = self;
        format!(
            r#"(module
  {imports}
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (global $heap (mut i32) (i32.const 8192))
  (global $freed (mut i32) (i32.const 0))
  (global $count (mut i32) (i32.const 0))
  {malloc}
  {free}
  {more}
  (func $result (param $at i32) (param $size i32) (result i64)
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32))
      (i64.extend_i32_u (local.get $size))))
  (func $number (param $number i32) (result i64)
    (i32.store8 (i32.const 16) (i32.const 0x08))
    (i32.store8 (i32.const 17) (local.get $number))
    (call $result (i32.const 16) (i32.const 2)))
  (func (export "echo_api_version") (result i64) {version})
  {asks}
  ;; Answers what it was asked.
  (func (export "echo_say") (param i32 i32) (result i64) (call $result (local.get 0) (local.get 1)))
  ;; Fails with what it was asked as its text.
  (func (export "echo_fail") (param i32 i32) (result i64)
    (call $result (local.get 0) (i32.or (local.get 1) (i32.const 0x80000000))))
  ;; How often it was called in this instance, and how often `free` was.
  (func (export "echo_count") (param i32 i32) (result i64)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (call $number (global.get $count)))
  (func (export "echo_freed") (param i32 i32) (result i64) (call $number (global.get $freed)))
  ;; Where it was given its message.
  (func (export "echo_place") (param i32 i32) (result i64)
    (if (i32.or (local.get 0) (local.get 1)) (then (return (call $number (i32.const 1)))))
    (call $number (i32.const 0)))
  ;; Returns the first eight bytes of what it was asked as its result.
  (func (export "echo_return") (param i32 i32) (result i64) (i64.load (local.get 0)))
  ;; Asks with the place and the size in the first eight bytes.
  (func (export "echo_point") (param i32 i32) (result i64)
    (call $env_ask (i32.load (local.get 0)) (i32.load offset=4 (local.get 0))))
  (func (export "echo_trap") (param i32 i32) (result i64) unreachable)
  (func (export "echo_loop") (param i32 i32) (result i64) (loop (br 0)) unreachable)
  (func (export "echo_exit") (param i32 i32) (result i64)
    (call $exit (i32.load8_u (local.get 0)))
    (i64.const 0))
  ;; Prints what it was asked, to stdout and to stderr.
  (func (export "echo_print") (param i32 i32) (result i64)
    (i32.store (i32.const 0) (local.get 0))
    (i32.store (i32.const 4) (local.get 1))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
    (i64.const 0))
  (func (export "echo_odd") (param i32) (result i64) (i64.const 0))
  (func (export "echo_small") (param i32 i32) (result i32) (i32.const 0)))"#
        )
    }
}

/// Long answers are of no interest to a table.
pub(crate) fn short(text: &str) -> String {
    match text.char_indices().nth(400) {
        Some((end, _)) => format!("{}… of {} bytes", &text[..end], text.len()),
        None => text.to_owned(),
    }
}
