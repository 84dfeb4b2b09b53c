//! The annotations that travel with an item: where it stands, and which input it was.
//!
//! They are the orchestrator's own: set for the function, read when it answers, and gone before anything is
//! written. An annotation of that name that a file really holds comes back as it was.

use manifest::{Node, Style};

/// The path of the file, as older functions know it.
pub(super) const LEGACY_PATH: &str = "config.kubernetes.io/path";
/// The position in the file, as older functions know it.
pub(super) const LEGACY_INDEX: &str = "config.kubernetes.io/index";
/// The path of the file.
pub(super) const PATH: &str = "internal.config.kubernetes.io/path";
/// The position in the file, from 0.
pub(super) const INDEX: &str = "internal.config.kubernetes.io/index";
/// How lists are indented: `compact` or `wide`.
pub(super) const SEQUENCE_INDENT: &str = "internal.config.kubernetes.io/seqindent";
/// kyaml's own counter, from 0.
pub(super) const MIGRATION_ID: &str = "internal.config.kubernetes.io/annotations-migration-resource-id";
/// Which input an item was, from 1.
pub(super) const ID: &str = "internal.config.kubernetes.io/id";
/// The same, as older tools write it.
pub(super) const LEGACY_ID: &str = "config.k8s.io/id";

/// What kpt and kustomize reserve for themselves.
const RESERVED_PREFIXES: [&str; 2] = ["internal.config.kubernetes.io/", "internal.config.k8s.io/"];

/// The text of an annotation, whatever its type: functions write numbers without quotes.
pub(super) fn get<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.at(&["metadata", "annotations"])?.get(key)?.scalar_text().filter(|text| !text.is_empty())
}

/// Sets an annotation in single quotes, as kpt writes them.
pub(super) fn set(node: &mut Node, key: &str, text: &str) {
    let mut value = Node::string(text);
    value.style = Style::SingleQuoted;
    node.set_at(&["metadata", "annotations", key], value);
}

/// Takes every reserved annotation off `node`, and puts back what `input` has of them.
pub(super) fn strip(node: &mut Node, input: Option<&Node>) {
    let Some(found) = node.at(&["metadata", "annotations"]).and_then(Node::as_mapping) else { return };
    let keys: Vec<String> =
        found.iter().map(|entry| entry.name().into_owned()).filter(|key| is_reserved(key)).collect();
    if keys.is_empty() {
        return;
    }
    let before = |path: &[&str]| input.and_then(|input| input.at(path)).cloned();
    for key in &keys {
        match before(&["metadata", "annotations", key]) {
            Some(value) => node.set_at(&["metadata", "annotations", key], value),
            None => remove(node, &["metadata", "annotations"], key),
        }
    }
    for (path, parent, key) in [
        (&["metadata", "annotations"][..], &["metadata"][..], "annotations"),
        (&["metadata"], &[], "metadata"),
    ] {
        if node.at(path).and_then(Node::as_mapping).is_some_and(<[_]>::is_empty) {
            match before(path) {
                Some(value) => node.set_at(path, value),
                None => remove(node, parent, key),
            }
        }
    }
}

fn remove(node: &mut Node, parent: &[&str], key: &str) {
    if let Some(parent) = node.at_mut(parent) {
        parent.remove(key);
    }
}

fn is_reserved(key: &str) -> bool {
    matches!(key, LEGACY_PATH | LEGACY_INDEX | LEGACY_ID)
        || RESERVED_PREFIXES.iter().any(|prefix| key.starts_with(prefix))
}

/// What a function says about a pair of annotations, the legacy and the internal one.
///
/// # Errors
/// When both are set, neither is as it was, and they differ: kpt refuses it too.
pub(super) fn reconcile<'a>(
    before: Option<&str>,
    internal: Option<&'a str>,
    legacy: Option<&'a str>,
) -> Result<Option<&'a str>, (&'a str, &'a str)> {
    match (internal, legacy) {
        (Some(internal), Some(legacy)) if internal != legacy => match before {
            Some(before) if before == internal => Ok(Some(legacy)),
            Some(before) if before == legacy => Ok(Some(internal)),
            _ => Err((internal, legacy)),
        },
        (internal, legacy) => Ok(internal.or(legacy)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_either_annotation_counts() {
        let cases = [
            (Some("a"), Some("a"), Some("a"), Ok(Some("a"))),
            (Some("a"), Some("b"), Some("a"), Ok(Some("b"))),
            (Some("a"), Some("a"), Some("b"), Ok(Some("b"))),
            (Some("a"), Some("b"), Some("b"), Ok(Some("b"))),
            (Some("a"), Some("b"), Some("c"), Err(("b", "c"))),
            (Some("a"), None, Some("b"), Ok(Some("b"))),
            (None, Some("b"), Some("c"), Err(("b", "c"))),
            (None, None, None, Ok(None)),
        ];
        for (before, internal, legacy, expected) in cases {
            assert_eq!(reconcile(before, internal, legacy), expected, "{before:?} {internal:?} {legacy:?}");
        }
    }
}
