//! How a scalar is written so that every reader of manifests reads it back: which strings need quotes,
//! and the text of each style.
//!
//! Quotes are chosen for the strictest reader, go-yaml v2 inside kubectl, and for YAML 1.2 readers in
//! guests. It never changes a value to make it look better.

use std::fmt::Write as _;

use crate::node::Style;
use crate::scalar::{Scalar, resolve_plain};

/// The style in which a string value is written when nothing else is asked for.
pub(crate) fn string_style(text: &str) -> Style {
    if is_literal(text) {
        Style::Literal
    } else if looks_typed(text) {
        Style::DoubleQuoted
    } else if is_plain(text, false) {
        Style::Plain
    } else {
        quoted_style(text)
    }
}

/// Single quotes where they can hold the text on one line, otherwise double quotes.
pub(crate) fn quoted_style(text: &str) -> Style {
    if looks_typed(text) || !text.chars().all(is_printable) {
        Style::DoubleQuoted
    } else {
        Style::SingleQuoted
    }
}

/// True if some reader takes the unquoted text for something other than a string.
pub(crate) fn looks_typed(text: &str) -> bool {
    !matches!(resolve_plain(text), Scalar::String(_))
        || matches!(text, "=" | "<<")
        || is_number_elsewhere(text)
        || is_date(text)
}

/// Numbers for YAML 1.1 with base 60, for readers without a range check, and for laxer ones.
fn is_number_elsewhere(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let Some(first) = digits.bytes().next() else { return false };
    if !first.is_ascii_digit() && first != b'.' {
        return false;
    }
    let is_based = digits.get(..2).is_some_and(|it| matches!(it, "0x" | "0o" | "0b" | "0X" | "0O" | "0B"))
        && digits.bytes().skip(2).all(|it| it.is_ascii_hexdigit() || it == b'_');
    let plain = digits.replace('_', "");
    let is_sexagesimal = plain.contains(':')
        && first.is_ascii_digit()
        && plain
            .split(':')
            .all(|part| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit() || it == b'.'));
    is_based || is_sexagesimal || (plain.parse::<f64>().is_ok() && !plain.eq_ignore_ascii_case("inf"))
}

/// `2001-01-01`, alone or with a time, which go-yaml v3 reads as a timestamp.
fn is_date(text: &str) -> bool {
    if !text.starts_with(|it: char| it.is_ascii_digit()) {
        return false;
    }
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    let day_length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = rest.get(day_length..).unwrap_or_default();
    year.len() == 4
        && digits(year)
        && digits(month)
        && month.len() <= 2
        && (1..=2).contains(&day_length)
        && (after.is_empty() || after.starts_with(['T', 't', ' ', '\t']))
}

/// True if the text can stand without quotes and be read back as the same text.
pub(crate) fn is_plain(text: &str, in_flow: bool) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    let second = chars.next();
    let starts_well = match first {
        '-' | '?' | ':' => second.is_some_and(|it| it != ' ' && !(in_flow && is_flow_indicator(it))),
        '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' | ' ' => false,
        other => !is_flow_indicator(other),
    };
    starts_well
        && !text.ends_with([' ', ':'])
        && !text.starts_with("---")
        && !text.starts_with("...")
        && holds_no_indicator(text.as_bytes(), in_flow)
        && (text.is_ascii() || text.chars().all(is_printable))
}

/// True if nothing in the text ends a plain scalar, and its ASCII characters are printable. One pass over
/// bytes: nearly every scalar that is written comes through here.
fn holds_no_indicator(text: &[u8], in_flow: bool) -> bool {
    let mut before = 0;
    for byte in text {
        let is_plain = match byte {
            b' ' => before != b':',
            b'#' => before != b' ',
            b',' | b'[' | b']' | b'{' | b'}' | b':' | b'?' => !in_flow,
            0..b' ' | 0x7f => false,
            _ => true,
        };
        if !is_plain {
            return false;
        }
        before = *byte;
    }
    true
}

fn is_flow_indicator(it: char) -> bool {
    matches!(it, ',' | '[' | ']' | '{' | '}')
}

/// Printable on one line without an escape. Line separators and the byte order mark are not.
fn is_printable(it: char) -> bool {
    matches!(it, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202f}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}'
        | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

/// True if the text has several lines and a literal block holds it without an indentation indicator.
pub(crate) fn is_literal(text: &str) -> bool {
    text.contains('\n') && is_literal_block(text)
}

#[inline(never)]
fn is_literal_block(text: &str) -> bool {
    !text.starts_with([' ', '\n', '\t'])
        && text.split('\n').all(|line| {
            line.is_empty()
                || (!line.starts_with('\t') && !line.trim().is_empty() && line.chars().all(is_in_literal))
        })
}

fn is_in_literal(it: char) -> bool {
    it == '\t' || is_printable(it)
}

/// The header of a literal block, which says what happens to the line breaks at its end.
pub(crate) fn literal_header(text: &str) -> &'static str {
    if !text.ends_with('\n') {
        "|-"
    } else if text.ends_with("\n\n") {
        "|+"
    } else {
        "|"
    }
}

/// The text of a scalar on one line, in the wanted style if it can hold the value.
///
/// A plain scalar that cannot stand without quotes is a string, and gets them.
pub(crate) fn inline(text: &str, style: Style, in_flow: bool) -> String {
    let mut out = String::new();
    write(&mut out, text, style, in_flow);
    out
}

/// Appends what [`inline`] gives.
pub(crate) fn write(out: &mut String, text: &str, style: Style, in_flow: bool) {
    if style == Style::Plain && is_plain(text, in_flow) {
        out.push_str(text);
    } else {
        write_quoted(out, text, style, in_flow);
    }
}

#[inline(never)]
fn write_quoted(out: &mut String, text: &str, style: Style, in_flow: bool) {
    match style {
        Style::SingleQuoted if text.chars().all(is_printable) => write_single(out, text),
        Style::DoubleQuoted => write_double(out, text),
        Style::Literal | Style::Folded if string_style(text) == Style::Plain && is_plain(text, in_flow) => {
            out.push_str(text);
        }
        _ if quoted_style(text) == Style::SingleQuoted => write_single(out, text),
        _ => write_double(out, text),
    }
}

fn write_single(out: &mut String, text: &str) {
    out.push('\'');
    out.push_str(&text.replace('\'', "''"));
    out.push('\'');
}

/// Double quotes with the escapes YAML and JSON share, so that the result is valid in both.
fn write_double(out: &mut String, text: &str) {
    out.push('"');
    if text.bytes().all(|it| matches!(it, b' '..=b'~') && it != b'"' && it != b'\\') {
        out.push_str(text);
    } else {
        write_escaped(out, text);
    }
    out.push('"');
}

fn write_escaped(out: &mut String, text: &str) {
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            it if is_printable(it) => out.push(it),
            it => {
                let mut units = [0; 2];
                for unit in it.encode_utf16(&mut units) {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
}
