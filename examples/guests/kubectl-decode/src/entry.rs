//! What an entry of a secret holds, in a form that may be shown.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use crate::certificate;

/// How many bytes of what is no text are shown.
const FIRST_BYTES: usize = 16;

/// What an entry holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A text, to be shown as it is.
    Text(String),
    /// Something else, told in words.
    Told(String),
}

/// All entries of a secret by name. What a manifest gives as `stringData` counts, as the API server has it.
pub(crate) fn all(secret: &Json) -> BTreeMap<&str, Value> {
    let entries = |field: &str| secret.get(field).and_then(Json::as_object).into_iter().flatten();
    let encoded = entries("data").map(|(key, value)| (key.as_str(), decode(value.as_str())));
    let plain = entries("stringData").map(|(key, value)| {
        let text = value.as_str().unwrap_or_default();
        (key.as_str(), describe(text.as_bytes()))
    });
    encoded.chain(plain).collect()
}

fn decode(value: Option<&str>) -> Value {
    match STANDARD.decode(value.unwrap_or_default()) {
        Ok(bytes) => describe(&bytes),
        Err(error) => Value::Told(format!("not base64: {error}")),
    }
}

fn describe(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok("") => Value::Told("empty".to_owned()),
        Ok(text) if text.contains("-----BEGIN ") => Value::Told(blocks(text).join("; ")),
        Ok(text) => Value::Text(text.to_owned()),
        Err(_) => {
            let first: Vec<String> =
                bytes.iter().take(FIRST_BYTES).map(|byte| format!("{byte:02x}")).collect();
            let more = if bytes.len() > FIRST_BYTES { " …" } else { "" };
            Value::Told(format!("{} bytes of binary: {}{more}", bytes.len(), first.join(" ")))
        }
    }
}

/// What the blocks of a PEM file are: certificates with their name, keys without what they hold.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    for block in text.split("-----BEGIN ").skip(1) {
        let (label, rest) = block.split_once("-----").unwrap_or((block, ""));
        let body: String = rest.lines().take_while(|line| !line.starts_with("-----END")).collect();
        blocks.push(match STANDARD.decode(body.replace(char::is_whitespace, "")) {
            Ok(der) if label == "CERTIFICATE" => certificate::describe(&der),
            Ok(der) if label.ends_with("PRIVATE KEY") => {
                format!("private key of {} bytes, not shown", der.len())
            }
            Ok(der) => format!("{} of {} bytes", label.to_lowercase(), der.len()),
            Err(_) => format!("{} that cannot be read", label.to_lowercase()),
        });
    }
    blocks
}
