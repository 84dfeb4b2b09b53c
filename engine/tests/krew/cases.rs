//! Cases of a plugin: what they change, what they expect, and that an expectation which does not hold is told.

use engine::machine::wasmi::WasmiMachine;
use engine::report::Report;
use engine::request::{Budget, KubectlPlugin, Plugin, Scenario};
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
