//! What a module of the gate can answer, the same for every ABI: who somebody is, whether they may, whether an
//! object is right; or that it failed.
//!
//! It decides nothing: what an answer means to the request is the gate's to say.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::ending;
use crate::machine::Trap;
use crate::report::{Limit, Outcome, OutcomeKind};
use crate::request::UserInfo;
pub(crate) use crate::words::sentence;

/// What an authenticator says of a token.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Authentication {
    /// Whether it knows the token.
    pub(crate) authenticated: bool,
    /// Whose it is.
    pub(crate) user: UserInfo,
    /// Whom the token is for; empty when the module does not ask.
    pub(crate) audiences: Vec<String>,
    /// Why it cannot say; empty when it can.
    pub(crate) error: String,
}

/// What an authorizer says of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Authorization {
    /// Yes.
    pub(crate) allowed: bool,
    /// No, whoever else says yes.
    pub(crate) denied: bool,
    /// Why.
    pub(crate) reason: String,
}

/// What an admission module says of an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Admission {
    /// Yes or no.
    pub(crate) allowed: bool,
    /// Why not, in a sentence.
    pub(crate) message: String,
    /// The HTTP status it wants for a no; 0 when it does not say.
    pub(crate) code: i32,
    /// The reason it wants for a no, such as `Invalid`.
    pub(crate) reason: String,
    /// The whole object as it shall be; absent when it shall stay.
    pub(crate) object: Option<Json>,
    /// The patch as it was sent, decoded, for reading.
    pub(crate) patch: String,
    /// For the person who asked.
    pub(crate) warnings: Vec<String>,
    /// For the audit log.
    pub(crate) audit_annotations: BTreeMap<String, String>,
    /// What the host has to say of the answer.
    pub(crate) notes: Vec<String>,
}

/// A module that gave no usable answer. Its outcome's message is a predicate: the subject stands before it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure(pub(crate) Outcome);

impl Failure {
    /// An answer that the ABI does not allow.
    pub(crate) fn malformed(cause: impl Into<String>) -> Self {
        Self(Outcome::new(OutcomeKind::Malformed, cause))
    }

    /// A module that says itself that it failed.
    pub(crate) fn reported(error: &str) -> Self {
        Self(Outcome::new(OutcomeKind::Failed, format!("failed: {}", sentence(error))))
    }

    /// The same with a way out.
    pub(crate) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self(self.0.with_hint(hint))
    }

    /// What happened, as a predicate.
    pub(crate) fn cause(&self) -> &str {
        &self.0.message
    }

    /// Whether nothing may run after it: the run's own limits are reached, or the person stopped it.
    pub(crate) fn ends_run(&self) -> bool {
        matches!(self.0.limit, Some(Limit::Fuel | Limit::Time | Limit::Person))
    }
}

impl From<&Trap> for Failure {
    fn from(trap: &Trap) -> Self {
        let outcome = ending::predicate(trap);
        Self(match trap {
            Trap::Stopped(stopped) if stopped.limit != Limit::Person => {
                outcome.with_hint("if the module is right to need more, raise the limit under Budget")
            }
            Trap::Exit(_) | Trap::Fault(_) => outcome.with_hint("Logs shows what it printed before"),
            _ => outcome,
        })
    }
}
