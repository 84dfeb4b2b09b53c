//! Reads the results that a function reports, however loosely it writes them.
//!
//! Source: the specification's `results`, and kpt's older form (a mapping with `items`). A field of the wrong
//! type is left out with a note; results never fail a step.

use std::collections::BTreeMap;

use manifest::{Node, to_json};

use super::accept::MAX_RESULTS;
use super::list::Request;
use super::package::Package;
use super::place::{Places, Wanted};
use crate::report::{KrmResult, ResourceRef, Severity};
use crate::words;

/// The results with their places in the input, and what to say about them.
pub(super) fn read(node: &Node, package: &Package, request: &Request) -> (Vec<KrmResult>, Vec<String>) {
    let mut notes = Vec::new();
    let items = node.get("items").unwrap_or(node);
    let Some(items) = items.as_sequence() else {
        if !items.is_null() {
            notes.push("its `results` are no list, and are left out".into());
        }
        return (Vec::new(), notes);
    };
    if items.len() > MAX_RESULTS {
        let (all, kept) = (words::grouped(items.len() as u64), words::grouped(MAX_RESULTS as u64));
        notes.push(format!("it reports {all} results; the first {kept} are listed"));
    }
    let places = Places::new(package, request);
    let mut flaws = Flaws::default();
    let results = items.iter().take(MAX_RESULTS).map(|item| result(item, &places, &mut flaws)).collect();
    notes.extend(flaws.note());
    (results, notes)
}

/// What was wrong with results: how many there are, and the first in words.
#[derive(Default)]
struct Flaws {
    count: u64,
    first: Option<String>,
}

impl Flaws {
    fn add(&mut self, flaw: impl FnOnce() -> String) {
        self.count += 1;
        self.first.get_or_insert_with(flaw);
    }

    fn note(self) -> Option<String> {
        let first = self.first?;
        let rest = match self.count {
            1 => String::new(),
            more => format!(", and {}", words::count(more - 1, "other flaw")),
        };
        Some(format!("its results are not as the specification words them: {first}{rest}"))
    }
}

fn result(item: &Node, places: &Places<'_>, flaws: &mut Flaws) -> KrmResult {
    if !item.is_mapping() {
        flaws.add(|| "a result is no object".into());
        return KrmResult {
            message: item.scalar_text().unwrap_or_default().to_owned(),
            ..KrmResult::default()
        };
    }
    let message = text(item, "message", flaws);
    if message.is_empty() {
        flaws.add(|| "a result has no `message`".into());
    }
    let resource = item.get("resourceRef").filter(|it| !it.is_null()).and_then(|it| resource(it, flaws));
    let field = item.get("field").filter(|it| !it.is_null());
    let file = item.get("file").filter(|it| !it.is_null());
    let path = field.map(|field| text(field, "path", flaws)).unwrap_or_default();
    let value = |key: &str| field.and_then(|field| field.get(key)).map(to_json);
    let file_path = file.map(|file| text(file, "path", flaws)).unwrap_or_default();
    let index = file.and_then(|file| file.get("index")).map_or(Some(0), |index| match index.as_i64() {
        Some(index) => Some(index).filter(|index| *index >= 0),
        None => {
            flaws.add(|| "a result's `file.index` is no number".into());
            None
        }
    });
    let place = places.find(&Wanted { file: &file_path, index, resource: resource.as_ref(), field: &path });
    KrmResult {
        message,
        severity: severity(item, flaws),
        resource,
        field: path,
        current: value("currentValue"),
        proposed: value("proposedValue").or_else(|| value("suggestedValue")),
        place,
        tags: tags(item, flaws),
    }
}

fn severity(item: &Node, flaws: &mut Flaws) -> Severity {
    let text = text(item, "severity", flaws);
    match text.to_ascii_lowercase().as_str() {
        "" | "info" => Severity::Info,
        "warning" => Severity::Warning,
        "error" => Severity::Error,
        _ => {
            flaws.add(|| format!("a result has the severity {text:?}"));
            Severity::Info
        }
    }
}

/// In the older form name and namespace stand under `metadata`.
fn resource(node: &Node, flaws: &mut Flaws) -> Option<ResourceRef> {
    if !node.is_mapping() {
        flaws.add(|| "a result's `resourceRef` is no object".into());
        return None;
    }
    let metadata = node.get("metadata").unwrap_or(node);
    Some(ResourceRef {
        api_version: text(node, "apiVersion", flaws),
        kind: text(node, "kind", flaws),
        name: text(metadata, "name", flaws),
        namespace: text(metadata, "namespace", flaws),
    })
}

fn tags(item: &Node, flaws: &mut Flaws) -> BTreeMap<String, String> {
    let Some(node) = item.get("tags").filter(|it| !it.is_null()) else { return BTreeMap::new() };
    let Some(entries) = node.as_mapping() else {
        flaws.add(|| "a result's `tags` are no mapping".into());
        return BTreeMap::new();
    };
    entries
        .iter()
        .map(|entry| (entry.name().into_owned(), entry.value.scalar_text().unwrap_or_default().into()))
        .collect()
}

/// The text of a key; empty when it is missing, null or no scalar.
fn text(node: &Node, key: &str, flaws: &mut Flaws) -> String {
    let Some(value) = node.get(key).filter(|it| !it.is_null()) else { return String::new() };
    value.scalar_text().map(str::to_owned).unwrap_or_else(|| {
        flaws.add(|| format!("a result's `{key}` is no text"));
        String::new()
    })
}
