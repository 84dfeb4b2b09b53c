//! What policies say of a Pod.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use policy::AdmissionRequest;
use serde_json::{Value, json};

use crate::rules::{self, Answers};

fn ask(settings: Value) -> Result<Answers, String> {
    let request: AdmissionRequest = serde_json::from_value(json!({
        "operation": "CREATE",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "object": {"metadata": {"name": "web", "labels": {"team": "shop"}}, "spec": {"priority": 7}},
    }))
    .unwrap();
    let settings = policy::settings(settings).map_err(|failure| failure.to_string())?;
    rules::ask(&settings, &crate::input(&request, &settings)).map_err(|failure| failure.to_string())
}

fn rego(rules: &str) -> Value {
    json!({"rego": format!("package admission\n{rules}")})
}

#[test]
fn rules_answer_with_messages() {
    for (rules, expected) in [
        ("deny contains \"a\" if input.request.object.metadata.name == \"web\"", vec!["a"]),
        ("deny contains \"a\" if input.request.object.metadata.name == \"db\"", vec![]),
        ("deny contains \"b\" if true\ndeny contains \"a\" if true", vec!["a", "b"]),
        (
            "violation contains {\"msg\": \"v\", \"details\": {}} if input.review.kind.kind == \"Pod\"",
            vec!["v"],
        ),
        ("deny := \"one\" if input.review.object.spec.priority > 5", vec!["one"]),
        ("deny := true if true", vec!["rule `deny` holds"]),
        ("default deny := false", vec![]),
        ("deny := [\"a\", {\"msg\": \"b\"}]", vec!["a", "b"]),
        (
            "deny contains msg if {\n  some label in [\"team\", \"cost\"]\n  not input.review.object.metadata.labels[label]\n  msg := sprintf(\"label %q is missing\", [label])\n}",
            vec!["label \"cost\" is missing"],
        ),
    ] {
        assert_eq!(
            ask(rego(rules)).map(|it| it.refused),
            Ok(expected.iter().map(|&it| it.to_owned()).collect()),
            "{rules}"
        );
    }
}

#[test]
fn warnings_and_prints_are_kept_apart() {
    let answers =
        ask(rego("deny contains \"a\" if false\nwarn contains \"w\" if print(\"hello\", input.parameters)"))
            .unwrap();
    assert_eq!((answers.refused.len(), answers.warned, answers.prints.len()), (0, vec!["w".to_owned()], 1));
}

#[test]
fn parameters_and_data_are_settings() {
    let settings = json!({
        "rego": "package p\ndeny contains x if some x in input.parameters.list\ndeny contains y if some y in data.more",
        "parameters": {"list": ["a"]},
        "data": {"more": ["b"]},
    });
    assert_eq!(ask(settings).unwrap().refused, ["a", "b"]);
}

#[test]
fn the_older_rego_is_read_when_it_is_said() {
    let source = "package k8s\nviolation[{\"msg\": msg}] { msg := input.review.object.metadata.name }";
    assert_eq!(ask(json!({"rego": source, "v0": true})).unwrap().refused, ["web"]);
    assert!(ask(json!({"rego": source})).is_err());
}

#[test]
fn what_is_no_verdict_is_a_failure() {
    for (settings, expected) in [
        (rego("allow := true"), "has no rule `deny` and no rule `violation`"),
        (rego("warn contains \"w\" if true"), "has no rule `deny`"),
        (rego("deny contains \"a\" if {"), "policy.rego:2"),
        (rego("deny contains 1 if true"), "rule `deny` answered with 1, and not with messages"),
        (rego("deny := {\"a\": 1}"), "rule `deny` answered with"),
        (rego("deny contains \"a\" if to_number(\"x\") == 1"), "to_number"),
        (rego("deny contains \"a\" if http.send({}).status_code == 200"), "http.send"),
        (rego("deny contains \"a\" if nowhere(1)"), "nowhere"),
        (json!({"rego": ""}), "policy.rego"),
        (json!({}), "missing field `rego`"),
    ] {
        let error = ask(settings.clone()).unwrap_err();
        assert!(error.contains(expected), "{settings}: {error}");
        assert!(!error.contains('\n'), "{error}");
    }
}
