//! A policy whose rules are its settings: CEL expressions, in the words of Kubernetes's ValidatingAdmissionPolicy.
//!
//! There is no cluster to ask: `namespaceObject` and `authorizer` are missing, and `params` are settings too. Types
//! come from the object alone, not from a schema, so a field that does not exist is found when it is read.

mod evaluate;
mod program;
#[cfg(test)]
mod tests;

use policy::{AdmissionRequest, Failure, Verdict};
use serde::Deserialize;
use serde_json::Value;

/// A policy, as the `spec` of a ValidatingAdmissionPolicy has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Settings {
    /// Conditions that must all hold for the policy to be asked. Default: none.
    #[serde(default)]
    match_conditions: Vec<Named>,
    /// Values that the rules may use as `variables.NAME`; each may use those above it. Default: none.
    #[serde(default)]
    variables: Vec<Named>,
    /// The rules: all must hold.
    validations: Vec<Validation>,
    /// What the rules may use as `params`. Default: null.
    #[serde(default)]
    params: Value,
}

/// An expression with a name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
    expression: String,
}

/// A rule.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Validation {
    /// What must hold.
    expression: String,
    /// What is said when it does not. Default: the expression.
    #[serde(default)]
    message: String,
    /// An expression for what is said, which goes before `message`. Default: none.
    #[serde(default)]
    message_expression: String,
    /// `Unauthorized`, `Forbidden`, `Invalid` or `RequestEntityTooLarge`. Default: `Invalid`.
    #[serde(default)]
    reason: Reason,
}

/// What kind of a refusal it is, and with that, its status code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
enum Reason {
    Unauthorized,
    Forbidden,
    #[default]
    Invalid,
    RequestEntityTooLarge,
}

impl Reason {
    fn code(self) -> i32 {
        match self {
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::RequestEntityTooLarge => 413,
            Self::Invalid => 422,
        }
    }
}

policy::export!(validate = review);

/// Refuses what breaks a rule, with the first message, as the API server does.
fn review(request: &AdmissionRequest, settings: &Settings) -> Result<Verdict, Failure> {
    let programs = program::compile(settings)?;
    Ok(match evaluate::first_broken(&programs, request, &settings.params)? {
        Some((reason, message)) => Verdict::deny_as(reason.code(), &format!("{reason:?}"), message),
        None => Verdict::allow(),
    })
}
