//! Refuses Services of types that are not on a list, and addresses from outside that need no type.

use policy::{AdmissionRequest, Failure, Verdict, at};
use serde::Deserialize;

/// What a Service may be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Such as `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`.
    allow: Vec<String>,
}

policy::export!(validate = review);

/// Refuses another type, and `externalIPs`, by which any type listens outside.
fn review(request: &AdmissionRequest, settings: &Settings) -> Result<Verdict, Failure> {
    let spec = at(request.object()?, &["spec"]);
    let kind = at(spec, &["type"]).as_str().unwrap_or("ClusterIP");
    let mut findings = Vec::new();
    if !settings.allow.iter().any(|allowed| allowed == kind) {
        findings.push(format!("spec.type: `{kind}` is not one of {}", settings.allow.join(", ")));
    }
    if at(spec, &["externalIPs"]).as_array().is_some_and(|list| !list.is_empty()) {
        findings.push("spec.externalIPs: addresses from outside are not allowed".into());
    }
    Ok(Verdict::of(&findings))
}
