//! Refuses an Ingress for a host that another Ingress has.
//!
//! A k8s-wasm module cannot ask its cluster: the Ingresses that there are come with the settings, and whoever writes
//! those keeps them up to date.

use policy::{AdmissionRequest, Failure, Verdict, at};
use serde::Deserialize;
use serde_json::Value;

/// What the cluster holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The Ingresses, as manifests; their rules, names and namespaces are enough.
    ingresses: Vec<Value>,
}

policy::export!(validate = review);

/// Names every host that is taken, and by whom.
fn review(request: &AdmissionRequest, settings: &Settings) -> Result<Verdict, Failure> {
    let wanted = hosts(request.object()?);
    let others =
        settings.ingresses.iter().filter(|ingress| place(ingress) != (&request.namespace, &request.name));
    let mut findings = Vec::new();
    for other in others {
        let (namespace, name) = place(other);
        for host in hosts(other).iter().filter(|host| wanted.contains(host)) {
            findings.push(format!("host `{host}` belongs to Ingress {namespace}/{name}"));
        }
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
