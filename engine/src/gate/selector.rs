//! Label selectors, as `meta/v1` has them.
//!
//! A selector that the API server would refuse is refused: it never selects by accident.

use std::collections::BTreeMap;

use crate::request::{LabelSelector, Operator, Requirement};

/// Whether a selector selects everything.
pub(crate) fn is_empty(selector: &LabelSelector) -> bool {
    selector.match_labels.is_empty() && selector.match_expressions.is_empty()
}

/// What is wrong with a selector.
pub(crate) fn check(selector: &LabelSelector) -> Result<(), String> {
    selector.match_expressions.iter().try_for_each(|requirement| {
        let Requirement { key, operator, values } = requirement;
        match operator {
            Operator::In | Operator::NotIn if values.is_empty() => {
                Err(format!("`{key}` with {operator:?} needs `values`"))
            }
            Operator::Exists | Operator::DoesNotExist if !values.is_empty() => {
                Err(format!("`{key}` with {operator:?} takes no `values`"))
            }
            _ => Ok(()),
        }
    })
}

/// Whether labels are selected.
pub(crate) fn matches(selector: &LabelSelector, labels: &BTreeMap<String, String>) -> bool {
    selector.match_labels.iter().all(|(key, value)| labels.get(key) == Some(value))
        && selector
            .match_expressions
            .iter()
            .all(|requirement| holds(requirement, labels.get(&requirement.key)))
}

fn holds(requirement: &Requirement, value: Option<&String>) -> bool {
    let is_listed = value.is_some_and(|value| requirement.values.contains(value));
    match requirement.operator {
        Operator::In => is_listed,
        Operator::NotIn => !is_listed,
        Operator::Exists => value.is_some(),
        Operator::DoesNotExist => value.is_none(),
    }
}
