//! Compares a guest with kustomize where both should do the same.
//!
//! Its answers are frozen beside the case, so that the comparison holds where kubectl is not installed.

use std::fs;
use std::path::Path;
use std::process::Command;

use manifest::{Limits, Node, SequenceIndent, emit, parse};

/// Runs a program over the `resources.yaml` of a folder with its `config.yaml`, and expects what kustomize makes
/// of the same resources with the folder's `kustomization.yaml`, which is frozen as `expected.yaml`. Order and
/// comments may differ. Where kubectl is on the path, the frozen answer is checked against it; `UPDATE=1`
/// renews it.
///
/// # Panics
/// When the answers differ, naming the resource; when a file cannot be read.
pub fn check_kustomize(program: &str, folder: impl AsRef<Path>) {
    let folder = folder.as_ref();
    let frozen = folder.join("expected.yaml");
    match kubectl(folder) {
        Some(live) if std::env::var_os("UPDATE").is_some() => {
            fs::write(&frozen, live).unwrap_or_else(|error| panic!("{}: {error}", frozen.display()));
        }
        Some(live) => assert_eq!(read(&frozen), live, "{}: kubectl answers otherwise", frozen.display()),
        None => notice(folder),
    }
    let mut list = Node::mapping();
    list.set("apiVersion", Node::string("config.kubernetes.io/v1"));
    list.set("kind", Node::string("ResourceList"));
    list.set("items", Node::sequence(documents(&read(&folder.join("resources.yaml")))));
    if let Some(config) = documents(&read(&folder.join("config.yaml"))).pop() {
        list.set("functionConfig", config);
    }
    let output = crate::run(program, &emit(&list, SequenceIndent::Compact));
    let lists = documents(&String::from_utf8_lossy(&output.stdout));
    let items =
        lists.first().and_then(|list| list.get("items")).and_then(Node::as_sequence).unwrap_or_default();
    compare(items, &documents(&read(&frozen)));
}

/// Expects the same resources on both sides, in any order.
fn compare(actual: &[Node], expected: &[Node]) {
    assert_eq!(actual.len(), expected.len(), "number of resources");
    for wanted in expected {
        let found = actual.iter().any(|item| item.same(wanted));
        let written = |nodes: &[Node]| -> String {
            nodes.iter().map(|node| emit(node, SequenceIndent::Compact)).collect::<Vec<_>>().join("---\n")
        };
        assert!(
            found,
            "kustomize makes\n{}\nthe guest\n{}",
            written(std::slice::from_ref(wanted)),
            written(actual)
        );
    }
}

/// What kubectl makes of a folder; none where it is not installed.
fn kubectl(folder: &Path) -> Option<String> {
    let output = Command::new("kubectl").arg("kustomize").arg(folder).output().ok()?;
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "kubectl kustomize {}: {error}", folder.display());
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Says that only the frozen answer was compared.
#[expect(clippy::print_stderr, reason = "a test that compares less than it could must say so")]
fn notice(folder: &Path) {
    eprintln!("{}: kubectl is not on the path, only its frozen answer was compared", folder.display());
}

/// The documents of a text.
fn documents(text: &str) -> Vec<Node> {
    let documents = parse(text, &Limits::default()).unwrap_or_else(|error| panic!("{error}"));
    documents.into_iter().map(|document| document.root).filter(|root| !root.is_null()).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
