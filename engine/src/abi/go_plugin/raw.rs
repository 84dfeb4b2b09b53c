//! Messages that nothing describes: written from single fields, and read as a tree of numbers and values.
//!
//! A tree is a guess where bytes could be several things, and says so nowhere: it is for reading, and the bytes are kept
//! beside it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use super::wire::{self, Fields, MAX_NUMBER, Value};
use crate::abi::fields::shape;
use crate::json;
use crate::report::MAX_MESSAGE_TEXT;
use crate::request::{RawField, RawType};

/// How deep fields may be nested, written and read: readers of messages stop at a hundred.
const MAX_DEPTH: usize = 64;

/// The bytes of hexadecimal digits, or of base64 behind `base64:`.
pub(crate) fn bytes(text: &str) -> Result<Vec<u8>, String> {
    if let Some(text) = text.trim().strip_prefix("base64:") {
        return STANDARD
            .decode(text.trim())
            .map_err(|error| format!("what follows `base64:` is none: {error}"));
    }
    let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digit = |c: &char| {
        c.to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
            .ok_or_else(|| format!("`{c}` is no hexadecimal digit"))
    };
    let pair = |pair: &[char]| match pair {
        [high, low] => Ok(digit(high)? << 4 | digit(low)?),
        _ => Err("there is an odd number of hexadecimal digits".to_owned()),
    };
    digits.chunks(2).map(pair).collect()
}

/// The message that fields make.
pub(crate) fn message(fields: &[RawField]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    put(fields, 0, &mut bytes)?;
    Ok(bytes)
}

fn put(fields: &[RawField], depth: usize, into: &mut Vec<u8>) -> Result<(), String> {
    if depth > MAX_DEPTH {
        return Err(format!("fields are nested deeper than {MAX_DEPTH}"));
    }
    for field in fields {
        if !(1..=MAX_NUMBER).contains(&field.number) {
            return Err(format!("{} is no number of a field: they go from 1 to 536,870,911", field.number));
        }
        one(field, depth, into).map_err(|cause| format!("field {}: {cause}", field.number))?;
    }
    Ok(())
}

fn one(field: &RawField, depth: usize, into: &mut Vec<u8>) -> Result<(), String> {
    let value = &field.value;
    let number = field.number;
    let is = |what: &str| format!("its value is {}, not {what}", shape(value));
    let text = || value.as_str().ok_or_else(|| is("text"));
    match field.kind {
        RawType::String => wire::write(number, Value::Bytes(text()?.as_bytes()), into),
        RawType::Bytes => wire::write(number, Value::Bytes(&bytes(text()?)?), into),
        RawType::Message => {
            let fields: Vec<RawField> = json::of(value.clone())
                .map_err(|error| format!("its value is no list of fields: {error}"))?;
            let mut inner = Vec::new();
            put(&fields, depth + 1, &mut inner)?;
            wire::write(number, Value::Bytes(&inner), into);
        }
        RawType::Varint => {
            let bits = match value {
                Json::Bool(value) => Some(u64::from(*value)),
                value => value.as_u64().or_else(|| value.as_i64().map(i64::cast_unsigned)),
            };
            wire::write(number, Value::Varint(bits.ok_or_else(|| is("a whole number of 64 bits"))?), into);
        }
        RawType::Zigzag => {
            let value = value.as_i64().ok_or_else(|| is("a whole number of 64 bits"))?;
            wire::write(number, Value::Varint(wire::zigzag(value)), into);
        }
        RawType::Fixed32 => {
            let signed = value.as_i64().and_then(|value| i32::try_from(value).ok()).map(i32::cast_unsigned);
            let bits = value.as_u64().and_then(|value| u32::try_from(value).ok()).or(signed);
            wire::write(number, Value::Fixed32(bits.ok_or_else(|| is("a whole number of 32 bits"))?), into);
        }
        RawType::Fixed64 => {
            let bits = value.as_u64().or_else(|| value.as_i64().map(i64::cast_unsigned));
            wire::write(number, Value::Fixed64(bits.ok_or_else(|| is("a whole number of 64 bits"))?), into);
        }
        #[expect(clippy::cast_possible_truncation, reason = "it is what four bytes can hold")]
        RawType::Float => {
            let value = value.as_f64().ok_or_else(|| is("a number"))?;
            wire::write(number, Value::Fixed32((value as f32).to_bits()), into);
        }
        RawType::Double => {
            let value = value.as_f64().ok_or_else(|| is("a number"))?;
            wire::write(number, Value::Fixed64(value.to_bits()), into);
        }
    }
    Ok(())
}

