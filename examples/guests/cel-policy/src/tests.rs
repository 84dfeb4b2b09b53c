//! What a policy says of a Deployment with three replicas.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use policy::AdmissionRequest;
use serde_json::{Value, json};

use crate::{Reason, evaluate, program};

fn ask(settings: Value) -> Result<Option<(Reason, String)>, String> {
    let request: AdmissionRequest = serde_json::from_value(json!({
        "operation": "CREATE",
        "namespace": "shop",
        "userInfo": {"username": "jane", "groups": ["dev"]},
        "object": {
            "metadata": {"name": "web", "namespace": "shop", "labels": {"a.b/c": "d"}},
            "spec": {"replicas": 3, "ratio": 0.5, "template": {"spec": {"containers": [
                {"name": "web", "image": "nginx:latest", "resources": {"limits": {"memory": "1Gi"}}},
            ]}}},
        },
    }))
    .unwrap();
    let settings = policy::settings(settings).map_err(|failure| failure.to_string())?;
    let programs = program::compile(&settings).map_err(|failure| failure.to_string())?;
    evaluate::first_broken(&programs, &request, &settings.params).map_err(|failure| failure.to_string())
}

fn rule(expression: &str) -> Value {
    json!({"validations": [{"expression": expression}]})
}

#[test]
fn rules_hold_or_not() {
    for (expression, holds) in [
        ("object.spec.replicas <= 3", true),
        ("object.spec.replicas < 3", false),
        ("object.spec.ratio == 0.5", true),
        ("has(object.spec.replicas) && !has(object.spec.paused)", true),
        ("object.metadata.labels['a.b/c'] == 'd'", true),
        ("object.metadata.namespace == request.namespace", true),
        ("oldObject == null", true),
        ("params == null", true),
        ("'dev' in request.userInfo.groups", true),
        ("request.userInfo.groups.exists(group, group.startsWith('d'))", true),
        ("object.spec.template.spec.containers.all(c, !c.image.endsWith(':latest'))", false),
        (
            "quantity(object.spec.template.spec.containers[0].resources.limits.memory).isLessThan(quantity('2Gi'))",
            true,
        ),
        ("object.metadata.name.matches('^[a-z]+$')", true),
        ("object.spec.template.spec.containers.map(c, c.name).join(',') == 'web'", true),
    ] {
        let expected =
            if holds { None } else { Some((Reason::Invalid, format!("failed expression: {expression}"))) };
        assert_eq!(ask(rule(expression)), Ok(expected), "{expression}");
    }
}

#[test]
fn what_is_no_answer_is_a_failure() {
    for (settings, expected) in [
        (
            rule("object.spec.replicas"),
            "validations[0].expression: `object.spec.replicas` is neither true nor false",
        ),
        (rule("object.spec.missing > 1"), "resulted in error: No such key: missing"),
        (rule("authorizer.group('')"), "resulted in error"),
        (rule("object.spec.replicas <="), "validations[0].expression: line 1, column"),
        (rule("object.spec.name > 1 &&\n && true"), "validations[0].expression: line 2, column"),
        (json!({}), "missing field `validations`"),
        (json!({"validations": [{"expresion": "true"}]}), "unknown field `expresion`"),
        (
            json!({"validations": [{"expression": "true", "messageExpression": "'"}]}),
            "validations[0].messageExpression: line 1",
        ),
        (json!({"validations": [{"expression": "true", "reason": "Odd"}]}), "unknown variant `Odd`"),
        (
            json!({"variables": [{"name": "x", "expression": "object.nowhere"}],
                "validations": [{"expression": "variables.x == 1"}]}),
            "variable `x` failed: variables[0].expression",
        ),
        (
            json!({"matchConditions": [{"name": "m", "expression": "object.nowhere == 1"}],
                "validations": [{"expression": "true"}]}),
            "matchConditions[0].expression",
        ),
    ] {
        let error = ask(settings.clone()).unwrap_err();
        assert!(error.contains(expected), "{settings}: {error}");
    }
}

#[test]
fn the_first_broken_rule_speaks() {
    let says = |validation: Value| ask(json!({"validations": [validation]})).unwrap().unwrap();
    assert_eq!(says(json!({"expression": "false", "message": "no"})), (Reason::Invalid, "no".into()));
    let both = json!({"expression": "false", "message": "no", "messageExpression": "'got ' + string(object.spec.replicas)"});
    assert_eq!(says(both).1, "got 3");
    for passed_over in ["object.nowhere", "''", "1", "'a\\nb'"] {
        let both = json!({"expression": "false", "message": "no", "messageExpression": passed_over});
        assert_eq!(says(both).1, "no", "{passed_over}");
    }
    let forbidden = json!({"expression": "false", "message": "no", "reason": "Forbidden"});
    assert_eq!(says(forbidden).0.code(), 403);
    let several = json!({"validations": [{"expression": "true"}, {"expression": "false", "message": "second"},
        {"expression": "false", "message": "third"}]});
    assert_eq!(ask(several), Ok(Some((Reason::Invalid, "second".into()))));
}

#[test]
fn variables_build_on_those_above() {
    let settings = json!({
        "params": {"max": 2},
        "variables": [
            {"name": "replicas", "expression": "object.spec.replicas"},
            {"name": "tooMany", "expression": "variables.replicas > params.max"},
            {"name": "unused", "expression": "object.nowhere"},
        ],
        "validations": [{"expression": "!variables.tooMany", "message": "too many"}],
    });
    assert_eq!(ask(settings), Ok(Some((Reason::Invalid, "too many".into()))));
}

#[test]
fn conditions_decide_whether_it_is_asked() {
    let settings = |conditions: &[&str]| {
        let conditions: Vec<Value> =
            conditions.iter().map(|it| json!({"name": "m", "expression": it})).collect();
        json!({"matchConditions": conditions, "validations": [{"expression": "false", "message": "no"}]})
    };
    assert_eq!(ask(settings(&["false"])), Ok(None));
    assert_eq!(ask(settings(&["object.nowhere == 1", "false"])), Ok(None));
    assert_eq!(ask(settings(&["true"])), Ok(Some((Reason::Invalid, "no".into()))));
}
