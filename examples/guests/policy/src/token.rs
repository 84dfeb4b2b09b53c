//! Authentication: a token comes, a user goes.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Failure, UserInfo, part};

/// The token that is asked about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TokenReview {
    /// The bearer token.
    pub token: String,
    /// Whom the token must be for; empty when the API server does not ask.
    pub audiences: Vec<String>,
}

/// Whose token it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    user: Option<UserInfo>,
    audiences: Vec<String>,
}

impl Identity {
    /// Nobody's that is known here: the next authenticator is asked.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    /// A user's.
    #[must_use]
    pub fn user(user: UserInfo) -> Self {
        Self { user: Some(user), audiences: Vec::new() }
    }

    /// For these audiences only. None: for the API server's own.
    #[must_use]
    pub fn for_audiences(self, audiences: Vec<String>) -> Self {
        Self { audiences, ..self }
    }
}

/// Answers a `TokenReview`.
pub(crate) fn answer(
    review: &Value,
    judge: impl FnOnce(&TokenReview) -> Result<Identity, Failure>,
) -> Result<Value, Failure> {
    let identity = judge(&part(review, "/spec")?)?;
    let status = match identity.user {
        None => json!({ "authenticated": false }),
        Some(user) => json!({ "authenticated": true, "user": user, "audiences": identity.audiences }),
    };
    Ok(json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "status": status }))
}
