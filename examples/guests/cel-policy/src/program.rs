//! The expressions of a policy, compiled: all of them, before the first is asked, so that one that cannot be read never
//! passes for a rule that holds.

use kube_cel::cel::Program;
use policy::Failure;

use crate::{Named, Reason, Settings};

/// The expressions of a policy.
pub(crate) struct Programs {
    pub(crate) match_conditions: Vec<Expression>,
    pub(crate) variables: Vec<Expression>,
    pub(crate) rules: Vec<Rule>,
}

/// An expression.
pub(crate) struct Expression {
    /// Its name, where it has one.
    pub(crate) name: String,
    /// Where it stands in the settings, for messages.
    pub(crate) place: String,
    pub(crate) source: String,
    pub(crate) program: Program,
}

/// A rule.
pub(crate) struct Rule {
    pub(crate) expression: Expression,
    pub(crate) message: String,
    pub(crate) message_expression: Option<Expression>,
    pub(crate) reason: Reason,
}

/// Compiles a policy.
///
/// # Errors
/// When an expression cannot be read, naming its place in the settings, and its line and column.
pub(crate) fn compile(settings: &Settings) -> Result<Programs, Failure> {
    let mut rules = Vec::new();
    for (index, validation) in settings.validations.iter().enumerate() {
        let place = |field: &str| format!("validations[{index}].{field}");
        let source = validation.message_expression.trim();
        let message = match source {
            "" => None,
            source => Some(expression("", place("messageExpression"), source)?),
        };
        rules.push(Rule {
            expression: expression("", place("expression"), validation.expression.trim())?,
            message: validation.message.trim().to_owned(),
            message_expression: message,
            reason: validation.reason,
        });
    }
    Ok(Programs {
        match_conditions: named("matchConditions", &settings.match_conditions)?,
        variables: named("variables", &settings.variables)?,
        rules,
    })
}

fn named(list: &str, entries: &[Named]) -> Result<Vec<Expression>, Failure> {
    let entries = entries.iter().enumerate();
    entries
        .map(|(index, Named { name, expression: source })| {
            expression(name, format!("{list}[{index}].expression"), source.trim())
        })
        .collect()
}

fn expression(name: &str, place: String, source: &str) -> Result<Expression, Failure> {
    let program = Program::compile(source).map_err(|errors| {
        let first = errors.errors.first();
        let (line, column) = first.map_or((1, 1), |error| error.pos);
        let cause = first.map_or("it cannot be read", |error| error.msg.as_str());
        let cause = cause.lines().next().unwrap_or_default();
        format!("{place}: line {line}, column {column}: {cause}: `{source}`")
    })?;
    Ok(Expression { name: name.to_owned(), place, source: source.to_owned(), program })
}
