//! The YAML of workspace files: read by the manifests' reader and by YAML 1.2's core schema, where `off` is a
//! word. Manifests are read as kubectl does, where it is a boolean.
//!
//! One reader for both keeps a second one out of the page, and a key that stands twice is a mistake here too.

use manifest::{Node, Style, Value};
use serde_json::{Map, Value as Json};

use super::{MAX_WORKSPACE_BYTES, WorkspaceError};

/// A workspace's text as JSON.
pub(super) fn read(text: &str) -> Result<Json, WorkspaceError> {
    let fail =
        |message: String, line| WorkspaceError { message: format!("not a workspace: {message}"), line };
    let limits = manifest::Limits { max_bytes: MAX_WORKSPACE_BYTES, ..manifest::Limits::default() };
    let documents = manifest::parse(text, &limits).map_err(|error| fail(error.to_string(), error.line))?;
    match documents.as_slice() {
        [document] if !document.is_empty => Ok(to_json(&document.root)),
        [] | [_] => Err(fail("the file holds nothing".into(), 0)),
        _ => Err(fail("the file holds several documents, a workspace is one".into(), 0)),
    }
}

/// A workspace's JSON as YAML, with multi-line texts as blocks.
pub(super) fn write(value: &Json) -> String {
    manifest::emit(&manifest::from_json(value), manifest::SequenceIndent::Compact)
}

/// A tree as YAML 1.2's core schema reads it. The reader has bounded the depth.
pub(crate) fn to_json(node: &Node) -> Json {
    match &node.value {
        Value::Scalar(text) if node.style == Style::Plain => plain(text),
        Value::Scalar(text) => Json::String(text.clone()),
        Value::Sequence(items) => items.iter().map(to_json).collect(),
        Value::Mapping(entries) => {
            let entry =
                |entry: &manifest::Entry| Some((entry.key.scalar_text()?.to_owned(), to_json(&entry.value)));
            Json::Object(entries.iter().filter_map(entry).collect::<Map<_, _>>())
        }
    }
}

fn plain(text: &str) -> Json {
    match text {
        "" | "~" | "null" => Json::Null,
        "true" => Json::Bool(true),
        "false" => Json::Bool(false),
        // Only what JSON writes as a number is one: `0x10` and `1_000` are words.
        _ => serde_json::from_str(text)
            .ok()
            .filter(Json::is_number)
            .unwrap_or_else(|| Json::String(text.to_owned())),
    }
}
