//! What kubectl reads from a scalar: go-yaml v2's rules for YAML 1.1, as `sigs.k8s.io/yaml` applies them.
//!
//! Dates stay strings and base 60 is not read, as there. It does not decide how to write a value.

use std::borrow::Cow;

use crate::node::{Node, Style, Value};

/// A scalar as kubectl reads it.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar<'a> {
    /// `null`, `~` or nothing.
    Null,
    /// `true`, `yes`, `on`, `y` and their opposites.
    Bool(bool),
    /// A whole number between the least signed and the greatest unsigned 64 bit number.
    Int(i128),
    /// Any other number. Not finite for `.inf` and `.nan`, which kubectl refuses.
    Float(f64),
    /// Everything else. Owned only if decoded from `!!binary`.
    String(Cow<'a, str>),
}

/// Reads a scalar by its style and tag.
pub(crate) fn resolve<'a>(text: &'a str, style: Style, tag: Option<&str>) -> Scalar<'a> {
    match tag {
        None if style == Style::Plain => resolve_plain(text),
        None => Scalar::String(Cow::Borrowed(text)),
        Some(tag) => resolve_tagged(text, tag),
    }
}

#[inline(never)]
fn resolve_tagged<'a>(text: &'a str, tag: &str) -> Scalar<'a> {
    match tag {
        "!!int" | "!!bool" | "!!null" => resolve_plain(text),
        "!!float" => match resolve_plain(text) {
            #[expect(clippy::cast_precision_loss, reason = "go-yaml converts the same way")]
            Scalar::Int(value) => Scalar::Float(value as f64),
            other => other,
        },
        "!!binary" => decode_binary(text).map_or(Scalar::String(text.into()), |it| Scalar::String(it.into())),
        _ => Scalar::String(text.into()),
    }
}

/// True if go-yaml can read the scalar as its tag demands.
pub(crate) fn fits_tag(text: &str, tag: Option<&str>) -> bool {
    match tag {
        Some("!!int") => matches!(resolve_plain(text), Scalar::Int(_)),
        Some("!!float") => matches!(resolve_plain(text), Scalar::Int(_) | Scalar::Float(_)),
        Some("!!bool") => matches!(resolve_plain(text), Scalar::Bool(_)),
        Some("!!null") => matches!(resolve_plain(text), Scalar::Null),
        Some("!!binary") => decode_binary(text).is_some(),
        _ => true,
    }
}

/// Reads an unquoted scalar.
pub(crate) fn resolve_plain(text: &str) -> Scalar<'_> {
    if can_be_typed(text) { resolve_typed(text) } else { Scalar::String(Cow::Borrowed(text)) }
}

/// False for text that can only be a string, told by its first byte: most of what manifests hold.
fn can_be_typed(text: &str) -> bool {
    let Some(first) = text.bytes().next() else { return true };
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => true,
        b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'o' | b'O' | b'f' | b'F' => {
            text.len() <= LONGEST_WORD
        }
        _ => false,
    }
}

/// The length of `false`, the longest word that is no string.
const LONGEST_WORD: usize = 5;

// Kept apart: a metered machine charges a function for all of its arms on every call.
#[inline(never)]
fn resolve_typed(text: &str) -> Scalar<'_> {
    let known = match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Scalar::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(Scalar::Bool(true))
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(Scalar::Bool(false))
        }
        ".nan" | ".NaN" | ".NAN" => Some(Scalar::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(Scalar::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Some(Scalar::Float(f64::NEG_INFINITY)),
        _ => None,
    };
    known.or_else(|| number(text)).unwrap_or(Scalar::String(Cow::Borrowed(text)))
}

fn number(text: &str) -> Option<Scalar<'_>> {
    let first = text.bytes().next()?;
    // After a sign or digit go-yaml drops all underscores; Go itself allows them only between digits.
    let is_candidate = match first {
        b'.' => has_digits_around_underscores(text),
        _ => first.is_ascii_digit() || matches!(first, b'+' | b'-'),
    };
    if !is_candidate {
        return None;
    }
    let plain: Cow<'_, str> =
        if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) };
    let whole = if first == b'.' { None } else { integer(&plain) };
    whole.map(Scalar::Int).or_else(|| is_float(&plain).then(|| float(&plain)).flatten())
}

fn has_digits_around_underscores(text: &str) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    bytes.iter().enumerate().filter(|(_, byte)| **byte == b'_').all(|(at, _)| {
        is_digit(at.checked_sub(1).and_then(|it| bytes.get(it))) && is_digit(bytes.get(at + 1))
    })
}

