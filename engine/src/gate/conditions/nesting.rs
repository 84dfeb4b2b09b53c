//! How deep an expression can nest, told from its text alone: reading it recurses, and nothing else bounds that.
//!
//! It may say more than there is, never less: a text or a comment that could be told apart in two ways is refused, or
//! counted as if it were none.

/// How deep brackets and conditionals nest, and how many operators, dots and brackets there are.
///
/// # Errors
/// A text that does not end.
pub(super) fn of(expression: &str) -> Result<(usize, usize), String> {
    let bytes = expression.as_bytes();
    let (mut depth, mut deepest, mut operators) = (0_usize, 0, 0);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        match byte {
            b'/' if rest.starts_with(b"//") => {
                at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                continue;
            }
            b'\'' | b'"' => {
                let (length, counted) = text(rest)?;
                operators += counted;
                depth += counted;
                deepest = deepest.max(depth);
                at += length;
                continue;
            }
            b'(' | b'[' | b'{' | b'?' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        operators += usize::from(b".[({+-*/%<>=!?:,&|".contains(&byte));
        deepest = deepest.max(depth);
        at += 1;
    }
    Ok((deepest, operators))
}

/// The length of the text that begins here, and how many brackets are counted in it: those behind a backslash, which
/// may end it for a reader of another mind.
fn text(rest: &[u8]) -> Result<(usize, usize), String> {
    let quote = rest.first().copied().unwrap_or_default();
    let triple = [quote; 3];
    let is_triple = rest.starts_with(&triple);
    let (mut at, mut counted, mut has_escape) = (if is_triple { 3 } else { 1 }, 0, false);
    while let Some(&byte) = rest.get(at) {
        let ends = rest.get(at..).unwrap_or_default();
        match byte {
            b'\\' => {
                has_escape = true;
                at += 1;
                counted += usize::from(rest.get(at).is_some_and(|byte| b"([{?".contains(byte)));
            }
            b'\n' | b'\r' if !is_triple => break,
            _ if byte == quote && (!is_triple || ends.starts_with(&triple)) => {
                return Ok((at + if is_triple { 3 } else { 1 }, counted));
            }
            b'(' | b'[' | b'{' | b'?' if has_escape => counted += 1,
            _ => {}
        }
        at += 1;
    }
    Err("compilation failed: a text does not end".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_count_and_those_in_texts_do_not() {
        for (expression, depth) in [
            ("a", Some(0)),
            ("f(a[0], {1: 2})", Some(2)),
            ("a ? b : c ? d : e", Some(2)),
            ("'((((' + \"[[[[\"", Some(0)),
            ("'''(\n'(''' + (a)", Some(1)),
            ("// ((((\n(a)", Some(1)),
            ("'\\\\((('", Some(3)),
            ("r'\\'(((", None),
            ("'a", None),
            ("'a\n'", None),
        ] {
            assert_eq!(of(expression).ok().map(|(depth, _)| depth), depth, "{expression}");
        }
    }
}
