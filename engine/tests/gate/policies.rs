//! Kubewarden policies that do what a table says: over waPC and as WASI programs.

use engine::module::to_binary;
use serde::{Deserialize, Serialize};

/// A policy. What is left out is right: settings are valid, and the protocol is `v1`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Policy {
    /// What `validate` answers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) validate: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) settings: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    /// `validate` fails with this text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) error: String,
    /// What `validate` asks its host first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) asks: Vec<Ask>,
    /// Answers with what the host answered last.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) relay: bool,
    /// What `validate` does beside, as WebAssembly text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) then: String,
    /// What it returns from `__guest_call`, or exits with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) returns: Option<u32>,
    /// Further functions and exports.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) more: String,
    /// The module that a WASI policy imports `call` from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) host: String,
    /// The metadata section.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) metadata: String,
}

/// A question to the host.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Ask {
    /// As `namespace/operation`.
    pub(crate) ask: String,
    /// `kubewarden` when empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) binding: String,
    /// The payload, as it is sent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) with: String,
}

/// Texts in the guest's memory, from the second page on.
#[derive(Default)]
struct Texts(String, usize);

impl Texts {
    /// Its pointer and length, as WebAssembly text.
    fn put(&mut self, text: &str) -> String {
        let at = 65_536 + self.1;
        self.0.extend(text.bytes().map(|byte| format!("\\{byte:02x}")));
        self.1 += text.len();
        format!("(i32.const {at}) (i32.const {})", text.len())
    }

    /// The arguments of a question.
    fn question(&mut self, ask: &Ask) -> String {
        let binding = if ask.binding.is_empty() { "kubewarden" } else { &ask.binding };
        let (namespace, operation) = ask.ask.split_once('/').unwrap_or(("", &ask.ask));
        [binding, namespace, operation, &ask.with].map(|text| self.put(text)).join(" ")
    }
}

/// Where the host's last answer is copied to.
const ANSWER: &str = "(i32.const 2097152)";

