//! What the API server says when it refuses, word for word.
//!
//! Source: Kubernetes, `apimachinery/pkg/api/errors` and `apiserver/pkg/endpoints/handlers/responsewriters`; for
//! admission the sentences of k8s-wasm's API server.

use super::attributes::{Attributes, Resource, Target};
use crate::abi::policy::Admission;
use crate::report::{Outcome, OutcomeKind, Status};

/// The outcome of a refusal.
pub(crate) fn denied(status: &Status) -> Outcome {
    let mut outcome = Outcome::new(OutcomeKind::Denied, status.message.clone());
    outcome.code = Some(status.code);
    outcome.reason = Some(status.reason.as_str()).filter(|reason| !reason.is_empty()).map(Into::into);
    outcome
}

/// A status.
pub(crate) fn status(code: i32, reason: &str, message: impl Into<String>) -> Status {
    Status { code, reason: reason.into(), message: message.into() }
}

/// 401, which says no more than that.
pub(crate) fn unauthorized() -> Status {
    status(401, "Unauthorized", "Unauthorized")
}

/// 404.
pub(crate) fn not_found(resource: &str, name: &str) -> Outcome {
    denied(&status(404, "NotFound", format!("{resource} \"{name}\" not found")))
}

/// 409.
pub(crate) fn already_exists(resource: &Resource) -> Status {
    status(409, "AlreadyExists", format!("{} \"{}\" already exists", resource.qualified(), resource.name))
}

/// 403, with the authorizers' reason.
pub(crate) fn forbidden(user: &str, attributes: &Attributes, reason: &str) -> Status {
    let verb = attributes.verb.word(attributes.resource().is_none());
    let (subject, cause) = match &attributes.target {
        Target::Path(path) => ("forbidden".to_owned(), format!("User {user:?} cannot {verb} path {path:?}")),
        Target::Resource(it) => {
            let (group, namespace) = (&it.group, authorized_namespace(attributes, it));
            let path = if it.subresource.is_empty() {
                it.plural.clone()
            } else {
                format!("{}/{}", it.plural, it.subresource)
            };
            let place = match namespace {
                "" => "at the cluster scope".to_owned(),
                name => format!("in the namespace {name:?}"),
            };
            let name = authorized_name(attributes, it);
            let subject = match name {
                "" => format!("{} is forbidden", it.qualified()),
                name => format!("{} {name:?} is forbidden", it.qualified()),
            };
            (subject, format!("User {user:?} cannot {verb} resource {path:?} in API group {group:?} {place}"))
        }
    };
    let cause = sanitized(&cause);
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    status(403, "Forbidden", format!("{subject}: {cause}{reason}"))
}

/// 403, when it cannot be told whether an admission module is to be called.
pub(crate) fn excluded(resource: &Resource, cause: &str) -> Status {
    let subject = match resource.name.as_str() {
        "" => format!("{} is forbidden", resource.qualified()),
        name => format!("{} {name:?} is forbidden", resource.qualified()),
    };
    status(403, "Forbidden", format!("{subject}: {cause}"))
}

/// 500, when authorizers failed and none decided.
pub(crate) fn unauthorizable(attributes: &Attributes, errors: &str) -> Status {
    status(500, "", sanitized(&format!("Internal Server Error: {:?}: {errors}", path(attributes))))
}

/// 500, when an admission module failed.
pub(crate) fn failed(name: &str, cause: &str) -> Status {
    status(500, "", format!("admission review failed in wasm module '{name}': {cause}"))
}

/// What an admission module's no comes to: its own code from 400 on, otherwise 403. `subject` is who denies, such as
/// `admission WASM module "x"`.
pub(crate) fn rejected(subject: &str, admission: &Admission) -> Status {
    let denied = format!("{subject} denied the request");
    let message = match (admission.message.as_str(), admission.reason.as_str()) {
        ("", "") => format!("{denied} without explanation"),
        ("", reason) => format!("{denied}: {reason}"),
        (message, _) => format!("{denied}: {message}"),
    };
    let code = if admission.code >= 400 { admission.code } else { 403 };
    let reason = match admission.reason.as_str() {
        "" if code == 403 => "Forbidden",
        reason => reason,
    };
    status(code, reason, message)
}

/// The namespace that authorizers see: a namespace that is created has no path of its own yet.
pub(crate) fn authorized_namespace<'a>(attributes: &Attributes, resource: &'a Resource) -> &'a str {
    let is_new = resource.is_namespace() && attributes.verb.operation() == Some("CREATE");
    if is_new { "" } else { &resource.namespace }
}

/// The name that authorizers see: that of the path, and a new object has none. Its parent has, where a subresource
/// is created.
pub(crate) fn authorized_name<'a>(attributes: &Attributes, resource: &'a Resource) -> &'a str {
    let is_new = attributes.verb.operation() == Some("CREATE") && resource.subresource.is_empty();
    if is_new { "" } else { &resource.name }
}

/// The request's path.
fn path(attributes: &Attributes) -> String {
    let it = match &attributes.target {
        Target::Path(path) => return path.clone(),
        Target::Resource(resource) => resource,
    };
    let mut path = match it.group.as_str() {
        "" => format!("/api/{}", it.version),
        group => format!("/apis/{group}/{}", it.version),
    };
    if !it.namespace.is_empty() && !it.is_namespace() {
        path.push_str(&format!("/namespaces/{}", it.namespace));
    }
    path.push_str(&format!("/{}", it.plural));
    for part in [authorized_name(attributes, it), &it.subresource].into_iter().filter(|part| !part.is_empty())
    {
        path.push_str(&format!("/{part}"));
    }
    path
}

/// As the API server does, for browsers that take any text for markup.
fn sanitized(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
