//! How deep the braces of a `.proto` are nested, found before anything follows them down.
//!
//! It understands texts and comments, which may hold braces that are none, and nothing else.

/// The line where braces, brackets or the like are nested deeper than `limit`.
pub(super) fn too_deep(text: &str, limit: usize) -> Option<usize> {
    let mut rest = text.bytes().peekable();
    let (mut line, mut depth) = (1, 0_usize);
    while let Some(byte) = rest.next() {
        match byte {
            b'\n' => line += 1,
            b'{' | b'[' | b'(' | b'<' => depth += 1,
            b'}' | b']' | b')' | b'>' => depth = depth.saturating_sub(1),
            b'"' | b'\'' => {
                // A text ends at its line's end at the latest, which the parser refuses.
                while let Some(next) = rest.next_if(|next| *next != b'\n') {
                    if next == b'\\' {
                        rest.next_if(|next| *next != b'\n');
                    } else if next == byte {
                        break;
                    }
                }
            }
            b'#' => while rest.next_if(|next| *next != b'\n').is_some() {},
            b'/' if rest.next_if_eq(&b'/').is_some() => {
                while rest.next_if(|next| *next != b'\n').is_some() {}
            }
            b'/' if rest.next_if_eq(&b'*').is_some() => {
                let mut last = 0;
                for next in rest.by_ref() {
                    line += usize::from(next == b'\n');
                    if last == b'*' && next == b'/' {
                        break;
                    }
                    last = next;
                }
            }
            _ => {}
        }
        if depth > limit {
            return Some(line);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_counted_where_they_are_some() {
        for (text, expected) in [
            ("", None),
            ("{{}{}}", None),
            ("{\n{\n{}}}", Some(3)),
            ("{ \"{{{\" '{{\\'{' } // {{{\n/* {{{\n */ {{ } }", None),
            ("{ \"}}}\"\n{ '}}' { ", Some(2)),
            ("/* } */ {{{", Some(1)),
            ("[(<", Some(1)),
            ("\"\n{{{", Some(2)),
        ] {
            assert_eq!(too_deep(text, 2), expected, "{text}");
        }
    }
}
