//! Cases of a plugin: what they change, what they expect, and that an expectation which does not hold is told.

use engine::cluster::{Cluster, ClusterError, Limits, Response};
use engine::machine::wasmi::WasmiMachine;
use engine::report::{Limit, Report};
use engine::request::{Budget, Command, KubectlPlugin, Plugin, Scenario};
use engine::run::{Pace, Progress, Unhurried};
use engine::workspace::Workspace;
use engine::workspace::case::{Change, Expect};

use crate::guest::Guest;
use crate::table::{ask, request};

const WORKSPACE: &str = r#"
drydock: 1
modules:
- {name: guest, wat: (module)}
plugin:
  krew:
    command: {module: guest, args: [kubectl-guest], stdin: a}
    objects:
    - {path: a.yaml, text: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"}
"#;

/// Asks for a ConfigMap and for a place that is not the cluster.
const GUEST: &str = r#"
asks:
- {url: "https://mock.drydock.invalid:6443/api/v1/namespaces/default/configmaps/a", headers: [[x, y]]}
- {url: "https://elsewhere.example/"}
exit: 3
"#;

fn report(change: &str) -> Result<Report, String> {
    let change: Change = serde_yaml::from_str(change).unwrap();
    let workspace = change.apply(&Workspace::from_yaml(WORKSPACE).unwrap())?;
    let Scenario::Plugin(Plugin::Krew(plugin)) = workspace.to_request(Budget::default()).scenario else {
        panic!()
    };
    let guest: Guest = serde_yaml::from_str(GUEST).unwrap();
    Ok(ask(&request(*plugin, Budget::default()), &guest, &WasmiMachine::new(), &mut Unhurried))
}

#[test]
fn expectations_hold_or_say_why_not() {
    let cases: [(&str, &str, &[&str]); 7] = [
        (
            "{}",
            "{outcome: exited, code: 3, message: code 3, stdout: ['/ConfigMap/'], notes: ['the header `x`']}",
            &[],
        ),
        (
            "{}",
            "{outcome: exited, calls: [/configmaps/a 200, GET https://elsewhere.example/ destination-not-allowed]}",
            &[],
        ),
        ("{files: {a.yaml: ''}}", "{outcome: exited, calls: [/configmaps/a 404]}", &[]),
        (
            "{}",
            "{outcome: exited, code: 0, stdout: [absent], stderr: [warning]}",
            &["no stderr matches `warning`", "expected the code 0, got 3", "no stdout matches `absent`"],
        ),
        (
            "{}",
            "{outcome: exited, calls: [POST]}",
            &[
                "no call matches `POST`; there is: GET /api/v1/namespaces/default/configmaps/a 200 | GET https",
            ],
        ),
        ("{}", "{outcome: finished}", &["expected Finished, got Exited"]),
        ("{}", "{outcome: exited, calls: ['/(/']}", &["the expected call `/(/` cannot be read"]),
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
fn a_plugin_without_an_exit_code_of_its_own_ends_with_0() {
    let report = ask(
        &request(KubectlPlugin::default(), Budget::default()),
        &Guest::default(),
        &WasmiMachine::new(),
        &mut Unhurried,
    );
    let expect: Expect = serde_yaml::from_str("{outcome: finished, code: 0}").unwrap();
    assert_eq!(expect.shortfalls(&report), Vec::<String>::new());
}

#[test]
fn a_change_of_the_plugin_takes_the_place_of_what_it_was_given() {
    let workspace = Workspace::from_yaml(WORKSPACE).unwrap();
    let change = "{plugin: {args: [kubectl-guest, -A], env: [{name: A, value: b}], stdin: b, session: '{}'}}";
    let change: Change = serde_yaml::from_str(change).unwrap();
    let Some(Plugin::Krew(changed)) = change.apply(&workspace).unwrap().plugin else { panic!() };
    assert_eq!(changed.command.args, ["kubectl-guest", "-A"]);
    assert_eq!((changed.command.env.len(), changed.command.stdin.0.as_slice()), (1, &b"b"[..]));
    assert_eq!((changed.session.as_str(), changed.objects.len()), ("{}", 1));
    // What is not named stays.
    let change: Change = serde_yaml::from_str("{plugin: {stdin: ''}}").unwrap();
    let Some(Plugin::Krew(changed)) = change.apply(&workspace).unwrap().plugin else { panic!() };
    assert_eq!(changed.command.args, ["kubectl-guest"]);
    assert!(changed.command.stdin.is_empty());
}

#[test]
fn a_change_of_what_is_not_there_is_told() {
    let unknown = report("{off: [nobody]}").unwrap_err();
    assert_eq!(unknown, "the case changes step `nobody`, which the workspace does not have");
    let request = report("{request: {verb: get}}").unwrap_err();
    assert_eq!(request, "the case changes a request, which the workspace does not have");
    let change: Change = serde_yaml::from_str("{plugin: {args: []}}").unwrap();
    let error = change.apply(&Workspace::from_yaml("drydock: 1\npipeline: {}\n").unwrap()).unwrap_err();
    assert_eq!(error, "the case changes a plugin, which the workspace does not have");
    assert!(serde_yaml::from_str::<Change>("{plugin: {arguments: []}}").is_err());
}

/// A runner that brings a cluster, which says what it was asked.
struct Bringing;

struct Echo;

impl Cluster for Echo {
    fn ask(&mut self, request: &engine::cluster::Request, _: Limits) -> Result<Response, ClusterError> {
        Ok(Response::new(format!("{} {}", request.method(), request.uri()).into_bytes()))
    }
}

impl Pace for Bringing {
    fn millis(&self) -> f64 {
        0.0
    }

    fn cluster(&mut self) -> Option<Box<dyn Cluster>> {
        Some(Box::new(Echo))
    }

    fn stdin(&self) -> Option<fn() -> Vec<u8>> {
        Some(|| b"asked for".to_vec())
    }

    async fn pause(&mut self, _: &Progress) -> Option<Limit> {
        None
    }
}

#[test]
fn the_cluster_of_a_runner_answers_in_place_of_objects() {
    let guest: Guest = serde_yaml::from_str(
        "{asks: [{url: 'https://k8s.example/api/v1/pods'}, {url: 'https://b.example/'}]}",
    )
    .unwrap();
    let plugin = KubectlPlugin { server: "https://k8s.example".into(), ..KubectlPlugin::default() };
    let report = ask(&request(plugin, Budget::default()), &guest, &WasmiMachine::new(), &mut Bringing);
    let calls = &report.plugin.as_deref().unwrap().calls;
    assert_eq!(calls[0].answer.0, b"GET /api/v1/pods", "{calls:?}");
    assert_eq!(calls[1].error, "destination-not-allowed", "{calls:?}");
}

#[test]
fn the_stdin_of_a_runner_is_given_once_it_is_asked_for() {
    let guest: Guest = serde_json::from_value(serde_json::json!({ "wat": CAT })).unwrap();
    let plugin = KubectlPlugin {
        command: Command { stdin: b"held".to_vec().into(), ..Command::default() },
        ..KubectlPlugin::default()
    };
    let request = request(plugin, Budget::default());
    let report = ask(&request, &guest, &WasmiMachine::new(), &mut Bringing);
    assert_eq!(report.command.unwrap().stdout.0, b"asked for");
    let report = ask(&request, &guest, &WasmiMachine::new(), &mut Unhurried);
    assert_eq!(report.command.unwrap().stdout.0, b"held");
}

/// Prints its stdin, which it waits for first.
const CAT: &str = r#"(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (i32.store8 (i32.const 108) (i32.const 1))
    (drop (call $poll (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 0)))
    (i32.store (i32.const 0) (i32.const 1024))
    (i32.store (i32.const 4) (i32.const 64))
    (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (i32.store (i32.const 4) (i32.load (i32.const 8)))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"#;
