//! What the API server itself writes into objects: numbers, times, names, and the few fields that it keeps for itself.
//!
//! Nothing here asks a clock or randomness: all of it follows from the run's world and from what is stored.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::Mock;
use super::body::{Body, shape};
use super::facts;
use super::store::Key;
use crate::cluster::kinds::Kind;
use crate::uid::uid;

/// The letters of generated names: without vowels and what looks alike.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// The longest beginning of a generated name: with five letters, a label's 63.
const LONGEST_BEGINNING: usize = 58;

impl Mock {
    /// The uid of an object that begins with a version of the whole; 0 for what was pasted.
    pub(super) fn uid(&self, key: &Key, version: u64) -> String {
        uid(&self.seeded(&[&key.group, &key.plural, &key.place], version))
    }

    /// A name that begins so. Another attempt gives another one.
    pub(super) fn generated_name(&self, kind: &Kind, beginning: &str, attempt: u64) -> String {
        let version = self.store.version().wrapping_mul(8).wrapping_add(attempt);
        let hash = Sha256::digest(self.seeded(&["name", &kind.plural, beginning], version));
        let letter = |byte: &u8| LETTERS.get(usize::from(*byte) % LETTERS.len()).copied().map(char::from);
        let end: String = hash.iter().take(5).filter_map(letter).collect();
        let beginning: String = beginning.chars().take(LONGEST_BEGINNING).collect();
        beginning + &end
    }

    fn seeded(&self, texts: &[&str], version: u64) -> Vec<u8> {
        let mut bytes = [self.world.seed.to_le_bytes(), version.to_le_bytes()].concat();
        for text in texts {
            bytes.extend_from_slice(text.as_bytes());
            bytes.push(0);
        }
        bytes
    }

    /// The time, which stands still.
    pub(super) fn now(&self) -> String {
        timestamp(self.world.start_seconds)
    }
}

/// A time as Kubernetes writes it: seconds since 1970 in UTC, days counted as in Howard Hinnant's "chrono-compatible
/// low-level date algorithms".
pub(super) fn timestamp(seconds: u64) -> String {
    // Beyond this, years have five digits.
    let seconds = seconds.min(253_402_300_799);
    let (days, rest) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// What the API server writes into objects of some kinds, whoever sends them: the data of a Secret, and what makes a
/// namespace one.
///
/// # Errors
/// The sentence of Go's decoder.
pub(super) fn complete(kind: &Kind, body: &mut Body) -> Result<(), String> {
    if facts::is(kind, "", "secrets") {
        encode_data(body)?;
    }
    if facts::is_namespace(kind) {
        let name = body.text("name").to_owned();
        let labels = body.metadata.entry("labels").or_insert_with(|| json!({}));
        if let Some(labels) = labels.as_object_mut() {
            labels.insert("kubernetes.io/metadata.name".into(), name.into());
        }
        body.fields.entry("spec").or_insert_with(|| json!({ "finalizers": ["kubernetes"] }));
        body.fields.entry("status").or_insert_with(|| json!({ "phase": "Active" }));
    }
    Ok(())
}

/// Moves `stringData` into `data`.
fn encode_data(body: &mut Body) -> Result<(), String> {
    let Some(Json::Object(texts)) = body.fields.shift_remove("stringData") else { return Ok(()) };
    let mut data = match body.fields.shift_remove("data") {
        Some(Json::Object(data)) => data,
        _ => Map::new(),
    };
    for (key, value) in texts {
        let Json::String(text) = value else {
            let found = shape(&value);
            return Err(format!(
                "json: cannot unmarshal {found} into Go struct field Secret.stringData of type string"
            ));
        };
        data.insert(key, STANDARD.encode(text).into());
    }
    body.fields.insert("data".into(), data.into());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_767_225_600, "2026-01-01T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (u64::MAX, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(timestamp(seconds), expected);
        }
    }
}
