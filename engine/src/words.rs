//! Numbers and nouns in sentences, written one way everywhere.

/// `1234567` as `1,234,567`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 file`, `3 files`.
#[must_use]
pub fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// Milliseconds as people say them: `5 s`, `1.5 s`, `250 ms`.
#[must_use]
pub fn millis(millis: u64) -> String {
    match (millis / 1_000, millis % 1_000) {
        (0, rest) => format!("{rest} ms"),
        (seconds, 0) => format!("{seconds} s"),
        (seconds, rest) => format!("{seconds}.{} s", rest / 100),
    }
}

/// The most characters of a module's own sentence that a verdict repeats; its whole answer is kept beside it.
const MAX_SENTENCE: usize = 2_000;

/// A module's own sentence, cut where nobody reads on.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim_end();
    match text.char_indices().nth(MAX_SENTENCE) {
        Some((end, _)) => {
            let left = text.len() - end;
            format!("{}… ({} more)", text.get(..end).unwrap_or(text), count(left as u64, "byte"))
        }
        None => text.to_owned(),
    }
}

/// The first bytes of a body, at most so many. Text stays text where it is cut.
#[cfg(feature = "plugins")]
pub(crate) fn prefix(body: &[u8], most: usize) -> &[u8] {
    let end = body.len().min(most);
    let is_middle = |end: &usize| body.get(*end).is_some_and(|byte| byte & 0xc0 == 0x80);
    let whole = (end.saturating_sub(3)..=end).rev().find(|end| !is_middle(end)).unwrap_or(end);
    body.get(..whole).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_numbers_as_people_read_them() {
        assert_eq!([0, 999, 1_000, 12_300_000].map(grouped), ["0", "999", "1,000", "12,300,000"]);
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(2_000, "file"), "2,000 files");
        assert_eq!([250, 5_000, 1_500].map(millis), ["250 ms", "5 s", "1.5 s"]);
    }
}
