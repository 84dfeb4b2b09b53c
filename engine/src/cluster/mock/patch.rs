//! Patches: JSON merge patch (RFC 7386) and JSON patch (RFC 6902), as the API server applies them.
//!
//! It refuses what would take too long or grow too large; strategic merge patches and server-side apply need each
//! kind's schema, and are refused where the form is read.

use json_patch::PatchOperation;
use serde_json::{Map, Value as Json};

use super::body::shape;
use super::refusal::{bad_request, inapplicable, too_large};
use super::store::{MAX_DEPTH, is_deeper};
use crate::cluster::MAX_REQUEST_BYTES;
use crate::cluster::status::Answer;
use crate::words;

/// The most operations of a JSON patch: those of the API server.
const MAX_OPERATIONS: usize = 10_000;

/// The most that all operations of a patch may look at together, in bytes of the object: every one of them may move
/// all of it, and a patch must end within a second.
const MAX_EFFORT: usize = 1 << 28;

/// How a patch is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A list of operations.
    Json,
    /// An object of what is to be; null removes.
    Merge,
}

/// An object after a patch.
pub(super) fn apply(form: Form, object: Json, patch: &[u8]) -> Result<Json, Answer> {
    let undecodable = |why: &str| bad_request(&format!("error decoding patch: {why}"));
    let patch: Json = serde_json::from_slice(patch).map_err(|error| undecodable(&error.to_string()))?;
    let mismatch = |expected: &str| {
        let found = shape(&patch);
        undecodable(&format!("json: cannot unmarshal {found} into Go value of type {expected}"))
    };
    match (form, &patch) {
        (Form::Merge, Json::Object(fields)) => Ok(merged(object, fields)),
        (Form::Merge, Json::Null) => Err(bad_request("Invalid JSON Patch")),
        (Form::Merge, _) => Err(mismatch("map[string]interface {}")),
        (Form::Json, Json::Array(operations)) => operated(object, operations),
        (Form::Json, _) => Err(mismatch("[]handlers.jsonPatchOp")),
    }
}

/// A value with some fields changed. The reader has bounded the patch's depth.
fn merged(value: Json, patch: &Map<String, Json>) -> Json {
    let mut fields = match value {
        Json::Object(fields) => fields,
        _ => Map::new(),
    };
    for (key, wanted) in patch {
        match wanted {
            Json::Null => drop(fields.shift_remove(key)),
            Json::Object(wanted) => {
                let slot = fields.entry(key).or_insert(Json::Null);
                *slot = merged(slot.take(), wanted);
            }
            wanted => drop(fields.insert(key.clone(), wanted.clone())),
        }
    }
    fields.into()
}

fn operated(mut object: Json, operations: &[Json]) -> Result<Json, Answer> {
    if operations.len() > MAX_OPERATIONS {
        return Err(too_large(&format!(
            "The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {}",
            operations.len()
        )));
    }
    let mut bytes = object.to_string().len().saturating_add(MAX_REQUEST_BYTES.min(size(operations)));
    let mut effort = 0_usize;
    for operation in operations {
        let operation = read(operation)?;
        if let PatchOperation::Copy(copy) = &operation {
            let copied = object.pointer(copy.from.as_str()).map_or(0, |value| value.to_string().len());
            bytes = bytes.saturating_add(copied);
        }
        effort = effort.saturating_add(bytes);
        if bytes > 3 * MAX_REQUEST_BYTES || effort > MAX_EFFORT {
            let limit = words::grouped(MAX_EFFORT as u64);
            return Err(too_large(&format!("the operations of the patch look at more than {limit} bytes")));
        }
        json_patch::patch_unsafe(&mut object, std::slice::from_ref(&operation))
            .map_err(|_| inapplicable())?;
        // Operations on operations could nest without end.
        if is_deeper(&object, MAX_DEPTH) {
            return Err(too_large(&format!("the object would be nested deeper than {MAX_DEPTH} levels")));
        }
    }
    Ok(object)
}

fn size(operations: &[Json]) -> usize {
    operations.iter().map(|operation| operation.to_string().len()).sum()
}

fn read(operation: &Json) -> Result<PatchOperation, Answer> {
    if !operation.is_object() {
        let found = shape(operation);
        return Err(bad_request(&format!(
            "error decoding patch: json: cannot unmarshal {found} into Go value of type handlers.jsonPatchOp"
        )));
    }
    crate::json::of(operation.clone()).map_err(|_| inapplicable())
}
