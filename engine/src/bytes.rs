//! Bytes that are usually text: in JSON a string, and base64 beside the readable part where they are not UTF-8.
//!
//! It loses nothing: what is read back is what was written.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Any bytes: what a program reads and prints. In JSON `"text"`, or `{"text": …, "base64": …}` when they are not
/// UTF-8; `text` then shows U+FFFD for what is none, and is for reading only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Wire<'a> {
    Text(std::borrow::Cow<'a, str>),
    Binary {
        #[serde(default)]
        text: std::borrow::Cow<'a, str>,
        base64: String,
    },
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match String::from_utf8_lossy(&self.0) {
            text if text.len() == self.0.len() && text.as_bytes() == self.0 => Wire::Text(text),
            text => Wire::Binary { text, base64: STANDARD.encode(&self.0) },
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Wire::deserialize(deserializer)? {
            Wire::Text(text) => Ok(Self(text.into_owned().into_bytes())),
            Wire::Binary { base64, .. } => {
                STANDARD.decode(base64).map(Self).map_err(serde::de::Error::custom)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], json: &str) {
        let held = Bytes(bytes.to_vec());
        assert_eq!(serde_json::to_string(&held).unwrap(), json);
        assert_eq!(serde_json::from_str::<Bytes>(json).unwrap(), held);
    }

    #[test]
    fn loses_nothing() {
        check(b"", r#""""#);
        check("\u{fffd} text".as_bytes(), "\"\u{fffd} text\"");
        check(b"a\xffb", "{\"text\":\"a\u{fffd}b\",\"base64\":\"Yf9i\"}");
        assert!(serde_json::from_str::<Bytes>(r#"{"base64":"%"}"#).is_err());
    }
}
