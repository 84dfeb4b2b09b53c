//! What a plugin stores: JSON by key, for as long as the run. KubeStellar itself keeps nothing.
//!
//! It is bounded in every way, and holds texts as they came, so that what is read is what was written.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::report::{MAX_ANSWER_BODIES, MAX_ANSWER_BODY, StoredValue};
use crate::visible::bytes;
use crate::words;

/// The longest key, in bytes: a name, and not a document.
pub(super) const MAX_KEY_BYTES: u32 = 256;

/// The largest value, in bytes: as much as etcd takes of one object.
pub(super) const MAX_VALUE_BYTES: u32 = 1 << 20;

/// The most keys and bytes together: what a plugin keeps of its own is small, and a loop is told soon.
const MAX_KEYS: usize = 1_000;
const MAX_BYTES: usize = 8 << 20;

/// What is stored.
#[derive(Debug, Default)]
pub(super) struct Storage {
    values: BTreeMap<String, String>,
    bytes: usize,
}

impl Storage {
    /// What is stored before the run.
    ///
    /// # Errors
    /// A sentence that names the key that is refused, and the cause.
    pub(super) fn of_json(values: &BTreeMap<String, Json>) -> Result<Self, String> {
        Self::of(values.iter().map(|(key, value)| (key, value.to_string())))
    }

    /// As [`Storage::of_json`], of texts as they were written.
    pub(super) fn of<'a>(
        values: impl Iterator<Item = (&'a String, impl AsRef<str>)>,
    ) -> Result<Self, String> {
        let mut storage = Self::default();
        for (key, value) in values {
            storage
                .set(key, value.as_ref())
                .map_err(|cause| format!("`{}` cannot be stored: {cause}", words::sentence(key)))?;
        }
        Ok(storage)
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    /// Stores a value, in place of an earlier one.
    ///
    /// # Errors
    /// The cause: it is no JSON, or there is no room.
    pub(super) fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        check(key.len() as u64, MAX_KEY_BYTES, "the key")?;
        check(value.len() as u64, MAX_VALUE_BYTES, "the value")?;
        if key.is_empty() {
            return Err("the key is empty".into());
        }
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(value) {
            return Err(format!("the value is no JSON: {error}"));
        }
        let earlier = self.values.get(key).map(|earlier| key.len() + earlier.len());
        if earlier.is_none() && self.values.len() >= MAX_KEYS {
            return Err(format!("there are {} already", words::count(MAX_KEYS as u64, "key")));
        }
        let size = self.bytes - earlier.unwrap_or(0) + key.len() + value.len();
        if size > MAX_BYTES {
            return Err(format!("all together would be more than {}", bytes(MAX_BYTES as u64)));
        }
        self.bytes = size;
        self.values.insert(key.to_owned(), value.to_owned());
        Ok(())
    }

    /// All that is stored, as it was written.
    pub(super) fn texts(&self) -> &BTreeMap<String, String> {
        &self.values
    }

    /// What is stored, for a report.
    pub(super) fn report(&self) -> Vec<StoredValue> {
        let mut room = MAX_ANSWER_BODIES;
        let stored = |(key, value): (&String, &String)| {
            let end = value.floor_char_boundary(MAX_ANSWER_BODY.min(room));
            room -= end;
            StoredValue {
                key: key.clone(),
                value: value.get(..end).unwrap_or_default().to_owned(),
                bytes: value.len() as u64,
            }
        };
        self.values.iter().map(stored).collect()
    }
}

/// Fails for what is too large, before it is read.
///
/// # Errors
/// A sentence with both sizes.
pub(super) fn check(length: u64, limit: u32, what: &str) -> Result<(), String> {
    if length <= u64::from(limit) {
        return Ok(());
    }
    let (length, limit) = (words::grouped(length), words::grouped(limit.into()));
    Err(format!("{what} has {length} bytes, more than the {limit} that it may have"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn values_are_kept_as_they_came() {
        let mut storage = Storage::of_json(&[("a".to_owned(), serde_json::json!({"b": 1}))].into()).unwrap();
        assert_eq!(storage.get("a"), Some(r#"{"b":1}"#));
        storage.set("a", " 1.50 ").unwrap();
        assert_eq!((storage.get("a"), storage.get("b")), (Some(" 1.50 "), None));
        assert_eq!(storage.bytes, 7);
    }

    #[test]
    fn what_is_none_or_too_large_is_refused() {
        let mut storage = Storage::default();
        let long = "k".repeat(257);
        for (key, value, cause) in [
            ("", "1", "the key is empty"),
            (long.as_str(), "1", "the key has 257 bytes"),
            ("a", "", "no JSON"),
            ("a", "{", "no JSON"),
            ("a", "{} {}", "no JSON"),
        ] {
            assert!(storage.set(key, value).unwrap_err().contains(cause), "{value}");
        }
        assert!(storage.set("a", &"[".repeat(100_000)).unwrap_err().contains("no JSON"));
        assert!(storage.set("a", &format!("\"{}\"", "x".repeat(1 << 20))).is_err());
        assert!(storage.values.is_empty() && storage.bytes == 0);
    }

    #[test]
    fn there_is_an_end() {
        let mut storage = Storage::default();
        let large = format!("\"{}\"", "x".repeat((1 << 20) - 2));
        let refused = (0..9).find(|index| storage.set(&index.to_string(), &large).is_err());
        assert_eq!(refused, Some(7));
        storage.set("6", "1").unwrap();
        storage.set("7", "2").unwrap();
        let mut storage = Storage::default();
        let refused = (0..2_000).find(|index| storage.set(&index.to_string(), "1").is_err());
        assert_eq!(refused, Some(1_000));
        assert!(storage.set("5", "2").is_ok());
        let kept: usize = storage.report().iter().map(|it| it.value.len()).sum();
        assert_eq!(kept, 1_000);
    }
}