impl Policy {
    /// The module, over waPC.
    pub(crate) fn wapc(&self) -> Vec<u8> {
        let mut texts = Texts::default();
        let settings = texts.put(self.settings.as_deref().unwrap_or("{\"valid\":true}"));
        let version = texts.put(self.version.as_deref().unwrap_or("\"v1\""));
        let asks: String = self.asks.iter().map(|ask| wapc_ask(&texts.question(ask))).collect();
        let answer = match (self.relay, self.error.as_str(), self.validate.as_str()) {
            (true, ..) => format!("(call $respond {ANSWER} (global.get $length))"),
            (_, "", "") => String::new(),
            (_, "", answer) => format!("(call $respond {})", texts.put(answer)),
            (_, error, _) => format!("(call $fail {})", texts.put(error)),
        };
        let returns = self.returns.unwrap_or(u32::from(self.error.is_empty()));
        let wat = format!(
            "(module
              (import \"wapc\" \"__guest_request\" (func $request (param i32 i32)))
              (import \"wapc\" \"__guest_response\" (func $respond (param i32 i32)))
              (import \"wapc\" \"__guest_error\" (func $fail (param i32 i32)))
              (import \"wapc\" \"__host_call\" (func $ask (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
              (import \"wapc\" \"__host_response_len\" (func $told_len (result i32)))
              (import \"wapc\" \"__host_response\" (func $told (param i32)))
              (import \"wapc\" \"__host_error_len\" (func $refused_len (result i32)))
              (import \"wapc\" \"__host_error\" (func $refused (param i32)))
              (import \"wapc\" \"__console_log\" (func $log (param i32 i32)))
              (import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))
              (memory (export \"memory\") 64)
              (global $length (mut i32) (i32.const 0))
              {}
              (func (export \"__guest_call\") (param $op i32) (param $msg i32) (result i32)
                (call $request (i32.const 1048576) (i32.const 1114112))
                (if (i32.eq (local.get $op) (i32.const 17))
                  (then (call $respond {settings}) (return (i32.const 1))))
                (if (i32.eq (local.get $op) (i32.const 16))
                  (then (call $respond {version}) (return (i32.const 1))))
                {asks} {} {answer} (i32.const {returns}))
              {} {})",
            self.more,
            self.then,
            texts.data(),
            self.section(),
        );
        binary(&wat)
    }

    /// The module, as a WASI program. It tells its two operations apart by the length of its arguments.
    pub(crate) fn wasi(&self) -> Vec<u8> {
        let host = if self.host.is_empty() { "host" } else { &self.host };
        let mut texts = Texts::default();
        let settings = texts.put(self.settings.as_deref().unwrap_or("{\"valid\":true}"));
        let answer = match self.relay {
            true => format!("(call $print {ANSWER} (global.get $length))"),
            false => format!("(call $print {})", texts.put(&self.validate)),
        };
        let error = texts.put(&self.error);
        let asks: String = self.asks.iter().map(|ask| wasi_ask(&texts.question(ask))).collect();
        let exit = self.returns.map(|code| format!("(call $exit (i32.const {code}))")).unwrap_or_default();
        let wat = format!(
            "(module
              (import \"wasi_snapshot_preview1\" \"args_sizes_get\" (func $args (param i32 i32) (result i32)))
              (import \"wasi_snapshot_preview1\" \"fd_read\" (func $fd_read (param i32 i32 i32 i32) (result i32)))
              (import \"wasi_snapshot_preview1\" \"fd_write\" (func $fd_write (param i32 i32 i32 i32) (result i32)))
              (import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))
              (import \"{host}\" \"call\" (func $ask (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
              (memory (export \"memory\") 64)
              (global $length (mut i32) (i32.const 0))
              {}
              (func $write (param $fd i32) (param $at i32) (param $length i32)
                (i32.store (i32.const 16) (local.get $at))
                (i32.store (i32.const 20) (local.get $length))
                (drop (call $fd_write (local.get $fd) (i32.const 16) (i32.const 1) (i32.const 24))))
              (func $print (param i32 i32) (call $write (i32.const 1) (local.get 0) (local.get 1)))
              (func $read_all
                (global.set $length (i32.const 0))
                (loop $more
                  (i32.store (i32.const 16) (i32.add {ANSWER} (global.get $length)))
                  (i32.store (i32.const 20) (i32.const 100))
                  (drop (call $fd_read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 24)))
                  (global.set $length (i32.add (global.get $length) (i32.load (i32.const 24))))
                  (br_if $more (i32.load (i32.const 24)))))
              (func (export \"_start\")
                (drop (call $args (i32.const 0) (i32.const 4)))
                (call $read_all)
                (if (i32.eq (i32.load (i32.const 4)) (i32.const 30))
                  (then (call $print {settings}) (return)))
                {asks} {} {answer} (call $write (i32.const 2) {error}) {exit})
              {} {})",
            self.more,
            self.then,
            texts.data(),
            self.section(),
        );
        binary(&wat)
    }

    fn section(&self) -> String {
        let escaped: String = self.metadata.bytes().map(|byte| format!("\\{byte:02x}")).collect();
        match self.metadata.as_str() {
            "" => String::new(),
            _ => format!("(@custom \"io.kubewarden.metadata\" \"{escaped}\")"),
        }
    }
}

impl Texts {
    fn data(&self) -> String {
        format!("(data (i32.const 65536) \"{}\")", self.0)
    }
}

fn wapc_ask(arguments: &str) -> String {
    format!(
        "(if (call $ask {arguments})
           (then (global.set $length (call $told_len)) (call $told {ANSWER}))
           (else (global.set $length (call $refused_len)) (call $refused {ANSWER})))"
    )
}

/// The answer comes on stdin, after all that the policy was given is read.
fn wasi_ask(arguments: &str) -> String {
    format!("(drop (call $ask {arguments})) (call $read_all)")
}

fn binary(wat: &str) -> Vec<u8> {
    to_binary(wat.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{wat}"))
}
