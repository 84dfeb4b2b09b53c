//! Refuses an Ingress for a host that another Ingress of the cluster has: a policy that asks the cluster.

use kubewarden::Host;
use policy::{AdmissionRequest, Failure, Verdict, at};
use serde::Deserialize;
use serde_json::Value;

/// What is let through nevertheless.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// Hosts that any number of Ingresses may have.
    shared: Vec<String>,
}

kubewarden::metadata!("../metadata.json");
kubewarden::export!(review);

/// Names every host that is taken, and by whom.
fn review(request: &AdmissionRequest, settings: &Settings, host: &Host) -> Result<Verdict, Failure> {
    let wanted = hosts(request.object()?);
    let ingresses = host.list("networking.k8s.io/v1", "Ingress")?;
    host.log("info", &format!("comparing with {} Ingresses", ingresses.len()));
    let mut findings = Vec::new();
    for other in ingresses.iter().filter(|it| place(it) != (&request.namespace, &request.name)) {
        let (namespace, name) = place(other);
        let taken =
            hosts(other).into_iter().filter(|it| wanted.contains(it) && !settings.shared.contains(it));
        findings.extend(taken.map(|it| format!("host `{it}` belongs to Ingress {namespace}/{name}")));
    }
    Ok(Verdict::of(&findings))
}

/// The hosts of an Ingress, in lower case. A rule without a host means all of them, which is `*` here.
fn hosts(ingress: &Value) -> Vec<String> {
    let rules = at(ingress, &["spec", "rules"]).as_array().map(Vec::as_slice).unwrap_or_default();
    let host = |rule| at(rule, &["host"]).as_str().unwrap_or("*").to_lowercase();
    rules.iter().map(host).collect()
}

/// Namespace and name.
fn place(ingress: &Value) -> (&str, &str) {
    let text = |key| at(ingress, &["metadata", key]).as_str().unwrap_or_default();
    (text("namespace"), text("name"))
}
