//! Packages as one list and back, and lists handed from function to function.

use engine::abi::krm::{Answer, Bundle, Relay, bundle};
use engine::report::OutcomeKind;
use engine::request::File;

fn file(path: &str, text: &str) -> File {
    File { path: path.into(), text: text.into() }
}

const WEB: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web # the shop\n";

#[test]
fn a_package_comes_back_from_its_list() {
    let files = [
        file("a/web.yaml", &format!("{WEB}---\n{}", WEB.replace("web", "two"))),
        file(
            "b.json",
            "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Pod\",\n  \"metadata\": {\n    \"name\": \"p\"\n  }\n}\n",
        ),
    ];
    let list = bundle(&files, "kind: ConfigMap\napiVersion: v1\n", &[]).unwrap();
    assert!(list.contains("internal.config.kubernetes.io/path: 'a/web.yaml'"), "{list}");
    let read = Bundle::read("list", &list).unwrap().unwrap();
    assert_eq!(read.files, files);
    assert_eq!(read.config, "kind: ConfigMap\napiVersion: v1\n");
}

#[test]
fn manifests_are_no_list() {
    for text in ["", WEB, &format!("{WEB}---\n{WEB}"), "kind: ResourceList\n"] {
        assert_eq!(Bundle::read("x", text).unwrap(), None, "{text}");
    }
}

#[test]
fn an_item_without_a_path_gets_one() {
    let list = "kind: List\napiVersion: v1\nitems:\n- kind: Pod\n  apiVersion: v1\n  metadata: {name: p, namespace: n}\n";
    let read = Bundle::read("x", list).unwrap().unwrap();
    assert_eq!(read.files.first().map(|file| file.path.as_str()), Some("n/pod_p.yaml"));
}

#[test]
fn bad_lists_are_refused() {
    for (text, part) in [
        ("kind: [", "line 1"),
        ("kind: ResourceList\nitems: 1\n", "`items` that are no list"),
        ("kind: ResourceList\nitems: [{kind: Pod}]\n", "an item that has no `apiVersion`"),
        (
            "kind: ResourceList\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {config.kubernetes.io/path: ../p.yaml}}}\n",
            "leads out of the package",
        ),
    ] {
        let outcome = Bundle::read("in", text).unwrap_err();
        assert_eq!(outcome.kind, OutcomeKind::Invalid);
        assert!(outcome.message.contains(part), "{}", outcome.message);
    }
}

const LIST: &str = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: p\nfunctionConfig:\n  apiVersion: v1\n  kind: ConfigMap\nresults:\n- message: before\n";

fn answer(stdout: &str, exit: i32) -> Answer<'_> {
    Answer { stdout: stdout.as_bytes(), stderr: "last words\n", exit: Some(exit) }
}

#[test]
fn a_relay_keeps_configuration_and_results() {
    let mut relay = Relay::read(LIST).unwrap();
    assert_eq!(relay.list(), LIST);
    assert_eq!(relay.stdin("m", None).unwrap(), LIST.split("results").next().unwrap());
    assert!(
        relay
            .stdin("m", Some("kind: X\napiVersion: x/v1\n"))
            .unwrap()
            .ends_with("kind: X\n  apiVersion: x/v1\n")
    );
    let said = "kind: ResourceList\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: q}}\nresults:\n- message: after\n";
    relay.take("`m`", &answer(said, 0)).unwrap();
    let list = relay.list();
    assert!(
        list.contains("name: q") && list.contains("functionConfig") && !list.contains("name: p"),
        "{list}"
    );
    assert!(list.ends_with("results:\n- message: before\n- message: after\n"), "{list}");
}

#[test]
fn a_relay_loses_nothing_to_a_failure() {
    for (said, exit, kind, part) in [
        ("", 0, OutcomeKind::Malformed, "`m` printed nothing, which would delete the 1 resource"),
        ("hello", 0, OutcomeKind::Malformed, "did not answer with a ResourceList"),
        (
            "kind: ResourceList\nitems: [{kind: Pod}]\n",
            0,
            OutcomeKind::Malformed,
            "an item that has no `apiVersion`",
        ),
        ("", 3, OutcomeKind::Exited, "`m` exited with code 3: last words"),
        (
            "kind: ResourceList\nitems: []\nresults: [{message: no, severity: error}]\n",
            1,
            OutcomeKind::Exited,
            "`m` exited with code 1: no",
        ),
    ] {
        let mut relay = Relay::read(LIST).unwrap();
        let outcome = relay.take("`m`", &answer(said, exit)).unwrap_err();
        assert_eq!(outcome.kind, kind, "{said}");
        assert!(outcome.message.contains(part), "{}", outcome.message);
        assert!(relay.list().contains("name: p"));
        assert_eq!(relay.list().contains("message: no"), said.contains("message: no"));
    }
}

#[test]
fn a_relay_takes_lists_only() {
    for (text, part) in [("", "the input is empty"), (WEB, "is no ResourceList"), ("a: [", "does not parse")]
    {
        let outcome = Relay::read(text).unwrap_err();
        assert!(outcome.message.contains(part), "{}", outcome.message);
    }
}
