//! Cases of a dashboard plugin: what they change, what they expect, and that an expectation which does not hold is told.

use engine::machine::wasmi::WasmiMachine;
use engine::report::Report;
use engine::request::{Budget, Plugin, Scenario};
use engine::run::Unhurried;
use engine::workspace::Workspace;
use engine::workspace::case::{Change, Expect};

use crate::guest::Guest;
use crate::table::{ask, request};

const WORKSPACE: &str = r#"
drydock: 1
modules:
- {name: guest, wat: (module)}
plugin:
  dashboard:
    module: guest
    manifest: |
      metadata: {name: guest, version: 1.0.0, author: me}
      spec:
        wasm: {}
        permissions: ['kubestellar:read:configmaps']
        configuration: [{name: title, default: A}]
        backend:
          enabled: true
          routes:
          - {path: /k8s, methods: [POST], handler: k8s}
          - {path: /set, methods: [POST], handler: set}
          - {path: /log, methods: [POST], handler: log}
          - {path: /config, methods: [GET], handler: config}
          - {path: /print, methods: [POST], handler: print}
          - {path: /typo, methods: [GET], handler: typo}
    storage: {old: [1]}
    requests:
    - {method: POST, path: /k8s, body: /api/v1/namespaces/default/configmaps/a}
    - {method: POST, path: /k8s, body: /api/v1/secrets}
    - {method: POST, path: /set, body: '{"b": 1}'}
    - {method: POST, path: /log, body: a line}
    - {method: POST, path: /print, body: a word}
    - {path: /config}
    objects:
    - {path: a.yaml, text: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"}
"#;

fn report(change: &str) -> Result<Report, String> {
    let change: Change = serde_yaml::from_str(change).unwrap();
    let workspace = change.apply(&Workspace::from_yaml(WORKSPACE).unwrap())?;
    let Scenario::Plugin(Plugin::Dashboard(plugin)) = workspace.to_request(Budget::default()).scenario else {
        panic!()
    };
    Ok(ask(&request(*plugin, Budget::default()), &Guest::default(), &WasmiMachine::new(), &mut Unhurried))
}

#[test]
fn a_workspace_is_written_as_it_is_read() {
    let workspace = Workspace::from_yaml(WORKSPACE).unwrap();
    assert_eq!(Workspace::from_yaml(&workspace.to_yaml()).unwrap(), workspace);
}

#[test]
fn expectations_hold_or_say_why_not() {
    let cases: [(&str, &str, &[&str]); 9] = [
        (
            "{}",
            "{outcome: finished, code: 200, message: 6 with 200, answers: [POST /api/plugins/1/k8s 200], body: ['/ConfigMap/'],
              storage: {key: {b: 1}, old: [1], gone: null}, logs: [a line], stdout: [a word], stderr: [word]}",
            &[],
        ),
        (
            "{}",
            "{outcome: finished, notes: [exports no function `typo`], calls: [/configmaps/a 200, GET /api/v1/secrets forbidden,
              env.host_log a line]}",
            &[],
        ),
        ("{files: {a.yaml: ''}}", "{outcome: finished, calls: [/configmaps/a 404]}", &[]),
        (
            "{}",
            "{outcome: finished, code: 500, answers: [' 404'], body: [absent], logs: [absent], storage: {key: 1, old: null}}",
            &[
                "expected the code 500, got 200",
                "no answer matches ` 404`",
                "no body matches `absent`",
                "no log matches `absent`; there is: a line",
                "expected `key` to be stored as 1, it is {\"b\":1}",
                "expected `old` to be stored as null, it is [1]",
            ],
        ),
        ("{plugin: {requests: [{path: /typo}]}}", "{outcome: malformed, code: 500, body: [\"function 'typo' not found\"]}", &[]),
        ("{plugin: {requests: [{path: /config}], config: {title: B}}}", "{outcome: finished, body: ['\"title\":\"B\"']}", &[]),
        ("{plugin: {disabled: true}}", "{outcome: finished, code: 403}", &[]),
        ("{plugin: {manifest: 'a: ['}}", "{outcome: invalid}", &[]),
        ("{plugin: {storage: {}, requests: []}}", "{outcome: finished, storage: {old: null}, message: asked nothing}", &[]),
    ];
    for (change, expect, expected) in cases {
        let report = report(change).unwrap();
        let expect: Expect = serde_yaml::from_str(expect).unwrap();
        let shortfalls = expect.shortfalls(&report);
        assert_eq!(shortfalls.len(), expected.len(), "{change}: {shortfalls:#?}");
        for (shortfall, part) in shortfalls.iter().zip(expected) {
            assert!(shortfall.contains(part), "{shortfall}");
        }
    }
}

#[test]
fn a_change_of_another_system_is_refused() {
    for (change, cause) in [
        ("{plugin: {args: [a]}}", "`plugin.args`, which a dashboard plugin does not have"),
        ("{plugin: {stdin: a}}", "`plugin.stdin`"),
        ("{off: [a]}", "step `a`"),
    ] {
        let error = report(change).unwrap_err();
        assert!(error.contains(cause), "{error}");
    }
}
