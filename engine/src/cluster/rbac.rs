//! Whether somebody may, by the pasted roles and bindings, as the API server's RBAC authorizer decides it. Source:
//! Kubernetes, `plugin/pkg/auth/authorizer/rbac`.
//!
//! It knows only what is pasted: no default role, and of groups only those of the question, with `system:masters`
//! always allowed and a service account's own groups.

use serde_json::{Value as Json, json};

use super::resource::{group, text};
use super::status::{Answer, failure};

/// Where a `SubjectAccessReview` is sent.
pub(super) const REVIEWS: &str = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

/// The answer to a `SubjectAccessReview`.
pub(super) fn review(objects: &[&Json], body: &[u8]) -> Answer {
    let Ok(mut review) = serde_json::from_slice::<Json>(body) else {
        return failure(400, "BadRequest", "the review is not JSON");
    };
    let Some(spec) =
        review.get("spec").filter(|spec| spec.get("resourceAttributes").is_some_and(Json::is_object))
    else {
        return failure(422, "Invalid", "spec.resourceAttributes: Required value");
    };
    let found = decide(objects, &Question::of(spec));
    let answer = match &found {
        Some(by) => json!({ "allowed": true, "reason": format!("RBAC: allowed by {by}") }),
        None => json!({ "allowed": false }),
    };
    if let Some(review) = review.as_object_mut() {
        review.insert("status".into(), answer);
    }
    (201, review)
}

#[derive(Debug)]
struct Question<'a> {
    user: &'a str,
    groups: Vec<String>,
    verb: &'a str,
    group: &'a str,
    /// With its subresource.
    resource: String,
    name: &'a str,
    namespace: &'a str,
}

impl<'a> Question<'a> {
    fn of(spec: &'a Json) -> Self {
        let at = |field: &str| text(spec, &format!("/resourceAttributes/{field}"));
        let mut groups: Vec<String> = texts(spec.get("groups")).map(str::to_owned).collect();
        let user = text(spec, "/user");
        if let Some((namespace, _)) =
            user.strip_prefix("system:serviceaccount:").and_then(|it| it.split_once(':'))
        {
            groups.extend(["system:serviceaccounts".into(), format!("system:serviceaccounts:{namespace}")]);
        }
        let resource = match at("subresource") {
            "" => at("resource").to_owned(),
            subresource => format!("{}/{subresource}", at("resource")),
        };
        Self {
            user,
            groups,
            verb: at("verb"),
            group: at("group"),
            resource,
            name: at("name"),
            namespace: at("namespace"),
        }
    }
}

/// What allows it, in words.
fn decide(objects: &[&Json], question: &Question<'_>) -> Option<String> {
    if question.groups.iter().any(|group| group == "system:masters") {
        return Some("the group system:masters".into());
    }
    for binding in objects {
        let kind = text(binding, "/kind");
        let namespace = text(binding, "/metadata/namespace");
        let namespace = if namespace.is_empty() { "default" } else { namespace };
        let is_binding = group(text(binding, "/apiVersion")) == "rbac.authorization.k8s.io"
            && (kind == "ClusterRoleBinding" || (kind == "RoleBinding" && namespace == question.namespace));
        if !is_binding || !list(binding.get("subjects")).any(|it| is_subject(it, namespace, question)) {
            continue;
        }
        let (role_kind, role_name) = (text(binding, "/roleRef/kind"), text(binding, "/roleRef/name"));
        let role = objects.iter().find(|role| {
            text(role, "/kind") == role_kind
                && text(role, "/metadata/name") == role_name
                && group(text(role, "/apiVersion")) == "rbac.authorization.k8s.io"
                && (role_kind == "ClusterRole" || in_namespace(role, namespace))
        });
        if role.is_some_and(|role| list(role.get("rules")).any(|rule| allows(rule, question))) {
            let name = text(binding, "/metadata/name");
            return Some(format!("{kind} \"{name}\" of {role_kind} \"{role_name}\""));
        }
    }
    None
}

fn in_namespace(role: &Json, namespace: &str) -> bool {
    let own = text(role, "/metadata/namespace");
    (if own.is_empty() { "default" } else { own }) == namespace
}

fn is_subject(subject: &Json, namespace: &str, question: &Question<'_>) -> bool {
    let name = text(subject, "/name");
    match text(subject, "/kind") {
        "User" => name == question.user,
        "Group" => question.groups.iter().any(|group| group == name),
        "ServiceAccount" => {
            let own = text(subject, "/namespace");
            let namespace = if own.is_empty() { namespace } else { own };
            question.user == format!("system:serviceaccount:{namespace}:{name}")
        }
        _ => false,
    }
}

fn allows(rule: &Json, question: &Question<'_>) -> bool {
    let has = |field: &str, wanted: &str| texts(rule.get(field)).any(|it| it == "*" || it == wanted);
    let of_all = question.resource.split_once('/').map(|(_, subresource)| format!("*/{subresource}"));
    let names: Vec<&str> = texts(rule.get("resourceNames")).collect();
    has("verbs", question.verb)
        && has("apiGroups", question.group)
        && (has("resources", &question.resource) || of_all.is_some_and(|pattern| has("resources", &pattern)))
        && (names.is_empty() || names.contains(&question.name))
}

fn list(value: Option<&Json>) -> impl Iterator<Item = &Json> {
    value.and_then(Json::as_array).into_iter().flatten()
}

fn texts(value: Option<&Json>) -> impl Iterator<Item = &str> {
    list(value).filter_map(Json::as_str)
}
