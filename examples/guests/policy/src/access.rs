//! Authorization: a user wants something, and may, may not, or is somebody else's to decide about.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Failure, part};

/// Who wants what.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AccessReview {
    /// The user's name.
    pub user: String,
    /// What tells two users of one name apart.
    pub uid: String,
    /// The user's groups.
    pub groups: Vec<String>,
    /// What else authenticators know of the user.
    pub extra: BTreeMap<String, Vec<String>>,
    /// What is wanted of a resource.
    pub resource_attributes: Option<Resource>,
    /// What is wanted of a path that names no resource.
    pub non_resource_attributes: Option<NonResource>,
}

/// What is wanted of a resource. What does not apply is empty.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Resource {
    /// The namespace; empty for what is the cluster's, and for all namespaces.
    pub namespace: String,
    /// Such as `get` or `create`.
    pub verb: String,
    /// Such as `apps`; empty for the core group.
    pub group: String,
    /// Such as `v1`.
    pub version: String,
    /// Such as `pods`.
    pub resource: String,
    /// Such as `status`.
    pub subresource: String,
    /// The object's name; empty for all.
    pub name: String,
}

/// What is wanted of a path.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NonResource {
    /// Such as `/healthz`.
    pub path: String,
    /// Such as `get`.
    pub verb: String,
}

/// What an authorizer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    allowed: bool,
    denied: bool,
    reason: String,
}

impl Decision {
    /// It may, and nobody else is asked.
    pub fn allow(reason: impl Into<String>) -> Self {
        Self { allowed: true, denied: false, reason: reason.into() }
    }

    /// It may not, and nobody else is asked.
    pub fn deny(reason: impl Into<String>) -> Self {
        Self { allowed: false, denied: true, reason: reason.into() }
    }

    /// The next authorizer is asked.
    #[must_use]
    pub fn no_opinion() -> Self {
        Self::default()
    }
}

/// Answers a `SubjectAccessReview`.
pub(crate) fn answer(
    review: &Value,
    judge: impl FnOnce(&AccessReview) -> Result<Decision, Failure>,
) -> Result<Value, Failure> {
    let Decision { allowed, denied, reason } = judge(&part(review, "/spec")?)?;
    let status = json!({ "allowed": allowed, "denied": denied, "reason": reason });
    Ok(json!({ "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "status": status }))
}
