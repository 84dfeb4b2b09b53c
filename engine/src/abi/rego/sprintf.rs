//! `sprintf` as OPA has it: Go's formats over numbers and texts. Every other value is its own text in Rego.
//!
//! It never fails for a wrong verb, but says so in the text, as Go does. Flags that no policy's message needs (`*`,
//! `[n]`) are refused.

use serde_json::{Number, Value as Json};

/// The largest width or precision: Go's own bound is a million, which a message has no use for.
const MAX_WIDTH: usize = 1_000;

/// The longest text that is made, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// An argument, as Go sees it.
enum Argument {
    Integer(i128),
    Float(f64),
    Text(String),
}

/// A verb with what stands before it.
#[derive(Default)]
struct Verb {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    letter: char,
}

/// Formats values.
///
/// # Errors
/// When the format is none that is known here, or the text gets too long.
pub(super) fn sprintf(format: &str, values: &[Json]) -> Result<String, String> {
    let mut out = String::new();
    let mut values = values.iter();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if out.len() > MAX_BYTES {
            return Err(format!("its text is longer than {MAX_BYTES} bytes"));
        }
        if c != '%' {
            out.push(c);
            continue;
        }
        let Some(verb) = Verb::read(&mut chars)? else {
            out.push_str("%!(NOVERB)");
            break;
        };
        if verb.letter == '%' {
            out.push('%');
            continue;
        }
        match values.next() {
            Some(value) => out.push_str(&verb.padded(Argument::of(value))),
            None => out.push_str(&format!("%!{}(MISSING)", verb.letter)),
        }
    }
    let extra: Vec<_> = values.map(|value| Argument::of(value).described()).collect();
    if !extra.is_empty() {
        out.push_str(&format!("%!(EXTRA {})", extra.join(", ")));
    }
    Ok(out)
}

impl Argument {
    fn of(value: &Json) -> Self {
        match value {
            Json::String(text) => Self::Text(text.clone()),
            Json::Number(number) => Self::number(number),
            other => Self::Text(rego(other)),
        }
    }

    fn number(number: &Number) -> Self {
        let integer = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
        integer.map_or_else(|| Self::Float(number.as_f64().unwrap_or_default()), Self::Integer)
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Integer(_) => "int",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
        }
    }

    /// As `%v` shows it.
    fn plain(&self) -> String {
        match self {
            Self::Integer(value) => value.to_string(),
            Self::Float(value) => general(*value),
            Self::Text(text) => text.clone(),
        }
    }

    fn described(&self) -> String {
        format!("{}={}", self.kind(), self.plain())
    }
}

impl Verb {
    /// Reads what is behind a `%`; nothing at the format's end.
    fn read(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Option<Self>, String> {
        let mut verb = Self::default();
        while let Some(flag) = chars.peek() {
            match flag {
                '-' => verb.minus = true,
                '+' => verb.plus = true,
                '#' => verb.sharp = true,
                ' ' => verb.space = true,
                '0' => verb.zero = true,
                _ => break,
            }
            chars.next();
        }
        verb.width = number(chars)?;
        if chars.next_if_eq(&'.').is_some() {
            verb.precision = Some(number(chars)?);
        }
        match chars.next() {
            None => Ok(None),
            Some(letter @ ('*' | '[')) => Err(format!("its format has `{letter}`, which is not known here")),
            Some(letter) => Ok(Some(Self { letter, ..verb })),
        }
    }

    fn padded(&self, argument: Argument) -> String {
        let is_number = !matches!(argument, Argument::Text(_));
        let text = self.text(argument);
        let missing = self.width.saturating_sub(text.chars().count());
        if self.minus {
            return text + &" ".repeat(missing);
        }
        if !self.zero || !is_number {
            let pad = if self.zero { "0" } else { " " };
            return pad.repeat(missing) + &text;
        }
        let (sign, digits) = text.split_at(usize::from(text.starts_with(['-', '+', ' '])));
        format!("{sign}{}{digits}", "0".repeat(missing))
    }

    fn text(&self, argument: Argument) -> String {
        let known = match &argument {
            Argument::Integer(value) => self.integer(*value),
            Argument::Float(value) => self.float(*value),
            Argument::Text(text) => self.string(text),
        };
        known.unwrap_or_else(|| match self.letter {
            'T' => argument.kind().to_owned(),
            letter => format!("%!{letter}({})", argument.described()),
        })
    }

    fn sign(&self, is_negative: bool) -> &'static str {
        match (is_negative, self.plus, self.space) {
            (true, ..) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            _ => "",
        }
    }

    fn integer(&self, value: i128) -> Option<String> {
        let size = value.unsigned_abs();
        let digits = match self.letter {
            'v' | 'd' => size.to_string(),
            'b' => format!("{}{size:b}", if self.sharp { "0b" } else { "" }),
            'o' => format!("{}{size:o}", if self.sharp { "0" } else { "" }),
            'O' => format!("0o{size:o}"),
            'x' => format!("{}{size:x}", if self.sharp { "0x" } else { "" }),
            'X' => format!("{}{size:X}", if self.sharp { "0X" } else { "" }),
            'c' | 'q' => {
                let c =
                    u32::try_from(value).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
                return Some(if self.letter == 'c' { c.to_string() } else { format!("{c:?}") });
            }
            'U' => return Some(format!("U+{size:04X}")),
            _ => return None,
        };
        let zeros = self.precision.unwrap_or(0).saturating_sub(digits.len());
        Some(format!("{}{}{digits}", self.sign(value < 0), "0".repeat(zeros)))
    }

