//! Which resources a step's function sees.
//!
//! The rules are kpt's: fields are compared as text and all must match, selectors are alternatives, an empty
//! exclusion excludes nothing. A resource that several selectors match is seen once.

use std::collections::BTreeMap;

use manifest::Node;

use crate::report::ResourceRef;
use crate::request::{PipelineStep, Selector};

/// Whether the step's function sees a resource.
pub(super) fn is_selected(step: &PipelineStep, resource: &ResourceRef, node: &Node) -> bool {
    let matches = |selector: &Selector| matches(selector, resource, node);
    let is_picked = step.selectors.is_empty() || step.selectors.iter().any(matches);
    is_picked && !step.exclude.iter().filter(|selector| !is_empty(selector)).any(matches)
}

fn matches(selector: &Selector, resource: &ResourceRef, node: &Node) -> bool {
    let equal = |wanted: &Option<String>, found: &str| {
        wanted.as_deref().filter(|wanted| !wanted.is_empty()).is_none_or(|wanted| wanted == found)
    };
    equal(&selector.api_version, &resource.api_version)
        && equal(&selector.kind, &resource.kind)
        && equal(&selector.name, &resource.name)
        && equal(&selector.namespace, &resource.namespace)
        && carries(node.at(&["metadata", "labels"]), &selector.labels)
        && carries(node.at(&["metadata", "annotations"]), &selector.annotations)
}

fn carries(found: Option<&Node>, wanted: &BTreeMap<String, String>) -> bool {
    let text = |key: &str| found.and_then(|found| found.get(key)).and_then(Node::scalar_text);
    wanted.iter().all(|(key, value)| text(key) == Some(value))
}

fn is_empty(selector: &Selector) -> bool {
    let is_blank = |field: &Option<String>| field.as_deref().is_none_or(str::is_empty);
    [&selector.api_version, &selector.kind, &selector.name, &selector.namespace].into_iter().all(is_blank)
        && selector.labels.is_empty()
        && selector.annotations.is_empty()
}
