//! Dashboard plugins on the command line: packages as `tar` makes them, workspaces, and their cases.

use std::fs;

use crate::sandbox::{Ended, Sandbox, finish};

const MODULE: &str = r#"(module
  (import "env" "host_k8s_api_call" (func $ask (param i32 i32) (result i32)))
  (import "env" "host_log" (func $log (param i32 i32)))
  (memory (export "memory") 2)
  (global $last (mut i32) (i32.const 0))
  (data (i32.const 100) "{\"status\":\"\1b[31mhealthy\"}")
  (func (export "allocate") (param i32) (result i32)
    (global.set $last (local.get 0)) (i32.const 4096))
  (func (export "deallocate") (param i32 i32))
  (func $pack (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1))))
  (func (export "handle_status") (param i32 i32) (result i64)
    (call $log (i32.const 100) (i32.const 10))
    (call $pack (i32.const 100) (i32.const 25)))
  (func (export "handle_echo") (param i32 i32) (result i64) (call $pack (local.get 0) (local.get 1)))
  (func (export "handle_ask") (param i32 i32) (result i64)
    (call $pack (call $ask (local.get 0) (local.get 1)) (global.get $last))))"#;

const MANIFEST: &str = "metadata: {name: hello, version: 1.0.0, author: me, description: says hello}
spec:
  wasm: {file: hello.wasm}
  permissions: ['kubestellar:read:pods']
  backend:
    enabled: true
    routes:
    - {path: /status, methods: [GET], handler: handle_status}
    - {path: /echo, methods: [POST], handler: handle_echo}
    - {path: /ask, methods: [POST], handler: handle_ask}
    - {path: /typo, methods: [GET], handler: handle_typo}
";

/// A folder with a package in it.
fn packed() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("plugin.yml", MANIFEST);
    let module = engine::module::to_binary(MODULE.as_bytes()).unwrap();
    fs::write(sandbox.0.join("hello.wasm"), module).unwrap();
    sandbox.write("frontend/dist/index.js", "export default 5");
    sandbox.write("cluster.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}}");
    let packing = sandbox.shell("tar czf hello.tar.gz ./plugin.yml hello.wasm frontend && ln -s /etc/passwd link && tar czf link.tar.gz plugin.yml hello.wasm link");
    assert!(packing.status.success(), "{packing:?}");
    sandbox
}

fn drydock(sandbox: &Sandbox, args: &[&str]) -> Ended {
    finish(sandbox.drydock().args(args).spawn().unwrap(), b"")
}

#[track_caller]
fn prints(ended: &Ended, status: i32, parts: &[&str]) {
    assert_eq!(ended.status.code(), Some(status), "{ended:?}");
    let text = ended.stdout() + &ended.stderr;
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
}

#[test]
fn a_package_is_asked() {
    let sandbox = packed();
    let ask = "POST /ask /api/v1/namespaces/shop/pods/web";
    let refused = "POST /ask /api/v1/secrets";
    let requests =
        ["--request", "GET /status", "--request", ask, "--request", refused, "--request", "GET /no"];
    let args = [&["run", "hello.tar.gz", "--input", "cluster.yaml"][..], &requests].concat();
    prints(
        &drydock(&sandbox, &args),
        0,
        &[
            "1 more file of the package",
            "frontend/dist/index.js text/javascript, 16 B",
            "Finished: `hello` was sent 4 requests: 3 with 200, 1 with 404.",
            "hello 1.0.0 by me",
            "exports no function `handle_typo`",
            "GET /api/plugins/1/status 200 25 bytes of application/json",
            "  {\"status\":\"␛[31mhealthy\"}",
            "log: {\"status\":",
            "\"name\":\"web\"",
            "  GET /api/v1/namespaces/shop/pods/web 200",
            "GET /api/v1/secrets forbidden: `spec.permissions` of its manifest lacks `kubestellar:read:secrets`",
            "GET /api/plugins/1/no 404",
        ],
    );
}

#[test]
fn bodies_and_reports_are_the_product() {
    let sandbox = packed();
    let echo = ["run", "hello.tar.gz", "--request", "POST /echo [1, 2]", "--request", "POST /echo 3"];
    let ended = drydock(&sandbox, &[&echo[..], &["-o", "yaml"]].concat());
    assert_eq!((ended.status.code(), ended.stdout().as_str()), (Some(0), "[1, 2]\n3\n"), "{ended:?}");
    prints(
        &drydock(&sandbox, &[&echo[..], &["-o", "json"]].concat()),
        0,
        &["\"dashboard\": {", "\"body\": \"[1, 2]\""],
    );
    let typo = ["run", "hello.tar.gz", "--request", "GET /typo"];
    prints(
        &drydock(&sandbox, &typo),
        1,
        &["Malformed answer:", "function 'handle_typo' not found in plugin", "help:"],
    );
    prints(
        &drydock(&sandbox, &["run", "hello.tar.gz"]),
        0,
        &["was loaded and asked nothing", "POST /api/plugins/1/echo"],
    );
}

#[test]
fn what_is_no_package_is_refused() {
    let sandbox = packed();
    sandbox.write("text.tar.gz", "text");
    prints(
        &drydock(&sandbox, &["run", "text.tar.gz"]),
        2,
        &["`text.tar.gz`: the package is damaged: it is no gzip file"],
    );
    prints(&drydock(&sandbox, &["run", "link.tar.gz"]), 2, &["`link` is a symbolic link", "help:"]);
    prints(
        &drydock(&sandbox, &["run", "hello.wasm"]),
        2,
        &["a dashboard plugin (KubeStellar)", "manifest", "help:"],
    );
    for (args, part) in [
        (&["run", "hello.wasm", "--request", "GET /status"][..], "--request is for a dashboard plugin only"),
        (&["run", "hello.tar.gz", "--config", "plugin.yml"], "--config is for a KRM function only"),
        (&["run", "hello.tar.gz", "--env", "A=b"], "--env is for a WASI program only"),
        (&["run", "hello.tar.gz", "--request", "GET"], "give it as METHOD PATH"),
    ] {
        prints(&drydock(&sandbox, args), 2, &[part]);
    }
}

#[test]
fn a_workspace_is_asked_and_tested() {
    let sandbox = packed();
    let manifest = MANIFEST.replace('\n', "\n      ");
    sandbox.write(
        "drydock.yaml",
        &format!(
            "drydock: 1\nmodules: [{{name: hello, file: hello.wasm}}]\nplugin:\n  dashboard:\n    module: hello\n    \
             manifest: |\n      {manifest}\n    requests: [{{path: /status}}]\ncases:\n- name: it is healthy\n  \
             expect: {{outcome: finished, code: 200, body: [healthy]}}\n- name: nothing is forbidden\n  change: \
             {{plugin: {{requests: [{{method: POST, path: /ask, body: /api/v1/secrets}}]}}}}\n  expect: {{outcome: \
             finished, calls: [forbidden], body: ['\"code\":403']}}\n"
        ),
    );
    prints(&drydock(&sandbox, &["run", "."]), 0, &["GET /api/plugins/1/status 200"]);
    let other = ["run", ".", "--request", "POST /echo a"];
    prints(&drydock(&sandbox, &other), 0, &["POST /api/plugins/1/echo 200"]);
    prints(
        &drydock(&sandbox, &["test", ".", "--engine", "wasmi", "--engine", "wasmtime"]),
        0,
        &["it is healthy"],
    );
}
