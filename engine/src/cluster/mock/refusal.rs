//! What the API server says when it refuses, word for word. Source: Kubernetes, `apimachinery/pkg/api/errors`,
//! `apimachinery/pkg/util/validation/field` and `apiserver/pkg/endpoints/handlers/negotiation`.
//!
//! It decides nothing: whoever refuses says why.

use serde_json::{Map, Value as Json, json};

use crate::cluster::kinds::Kind;
use crate::cluster::status::{Answer, failure};

/// What it is about, as `details` name it: a resource or a kind of a group, and a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    pub(super) group: &'a str,
    /// A plural name, or a kind.
    pub(super) called: &'a str,
    pub(super) name: &'a str,
}

impl<'a> Subject<'a> {
    /// An object of a kind, by its resource.
    pub(super) fn resource(kind: &'a Kind, name: &'a str) -> Self {
        Self { group: &kind.gvk.group, called: &kind.plural, name }
    }

    /// An object of a kind, by its kind.
    pub(super) fn kind(kind: &'a Kind, name: &'a str) -> Self {
        Self { group: &kind.gvk.group, called: &kind.gvk.kind, name }
    }

    /// `deployments.apps "web"`.
    fn shown(&self) -> String {
        let qualified = match self.group {
            "" => self.called.to_owned(),
            group => format!("{}.{group}", self.called),
        };
        format!("{qualified} {:?}", self.name)
    }

    fn details(&self, causes: Vec<Json>) -> Json {
        let mut details = Map::new();
        for (key, value) in [("name", self.name), ("group", self.group), ("kind", self.called)] {
            if !value.is_empty() {
                details.insert(key.into(), value.into());
            }
        }
        if !causes.is_empty() {
            details.insert("causes".into(), causes.into());
        }
        details.into()
    }

    fn refused(&self, code: u16, reason: &str, message: &str, causes: Vec<Json>) -> Answer {
        let (code, status) = failure(code, reason, message);
        (code, with_details(status, self.details(causes)))
    }

    /// 404.
    pub(super) fn not_found(&self) -> Answer {
        self.refused(404, "NotFound", &format!("{} not found", self.shown()), Vec::new())
    }

    /// 409, when a name is taken.
    pub(super) fn already_exists(&self, is_being_deleted: bool) -> Answer {
        let prefix = if is_being_deleted { "object is being deleted: " } else { "" };
        let message = format!("{prefix}{} already exists", self.shown());
        self.refused(409, "AlreadyExists", &message, Vec::new())
    }

    /// 409, when the object is not what it was taken for.
    pub(super) fn conflict(&self, why: &str) -> Answer {
        let message = format!("Operation cannot be fulfilled on {}: {why}", self.shown());
        self.refused(409, "Conflict", &message, Vec::new())
    }

    /// 403.
    pub(super) fn forbidden(&self, why: &str, causes: Vec<Json>) -> Answer {
        self.refused(403, "Forbidden", &format!("{} is forbidden: {why}", self.shown()), causes)
    }

    /// 422.
    pub(super) fn invalid(&self, faults: &[Fault]) -> Answer {
        let said: Vec<String> =
            faults.iter().map(|fault| format!("{}: {}", fault.field, fault.said)).collect();
        let said = match said.as_slice() {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let causes = faults.iter().map(Fault::cause).collect();
        self.refused(422, "Invalid", &format!("{} is invalid: {said}", self.shown()), causes)
    }
}

/// Why the latest version must be read again. Source: `apiserver/pkg/registry/generic/registry`.
pub(super) const MODIFIED: &str =
    "the object has been modified; please apply your changes to the latest version and try again";

/// What is wrong with a field.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    field: &'static str,
    reason: &'static str,
    said: String,
}

impl Fault {
    /// A value that may not be; the value as Go writes it.
    pub(super) fn invalid(field: &'static str, value: &str, why: &str) -> Self {
        let said = format!("Invalid value: {value}: {why}");
        Self { field, reason: "FieldValueInvalid", said }
    }

    /// A value that is missing.
    pub(super) fn required(field: &'static str, why: &str) -> Self {
        let said = if why.is_empty() { "Required value".into() } else { format!("Required value: {why}") };
        Self { field, reason: "FieldValueRequired", said }
    }

