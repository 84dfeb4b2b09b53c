//! Rego policies that do what a table says, written by hand after OPA's ABI: a value in the guest is its own JSON text,
//! ended by a zero byte.

use std::collections::BTreeMap;

use engine::module::to_binary;
use serde::{Deserialize, Serialize};

/// A policy.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Rego {
    /// The minor version of its ABI: from 1 on it exports its memory, from 2 on it has `opa_eval`.
    pub(crate) minor: u32,
    /// What it answers, as it is; `<value>` is what its last built-in function gave, `<input>` and `<data>` what it was
    /// given.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) answer: String,
    /// Its entrypoints, by their numbers; `policy/violation` alone when empty.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) entrypoints: BTreeMap<String, i64>,
    /// The built-in functions that it calls one after the other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) calls: Vec<Call>,
    /// Functions that it names and does not call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) needs: Vec<String>,
    /// What it prints before it answers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) prints: String,
    /// What it aborts with instead.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) aborts: String,
    /// What it does at the end of its evaluation, as WebAssembly text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) then: String,
    /// Texts of the module, and what stands in their place.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) swap: BTreeMap<String, String>,
}

/// A call of a built-in function.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// The arguments as JSON, or as what a policy's `answer` may hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) args: Vec<String>,
}

/// Texts in the guest's memory.
struct Texts(Vec<u8>);

/// Where texts begin, and where what is allocated does.
const FIRST: usize = 1024;
const HEAP: usize = 65536;

impl Texts {
    /// Where a text stands.
    fn at(&mut self, text: &str) -> usize {
        let at = FIRST + self.0.len();
        self.0.extend(text.bytes().chain([0]));
        at
    }

    /// A text in pieces, put together in the guest: an expression that gives its address.
    fn built(&mut self, text: &str) -> String {
        let mut code = "(call $begin)".to_owned();
        let mut rest = text;
        while !rest.is_empty() {
            let holes = ["<value>", "<input>", "<data>"];
            let hole = holes.iter().filter_map(|hole| Some((rest.find(hole)?, *hole))).min();
            let (before, hole) = hole.map_or((rest, ""), |(at, hole)| (&rest[..at], hole));
            if !before.is_empty() {
                code.push_str(&format!("(call $add (i32.const {}))", self.at(before)));
            }
            if !hole.is_empty() {
                code.push_str(&format!("(call $add (global.get ${}))", hole.trim_matches(['<', '>'])));
            }
            rest = &rest[before.len() + hole.len()..];
        }
        format!("(block (result i32) {code} (global.get $built))")
    }
}

