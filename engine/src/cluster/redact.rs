//! Takes the values of Secrets out of what is kept: their data, and the copy of it that `kubectl apply` leaves
//! in an annotation. Names and keys stay.
//!
//! It does not look into ConfigMaps or other kinds: what a person puts there is not marked as secret.

use std::borrow::Cow;

use serde_json::Value;

/// What stands in place of a value; in `data`, where values are base64, its base64.
pub const REDACTED: &str = "redacted";

const REDACTED_BASE64: &str = "cmVkYWN0ZWQ=";

/// What `kubectl apply` keeps of what it was given.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// A body without the values of Secrets, and how many objects lost theirs. A body that came from a path of
/// Secrets and is no JSON is withheld: what cannot be read cannot be cleaned.
#[must_use]
pub fn redact<'a>(path: &str, body: &'a [u8]) -> (Cow<'a, [u8]>, u64) {
    let of_secrets = path.split('/').any(|part| part == "secrets");
    if body.is_empty() {
        return (Cow::Borrowed(body), 0);
    }
    // A watch answers one JSON value after another.
    let values: Result<Vec<Value>, _> = serde_json::Deserializer::from_slice(body).into_iter().collect();
    let Ok(mut values) = values else {
        return if of_secrets { (Cow::Borrowed(b""), 1) } else { (Cow::Borrowed(body), 0) };
    };
    let count = values.iter_mut().map(|value| clean(value, of_secrets)).sum();
    if count == 0 {
        return (Cow::Borrowed(body), 0);
    }
    let mut text = String::new();
    for value in &values {
        text.push_str(&value.to_string());
        text.push('\n');
    }
    (Cow::Owned(text.into_bytes()), count)
}

/// Cleans a value in place and counts the objects that lost something. The reader has bounded the depth.
fn clean(value: &mut Value, within: bool) -> u64 {
    match value {
        Value::Array(items) => items.iter_mut().map(|item| clean(item, within)).sum(),
        Value::Object(fields) => {
            let kind = fields.get("kind").and_then(Value::as_str);
            let within = within || matches!(kind, Some("Secret" | "SecretList"));
            let mut lost = false;
            let mut count = 0;
            for (name, child) in fields.iter_mut() {
                match name.as_str() {
                    "data" if within => lost |= blank(child, REDACTED_BASE64),
                    "stringData" | LAST_APPLIED if within => lost |= blank(child, REDACTED),
                    "metadata" if within => lost |= clean(child, within) > 0,
                    _ => count += clean(child, within),
                }
            }
            count + u64::from(lost)
        }
        _ => 0,
    }
}

/// Replaces every scalar; whether there was one.
fn blank(value: &mut Value, replacement: &str) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => items.iter_mut().fold(false, |lost, item| blank(item, replacement) | lost),
        Value::Object(fields) => {
            fields.values_mut().fold(false, |lost, child| blank(child, replacement) | lost)
        }
        _ => {
            *value = Value::from(replacement);
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_lose_their_values_and_nothing_else_does() {
        let secret = r#"{"kind":"Secret","metadata":{"name":"db","annotations":{"a":"b","kubectl.kubernetes.io/last-applied-configuration":"hunter2"}},"data":{"password":"aHVudGVyMg=="},"stringData":{"p":"hunter2"},"type":"Opaque"}"#;
        let bare = r#"{"metadata":{"name":"db"},"data":{"password":"aHVudGVyMg=="}}"#;
        for (path, body, count) in [
            ("/api/v1/namespaces/a/secrets/db", secret.to_owned(), 1),
            ("/elsewhere", secret.to_owned(), 1),
            ("/api/v1/secrets", format!(r#"{{"kind":"SecretList","items":[{bare},{bare}]}}"#), 2),
            ("/elsewhere", format!(r#"{{"kind":"SecretList","items":[{bare}]}}"#), 1),
            (
                "/api/v1/secrets",
                format!(r#"{{"kind":"Table","rows":[{{"cells":["db"],"object":{bare}}}]}}"#),
                1,
            ),
            (
                "/api/v1/secrets",
                format!(r#"{{"type":"ADDED","object":{secret}}} {{"type":"ADDED","object":{secret}}}"#),
                2,
            ),
            ("/any", format!(r#"{{"kind":"AdmissionReview","request":{{"object":{secret}}}}}"#), 1),
            ("/api/v1/secrets", "apiVersion: v1\ndata: {password: aHVudGVyMg==}".to_owned(), 1),
        ] {
            let (clean, found) = redact(path, body.as_bytes());
            let clean = String::from_utf8(clean.into_owned()).unwrap();
            assert!(!clean.contains("hunter2") && !clean.contains("aHVudGVyMg"), "{path}: {clean}");
            assert_eq!(found, count, "{path}: {clean}");
        }
        let (kept, _) = redact("/any", secret.as_bytes());
        let kept: Value = serde_json::from_slice(&kept).unwrap();
        assert_eq!(kept["data"]["password"], REDACTED_BASE64);
        assert_eq!(kept["metadata"]["annotations"]["a"], "b");
        assert_eq!(kept["type"], "Opaque");
    }

    #[test]
    fn what_holds_no_secret_stays_byte_for_byte() {
        for body in
            ["", "{ \"kind\" : \"ConfigMap\",\n \"data\":{\"a\":\"b\"} }", "not json", r#"{"kind":"Secret"}"#]
        {
            let (kept, count) = redact("/api/v1/configmaps", body.as_bytes());
            assert_eq!((kept.as_ref(), count), (body.as_bytes(), 0));
        }
    }
}
