//! JSON as Go writes it: keys in the order of their bytes, no spaces, and `<`, `>` and `&` as escapes.
//!
//! It is what a guest's parser was tested with. Source: Go's `encoding/json`, `encode.go`.

use serde_json::{Number, Value as Json};

/// Writes a value.
pub(crate) fn write(value: &Json) -> String {
    let mut text = String::new();
    put(value, &mut text);
    text
}

/// Values come from serde_json's reader, which bounds their depth.
fn put(value: &Json, into: &mut String) {
    match value {
        Json::Null => into.push_str("null"),
        Json::Bool(value) => into.push_str(if *value { "true" } else { "false" }),
        Json::Number(value) => number(value, into),
        Json::String(value) => string(value, into),
        Json::Array(items) => {
            into.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    into.push(',');
                }
                put(item, into);
            }
            into.push(']');
        }
        Json::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| key.as_bytes());
            into.push('{');
            for (index, (key, value)) in fields.into_iter().enumerate() {
                if index > 0 {
                    into.push(',');
                }
                string(key, into);
                into.push(':');
                put(value, into);
            }
            into.push('}');
        }
    }
}

/// Kubernetes reads what fits as a whole number of 64 bits with its sign, and all else as a float.
fn number(value: &Number, into: &mut String) {
    match (value.as_i64(), value.as_f64()) {
        (Some(value), _) => into.push_str(&value.to_string()),
        (None, Some(value)) => float(value, into),
        (None, None) => into.push_str(&value.to_string()),
    }
}

fn float(value: f64, into: &mut String) {
    let size = value.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        // Both languages write the fewest digits that read back as the same number.
        into.push_str(&value.to_string());
        return;
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => {
            into.push_str(&format!("{digits}e+{exponent}"))
        }
        _ => into.push_str(&text),
    }
}

fn string(text: &str, into: &mut String) {
    into.push('"');
    for c in text.chars() {
        match c {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            '\t' => into.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\x1f' => {
                into.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => into.push(c),
        }
    }
    into.push('"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn values_are_written_as_go_writes_them() {
        for (given, expected) in [
            (r#"{ "b": 1, "a": [true, null, {}], "B": [] }"#, r#"{"B":[],"a":[true,null,{}],"b":1}"#),
            (r#""<a href=\"x\">&\\ \u2028""#, r#""\u003ca href=\"x\"\u003e\u0026\\ \u2028""#),
            (r#""\u0008\u000c\n\r\t\u001f\u007f/é😀""#, "\"\\u0008\\u000c\\n\\r\\t\\u001f\u{7f}/é😀\""),
            (r#"{"é":1,"z":2,"a":3}"#, r#"{"a":3,"z":2,"é":1}"#),
            (
                "[0, -1, 9223372036854775807, -9223372036854775808]",
                "[0,-1,9223372036854775807,-9223372036854775808]",
            ),
            ("[18446744073709551615, 1.0, 1.5, -0.25]", "[18446744073709552000,1,1.5,-0.25]"),
            (
                "[1e20, 1e21, 1.5e300, 1e-6, 1e-7, 1.5e-9]",
                "[100000000000000000000,1e+21,1.5e+300,0.000001,1e-7,1.5e-9]",
            ),
        ] {
            assert_eq!(write(&serde_json::from_str(given).unwrap()), expected, "{given}");
        }
    }
}
