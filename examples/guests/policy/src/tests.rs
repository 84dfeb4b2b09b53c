//! What is answered to which envelope.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    AccessReview, AdmissionRequest, Decision, Failure, Identity, PodSpec, UserInfo, Verdict, access,
    admission, containers_mut, respond, set, settings, token,
};

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AllOptional {
    a: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Required {
    a: String,
}

fn review(input: &str) -> Result<Value, Failure> {
    respond(input, |review: Value, (): &()| {
        admission::answer(&review, |request: &AdmissionRequest| match request.name.as_str() {
            "bad" => {
                Ok(Verdict::deny_as(422, "Invalid", "bad name").with_warning("w").with_annotation("k", "v"))
            }
            "new" => Ok(Verdict::mutate(json!({"b": 1, "a": 2}))),
            "none" => request.object().map(|_| Verdict::allow()),
            _ => Ok(Verdict::allow()),
        })
    })
}

#[test]
fn admission_answers_the_review() {
    let ask = |name: &str| {
        review(&json!({"request": {"request": {"uid": "U", "name": name, "object": null}}}).to_string())
    };
    let response = |name: &str| ask(name).unwrap()["response"].clone();
    assert_eq!(
        response("good"),
        json!({"uid": "U", "allowed": true, "status": null, "patchType": null, "patch": null, "warnings": [],
            "auditAnnotations": {}})
    );
    assert_eq!(
        response("bad"),
        json!({"uid": "U", "allowed": false, "status": {"message": "bad name", "code": 422, "reason": "Invalid"}, "patchType": null,
            "patch": null, "warnings": ["w"], "auditAnnotations": {"k": "v"}})
    );
    assert_eq!(
        (&response("new")["patch"], &response("new")["patchType"]),
        (&json!("eyJiIjoxLCJhIjoyfQ=="), &json!("Full"))
    );
    assert_eq!(ask("none").unwrap_err().to_string(), "no object in admission request");
}

#[test]
fn what_cannot_be_read_is_named() {
    for (input, expected) in [
        ("", "the envelope cannot be read: EOF"),
        ("{}", "the envelope cannot be read: missing field `request`"),
        (r#"{"request": {}}"#, "the request has no `request`"),
        (r#"{"request": {"request": {"dryRun": "yes"}}}"#, "the request's `request`: invalid type: string"),
        (
            r#"{"request": {"request": {}}, "settings": 1}"#,
            "the settings cannot be read: invalid type: number",
        ),
    ] {
        let error = review(input).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{input}: {error}");
    }
}

#[test]
fn settings_that_are_not_given_are_the_defaults() {
    assert_eq!(settings::<()>(Value::Null), Ok(()));
    assert_eq!(settings::<Option<u8>>(Value::Null), Ok(None));
    assert_eq!(settings::<AllOptional>(Value::Null), Ok(AllOptional::default()));
    assert_eq!(settings::<Required>(json!({"a": "b"})), Ok(Required { a: "b".into() }));
    assert_eq!(
        settings::<Required>(Value::Null).unwrap_err().to_string(),
        "the settings cannot be read: missing field `a`"
    );
    assert_eq!(
        settings::<AllOptional>(json!({"b": 1})).unwrap_err().to_string(),
        "the settings cannot be read: unknown field `b`, expected `a`"
    );
}

#[test]
fn tokens_have_users_and_audiences() {
    let review = json!({"spec": {"token": "t", "audiences": ["x"]}});
    let ask = |identity: Identity| token::answer(&review, |_| Ok(identity)).unwrap()["status"].clone();
    assert_eq!(ask(Identity::unknown()), json!({"authenticated": false}));
    let user = UserInfo { username: "jane".into(), groups: vec!["dev".into()], ..UserInfo::default() };
    assert_eq!(
        ask(Identity::user(user).for_audiences(vec!["x".into()])),
        json!({"authenticated": true, "audiences": ["x"],
            "user": {"username": "jane", "uid": "", "groups": ["dev"], "extra": {}}})
    );
}

#[test]
fn decisions_are_three() {
    let review = json!({"spec": {"user": "jane", "resourceAttributes": {"verb": "get", "resource": "pods"}}});
    let ask = |decision: Decision| {
        let judge = |review: &AccessReview| {
            assert_eq!(review.resource_attributes.as_ref().map(|it| it.resource.as_str()), Some("pods"));
            Ok(decision)
        };
        access::answer(&review, judge).unwrap()["status"].clone()
    };
    assert_eq!(ask(Decision::allow("a")), json!({"allowed": true, "denied": false, "reason": "a"}));
    assert_eq!(ask(Decision::deny("d")), json!({"allowed": false, "denied": true, "reason": "d"}));
    assert_eq!(ask(Decision::no_opinion()), json!({"allowed": false, "denied": false, "reason": ""}));
}

#[test]
fn pods_are_found_where_they_stand() {
    for (kind, path) in [
        ("Pod", "spec"),
        ("Deployment", "spec.template.spec"),
        ("CronJob", "spec.jobTemplate.spec.template.spec"),
    ] {
        let mut object = json!({"kind": kind});
        let keys: Vec<&str> = path.split('.').collect();
        set(&mut object, &keys, json!({"containers": [{"name": "a"}], "initContainers": [{"name": "b"}]}));
        let pod = PodSpec::of(&object).unwrap();
        let found: Vec<_> =
            pod.containers().iter().map(|it| (it.path.clone(), it.name().to_owned())).collect();
        let place = |list: &str| format!("{path}.{list}[0]");
        assert_eq!(found, [(place("initContainers"), "b".to_owned()), (place("containers"), "a".to_owned())]);
        assert_eq!(containers_mut(&mut object).len(), 2);
    }
    assert!(PodSpec::of(&json!({"kind": "Service", "spec": {}})).is_none());
    assert!(containers_mut(&mut json!({"kind": "Pod", "spec": "odd"})).is_empty());
}