impl Rego {
    /// The module.
    pub(crate) fn wasm(&self) -> Vec<u8> {
        let mut texts = Texts(Vec::new());
        let mut names = self.needs.clone();
        let mut eval = String::new();
        for call in &self.calls {
            let id = names.iter().position(|it| *it == call.name).unwrap_or_else(|| {
                names.push(call.name.clone());
                names.len() - 1
            });
            let args: String = call.args.iter().map(|arg| texts.built(arg)).collect();
            let count = call.args.len();
            eval.push_str(&format!(
                "(global.set $value (call $builtin{count} (i32.const {id}) (i32.const 0) {args}))"
            ));
        }
        let mut say = |function: &str, text: &str| match text {
            "" => String::new(),
            text => format!("(call ${function} (i32.const {}))", texts.at(text)),
        };
        eval.push_str(&say("println", &self.prints));
        eval.push_str(&say("abort", &self.aborts));
        let answer = texts.built(&self.answer);
        let builtins: BTreeMap<_, _> = names.iter().enumerate().map(|(id, name)| (name, id)).collect();
        let builtins = texts.at(&serde_json::to_string(&builtins).unwrap());
        let only = BTreeMap::from([("policy/violation".to_owned(), 0)]);
        let entrypoints = if self.entrypoints.is_empty() { &only } else { &self.entrypoints };
        for name in entrypoints.keys() {
            // As OPA writes them, which tells what kind of policy it is.
            texts.at(name);
        }
        let entrypoints = texts.at(&serde_json::to_string(entrypoints).unwrap());
        let imports: String = (0..=4)
            .map(|count| {
                let params = "i32 ".repeat(count + 2);
                format!("(import \"env\" \"opa_builtin{count}\" (func $builtin{count} (param {params}) (result i32)))")
            })
            .collect();
        let data: String = texts.0.iter().map(|byte| format!("\\{byte:02x}")).collect();
        let memory = if self.minor >= 1 { "(export \"memory\" (memory 0))" } else { "" };
        let one_shot = if self.minor >= 2 { ONE_SHOT } else { "" };
        let (minor, then) = (self.minor, &self.then);
        let mut wat = format!(
            "(module
              (import \"env\" \"memory\" (memory 2))
              (import \"env\" \"opa_abort\" (func $abort (param i32)))
              (import \"env\" \"opa_println\" (func $println (param i32)))
              {imports} {memory}
              (global (export \"opa_wasm_abi_version\") i32 (i32.const 1))
              (global (export \"opa_wasm_abi_minor_version\") i32 (i32.const {minor}))
              (global $heap (mut i32) (i32.const {HEAP}))
              (data (i32.const {FIRST}) \"{data}\")
              (func (export \"builtins\") (result i32) (i32.const {builtins}))
              (func (export \"entrypoints\") (result i32) (i32.const {entrypoints}))
              (func $eval {eval} (global.set $result {answer}) {then})
              {one_shot} {RUNTIME})"
        );
        for (from, to) in &self.swap {
            assert!(wat.contains(from.as_str()), "{from}");
            wat = wat.replace(from.as_str(), to);
        }
        to_binary(wat.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{wat}"))
    }
}

const ONE_SHOT: &str = r#"
    (func (export "opa_eval") (param i32 i32 i32 i32 i32 i32 i32) (result i32)
      (global.set $entrypoint (local.get 1))
      (global.set $data (local.get 2))
      (global.set $heap (local.get 5))
      (global.set $input (call $parse (local.get 3) (local.get 4)))
      (call $eval)
      (global.get $result))"#;

const RUNTIME: &str = r#"
    (global $value (mut i32) (i32.const 0))
    (global $input (mut i32) (i32.const 0))
    (global $data (mut i32) (i32.const 0))
    (global $entrypoint (mut i32) (i32.const -1))
    (global $result (mut i32) (i32.const 0))
    (global $built (mut i32) (i32.const 0))
    (global $end (mut i32) (i32.const 0))
    (func $malloc (export "opa_malloc") (param $size i32) (result i32) (local $at i32)
      (local.set $at (global.get $heap))
      (global.set $heap (i32.add (local.get $at) (i32.add (local.get $size) (i32.const 8))))
      (block $done (loop $more
        (br_if $done (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
        (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))
        unreachable))
      (local.get $at))
    (func $parse (export "opa_json_parse") (param $from i32) (param $size i32) (result i32) (local $at i32)
      (local.set $at (call $malloc (i32.add (local.get $size) (i32.const 1))))
      (memory.copy (local.get $at) (local.get $from) (local.get $size))
      (i32.store8 (i32.add (local.get $at) (local.get $size)) (i32.const 0))
      (local.get $at))
    (func (export "opa_json_dump") (param i32) (result i32) (local.get 0))
    (func (export "opa_heap_ptr_get") (result i32) (global.get $heap))
    (func (export "opa_heap_ptr_set") (param i32) (global.set $heap (local.get 0)))
    (func (export "opa_eval_ctx_new") (result i32) (call $malloc (i32.const 16)))
    (func (export "opa_eval_ctx_set_input") (param i32 i32) (global.set $input (local.get 1)))
    (func (export "opa_eval_ctx_set_data") (param i32 i32) (global.set $data (local.get 1)))
    (func (export "opa_eval_ctx_set_entrypoint") (param i32 i32) (global.set $entrypoint (local.get 1)))
    (func (export "eval") (param i32) (result i32) (call $eval) (i32.const 0))
    (func (export "opa_eval_ctx_get_result") (param i32) (result i32) (global.get $result))
    (func $begin
      (global.set $built (call $malloc (i32.const 65536)))
      (global.set $end (global.get $built))
      (i32.store8 (global.get $end) (i32.const 0)))
    (func $add (param $from i32)
      (loop $next
        (i32.store8 (global.get $end) (i32.load8_u (local.get $from)))
        (if (i32.load8_u (local.get $from)) (then
          (global.set $end (i32.add (global.get $end) (i32.const 1)))
          (local.set $from (i32.add (local.get $from) (i32.const 1)))
          (br $next)))))"#;
