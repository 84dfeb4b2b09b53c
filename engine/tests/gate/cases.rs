//! Cases of a request: what they change, what they expect, and that an expectation which does not hold, or cannot be
//! read, is told.

use std::collections::BTreeMap;

use engine::machine::wasmi::WasmiMachine;
use engine::report::Report;
use engine::request::{Budget, Scenario};
use engine::workspace::Workspace;
use engine::workspace::case::{Change, Expect};

use super::table::{Guest, ask};

const WORKSPACE: &str = r#"
drydock: 1
modules:
- {name: judge, wat: (module)}
- {name: mutator, wat: (module)}
request:
  review: |
    {"uid": "U1", "operation": "CREATE", "kind": {"version": "v1", "kind": "ConfigMap"},
     "resource": {"version": "v1", "resource": "configmaps"}, "userInfo": {"username": "jane"},
     "object": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}}
  admission:
  - {module: judge, rules: [{operations: [CREATE], apiGroups: [""], apiVersions: [v1], resources: [configmaps]}]}
  - module: mutator
    mutating: true
    rules: [{operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*"]}]
"#;

fn guests() -> BTreeMap<String, Guest> {
    let answer = |rest: &str| Guest {
        stdout: format!(
            r#"{{"response":{{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{{"uid":"U1",{rest}}}}}}}"#
        ),
        ..Guest::default()
    };
    // {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","labels":{"x":"y"}}}
    let patch = "eyJhcGlWZXJzaW9uIjoidjEiLCJraW5kIjoiQ29uZmlnTWFwIiwibWV0YWRhdGEiOnsibmFtZSI6ImEiLCJsYWJlbHMiOnsieCI6InkifX19";
    BTreeMap::from([
        ("judge".to_owned(), answer(r#""allowed":false,"warnings":["look"],"status":{"message":"no"}"#)),
        ("mutator".to_owned(), answer(&format!(r#""allowed":true,"patchType":"Full","patch":"{patch}""#))),
    ])
}

fn report(change: &str) -> Result<Report, String> {
    let change: Change = serde_yaml::from_str(change).unwrap();
    let workspace = change.apply(&Workspace::from_yaml(WORKSPACE).unwrap())?;
    let Scenario::Request(request) = workspace.to_request(Budget::default()).scenario else { panic!() };
    Ok(ask(&request, &guests(), Budget::default(), &WasmiMachine::new()))
}

#[test]
fn expectations_hold_or_say_why_not() {
    let cases: [(&str, &str, &[&str]); 11] = [
        (
            "{}",
            "{outcome: denied, message: '/denied .*: no$/', code: 403, reason: Forbidden, stage: validating, step: judge}",
            &[],
        ),
        (
            "{}",
            "{outcome: denied, warnings: [look], user: jane, fields: {metadata.labels.x: \"y\", data: null}}",
            &[],
        ),
        ("{off: [judge]}", "{outcome: allowed, code: 201, message: 1 field changed}", &[]),
        ("{off: [judge, mutator]}", "{outcome: allowed, fields: {metadata.labels: null}}", &[]),
        (
            "{off: [judge], config: {mutator: 'a: ['}}",
            "{outcome: invalid, message: settings of mutator}",
            &[],
        ),
        (
            "{request: {review: '', object: '{apiVersion: v1, kind: Pod, metadata: {name: p}}'}, off: [mutator]}",
            "{outcome: allowed, notes: [metadata.namespace]}",
            &[],
        ),
        (
            "{}",
            "{outcome: allowed}",
            &["expected Allowed, got Denied: admission WASM module \"judge\" denied the request: no"],
        ),
        (
            "{}",
            "{outcome: denied, code: 400, stage: storage}",
            &["expected the stage storage, got validating admission", "expected the code 400, got 403"],
        ),
        ("{}", "{outcome: denied, reason: Invalid}", &["no reason matches `Invalid`; there is: Forbidden"]),
        (
            "{}",
            "{outcome: denied, fields: {metadata.name: b}}",
            &["expected `metadata.name` to be \"b\", it is \"a\""],
        ),
        ("{}", "{outcome: denied, warnings: ['/(/']}", &["the expected warning `/(/` cannot be read"]),
    ];
    for (change, expect, shortfalls) in cases {
        let expect: Expect = serde_yaml::from_str(expect).unwrap();
        let missing = expect.shortfalls(&report(change).unwrap());
        let is_told = missing.len() == shortfalls.len()
            && missing.iter().zip(shortfalls).all(|(missing, expected)| missing.starts_with(expected));
        assert!(is_told, "{change}: {missing:#?}");
    }
}

#[test]
fn a_change_of_what_is_not_there_is_told() {
    let unknown = report("{off: [nobody]}").unwrap_err();
    assert_eq!(unknown, "the case changes step `nobody`, which the workspace does not have");
    let change: Change = serde_yaml::from_str("{request: {verb: get}}").unwrap();
    let pipeline = Workspace::from_yaml("drydock: 1\npipeline: {}\n").unwrap();
    let error = change.apply(&pipeline).unwrap_err();
    assert_eq!(error, "the case changes a request, which the workspace does not have");
    assert!(serde_yaml::from_str::<Change>("{request: {verbs: get}}").is_err());
}
