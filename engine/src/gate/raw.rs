//! Requests of other systems: any JSON, judged by raw policies and by nobody else.
//!
//! Nobody is authenticated or authorized, nothing matches rules, and nothing is stored.

use super::attributes::{Attributes, Target, invalid};
use super::typed;
use crate::report::Outcome;
use crate::request::{GateRequest, Verb};

/// Reads a raw request.
pub(super) fn read(text: &str) -> Result<Attributes, Outcome> {
    let typed = typed::value("raw", text)?.ok_or_else(|| invalid("`raw` is empty"))?;
    Ok(Attributes {
        verb: Verb::Create,
        target: Target::Path(String::new()),
        object: Some(typed.value.clone()),
        old_object: None,
        options: serde_json::Value::Null,
        dry_run: false,
        pasted: None,
        is_raw: true,
        typed: Some(typed),
        has_namespace_added: false,
        notes: vec!["a raw request is judged by raw policies only: no rules, no storage".to_owned()],
    })
}

/// What else of a request there is no place for.
pub(super) fn check_chains(gate: &GateRequest) -> Result<(), Outcome> {
    let chains = [("authenticators", &gate.authenticators), ("authorizers", &gate.authorizers)];
    match chains.iter().find(|(_, chain)| !chain.is_empty()) {
        None => Ok(()),
        Some((field, _)) => {
            Err(invalid(format!("`raw` and `{field}` are given, and a raw request asks none"))
                .with_hint(format!("remove `{field}`, or give an API request")))
        }
    }
}