/// Go's `strconv.ParseInt` and then `ParseUint`, both with base 0.
fn integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, text.get(1..)?),
        b'+' => (1, text.get(1..)?),
        _ => (1, text),
    };
    let lower = digits.get(..2).map(str::to_ascii_lowercase);
    let (base, digits) = match lower.as_deref() {
        Some("0x") => (16, digits.get(2..)?),
        Some("0o") => (8, digits.get(2..)?),
        Some("0b") => (2, digits.get(2..)?),
        _ if digits.len() > 1 && digits.starts_with('0') => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|it| it.is_digit(base)) {
        return None;
    }
    let value = sign * i128::from_str_radix(digits, base).ok()?;
    let is_signed = i64::try_from(value).is_ok();
    let is_unsigned = u64::try_from(value).is_ok() && !text.starts_with('+');
    (is_signed || is_unsigned).then_some(value)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    };
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    mantissa_fits && exponent.is_none_or(|it| digits(it.strip_prefix(['-', '+']).unwrap_or(it)))
}

/// A float, or nothing if it is out of range, which go-yaml then reads as a string.
fn float(text: &str) -> Option<Scalar<'static>> {
    let value: f64 = text.parse().ok()?;
    value.is_finite().then_some(Scalar::Float(value))
}

/// The name of a key in JSON, or why kubectl refuses it.
pub(crate) fn key_name(key: &Node) -> Result<Cow<'_, str>, &'static str> {
    match (&key.value, &key.tag) {
        (Value::Scalar(text), None) if key.style != Style::Plain || !can_be_typed(text) => {
            Ok(Cow::Borrowed(text))
        }
        _ => typed_key_name(key),
    }
}

#[inline(never)]
fn typed_key_name(key: &Node) -> Result<Cow<'_, str>, &'static str> {
    if key.scalar_text().is_none() {
        return Err("a mapping key must be a scalar, kubectl refuses lists and mappings as keys");
    }
    match key.resolve() {
        Scalar::String(text) => Ok(text),
        Scalar::Bool(value) => Ok(Cow::Borrowed(if value { "true" } else { "false" })),
        Scalar::Int(value) if i64::try_from(value).is_ok() => Ok(Cow::Owned(value.to_string())),
        Scalar::Int(_) => Err("kubectl refuses a key that is a number beyond 64 bits; quote it"),
        Scalar::Float(value) => Ok(Cow::Owned(go_float_key(value))),
        Scalar::Null => Err("kubectl refuses a key that is null; quote it"),
    }
}

/// Go's `strconv.FormatFloat(value, 'g', -1, 32)`, which names a floating point key.
fn go_float_key(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "kubectl narrows the key as well")]
    let value = value as f32;
    if !value.is_finite() {
        return if value.is_nan() {
            ".nan"
        } else if value > 0.0 {
            ".inf"
        } else {
            "-.inf"
        }
        .to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    // Go's rule for 'g': an exponent below -4 or from the precision on, which is 6 for the shortest form.
    if value == 0.0 || (-4..GO_SHORTEST_EXPONENT).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

/// Go's precision when none is given: from this exponent on a number is written with an exponent.
const GO_SHORTEST_EXPONENT: i32 = 6;

/// Decodes standard base64 with padding, ignoring line breaks as Go does. Bytes that are no UTF-8 are
/// replaced, as Go's JSON writer does.
fn decode_binary(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut padding) = (0u32, 0u32, 0u32);
    for byte in text.bytes().filter(|it| !matches!(it, b'\r' | b'\n')) {
        if byte == b'=' {
            padding += 1;
            continue;
        }
        if padding > 0 {
            return None;
        }
        bits = (bits << 6) | u32::from(base64_digit(byte)?);
        count += 1;
        if count.is_multiple_of(4) {
            bytes.extend(bits.to_be_bytes().iter().skip(1));
            bits = 0;
        }
    }
    match (count % 4, padding) {
        (0, 0) => {}
        (2, 2) => bytes.push((bits >> 4) as u8),
        (3, 1) => bytes.extend([(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => return None,
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn base64_digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

impl Scalar<'_> {
    /// A number as it arrives in kubectl after its way through JSON: a whole number that fits 64 bits
    /// signed, otherwise a float. `None` if this is no number or no finite one.
    pub(crate) fn number(&self) -> Option<Scalar<'static>> {
        match self {
            Scalar::Int(value) if i64::try_from(*value).is_ok() => Some(Scalar::Int(*value)),
            #[expect(clippy::cast_precision_loss, reason = "kubectl reads numbers this big as floats")]
            Scalar::Int(value) => Some(Scalar::Float(*value as f64)),
            Scalar::Float(value) if !value.is_finite() => None,
            Scalar::Float(value) => Some(whole(*value).map_or(Scalar::Float(*value), Scalar::Int)),
            _ => None,
        }
    }
}

/// A float without a fraction as the whole number Go writes for it: its shortest digits and zeros.
fn whole(value: f64) -> Option<i128> {
    // Go writes an exponent from here on, which is then no integer.
    const FIRST_WITH_EXPONENT: f64 = 1e21;
    if value.fract() != 0.0 || value.abs() >= FIRST_WITH_EXPONENT {
        return None;
    }
    format!("{value}").parse::<i64>().ok().map(i128::from)
}