/// What bytes say, a line for each field: its number and its value, a nested message between braces. Nothing when they
/// are no message.
pub(crate) fn tree(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    grow(bytes, 0, &mut text).then_some(text)
}

/// Whether the bytes are a message.
fn is_message(bytes: &[u8]) -> bool {
    Fields::of(bytes).all(|field| field.is_ok())
}

/// Adds lines while there is room.
fn grow(bytes: &[u8], depth: usize, text: &mut String) -> bool {
    if !is_message(bytes) {
        return false;
    }
    for (number, value) in Fields::of(bytes).flatten() {
        if text.len() > MAX_MESSAGE_TEXT {
            if !text.ends_with('…') {
                text.push('…');
            }
            return true;
        }
        let indent = "  ".repeat(depth);
        match value {
            Value::Varint(value) => text.push_str(&format!("{indent}{number}: {value}\n")),
            Value::Fixed32(bits) => {
                text.push_str(&format!("{indent}{number}: 0x{bits:08x} ({})\n", f32::from_bits(bits)));
            }
            Value::Fixed64(bits) => {
                text.push_str(&format!("{indent}{number}: 0x{bits:016x} ({})\n", f64::from_bits(bits)));
            }
            Value::Group(inner) => nest(number, inner, depth, text),
            Value::Bytes(inner) => match readable(inner) {
                Some(words) => text.push_str(&format!("{indent}{number}: {}\n", Json::from(cut(words)))),
                None if depth < MAX_DEPTH && is_message(inner) => nest(number, inner, depth, text),
                None => text.push_str(&format!("{indent}{number}: {}\n", hexadecimal(inner))),
            },
        }
    }
    true
}

fn nest(number: u32, inner: &[u8], depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    text.push_str(&format!("{indent}{number} {{\n"));
    if depth >= MAX_DEPTH || !grow(inner, depth + 1, text) {
        text.push_str(&format!("{indent}  {}\n", hexadecimal(inner)));
    }
    if !text.ends_with('…') {
        text.push_str(&format!("{indent}}}\n"));
    }
}

/// Bytes that are text: not what begins as a message does, with a control character, and is one.
fn readable(bytes: &[u8]) -> Option<&str> {
    let text = str::from_utf8(bytes).ok()?;
    let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let is_nested = text.starts_with(char::is_control) && is_message(bytes);
    (!text.contains(is_odd) && !is_nested).then_some(text)
}

/// The most of one value that a tree shows, in bytes.
const MAX_VALUE: usize = 8 << 10;

fn cut(text: &str) -> String {
    match text.get(..text.floor_char_boundary(MAX_VALUE)) {
        Some(begin) if begin.len() < text.len() => format!("{begin}…"),
        _ => text.to_owned(),
    }
}

