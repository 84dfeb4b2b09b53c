//! A package as one `ResourceList`, as `kpt fn source` prints it, and back into files, as `kpt fn sink` writes them.
//!
//! It runs nothing and writes nothing; a list that cannot be told apart into files is refused whole.

use std::collections::BTreeMap;

use manifest::{Limits, Node, SequenceIndent, Value, from_json};
use serde_json::json;

use super::config::{cause, number};
use super::list::{drop_comments_at_end, resource_list};
use super::package::{Package, Resource};
use super::{annotations, answer, document, path, write_back};
use crate::report::{KrmResult, Outcome, OutcomeKind, Place, Severity};
use crate::request::{File, ListVersion};

/// What a `ResourceList` or `List` holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    /// The items, in the files that their annotations name.
    pub files: Vec<File>,
    /// The `functionConfig` as YAML; empty when there is none.
    pub config: String,
}

impl Bundle {
    /// Reads a text; `None` when it is no single list, but manifests. `name` is what a message calls it.
    ///
    /// # Errors
    /// [`OutcomeKind::Invalid`] with its place: the text does not parse, `items` are no list, an item is no
    /// resource, or names a path that no package can have.
    pub fn read(name: &str, text: &str) -> Result<Option<Self>, Outcome> {
        let limits =
            Limits { max_depth: Limits::default().max_depth + answer::LIST_DEPTH, ..Limits::default() };
        let refuse = |line, column, cause: String| {
            let place =
                Place { file: name.to_owned(), step: None, line: number(line), column: number(column) };
            Outcome::new(OutcomeKind::Invalid, format!("`{name}` {cause}")).at(place)
        };
        let documents = manifest::parse(text, &limits).map_err(|error| {
            refuse(error.line, error.column, format!("does not parse: {}", cause(&error)))
        })?;
        let mut roots = documents.into_iter().filter(|it| !it.is_empty).map(|document| document.root);
        let (Some(mut list), None) = (roots.next(), roots.next()) else { return Ok(None) };
        if !answer::is_list(Some(&list)) {
            return Ok(None);
        }
        let items = match list.remove("items").map(|items| (items.is_null(), items.value)) {
            Some((_, Value::Sequence(items))) => items,
            None | Some((true, _)) => Vec::new(),
            Some(_) => return Err(refuse(1, 1, "has `items` that are no list".into())),
        };
        let mut files = BTreeMap::new();
        for item in items {
            let (line, column) = item.span.map_or((1, 1), |span| (span.line, span.column));
            place(item, &mut files).map_err(|cause| refuse(line, column, cause))?;
        }
        let config = list.remove("functionConfig").filter(|config| !config.is_null());
        let config =
            config.map(|config| manifest::emit(&config, SequenceIndent::Compact)).unwrap_or_default();
        Ok(Some(Self { files: files.into_iter().map(written).collect(), config }))
    }
}

/// Puts an item where its annotations say, without them.
fn place(item: Node, files: &mut BTreeMap<String, Vec<(i64, Node)>>) -> Result<(), String> {
    let mut item = answer::settled(item);
    let named = |key, legacy| annotations::get(&item, key).or_else(|| annotations::get(&item, legacy));
    let wanted = named(annotations::PATH, annotations::LEGACY_PATH).map(str::to_owned);
    let index = named(annotations::INDEX, annotations::LEGACY_INDEX).and_then(|text| text.parse().ok());
    let reference = document::identify(&item, wanted.as_deref().unwrap_or_default())
        .map_err(|cause| format!("holds an item that {cause}"))?;
    let wanted = wanted.unwrap_or_else(|| path::generated(&reference));
    let path = path::clean(&wanted).map_err(|cause| {
        format!("holds {}, whose path is not allowed: {cause}", document::title(&reference))
    })?;
    annotations::strip(&mut item, None);
    let held = files.entry(path).or_default();
    held.push((index.unwrap_or(i64::MAX), item));
    Ok(())
}

fn written((path, mut items): (String, Vec<(i64, Node)>)) -> File {
    items.sort_by_key(|(index, _)| *index);
    let texts: Vec<_> = items
        .iter()
        .map(|(_, node)| write_back::fresh(node, document::sequence_indent(node), &path))
        .collect();
    File { path, text: texts.join("---\n") }
}

/// Files as one `ResourceList`, with what the functions were configured with and what they reported.
///
/// # Errors
/// As [`Package::load`].
pub fn bundle(files: &[File], config: &str, results: &[KrmResult]) -> Result<String, Outcome> {
    let package = Package::load(files)?;
    let items = package.resources.iter().map(|resource| item(resource)).collect();
    // What was a function's configuration has been read before it ran.
    let config = manifest::parse(config, &Limits::default()).unwrap_or_default();
    let config = config.into_iter().find(|document| !document.is_empty).map(|document| document.root);
    let mut list = resource_list(ListVersion::V1, items, config);
    if !results.is_empty() {
        list.set("results", Node::sequence(results.iter().map(result).collect()));
    }
    Ok(manifest::emit(&list, SequenceIndent::Compact))
}

/// With the annotations of `kpt fn source`, in its order.
fn item(resource: &Resource) -> Node {
    let mut node = resource.node.clone();
    node.comments.head.clear();
    drop_comments_at_end(&mut node);
    let index = resource.index.map(|index| index.to_string()).unwrap_or_default();
    let indent = match resource.indent {
        SequenceIndent::Compact => "compact",
        SequenceIndent::Wide => "wide",
    };
    for (key, text) in [
        (annotations::LEGACY_INDEX, index.as_str()),
        (annotations::LEGACY_PATH, &resource.path),
        (annotations::INDEX, &index),
        (annotations::PATH, &resource.path),
        (annotations::SEQUENCE_INDENT, indent),
    ] {
        annotations::set(&mut node, key, text);
    }
    node
}

/// A result as the specification words it.
fn result(result: &KrmResult) -> Node {
    let severity = match result.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let mut json = json!({ "message": result.message, "severity": severity });
    let mut set = |key: &str, value| {
        if let Some(map) = json.as_object_mut() {
            map.insert(key.to_owned(), value);
        }
    };
    if let Some(resource) = &result.resource {
        set("resourceRef", serde_json::to_value(resource).unwrap_or_default());
    }
    if !result.field.is_empty() {
        let mut field = json!({ "path": result.field });
        for (key, value) in [("currentValue", &result.current), ("proposedValue", &result.proposed)] {
            if let (Some(map), Some(value)) = (field.as_object_mut(), value) {
                map.insert(key.to_owned(), value.clone());
            }
        }
        set("field", field);
    }
    if let Some(place) = result.place.as_ref().filter(|place| !place.file.is_empty()) {
        set("file", json!({ "path": place.file }));
    }
    if !result.tags.is_empty() {
        set("tags", json!(result.tags));
    }
    from_json(&json)
}
