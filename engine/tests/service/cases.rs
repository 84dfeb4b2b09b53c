//! Cases of a service: what they change, what they expect, and that an expectation which does not hold is told.

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
  service:
    module: guest
    proto: |
      syntax = "proto3";
      // go:plugin type=plugin version=1
      service Getter { rpc GetConfigMap(Request) returns (Reply); }
      message Request { string name = 1; string namespace = 2; }
      message Reply { string data = 1; }
      // go:plugin type=host module=env
      service Host { rpc Log(Line) returns (Nothing); }
      message Line { string message = 1; }
      message Nothing {}
    calls:
    - {method: GetConfigMap, message: {name: demo, namespace: default}}
    hosts:
    - {name: Log, answer: {}}
    objects:
    - {path: a.yaml, text: "{apiVersion: v1, kind: ConfigMap, metadata: {name: demo, namespace: default}, data: {my-data: Data}}"}
"#;

fn report(change: &str) -> Result<Report, String> {
    let change: Change = serde_yaml::from_str(change).unwrap();
    let workspace = change.apply(&Workspace::from_yaml(WORKSPACE).unwrap())?;
    let Scenario::Plugin(Plugin::Service(service)) = workspace.to_request(Budget::default()).scenario else {
        panic!()
    };
    Ok(ask(
        &request(*service, Budget::default()),
        Guest::getter().wasm(),
        &WasmiMachine::new(),
        &mut Unhurried,
    ))
}

#[test]
fn expectations_hold_or_say_why_not() {
    let nobody = "{plugin: {calls: [{method: GetConfigMap, message: {name: nobody, namespace: default}}]}}";
    let cases: [(&str, &str, &[&str]); 9] = [
        (
            "{}",
            "{outcome: finished, replies: [{reply: {data: Data}}], calls: [/configmaps/demo 200, env.log]}",
            &[],
        ),
        (
            "{}",
            r#"{outcome: finished, calls: ['/^env.log ."message":"Getting ConfigMap object .demo/']}"#,
            &[],
        ),
        ("{}", "{outcome: finished, replies: [{reply: '/^.\"data\":\"D/'}]}", &[]),
        (
            nobody,
            "{outcome: trapped, replies: [{state: trapped, error: 'configmaps \"nobody\" not found'}]}",
            &[],
        ),
        (nobody, "{outcome: trapped, replies: [{error: not found}], message: not found}", &[]),
        (
            "{plugin: {version: 2}}",
            "{outcome: invalid, message: 'API version mismatch, host: 2, plugin: 1'}",
            &[],
        ),
        (
            "{}",
            "{outcome: finished, replies: [{reply: {data: Date}}, {}]}",
            &["the reply of call 1 differs at `data`", "there is no call 2"],
        ),
        (
            "{}",
            "{outcome: finished, replies: [{error: x}]}",
            &["call 1 ended as Returned", "no error of call 1 matches `x`"],
        ),
        (
            "{files: {a.yaml: ''}}",
            "{outcome: finished, replies: [{}]}",
            &["expected Finished, got Trapped", "call 1 ended as Trapped: `kubernetes.get`: configmaps"],
        ),
    ];
    for (change, expect, shortfalls) in cases {
        let expect: Expect = serde_yaml::from_str(expect).unwrap();
        let missing = expect.shortfalls(&report(change).unwrap());
        let is_told = missing.len() == shortfalls.len()
            && missing.iter().zip(shortfalls).all(|(missing, expected)| missing.starts_with(expected));
        assert!(is_told, "{change} {expect:?}: {missing:#?}");
    }
}

#[test]
fn a_change_of_what_is_not_there_is_told() {
    let error = report("{plugin: {args: [a]}}").unwrap_err();
    assert_eq!(error, "the case changes `plugin.args`, which a service does not have");
    let changed = report("{plugin: {session: '{}', hosts: []}}").unwrap();
    assert!(
        changed.outcome.message.starts_with("`session` cannot be replayed"),
        "{}",
        changed.outcome.message
    );
}

#[test]
fn a_workspace_is_what_it_was() {
    let workspace = Workspace::from_yaml(WORKSPACE).unwrap();
    assert_eq!(Workspace::from_yaml(&workspace.to_yaml()).unwrap(), workspace);
    let unknown = WORKSPACE.replace("hosts:", "host:");
    assert!(Workspace::from_yaml(&unknown).unwrap_err().message.contains("unknown field `host`"));
}
