// @ts-check
//! A Rego policy as Open Policy Agent compiles one, by its ABI 1.3: it looks at nothing, and always says the same.
//! Refuses to evaluate: the engine's own tests do.

const ANSWER = '[{"result":[{"msg":"OPA said no"}]}]';
const ENTRYPOINTS = '{"policy/violation":0}';

/** Where its texts stand. */
const AT = { answer: 1024, entrypoints: 2048, builtins: 3072, name: 4096 };

/** @param {keyof typeof AT} where @param {string} text */
const data = (where, text) => `(data (i32.const ${AT[where]}) "${text.replaceAll('"', '\\"')}\\00")`;

/** The policy, as a file to drop. */
export function opa() {
  const bytes = `(module
  (import "env" "memory" (memory 2))
  (import "env" "opa_abort" (func (param i32)))
  (import "env" "opa_println" (func (param i32)))
  (export "memory" (memory 0))
  (global (export "opa_wasm_abi_version") i32 (i32.const 1))
  (global (export "opa_wasm_abi_minor_version") i32 (i32.const 3))
  (global $heap (mut i32) (i32.const 65536))
  ${data("answer", ANSWER)} ${data("entrypoints", ENTRYPOINTS)} ${data("builtins", "{}")}
  ${data("name", "policy/violation")}
  (func (export "builtins") (result i32) (i32.const ${AT.builtins}))
  (func (export "entrypoints") (result i32) (i32.const ${AT.entrypoints}))
  (func (export "opa_eval") (param i32 i32 i32 i32 i32 i32 i32) (result i32) (i32.const ${AT.answer}))
  (func (export "opa_malloc") (param i32) (result i32) (global.get $heap))
  (func (export "opa_json_parse") (param i32 i32) (result i32) (local.get 0))
  (func (export "opa_json_dump") (param i32) (result i32) (local.get 0))
  (func (export "opa_heap_ptr_get") (result i32) (global.get $heap))
  (func (export "opa_heap_ptr_set") (param i32) (global.set $heap (local.get 0)))
  (func (export "opa_eval_ctx_new") (result i32) (global.get $heap))
  (func (export "opa_eval_ctx_set_input") (param i32 i32))
  (func (export "opa_eval_ctx_set_data") (param i32 i32))
  (func (export "opa_eval_ctx_set_entrypoint") (param i32 i32))
  (func (export "eval") (param i32) (result i32) (i32.const 0))
  (func (export "opa_eval_ctx_get_result") (param i32) (result i32) (i32.const ${AT.answer})))
`;
  return { name: "opa.wat", bytes };
}
