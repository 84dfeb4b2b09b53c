//! Keeps the number of replicas between two numbers, where it is set and where it is scaled.

use policy::{AdmissionRequest, Failure, Verdict, at};
use serde::Deserialize;

/// How many there may be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The fewest. Default: 0.
    #[serde(default)]
    min: u64,
    /// The most.
    max: u64,
}

policy::export!(validate = review);

/// Refuses a number outside. A number that is left out means 1, as everywhere in Kubernetes.
fn review(request: &AdmissionRequest, settings: &Settings) -> Result<Verdict, Failure> {
    let Settings { min, max } = *settings;
    if min > max {
        return Err(format!("the settings cannot be met: min is {min} and max is {max}").into());
    }
    let replicas = at(request.object()?, &["spec", "replicas"]);
    let count = if replicas.is_null() { Some(1) } else { replicas.as_u64() };
    match count {
        Some(count) if (min..=max).contains(&count) => Ok(Verdict::allow()),
        _ => Ok(Verdict::deny(format!("spec.replicas: {replicas} is not between {min} and {max}"))),
    }
}
