//! Finds images without a fixed tag, and containers without limits: a validator that changes nothing.
//!
//! Every finding names its field, what stands there, and where one is known, what should. How bad a finding
//! is, and whether an error fails the run, the configuration says.

mod settings;

use std::collections::HashMap;
use std::process::ExitCode;

use function::{Failure, KrmResult, Object, ResourceList, Severity};
use manifest::Node;

use crate::settings::Settings;

/// Where pods stand: a Pod, a workload's template, a PodTemplate, a CronJob's.
const POD_SPECS: [&[&str]; 4] = [
    &["spec"],
    &["spec", "template", "spec"],
    &["template", "spec"],
    &["spec", "jobTemplate", "spec", "template", "spec"],
];
/// The resources that need a limit, with what is proposed where there is none: little, and a start.
const LIMITS: [(&str, &str); 2] = [("cpu", "500m"), ("memory", "128Mi")];

fn main() -> ExitCode {
    function::run(process)
}

/// Reads the configuration and looks at every container.
fn process(list: &mut ResourceList) -> Result<(), Failure> {
    let settings = match Settings::read(list.config.as_ref()) {
        Ok(settings) => settings,
        Err(failure) => return Err(list.fail(failure.to_string())),
    };
    let fixed = fixed_images(&list.items);
    let mut findings = Vec::new();
    for item in &list.items {
        for (container, path) in containers(item) {
            let found = [
                settings.images.and_then(|severity| check_image(container, &path, severity, &fixed)),
                settings.limits.and_then(|severity| check_limits(container, &path, severity)),
            ];
            findings
                .extend(found.into_iter().flatten().map(|(severity, result)| (severity, result.about(item))));
        }
    }
    let errors = findings.iter().filter(|(severity, _)| *severity == Severity::Error).count();
    list.results.extend(findings.into_iter().map(|(_, result)| result));
    if errors > 0 && settings.fails {
        return Err(format!("{errors} finding(s) of severity error").into());
    }
    Ok(())
}

/// A finding, and how bad it is.
type Finding = (Severity, KrmResult);

/// The containers of an object with their paths.
fn containers(item: &Node) -> Vec<(&Node, String)> {
    let mut found = Vec::new();
    for spec in POD_SPECS {
        let Some(pod) = item.at(spec) else { continue };
        for kind in ["initContainers", "containers"] {
            let list = pod.get(kind).and_then(Node::as_sequence).unwrap_or_default();
            let path = format!("{}.{kind}", spec.join("."));
            found.extend(list.iter().enumerate().map(|(index, node)| (node, format!("{path}[{index}]"))));
        }
    }
    found
}

/// The images that have a fixed tag somewhere, by their names.
fn fixed_images(items: &[Node]) -> HashMap<&str, &str> {
    let images = items.iter().flat_map(containers).map(|(container, _)| container.text(&["image"]));
    images
        .filter(|image| !image.is_empty() && missing_tag(image).is_none())
        .map(|image| (image_name(image), image))
        .collect()
}

/// Finds an image that may mean something else tomorrow.
fn check_image(
    container: &Node,
    path: &str,
    severity: Severity,
    fixed: &HashMap<&str, &str>,
) -> Option<Finding> {
    let image = container.text(&["image"]);
    if image.is_empty() {
        let message = format!("container {}: no image", container.text(&["name"]));
        return Some((severity, KrmResult::new(severity, message).field(&format!("{path}.image"))));
    }
    let cause = missing_tag(image)?;
    let message = format!("container {}: image {image:?} {cause}", container.text(&["name"]));
    let result =
        KrmResult::new(severity, message).field(&format!("{path}.image")).current(Node::string(image));
    // The same image with a tag elsewhere in the set is the best guess there is.
    let result = match fixed.get(image) {
        Some(known) => result.proposed(Node::string(*known)),
        None => result,
    };
    Some((severity, result))
}

/// What is wrong with an image's tag, if anything.
fn missing_tag(image: &str) -> Option<&'static str> {
    let last = image.rsplit('/').next().unwrap_or(image);
    if image.contains('@') {
        return None;
    }
    match last.split_once(':') {
        None => Some("has no tag, so it means latest"),
        Some((_, "latest")) => Some("is tagged latest, which changes"),
        Some(_) => None,
    }
}

/// An image's name without tag and digest.
fn image_name(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}

/// Finds a container that may take all of its node.
fn check_limits(container: &Node, path: &str, severity: Severity) -> Option<Finding> {
    let limits = container.at(&["resources", "limits"]);
    let missing: Vec<_> = LIMITS
        .into_iter()
        .filter(|(name, _)| limits.is_none_or(|limits| limits.get(name).is_none()))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
    let message = format!("container {}: no limit of {}", container.text(&["name"]), names.join(" and "));
    let result = KrmResult::new(severity, message).field(&format!("{path}.resources.limits"));
    let result = match limits {
        Some(limits) => result.current(limits.clone()),
        None => result,
    };
    let mut proposed = limits.filter(|limits| limits.is_mapping()).cloned().unwrap_or_else(Node::mapping);
    missing.iter().for_each(|(name, value)| proposed.set(name, Node::string(*value)));
    Some((severity, result.proposed(proposed)))
}
