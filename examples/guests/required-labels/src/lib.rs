//! Refuses objects without the labels that they must have, or with other values than they may have.

use std::collections::BTreeMap;

use policy::{AdmissionRequest, Failure, Verdict, at};
use regex_lite::Regex;
use serde::Deserialize;

/// What must be there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Regular expressions by label; each must match the label's whole value. Empty: any value.
    labels: BTreeMap<String, String>,
}

policy::export!(validate = review);

/// Names every label that is missing or has another value.
fn review(request: &AdmissionRequest, settings: &Settings) -> Result<Verdict, Failure> {
    let labels = at(request.object()?, &["metadata", "labels"]);
    let mut findings = Vec::new();
    for (label, pattern) in &settings.labels {
        match at(labels, &[label]).as_str() {
            None => findings.push(format!("label `{label}` is missing")),
            Some(value) if !matches(label, pattern, value)? => {
                findings.push(format!("label `{label}` is `{value}`, which does not match `{pattern}`"));
            }
            Some(_) => {}
        }
    }
    Ok(Verdict::of(&findings))
}

/// Whether a pattern matches the whole of a value.
fn matches(label: &str, pattern: &str, value: &str) -> Result<bool, Failure> {
    let whole = Regex::new(&format!("^(?:{pattern})$"))
        .map_err(|error| format!("the pattern of label `{label}` cannot be read: {error}"))?;
    Ok(pattern.is_empty() || whole.is_match(value))
}
