//! Reads the fields of a JSON object that a guest or a person wrote, strictly: a `true` that is a string is no
//! `true`, and the sentence about it names the field.
//!
//! Like Go's decoder it takes null for a field that is left out, and ignores fields it is not asked for.

#[cfg(feature = "gate")]
use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

/// An object, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    object: Option<&'a Map<String, Json>>,
    path: String,
}

/// What a value is, in words.
pub(crate) fn shape(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

impl<'a> Fields<'a> {
    /// The fields of a value, which `path` names; null has none.
    pub(crate) fn of(value: &'a Json, path: &str) -> Result<Self, String> {
        match value {
            Json::Object(object) => Ok(Self { object: Some(object), path: path.to_owned() }),
            Json::Null => Ok(Self { object: None, path: path.to_owned() }),
            other => Err(format!("`{path}` is {}, not an object", shape(other))),
        }
    }

    /// A field that is there and not null.
    pub(crate) fn any(&self, key: &str) -> Option<&'a Json> {
        self.object?.get(key).filter(|value| !value.is_null())
    }

    /// A field that is an object; without fields when it is left out.
    pub(crate) fn object(&self, key: &str) -> Result<Self, String> {
        Self::of(self.any(key).unwrap_or(&Json::Null), &self.at(key))
    }

    /// A field that is text; empty when it is left out.
    pub(crate) fn text(&self, key: &str) -> Result<String, String> {
        let text = self.read(key, "text", |value| value.as_str().map(str::to_owned))?;
        Ok(text.unwrap_or_default())
    }

    /// A field that is a list of texts; empty when it is left out.
    pub(crate) fn texts(&self, key: &str) -> Result<Vec<String>, String> {
        self.read(key, "a list of texts", texts).map(Option::unwrap_or_default)
    }

    fn read<T>(
        &self,
        key: &str,
        wanted: &str,
        read: impl Fn(&Json) -> Option<T>,
    ) -> Result<Option<T>, String> {
        let Some(value) = self.any(key) else { return Ok(None) };
        let wrong = || match value {
            Json::Array(_) | Json::Object(_) if wanted.contains(" of ") => {
                format!("`{}` is not {wanted}", self.at(key))
            }
            _ => format!("`{}` is {}, not {wanted}", self.at(key), shape(value)),
        };
        read(value).map(Some).ok_or_else(wrong)
    }

    fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

/// What the gate reads.
#[cfg(feature = "gate")]
impl Fields<'_> {
    /// A field that is a boolean; false when it is left out.
    pub(crate) fn flag(&self, key: &str) -> Result<bool, String> {
        self.read(key, "a boolean", Json::as_bool).map(Option::unwrap_or_default)
    }

    /// A field that is a whole number of 32 bits; 0 when it is left out.
    pub(crate) fn number(&self, key: &str) -> Result<i32, String> {
        let read = |value: &Json| value.as_i64().and_then(|number| i32::try_from(number).ok());
        self.read(key, "a whole number of 32 bits", read).map(Option::unwrap_or_default)
    }

    /// A field that is an object of texts; empty when it is left out.
    pub(crate) fn pairs(&self, key: &str) -> Result<BTreeMap<String, String>, String> {
        self.entries(key, "an object of texts", |value| value.as_str().map(str::to_owned))
    }

    /// A field that is an object of lists of texts; empty when it is left out.
    pub(crate) fn lists(&self, key: &str) -> Result<BTreeMap<String, Vec<String>>, String> {
        self.entries(key, "an object of lists of texts", texts)
    }

    fn entries<T>(
        &self,
        key: &str,
        wanted: &str,
        one: impl Fn(&Json) -> Option<T>,
    ) -> Result<BTreeMap<String, T>, String> {
        let all = |value: &Json| {
            value.as_object()?.iter().map(|(name, value)| Some((name.clone(), one(value)?))).collect()
        };
        self.read(key, wanted, all).map(Option::unwrap_or_default)
    }
}

fn texts(value: &Json) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    #[test]
    fn reads_strictly_and_names_the_place() {
        let value = json!({"a": "true", "n": 1.5, "l": ["x", 1], "m": {"k": "v"}, "none": null, "t": [1]});
        let fields = Fields::of(&value, "response").unwrap();
        assert_eq!(fields.flag("a").unwrap_err(), "`response.a` is text, not a boolean");
        assert_eq!(
            fields.number("n").unwrap_err(),
            "`response.n` is a number, not a whole number of 32 bits"
        );
        assert_eq!(fields.texts("l").unwrap_err(), "`response.l` is not a list of texts");
        assert_eq!(fields.texts("a").unwrap_err(), "`response.a` is text, not a list of texts");
        assert_eq!(fields.pairs("m").unwrap().get("k").map(String::as_str), Some("v"));
        assert_eq!(fields.lists("m").unwrap_err(), "`response.m` is not an object of lists of texts");
        assert_eq!(fields.text("t").unwrap_err(), "`response.t` is a list, not text");
        assert_eq!((fields.flag("none"), fields.text("absent")), (Ok(false), Ok(String::new())));
        assert_eq!(fields.object("a").unwrap_err(), "`response.a` is text, not an object");
        assert_eq!(Fields::of(&json!([]), "x").unwrap_err(), "`x` is a list, not an object");
    }
}
