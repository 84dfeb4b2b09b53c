//! The plugins of these tests: packages made of WebAssembly text.

use std::fs;

use crate::sandbox::Sandbox;

/// A plugin that stores its body, answers it, asks the cluster for it, answers 100,000 bytes, traps, and never ends.
const MODULE: &str = r#"(module
  (import "env" "host_k8s_api_call" (func $ask (param i32 i32) (result i32)))
  (import "env" "host_log" (func $log (param i32 i32)))
  (import "env" "host_storage_get" (func $get (param i32 i32) (result i32)))
  (import "env" "host_storage_set" (func $set (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 12)
  (global $last (mut i32) (i32.const 0))
  (global $calls (mut i32) (i32.const 0))
  (data (i32.const 100) "{\"status\":\"healthy\"}")
  (data (i32.const 200) "key")
  (func (export "allocate") (param i32) (result i32)
    (global.set $last (local.get 0)) (i32.const 4096))
  (func $pack (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1))))
  (func (export "status") (param i32 i32) (result i64)
    (call $log (i32.const 100) (i32.const 8))
    (call $pack (i32.const 100) (i32.const 20)))
  (func (export "echo") (param i32 i32) (result i64) (call $pack (local.get 0) (local.get 1)))
  (func (export "ask") (param i32 i32) (result i64)
    (call $pack (call $ask (local.get 0) (local.get 1)) (global.get $last)))
  (func (export "store") (param i32 i32) (result i64)
    (drop (call $set (i32.const 200) (i32.const 3) (local.get 0) (local.get 1)))
    (i64.const 0))
  (func (export "load") (param i32 i32) (result i64)
    (call $pack (call $get (i32.const 200) (i32.const 3)) (global.get $last)))
  (func (export "store_and_trap") (param i32 i32) (result i64)
    (drop (call $set (i32.const 200) (i32.const 3) (local.get 0) (local.get 1)))
    unreachable)
  (func (export "large") (param i32 i32) (result i64)
    (memory.fill (i32.const 8192) (i32.const 120) (i32.const 100000))
    (call $pack (i32.const 8192) (i32.const 100000)))
  (func (export "trap") (param i32 i32) (result i64) unreachable)
  (func (export "forever") (param i32 i32) (result i64) (loop (br 0)) (i64.const 0)))"#;

const MANIFEST: &str = "metadata: {name: NAME, version: 1.0.0, author: me}
spec:
  wasm: {file: guest.wasm}
  permissions: ['kubestellar:read:pods']
  backend:
    enabled: true
    routes:
    - {path: /status, methods: [GET], handler: status}
    - {path: /echo, methods: [POST, PUT], handler: echo}
    - {path: /ask, methods: [POST], handler: ask}
    - {path: /store, methods: [POST], handler: store}
    - {path: /store-and-trap, methods: [POST], handler: store_and_trap}
    - {path: /load, methods: [GET], handler: load}
    - {path: /large, methods: [GET], handler: large}
    - {path: /trap, methods: [GET], handler: trap}
    - {path: /forever, methods: [GET], handler: forever}
";

/// A folder with the packages `one.tar.gz` and `two.tar.gz`, a workspace in `off` whose plugin is switched off, and a
/// cluster in `cluster.yaml`.
pub(crate) fn packed() -> Sandbox {
    let sandbox = Sandbox::new();
    let module = engine::module::to_binary(MODULE.as_bytes()).unwrap();
    for name in ["one", "two"] {
        sandbox.write(&format!("{name}/plugin.yml"), &MANIFEST.replace("NAME", name));
        fs::write(sandbox.0.join(name).join("guest.wasm"), &module).unwrap();
        let packing = sandbox.shell(&format!("tar czf {name}.tar.gz -C {name} plugin.yml guest.wasm"));
        assert!(packing.status.success(), "{packing:?}");
    }
    let manifest = MANIFEST.replace("NAME", "off").replace('\n', "\n      ");
    sandbox.write(
        "off/drydock.yaml",
        &format!(
            "drydock: 1\nmodules: [{{name: guest, file: guest.wasm}}]\nplugin:\n  dashboard:\n    module: guest\n    \
             disabled: true\n    storage: {{key: from the file}}\n    manifest: |\n      {manifest}\n"
        ),
    );
    fs::write(sandbox.0.join("off/guest.wasm"), &module).unwrap();
    let on = sandbox.read("off/drydock.yaml").unwrap().replace("    disabled: true\n", "");
    sandbox.write("off/on.yaml", &on);
    sandbox.write("cluster.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}}");
    sandbox
}
