//! Makes what a guest printed safe to look at: control characters become pictures of themselves, so that
//! nothing hides text, turns it around, or looks like something that the page says.

/// The text with every control character but line feed and tab shown as a picture, and every invisible
/// direction mark as its code.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            '\r' => shown.push('␍'),
            '\u{7f}' => shown.push('␡'),
            c if c < ' ' => shown.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('�')),
            '\u{80}'..='\u{9f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => {
                shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
            }
            c => shown.push(c),
        }
    }
    shown
}

/// A number of bytes for a person: `512 B`, `2.0 MiB`.
#[must_use]
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => tenths(bytes, 1 << 10, "KiB"),
        _ => tenths(bytes, 1 << 20, "MiB"),
    }
}

/// Fuel for a person: `950`, `18.9 M`.
#[must_use]
pub fn fuel(fuel: u64) -> String {
    match fuel {
        0..1_000 => fuel.to_string(),
        1_000..1_000_000 => tenths(fuel, 1_000, "k"),
        1_000_000..1_000_000_000 => tenths(fuel, 1_000_000, "M"),
        _ => tenths(fuel, 1_000_000_000, "G"),
    }
}

/// Milliseconds for a person: `0.3 ms`.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it ends at the bounds")]
pub fn millis(millis: f64) -> String {
    tenths((millis * 1_000.0) as u64, 1_000, "ms")
}

/// One digit behind the point, in whole numbers: what writes floats is large, and the page needs it for nothing else.
fn tenths(value: u64, unit: u64, name: &str) -> String {
    let tenths = value / unit * 10 + (value % unit * 10 + unit / 2) / unit;
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

/// A sentence from the engine as the page prints it: with a capital letter and a full stop.
#[must_use]
pub fn sentence(message: &str) -> String {
    let message = visible(message.trim_end());
    if message.is_empty() {
        return message;
    }
    let mut chars = message.chars();
    let first: String = chars.next().map(|c| c.to_ascii_uppercase().to_string()).unwrap_or_default();
    let end = if message.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{first}{}{end}", chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_hides() {
        assert_eq!(visible("a\u{1b}[31mred\r\n\tb\u{202e}c"), "a␛[31mred␍\n\tb⟨U+202E⟩c");
    }

    #[test]
    fn writes_numbers_for_people() {
        assert_eq!([0, 2_048, 3 << 20].map(bytes), ["0 B", "2.0 KiB", "3.0 MiB"]);
        assert_eq!([7, 1_500, 18_900_000, 2_000_000_000].map(fuel), ["7", "1.5 k", "18.9 M", "2.0 G"]);
        assert_eq!([0.0, 0.26, 1_999.96].map(millis), ["0.0 ms", "0.3 ms", "2000.0 ms"]);
        assert_eq!(sentence("step 1 trapped"), "Step 1 trapped.");
        assert_eq!(sentence("really?"), "Really?");
    }
}
