//! The Pod Security Standards of Kubernetes, control by control: `baseline`, which stops what is known to break out, and
//! `restricted`, which asks for today's best practice.
//!
//! It judges as version 1.34 of the standards does, whatever version a namespace names, and makes no exception for
//! pods with a user namespace of their own.

mod baseline;
mod restricted;
#[cfg(test)]
mod tests;

use policy::{AdmissionRequest, Container, Failure, PodSpec, Verdict, at};
use serde::Deserialize;
use serde_json::Value;

/// How strict it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    /// Nothing is refused.
    Privileged,
    /// What is known to break out.
    Baseline,
    /// That, and what is not today's best practice.
    Restricted,
}

/// What is wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// What pods must meet.
    enforce: Level,
    /// What pods are warned about. Default: nothing.
    #[serde(default = "nothing")]
    warn: Level,
}

fn nothing() -> Level {
    Level::Privileged
}

policy::export!(validate = review);

/// Refuses a pod that does not meet the level, and names every control and every place.
fn review(request: &AdmissionRequest, settings: &Settings) -> Result<Verdict, Failure> {
    let object = request.object()?;
    let refused = violations(object, settings.enforce);
    let verdict = Verdict::of(&refused);
    let warned = violations(object, settings.warn).into_iter().filter(|finding| !refused.contains(finding));
    Ok(warned.fold(verdict, |verdict, finding| verdict.with_warning(format!("would violate {finding}"))))
}

/// What a pod, or the pod of a workload, does against a level: `control: place is value`.
fn violations(object: &Value, level: Level) -> Vec<String> {
    let Some(spec) = PodSpec::of(object) else { return Vec::new() };
    let pod = Pod { annotations: annotations(object, &spec), containers: spec.containers(), spec };
    let mut findings = Findings::default();
    if level != Level::Privileged {
        baseline::check(&pod, &mut findings);
    }
    if level == Level::Restricted {
        restricted::check(&pod, &mut findings);
    }
    findings.0
}

/// The annotations of the pod itself: of a workload, its template's.
fn annotations<'a>(object: &'a Value, spec: &PodSpec<'_>) -> &'a Value {
    let path: Vec<&str> = spec.path.split('.').collect();
    let owner = path.split_last().map(|(_, owner)| at(object, owner)).unwrap_or(object);
    at(owner, &["metadata", "annotations"])
}

/// A pod, as controls look at it.
struct Pod<'a> {
    annotations: &'a Value,
    spec: PodSpec<'a>,
    containers: Vec<Container<'a>>,
}

impl<'a> Pod<'a> {
    /// The security contexts of the pod and of its containers, with their paths.
    fn contexts(&self) -> Vec<(String, &'a Value)> {
        let own = (self.spec.path.as_str(), self.spec.value);
        let of_containers =
            self.containers.iter().map(|container| (container.path.as_str(), container.value));
        let all = std::iter::once(own).chain(of_containers);
        all.map(|(path, value)| (format!("{path}.securityContext"), at(value, &["securityContext"])))
            .collect()
    }

    /// The security contexts of its containers, with their paths.
    fn container_contexts(&self) -> Vec<(String, &'a Value)> {
        self.contexts().split_off(1)
    }

    /// The entries of a list of the pod, with their paths.
    fn list(&self, keys: &[&str]) -> Vec<(String, &'a Value)> {
        entries(&self.spec.path, self.spec.value, keys)
    }

    /// Whether it is for Windows, where some controls mean nothing.
    fn is_windows(&self) -> bool {
        at(self.spec.value, &["os", "name"]) == "windows"
    }
}

/// The entries of a list, with their paths.
fn entries<'a>(path: &str, value: &'a Value, keys: &[&str]) -> Vec<(String, &'a Value)> {
    let path = keys.iter().fold(path.to_owned(), |path, key| format!("{path}.{key}"));
    let list = at(value, keys).as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().enumerate().map(|(index, value)| (format!("{path}[{index}]"), value)).collect()
}

/// What was found.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    /// A value that must not stand where it does.
    fn value(&mut self, control: &str, path: &str, value: &Value) {
        self.0.push(format!("{control}: {path} is {value}"));
    }

    /// Something that must be there and is not.
    fn missing(&mut self, control: &str, path: &str, wanted: &str) {
        self.0.push(format!("{control}: {path} is not {wanted}"));
    }
}
