//! Refuses privileged containers, in pods and in everything that makes pods.

use policy::{AdmissionRequest, Failure, PodSpec, Verdict, at};
use serde::Deserialize;

/// What is let through nevertheless.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// Images that may be privileged, word for word.
    except: Vec<String>,
}

policy::export!(validate = review);

/// Names every container that is privileged.
fn review(request: &AdmissionRequest, settings: &Settings) -> Result<Verdict, Failure> {
    let Some(pod) = PodSpec::of(request.object()?) else { return Ok(Verdict::allow()) };
    let findings: Vec<String> = pod
        .containers()
        .iter()
        .filter(|container| at(container.value, &["securityContext", "privileged"]) == true)
        .filter(|container| !settings.except.iter().any(|image| image == container.image()))
        .map(|container| format!("{}: container `{}` is privileged", container.path, container.name()))
        .collect();
    Ok(Verdict::of(&findings))
}