    fn float(&self, value: f64) -> Option<String> {
        let size = value.abs();
        let digits = match self.letter {
            'v' | 'g' | 'G' => match self.precision {
                None => general(size),
                Some(precision) => rounded(size, precision.max(1)),
            },
            'f' | 'F' => format!("{size:.*}", self.precision.unwrap_or(6)),
            'e' | 'E' => exponent(&format!("{size:.*e}", self.precision.unwrap_or(6))),
            _ => return None,
        };
        let digits = if matches!(self.letter, 'E' | 'G') { digits.to_uppercase() } else { digits };
        Some(format!("{}{digits}", self.sign(value.is_sign_negative())))
    }

    fn string(&self, text: &str) -> Option<String> {
        let cut: String = text.chars().take(self.precision.unwrap_or(usize::MAX)).collect();
        match self.letter {
            'v' if self.sharp => Some(quoted(&cut)),
            'v' | 's' => Some(cut),
            'q' => Some(quoted(&cut)),
            'x' => Some(cut.bytes().map(|byte| format!("{byte:02x}")).collect()),
            'X' => Some(cut.bytes().map(|byte| format!("{byte:02X}")).collect()),
            _ => None,
        }
    }
}

fn number(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<usize, String> {
    let mut value = 0;
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
        chars.next();
        value = value * 10 + usize::try_from(digit).unwrap_or_default();
        if value > MAX_WIDTH {
            return Err(format!("its format has a width of more than {MAX_WIDTH}"));
        }
    }
    Ok(value)
}

/// Go's `%g`: the shortest digits that are the same number, with an exponent from a million on or below 1e-4.
fn general(value: f64) -> String {
    let shortest = format!("{value:e}");
    let power: i32 = shortest.rsplit_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or_default();
    if value != 0.0 && !(-4..6).contains(&power) { exponent(&shortest) } else { value.to_string() }
}

/// `%.3g`: some significant digits, without zeros at the end.
fn rounded(value: f64, digits: usize) -> String {
    let text = format!("{value:.*e}", digits - 1);
    let power: i32 = text.rsplit_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or_default();
    let places = i32::try_from(digits).unwrap_or(i32::MAX);
    if value != 0.0 && (power < -4 || power >= places) {
        let (mantissa, power) = text.rsplit_once('e').unwrap_or((&text, "0"));
        return exponent(&format!("{}e{power}", trimmed(mantissa)));
    }
    let places = usize::try_from(places - 1 - power).unwrap_or_default();
    trimmed(&format!("{value:.places$}")).to_owned()
}

fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// `1e5` as Go writes it: `1e+05`.
fn exponent(text: &str) -> String {
    let (mantissa, power) = text.rsplit_once('e').unwrap_or((text, "0"));
    let power: i32 = power.parse().unwrap_or_default();
    format!("{mantissa}e{}{:02}", if power < 0 { '-' } else { '+' }, power.abs())
}

fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

/// A value in Rego's own notation: objects by the order of their keys.
fn rego(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("[{}]", items.iter().map(rego).collect::<Vec<_>>().join(", ")),
        Json::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            let fields: Vec<_> =
                fields.into_iter().map(|(key, value)| format!("{}: {}", quoted(key), rego(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    #[test]
    fn texts_are_those_of_go() {
        for (format, values, text) in [
            ("plain", json!([]), "plain"),
            ("100%%", json!([]), "100%"),
            ("%v and %v", json!(["a", 2]), "a and 2"),
            ("%s", json!([{"b": [1, null, true], "a": "x"}]), r#"{"a": "x", "b": [1, null, true]}"#),
            ("%d", json!([-5]), "-5"),
            ("%5d|%-5d|%05d|%+d", json!([42, 42, -42, 42]), "   42|42   |-0042|+42"),
            ("%x %X %o %b %c %U %#x", json!([255, 255, 8, 5, 65, 65, 255]), "ff FF 10 101 A U+0041 0xff"),
            ("%q", json!(["a\"b\n"]), r#""a\"b\n""#),
            ("%.2f|%8.3f|%f", json!([1.005, 3.25, 0.5]), "1.00|   3.250|0.500000"),
            ("%v %v %v", json!([0.1, 1e21, 1.5e-7]), "0.1 1e+21 1.5e-07"),
            ("%g %.3g %e", json!([2.5, 1234.5, 1234.5]), "2.5 1.23e+03 1.234500e+03"),
            ("%.2s|%5s|%-5s|", json!(["abc", "ab", "ab"]), "ab|   ab|ab   |"),
            ("%d", json!(["x"]), "%!d(string=x)"),
            ("%s", json!([3]), "%!s(int=3)"),
            ("%d", json!([1.5]), "%!d(float64=1.5)"),
            ("%f", json!([3]), "%!f(int=3)"),
            ("%t", json!([true]), "%!t(string=true)"),
            ("%T %T %T", json!([1, 1.5, "x"]), "int float64 string"),
            ("%d %d", json!([1]), "1 %!d(MISSING)"),
            ("%d", json!([1, "x"]), "1%!(EXTRA string=x)"),
            ("50%", json!([]), "50%!(NOVERB)"),
            ("%x", json!(["hi"]), "6869"),
            ("é%ü", json!([1]), "é%!ü(int=1)"),
        ] {
            let values: Vec<Json> = serde_json::from_value(values).unwrap();
            assert_eq!(sprintf(format, &values).as_deref(), Ok(text), "{format}");
        }
    }

    #[test]
    fn what_would_not_end_is_refused() {
        for format in ["%99999999999d", "%.1001f", "%*d", "%[1]d"] {
            assert!(sprintf(format, &[json!(1)]).is_err(), "{format}");
        }
        let long: Vec<_> = (0..2_000).map(|_| json!("x")).collect();
        assert!(sprintf(&"%1000s".repeat(2_000), &long).is_err());
        assert_eq!(sprintf("%\u{663}d", &[json!(1)]).unwrap(), "%!\u{663}(int=1)d");
    }
}
