//! A policy whose rules are its settings: Rego, with rules as Gatekeeper (`violation`) and conftest (`deny`, `warn`)
//! name them.
//!
//! It asks nobody: no HTTP, no clock, no randomness. A builtin that fails refuses the request, where OPA would pass over
//! the rule, and so let the request through by accident.

mod rules;
#[cfg(test)]
mod tests;

use std::io::Write as _;

use policy::{AdmissionRequest, Failure, Verdict};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::rules::Answers;

/// A policy.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The source: a package with rules called `deny`, `violation` or `warn`.
    rego: String,
    /// Whether it is written in the Rego of OPA before 1.0, as Gatekeeper's library is. Default: no.
    #[serde(default)]
    v0: bool,
    /// What the rules may use as `input.parameters`. Default: none.
    #[serde(default)]
    parameters: Value,
    /// What the rules may use as `data`, such as `data.inventory`. Default: nothing.
    #[serde(default)]
    data: Value,
}

policy::export!(validate = review);

/// Refuses what a rule names, with all messages.
fn review(request: &AdmissionRequest, settings: &Settings) -> Result<Verdict, Failure> {
    let answers = rules::ask(settings, &input(request, settings))?;
    for line in &answers.prints {
        // What `print` says is for the person who writes the policy. Nobody needs to hear it.
        let _ = writeln!(std::io::stderr(), "{line}");
    }
    let Answers { refused, warned, .. } = answers;
    Ok(warned.into_iter().fold(Verdict::of(&refused), Verdict::with_warning))
}

/// What the rules are asked about: `input.review` as Gatekeeper has it, `input.request` as OPA has it.
fn input(request: &AdmissionRequest, settings: &Settings) -> Value {
    let group = |group: &str, version: &str, (key, name): (&str, &str)| json!({"group": group, "version": version, (key): name});
    let kind = group(&request.kind.group, &request.kind.version, ("kind", &request.kind.kind));
    let resource =
        group(&request.resource.group, &request.resource.version, ("resource", &request.resource.resource));
    let review = json!({
        "uid": request.uid,
        "kind": kind,
        "resource": resource,
        "subResource": request.sub_resource,
        "name": request.name,
        "namespace": request.namespace,
        "operation": request.operation,
        "userInfo": request.user_info,
        "object": request.object,
        "oldObject": request.old_object,
        "dryRun": request.dry_run,
        "options": request.options,
    });
    json!({"review": review.clone(), "request": review, "parameters": settings.parameters})
}
