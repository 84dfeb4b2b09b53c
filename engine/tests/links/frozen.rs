//! Every frozen link decodes to the workspace beside it.
//!
//! Refuses to change one: a link that somebody was sent cannot be taken back.

use std::fs;

use engine::link;
use engine::workspace::{ModuleRef, Workspace};

use super::folder;

/// What links were made of when they were frozen. Their workspaces are written out here or in the examples as
/// they were; the files alone count from then on.
fn to_freeze() -> Vec<(&'static str, Workspace)> {
    let mut found = vec![("v1-empty", Workspace::empty()), ("v1-every-field", every_field())];
    let mut examples = super::examples();
    for (frozen, name) in [
        ("v1-image", "set-an-image"),
        ("v1-starlark", "a-policy-in-starlark"),
        ("v1-selectors", "selectors-and-exclusions"),
        ("v1-wat", "when-a-guest-misbehaves"),
    ] {
        found.extend(examples.remove(name).map(|workspace| (frozen, workspace)));
    }
    found
}

fn every_field() -> Workspace {
    let text = r#"
drydock: 1
title: Ünïcode 🚢 and "quotes"
teaches: every field of version 1
group: Tests
tags: [one, "on", "1.20"]
modules:
- {name: built, example: set-labels}
- {name: text, wat: "(module)"}
- {name: small, base64: AGFzbQEAAAA=}
- {name: beside, file: guests/own.wasm}
- {name: known, digest: "sha256:93a44bbb96c751218e4c00d479e4c14358122a389acca16205b1e4d0dc5f9476"}
pipeline:
  files:
  - path: app/web.yaml
    text: "a: 1\r\n# comment\r\n---\n\tnot yaml\n"
  - path: empty.yaml
    text: ""
  - path: object.json
    text: |
      {"kind": "ConfigMap"}
  steps:
  - module: built
    name: first
    role: validator
    config: |
      kind: ConfigMap
    selectors:
    - {apiVersion: apps/v1, kind: Deployment, name: web, namespace: prod, labels: {app: web}, annotations: {a: b}}
    exclude:
    - {kind: Service}
    wire: json
    listVersion: v1alpha1
    off: true
  - module: known
budget: {fuel: 1000, timeMs: 250, memoryBytes: 65536, tableEntries: 10, stdoutBytes: 1, stderrBytes: 2, fileBytes: 3, hostBytes: 4}
world: {startSeconds: 7, seed: 8}
cases:
- name: holds
  expect: {outcome: finished}
"#;
    Workspace::from_yaml(text).unwrap()
}

#[test]
fn frozen_links_decode_for_ever() {
    let links = folder("tests/links");
    let update = std::env::var_os("UPDATE").is_some();
    for (name, workspace) in to_freeze() {
        let (link, yaml) = (links.join(format!("{name}.txt")), links.join(format!("{name}.yaml")));
        if update && !link.exists() && !yaml.exists() {
            fs::write(&link, link::encode(&workspace).unwrap()).unwrap();
            fs::write(&yaml, workspace.to_yaml()).unwrap();
        }
        assert!(link.exists() && yaml.exists(), "{name} is not frozen yet: UPDATE=1 adds it");
    }
    let mut checked = 0;
    for entry in fs::read_dir(&links).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            holds(&path);
            checked += 1;
        }
    }
    assert!(checked >= 6, "only {checked} frozen links are left");
}

/// The reader of today gets what the author of the link had.
fn holds(path: &std::path::Path) {
    let name = path.display();
    let link = fs::read_to_string(path).unwrap();
    let workspace = link::decode(&link).unwrap_or_else(|error| panic!("{name}: {error}"));
    let expected = fs::read_to_string(path.with_extension("yaml")).unwrap();
    assert_eq!(workspace, Workspace::from_yaml(&expected).unwrap(), "{name}");
}

#[test]
fn a_link_of_every_field_loses_none() {
    let workspace = every_field();
    assert_eq!(workspace.modules.len(), 5);
    let missing: Vec<&ModuleRef> = workspace.modules.iter().filter(|one| one.source().is_err()).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(link::decode(&link::encode(&workspace).unwrap()).unwrap(), workspace);
}