    /// What may not be done to a field.
    pub(super) fn forbidden(field: &'static str, why: &str) -> Self {
        Self { field, reason: "FieldValueForbidden", said: format!("Forbidden: {why}") }
    }

    /// A value that is none of those that are known.
    pub(super) fn unsupported(field: &'static str, value: &str, known: &[&str]) -> Self {
        let known: Vec<String> = known.iter().map(|value| format!("{value:?}")).collect();
        let said = format!("Unsupported value: {value}: supported values: {}", known.join(", "));
        Self { field, reason: "FieldValueNotSupported", said }
    }

    fn cause(&self) -> Json {
        json!({ "reason": self.reason, "message": self.said, "field": self.field })
    }
}

/// 422, for the options of a request.
pub(super) fn invalid_options(kind: &str, fault: Fault) -> Answer {
    Subject { group: "meta.k8s.io", called: kind, name: "" }.invalid(&[fault])
}

/// 400.
pub(super) fn bad_request(message: &str) -> Answer {
    failure(400, "BadRequest", message)
}

/// 405, for a path that takes other methods.
pub(super) fn method_not_allowed() -> Answer {
    failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
}

/// 405, for what an API server does and this one does not; the way out is among the causes.
pub(super) fn unsupported(action: &str, qualified: &str, way_out: &str) -> Answer {
    let message = format!("{action} is not supported on resources of kind {qualified:?}");
    let (code, status) = failure(405, "MethodNotAllowed", &message);
    (code, with_details(status, json!({ "causes": [{ "message": way_out }] })))
}

/// 406.
pub(super) fn not_acceptable(accepted: &[&str]) -> Answer {
    let message = format!("only the following media types are accepted: {}", accepted.join(", "));
    failure(406, "NotAcceptable", &message)
}

/// 415.
pub(super) fn unsupported_media_type(accepted: &[&str]) -> Answer {
    let accepted = accepted.join(", ");
    let message = format!(
        "the body of the request was in an unknown format - accepted media types include: {accepted}"
    );
    failure(415, "UnsupportedMediaType", &message)
}

/// 410, when a list cannot be continued as it began.
pub(super) fn expired() -> Answer {
    let message = "The provided continue parameter is too old to display a consistent list result. You can start \
                   a new list without the continue parameter.";
    failure(410, "Expired", message)
}

/// 413.
pub(super) fn too_large(why: &str) -> Answer {
    failure(413, "RequestEntityTooLarge", &format!("Request entity too large: {why}"))
}

/// 422, when a patch cannot be applied: the API server says no more.
pub(super) fn inapplicable() -> Answer {
    failure(422, "Invalid", "the server rejected our request due to an error in our request")
}

/// 500.
pub(super) fn internal(why: &str) -> Answer {
    let (code, status) = failure(500, "InternalError", &format!("Internal error occurred: {why}"));
    (code, with_details(status, json!({ "causes": [{ "message": why }] })))
}

/// 500, of an error that the API server has no reason for.
pub(super) fn unexplained(message: &str) -> Answer {
    failure(500, "", message)
}

/// 400, when an object cannot be read as its kind.
pub(super) fn unreadable(kind: &Kind, given: &str, why: &str) -> Answer {
    let Kind { gvk, .. } = kind;
    bad_request(&format!("{given} in version {:?} cannot be handled as a {}: {why}", gvk.version, gvk.kind))
}

/// 400, when an object of another kind was sent.
pub(super) fn other_kind(kind: &Kind, given: &str, is_known: bool) -> Answer {
    let (version, expected) = (&kind.gvk.version, &kind.gvk.kind);
    let why = if is_known {
        let package = match kind.gvk.group.split('.').next() {
            None | Some("") => "core",
            Some(package) => package,
        };
        format!("converting ({version}.{given}) to ({package}.{expected}): unknown conversion")
    } else {
        let api_version = kind.gvk.api_version();
        format!(
            "no kind {given:?} is registered for version {api_version:?} in scheme \"pkg/api/legacyscheme/scheme.go:30\""
        )
    };
    unreadable(kind, given, &why)
}

/// With the details before the code, where the API server has them.
fn with_details(status: Json, details: Json) -> Json {
    let Json::Object(mut status) = status else { return status };
    let code = status.shift_remove("code");
    status.insert("details".into(), details);
    status.extend(code.map(|code| ("code".to_owned(), code)));
    status.into()
}
