//! A result as a script writes it: a dict in the shape of the KRM functions specification.

use function::{KrmResult, Severity};
use manifest::from_json;
use serde_json::Value;

/// Reads a result.
///
/// # Errors
/// When it has no message, or a severity that is not one.
pub(crate) fn read(value: &Value) -> Result<KrmResult, String> {
    let message = value.get("message").and_then(Value::as_str).ok_or("a result is a dict with a message")?;
    let result = match value.get("severity").and_then(Value::as_str) {
        None => KrmResult::plain(message),
        Some("info") => KrmResult::new(Severity::Info, message),
        Some("warning") => KrmResult::new(Severity::Warning, message),
        Some("error") => KrmResult::new(Severity::Error, message),
        Some(other) => return Err(format!("severity is {other:?}, expect error, warning or info")),
    };
    Ok(["resourceRef", "field", "file", "tags"]
        .into_iter()
        .filter_map(|part| Some((part, value.get(part)?)))
        .fold(result, |result, (part, value)| result.part(part, from_json(value))))
}
