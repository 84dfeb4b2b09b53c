//! What a document says it is: its identity, and how its lists are indented.
//!
//! It judges by kpt's rules only; whether the API server would take the object is not asked.

use manifest::{Node, SequenceIndent};

use super::path;
use crate::report::ResourceRef;

/// The identity of a resource.
///
/// # Errors
/// In words, when the document is no KRM resource. Kustomization files are exempt, as in kpt.
pub(super) fn identify(node: &Node, path: &str) -> Result<ResourceRef, String> {
    if !node.is_mapping() {
        return Err(format!("is {}, not an object", shape(node)));
    }
    let text = |path: &[&str]| node.at(path).filter(|it| !it.is_null()).and_then(Node::scalar_text);
    let read = |path: &[&str]| text(path).unwrap_or_default().to_owned();
    let resource = ResourceRef {
        api_version: read(&["apiVersion"]),
        kind: read(&["kind"]),
        name: read(&["metadata", "name"]),
        namespace: read(&["metadata", "namespace"]),
    };
    if resource.kind == "Kustomization" || path::is_kustomization(path) {
        return Ok(resource);
    }
    let fields =
        [("apiVersion", &resource.api_version), ("kind", &resource.kind), ("metadata.name", &resource.name)];
    if let Some((field, _)) = fields.iter().find(|(_, value)| value.is_empty()) {
        return Err(format!("has no `{field}`"));
    }
    Ok(resource)
}

/// `Deployment web`, or `Deployment web in shop`.
pub(super) fn title(resource: &ResourceRef) -> String {
    let kind = if resource.kind.is_empty() { "object" } else { &resource.kind };
    let mut title = match resource.name.as_str() {
        "" => kind.to_owned(),
        name => format!("{kind} `{name}`"),
    };
    if !resource.namespace.is_empty() {
        title.push_str(&format!(" in `{}`", resource.namespace));
    }
    title
}

/// What a node is, in words.
pub(super) fn shape(node: &Node) -> &'static str {
    if node.is_mapping() {
        "an object"
    } else if node.is_sequence() {
        "a list"
    } else if node.is_null() {
        "null"
    } else if node.as_str().is_some() {
        "text"
    } else if node.as_bool().is_some() {
        "a boolean"
    } else {
        "a number"
    }
}

/// How most lists of the document stand; compact when there is none, or as many of each.
pub(super) fn sequence_indent(node: &Node) -> SequenceIndent {
    let mut balance = 0;
    weigh(node, &mut balance);
    if balance > 0 { SequenceIndent::Wide } else { SequenceIndent::Compact }
}

/// Counts lists that are indented further than their keys. As deep as the parser allows.
fn weigh(node: &Node, balance: &mut i64) {
    for entry in node.as_mapping().unwrap_or_default() {
        if let (Some(key), Some(value), true) =
            (entry.key.span, entry.value.span, is_block_list(&entry.value))
        {
            *balance += if value.column > key.column { 1 } else { -1 };
        }
        weigh(&entry.value, balance);
    }
    for item in node.as_sequence().unwrap_or_default() {
        weigh(item, balance);
    }
}

fn is_block_list(node: &Node) -> bool {
    node.is_sequence() && node.style == manifest::Style::Block
}
