//! `matchConditions`: CEL expressions that must all hold for an admission module to be called.
//!
//! All are evaluated. One that is false skips the module, whatever the others do; without one, an error is for
//! `failurePolicy` to pass over or not. Source: Kubernetes, `apiserver/pkg/admission/plugin/webhook/matchconditions`.

mod cost;
mod expression;
mod functions;
mod nesting;
mod values;

use std::sync::Arc;

use serde_json::Value as Json;

use self::cost::Cost;
use self::expression::Expression;
pub(super) use self::values::Variables;
use crate::report::{Outcome, OutcomeKind};
use crate::request::{FailurePolicy, MatchCondition};

/// The most conditions that a module may have: the API server's own limit.
const MAX_CONDITIONS: usize = 64;

/// The conditions of a module, ready to be evaluated.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    all: Vec<(String, Expression)>,
}

/// What the conditions of a module come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All hold.
    Holds,
    /// The module is skipped, and why.
    Skipped(String),
    /// The request is refused, and why.
    Failed(String),
}

impl Conditions {
    /// Reads the conditions of the module `title`.
    ///
    /// # Errors
    /// [`OutcomeKind::Invalid`] when one cannot be read, or the API server would not take it.
    pub(crate) fn of(title: &str, conditions: &[MatchCondition]) -> Result<Self, Outcome> {
        let invalid = |cause: String| {
            Outcome::new(OutcomeKind::Invalid, format!("the `matchConditions` of `{title}` {cause}"))
        };
        if conditions.len() > MAX_CONDITIONS {
            return Err(invalid(format!("are {}, and {MAX_CONDITIONS} are the most", conditions.len())));
        }
        let mut all: Vec<(String, Expression)> = Vec::new();
        for (index, condition) in conditions.iter().enumerate() {
            let name = condition.name.as_str();
            if name.is_empty() {
                return Err(invalid(format!(
                    "cannot be read: matchConditions[{index}].name: Required value"
                )));
            }
            if all.iter().any(|(other, _)| other == name) {
                return Err(invalid(format!(
                    "cannot be read: matchConditions[{index}].name: Duplicate value: {name:?}"
                )));
            }
            let expression = Expression::parse(&condition.expression).map_err(|cause| {
                invalid(format!("cannot be read: matchConditions[{index}].expression: {cause}"))
                    .with_hint(format!("the condition is `{name}`"))
            })?;
            all.push((name.to_owned(), expression));
        }
        Ok(Self { all })
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Evaluates them all.
    pub(crate) fn verdict(&self, variables: &Arc<Variables>, policy: FailurePolicy) -> Verdict {
        let cost = Cost::default();
        let mut errors = Vec::new();
        let mut is_false = None;
        for (name, expression) in &self.all {
            match expression.evaluate(variables, &cost) {
                Ok(true) => {}
                Ok(false) => is_false = is_false.or(Some(name)),
                Err(cause) if cost.is_used_up() => {
                    errors = vec![cause];
                    is_false = None;
                    break;
                }
                Err(cause) => {
                    errors.push(format!("expression '{}' resulted in error: {cause}", expression.text()));
                }
            }
        }
        if let Some(name) = is_false {
            return Verdict::Skipped(format!("its match condition `{name}` is false"));
        }
        let error = match errors.as_slice() {
            [] => return Verdict::Holds,
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        match policy {
            FailurePolicy::Fail => Verdict::Failed(error),
            FailurePolicy::Ignore => Verdict::Skipped(format!(
                "its match conditions cannot be evaluated, which its `failurePolicy` passes over: {error}"
            )),
        }
    }
}

/// The `request` of expressions: an admission request without what has variables of its own.
pub(super) fn request(mut review: Json) -> Json {
    let mut request = review.get_mut("request").map(Json::take).unwrap_or_default();
    if let Some(request) = request.as_object_mut() {
        for field in ["uid", "object", "oldObject"] {
            request.shift_remove(field);
        }
    }
    request
}
