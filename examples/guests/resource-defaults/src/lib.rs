//! Gives containers the requests and limits that they lack. What is there stays.

use std::collections::BTreeMap;

use policy::{AdmissionRequest, Failure, Verdict, at, containers_mut, set};
use serde::Deserialize;
use serde_json::Value;

/// What is given, by the resource's name, such as `cpu`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// What a container needs.
    requests: BTreeMap<String, String>,
    /// What it may take.
    limits: BTreeMap<String, String>,
}

policy::export!(validate = review);

/// Fills in what is missing, and warns about it.
fn review(request: &AdmissionRequest, settings: &Settings) -> Result<Verdict, Failure> {
    let mut object = request.object()?.clone();
    let mut filled = Vec::new();
    for container in containers_mut(&mut object) {
        let given = fill(container, settings);
        if !given.is_empty() {
            let name = at(container, &["name"]).as_str().unwrap_or_default();
            filled.push(format!("container `{name}` got {}", given.join(", ")));
        }
    }
    let verdict = Verdict::mutate(object);
    Ok(if filled.is_empty() { verdict } else { verdict.with_warning(filled.join("; ")) })
}

/// Fills in one container, and says what it got.
fn fill(container: &mut Value, settings: &Settings) -> Vec<String> {
    let mut given = Vec::new();
    // Requests first: where the container itself has a limit, Kubernetes makes that its request too.
    for (part, defaults) in [("requests", &settings.requests), ("limits", &settings.limits)] {
        for (resource, amount) in defaults {
            let is_there =
                ["limits", part].iter().any(|it| !at(container, &["resources", it, resource]).is_null());
            if !is_there {
                set(container, &["resources", part, resource], amount.as_str().into());
                given.push(format!("{part}.{resource}={amount}"));
            }
        }
    }
    given
}
