//! An object on its way into the cluster: what was sent, read as an object of a kind.
//!
//! It checks what the API server checks of every object's metadata, and no kind's own schema.

use serde_json::{Map, Value as Json};

use super::refusal::{bad_request, other_kind, unreadable};
use crate::cluster::kinds::{Kind, Kinds};
use crate::cluster::status::Answer;

/// An object's metadata, and its other fields but `apiVersion` and `kind`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Body {
    pub(super) metadata: Map<String, Json>,
    pub(super) fields: Map<String, Json>,
}

impl Body {
    /// What was sent. What it says of its kind may be missing.
    pub(super) fn read(kind: &Kind, kinds: &Kinds, bytes: &[u8]) -> Result<Self, Answer> {
        let unrecognized = |why: &str| {
            let expected = &kind.gvk.kind;
            bad_request(&format!(
                "the object provided is unrecognized (must be of type {expected}): couldn't get version/kind; \
                 json parse error: {why} ({})",
                summary(bytes)
            ))
        };
        let object: Json = serde_json::from_slice(bytes).map_err(|error| unrecognized(&error.to_string()))?;
        let Json::Object(fields) = &object else {
            let why = format!("json: cannot unmarshal {} into Go value of type struct", shape(&object));
            return Err(unrecognized(&why));
        };
        let word = |key: &str| match fields.get(key) {
            None | Some(Json::Null) => Ok(""),
            Some(Json::String(text)) => Ok(text.as_str()),
            Some(other) => Err(unrecognized(&mismatch(other, &format!("struct field .{key}"), "string"))),
        };
        let (api_version, given) = (word("apiVersion")?, word("kind")?);
        let expected = kind.gvk.api_version();
        if !api_version.is_empty() && api_version != expected {
            return Err(bad_request(&format!(
                "the API version in the data ({api_version}) does not match the expected API version ({expected})"
            )));
        }
        if !given.is_empty() && given != kind.gvk.kind {
            return Err(other_kind(kind, given, kinds.of_object(&expected, given).is_some()));
        }
        check(&object).map_err(|why| unreadable(kind, &kind.gvk.kind, &why))?;
        Ok(Self::of(object))
    }

    /// An object in its parts; one without metadata has none.
    pub(super) fn of(object: Json) -> Self {
        let Json::Object(mut fields) = object else { return Self::default() };
        fields.shift_remove("apiVersion");
        fields.shift_remove("kind");
        match fields.shift_remove("metadata") {
            Some(Json::Object(metadata)) => Self { metadata, fields },
            _ => Self { metadata: Map::new(), fields },
        }
    }

    /// The whole object.
    pub(super) fn into_object(self, kind: &Kind) -> Json {
        let mut object = Map::new();
        object.insert("apiVersion".into(), kind.gvk.api_version().into());
        object.insert("kind".into(), kind.gvk.kind.clone().into());
        object.insert("metadata".into(), self.metadata.into());
        object.extend(self.fields);
        object.into()
    }

    /// A text of its metadata; empty where there is none.
    pub(super) fn text(&self, key: &str) -> &str {
        self.metadata.get(key).and_then(Json::as_str).unwrap_or_default()
    }

    /// A number of its metadata; 0 where there is none.
    pub(super) fn number(&self, key: &str) -> u64 {
        self.metadata.get(key).and_then(Json::as_u64).unwrap_or_default()
    }

    /// Texts of its metadata.
    pub(super) fn texts(&self, key: &str) -> impl Iterator<Item = &str> {
        self.metadata.get(key).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
    }

    /// Pairs of its metadata.
    pub(super) fn pairs(&self, key: &str) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.metadata.get(key).and_then(Json::as_object).into_iter().flatten();
        pairs.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
    }

    pub(super) fn set(&mut self, key: &str, value: impl Into<Json>) {
        self.metadata.insert(key.to_owned(), value.into());
    }

    /// Takes a field of the metadata from another object: its value, or that there is none.
    pub(super) fn keep(&mut self, key: &str, of: &Self) {
        match of.metadata.get(key) {
            Some(value) => drop(self.metadata.insert(key.to_owned(), value.clone())),
            None => drop(self.metadata.shift_remove(key)),
        }
    }

    /// The same for a field beside the metadata.
    pub(super) fn keep_field(&mut self, key: &str, of: &Self) {
        match of.fields.get(key) {
            Some(value) => drop(self.fields.insert(key.to_owned(), value.clone())),
            None => drop(self.fields.shift_remove(key)),
        }
    }
}

/// Whether an object's metadata has the types of Kubernetes' `ObjectMeta`; the sentence of Go's decoder otherwise.
pub(super) fn check(object: &Json) -> Result<(), String> {
    let metadata = match object.get("metadata") {
        None | Some(Json::Null) => return Ok(()),
        Some(Json::Object(metadata)) => metadata,
        Some(other) => return Err(mismatch(other, "struct field .metadata", "v1.ObjectMeta")),
    };
    let there = |key: &str| metadata.get(key).filter(|value| !value.is_null());
    let place = |key: &str| format!("struct field ObjectMeta.metadata.{key}");
    for key in ["name", "generateName", "namespace", "uid", "resourceVersion"] {
        if let Some(other) = there(key).filter(|value| !value.is_string()) {
            return Err(mismatch(other, &place(key), "string"));
        }
    }
    for (key, shape) in [("labels", "map[string]string"), ("annotations", "map[string]string")] {
        let Some(value) = there(key) else { continue };
        let pairs = value.as_object().ok_or_else(|| mismatch(value, &place(key), shape))?;
        if let Some(other) = pairs.values().find(|value| !value.is_string()) {
            return Err(mismatch(other, &place(key), "string"));
        }
    }
    let Some(value) = there("finalizers") else { return Ok(()) };
    let names = value.as_array().ok_or_else(|| mismatch(value, &place("finalizers"), "[]string"))?;
    match names.iter().find(|name| !name.is_string()) {
        Some(other) => Err(mismatch(other, &place("finalizers"), "string")),
        None => Ok(()),
    }
}

fn mismatch(found: &Json, place: &str, expected: &str) -> String {
    format!("json: cannot unmarshal {} into Go {place} of type {expected}", shape(found))
}

/// What Go's decoder calls a value.
pub(super) fn shape(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "bool",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

/// The beginning of what cannot be read.
fn summary(bytes: &[u8]) -> String {
    const SHOWN: usize = 30;
    let shown = bytes.get(..SHOWN.min(bytes.len())).unwrap_or_default();
    let text = match bytes.first() {
        None => return "<empty>".into(),
        Some(b'{') => String::from_utf8_lossy(shown).into_owned(),
        Some(_) => shown.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    if bytes.len() > SHOWN { format!("{text} ...") } else { text }
}