/// `0x0a04`, or its beginning.
fn hexadecimal(bytes: &[u8]) -> String {
    let shown = bytes.iter().take(MAX_VALUE / 2).map(|byte| format!("{byte:02x}"));
    let rest = if bytes.len() > MAX_VALUE / 2 { "…" } else { "" };
    format!("0x{}{rest}", shown.collect::<String>())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn digits_and_base64_are_bytes() {
        for (text, expected) in [
            ("", Ok(&b""[..])),
            (" 0a 04 64\n656D6f", Ok(b"\x0a\x04demo")),
            ("base64:CgRkZW1v", Ok(b"\x0a\x04demo")),
            ("0a0", Err("there is an odd number of hexadecimal digits")),
            ("0x0a", Err("`x` is no hexadecimal digit")),
            ("١a", Err("`١` is no hexadecimal digit")),
            ("base64:CgRk*", Err("what follows `base64:` is none: Invalid symbol 42, offset 4.")),
        ] {
            assert_eq!(bytes(text), expected.map(Vec::from).map_err(str::to_owned), "{text}");
        }
    }

    #[track_caller]
    fn check(fields: &str, expected: Result<&str, &str>) {
        let fields: Vec<RawField> = serde_json::from_str(fields).unwrap();
        let written = message(&fields);
        let expected = expected.map(|digits| bytes(digits).unwrap()).map_err(str::to_owned);
        assert_eq!(written, expected);
    }

    #[test]
    fn fields_are_written_as_their_types_say() {
        check(
            r#"[{"number":1,"value":"demo"},{"number":2,"type":"string","value":"default"}]"#,
            Ok("0a0464656d6f120764656661756c74"),
        );
        check(
            r#"[{"number":1,"type":"varint","value":150},{"number":2,"type":"varint","value":true}]"#,
            Ok("0896011001"),
        );
        check(r#"[{"number":1,"type":"varint","value":-1}]"#, Ok("08ffffffffffffffffff01"));
        check(r#"[{"number":1,"type":"zigzag","value":-2}]"#, Ok("0803"));
        check(
            r#"[{"number":1,"type":"fixed32","value":-1},{"number":2,"type":"fixed64","value":1}]"#,
            Ok("0dffffffff110100000000000000"),
        );
        check(
            r#"[{"number":1,"type":"float","value":1.5},{"number":2,"type":"double","value":-2}]"#,
            Ok("0d0000c03f1100000000000000c0"),
        );
        check(r#"[{"number":1,"type":"bytes","value":"ff00"}]"#, Ok("0a02ff00"));
        check(r#"[{"number":3,"type":"message","value":[{"number":1,"value":"a"}]}]"#, Ok("1a030a0161"));
        check(
            r#"[{"number":0,"value":""}]"#,
            Err("0 is no number of a field: they go from 1 to 536,870,911"),
        );
        check(r#"[{"number":1,"value":5}]"#, Err("field 1: its value is a number, not text"));
        check(
            r#"[{"number":1,"type":"message","value":[{"number":2,"type":"fixed32","value":4294967296}]}]"#,
            Err("field 1: field 2: its value is a number, not a whole number of 32 bits"),
        );
        check(
            r#"[{"number":1,"type":"varint","value":1.5}]"#,
            Err("field 1: its value is a number, not a whole number of 64 bits"),
        );
        let inner = RawField { number: 1, value: "x".into(), ..RawField::default() };
        let outer = (0..80).fold(inner, |inner, _| RawField {
            number: 1,
            kind: RawType::Message,
            value: serde_json::to_value([inner]).unwrap(),
        });
        assert!(message(&[outer]).unwrap_err().ends_with("fields are nested deeper than 64"));
    }

    #[test]
    fn trees_show_what_bytes_may_be() {
        for (digits, expected) in [
            ("", Some("")),
            ("0a0464656d6f120764656661756c74", Some("1: \"demo\"\n2: \"default\"\n")),
            ("0a04120276311a00", Some("1 {\n  2: \"v1\"\n}\n3: \"\"\n")),
            ("0a0a61620a6364656667686a", Some("1: \"ab\\ncdefghj\"\n")),
            ("0a02ff00", Some("1: 0xff00\n")),
            (
                "0896010d0000c03f110000000000000840",
                Some("1: 150\n1: 0x3fc00000 (1.5)\n2: 0x4008000000000000 (3)\n"),
            ),
            ("0b10010c", Some("1 {\n  2: 1\n}\n")),
            ("ffffff", None),
        ] {
            assert_eq!(tree(&bytes(digits).unwrap()).as_deref(), expected, "{digits}");
        }
    }

    #[test]
    fn trees_end() {
        let deep = (0..400).fold(Vec::new(), |inner: Vec<u8>, _| {
            let mut outer = Vec::new();
            wire::write(1, Value::Bytes(&inner), &mut outer);
            outer
        });
        let shown = tree(&deep).unwrap();
        assert!(shown.contains("0x0a") && shown.lines().count() < 200, "{}", shown.len());
        let many: Vec<u8> = [0x08, 0x01].repeat(100_000);
        let shown = tree(&many).unwrap();
        assert!(shown.ends_with('…') && shown.len() < MAX_MESSAGE_TEXT + 100);
        let long = tree(&{
            let mut bytes = Vec::new();
            wire::write(1, Value::Bytes("ž".repeat(100_000).as_bytes()), &mut bytes);
            bytes
        });
        assert!(long.unwrap().len() < MAX_VALUE + 100);
    }
}
