//! Admission: an object wants in, and is let in, refused, or changed.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Failure, part};

/// `AdmissionRequest` of `admission.k8s.io/v1`, as far as policies ask. What does not apply is empty or null.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AdmissionRequest {
    /// The number of this review.
    pub uid: String,
    /// The kind of the object.
    pub kind: GroupVersionKind,
    /// The resource.
    pub resource: GroupVersionResource,
    /// Such as `status`.
    pub sub_resource: String,
    /// The object's name; empty when the API server is to choose one.
    pub name: String,
    /// The namespace; empty for what is the cluster's.
    pub namespace: String,
    /// `CREATE`, `UPDATE`, `DELETE` or `CONNECT`.
    pub operation: String,
    /// Who asks.
    pub user_info: UserInfo,
    /// The object as it is to be; null when one is deleted.
    pub object: Value,
    /// The object as it stands; null when one is created.
    pub old_object: Value,
    /// Whether nothing is to be stored.
    pub dry_run: bool,
    /// What goes with the request.
    pub options: Value,
}

/// A kind.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct GroupVersionKind {
    /// Empty for the core group.
    pub group: String,
    /// Such as `v1`.
    pub version: String,
    /// Such as `Pod`.
    pub kind: String,
}

/// A resource.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct GroupVersionResource {
    /// Empty for the core group.
    pub group: String,
    /// Such as `v1`.
    pub version: String,
    /// Such as `pods`.
    pub resource: String,
}

/// A user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct UserInfo {
    /// The name.
    pub username: String,
    /// What tells two users of one name apart.
    pub uid: String,
    /// The groups.
    pub groups: Vec<String>,
    /// What else is known of the user.
    pub extra: BTreeMap<String, Vec<String>>,
}

impl AdmissionRequest {
    /// The new object.
    ///
    /// # Errors
    /// When the request has none.
    pub fn object(&self) -> Result<&Value, Failure> {
        if self.object.is_null() { Err("no object in admission request".into()) } else { Ok(&self.object) }
    }
}

/// What the API server answers when it refuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Status {
    message: String,
    code: i32,
    reason: String,
}

/// What an admission module says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    denied: Option<Status>,
    object: Option<Value>,
    warnings: Vec<String>,
    annotations: BTreeMap<String, String>,
}

impl Verdict {
    /// Lets it in as it is.
    #[must_use]
    pub fn allow() -> Self {
        Self::default()
    }

    /// Refuses it, and says why: 403, `Forbidden`.
    pub fn deny(message: impl Into<String>) -> Self {
        Self::deny_as(403, "Forbidden", message)
    }

    /// Refuses it with another status code and another reason, such as 422 and `Invalid`.
    pub fn deny_as(code: i32, reason: &str, message: impl Into<String>) -> Self {
        let status = Status { message: message.into(), code, reason: reason.to_owned() };
        Self { denied: Some(status), ..Self::default() }
    }

    /// Refuses it when anything was found.
    #[must_use]
    pub fn of(findings: &[String]) -> Self {
        if findings.is_empty() { Self::allow() } else { Self::deny(findings.join("; ")) }
    }

    /// Lets it in as this object. Only a module that is configured to mutate may say so.
    #[must_use]
    pub fn mutate(object: Value) -> Self {
        Self { object: Some(object), ..Self::default() }
    }

    /// With a warning to the person who asks.
    #[must_use]
    pub fn with_warning(mut self, warning: impl Into<String>) -> Self {
        self.warnings.push(warning.into());
        self
    }

    /// With an annotation of the audit event.
    #[must_use]
    pub fn with_annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(key.into(), value.into());
        self
    }

    /// As the answer of a Kubewarden policy, which sends a changed object as it is.
    #[must_use]
    pub fn kubewarden(&self) -> Value {
        json!({
            "accepted": self.denied.is_none(),
            "message": self.denied.as_ref().map(|status| &status.message),
            "code": self.denied.as_ref().map(|status| status.code),
            "mutated_object": self.object,
            "audit_annotations": self.annotations,
            "warnings": self.warnings,
        })
    }

    /// As the `response` of a review.
    fn response(&self, uid: &str) -> Value {
        let patch = self.object.as_ref().map(|object| STANDARD.encode(object.to_string()));
        json!({
            "uid": uid,
            "allowed": self.denied.is_none(),
            "status": self.denied,
            "patchType": patch.as_ref().map(|_| "Full"),
            "patch": patch,
            "warnings": self.warnings,
            "auditAnnotations": self.annotations,
        })
    }
}

/// Answers an `AdmissionReview`.
pub(crate) fn answer(
    review: &Value,
    judge: impl FnOnce(&AdmissionRequest) -> Result<Verdict, Failure>,
) -> Result<Value, Failure> {
    let request: AdmissionRequest = part(review, "/request")?;
    let response = judge(&request)?.response(&request.uid);
    Ok(json!({ "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response }))
}
