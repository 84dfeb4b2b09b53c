//! A cursor over YAML text between tokens: blanks, comments, indicators, and where lines begin and end.
//!
//! It understands no structure and is told where scalars end; it only ever moves forward.

use std::ops::Range;

use crate::node::Span;

/// A place in a text that moves forward over what stands between values.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str, range: Range<usize>) -> Cursor<'a> {
        Cursor { text, at: range.start, end: range.end.min(text.len()) }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn jump(&mut self, to: usize) {
        self.at = to.clamp(self.at, self.end);
    }

    fn byte(&self) -> Option<u8> {
        if self.at < self.end { self.text.as_bytes().get(self.at).copied() } else { None }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    /// The line breaks in a range.
    pub(crate) fn count_lines(&self, range: Range<usize>) -> usize {
        self.text.as_bytes().get(range).unwrap_or_default().iter().filter(|it| **it == b'\n').count()
    }

    /// Bytes between the start of the line and a place.
    pub(crate) fn column(&self, at: usize) -> usize {
        at - line_start(self.text, at)
    }

    /// The line and column of `start`, seen from the place the parser gives for the same value, which may
    /// be behind a tag, a dash or a block scalar's header.
    pub(crate) fn back_to(&self, start: usize, given: Span) -> (usize, usize) {
        let Some(between) = self.text.get(start..given.start) else { return (given.line, given.column) };
        match between.matches('\n').count() {
            0 => (given.line, given.column.saturating_sub(between.chars().count())),
            lines => {
                let before = self.text.get(line_start(self.text, start)..start).unwrap_or_default();
                (given.line.saturating_sub(lines), before.chars().count() + 1)
            }
        }
    }

    /// Moves over spaces, tabs and line breaks.
    pub(crate) fn skip_blank(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Moves over spaces and tabs.
    pub(crate) fn skip_spaces(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Takes one byte if it is next.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let is_next = self.byte() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Takes the `?` of an explicit key.
    pub(crate) fn take_explicit_key(&mut self) -> bool {
        let rest = self.rest();
        let is_explicit = rest.starts_with('?') && rest.as_bytes().get(1).is_none_or(u8::is_ascii_whitespace);
        self.at += usize::from(is_explicit);
        is_explicit
    }

    /// Takes a comment if it is next: its text without `#`, and its column in bytes.
    pub(crate) fn take_comment(&mut self) -> Option<(String, usize)> {
        if self.byte() == Some(b'#') { Some(self.comment()) } else { None }
    }

    #[inline(never)]
    fn comment(&mut self) -> (String, usize) {
        let column = self.column(self.at);
        let rest = self.rest();
        let line = rest.split('\n').next().unwrap_or_default();
        let text = line.trim_end_matches('\r').get(1..).unwrap_or_default().to_owned();
        self.at += line.len();
        (text, column)
    }

    /// Takes a comment on the rest of this line.
    pub(crate) fn line_comment(&mut self) -> Option<String> {
        let start = self.at;
        self.skip_spaces();
        let comment = self.take_comment().map(|(text, _)| text);
        if comment.is_none() {
            self.at = start;
        }
        comment
    }

    /// Takes anchors and tags with the blanks between them, if any are next.
    pub(crate) fn take_properties(&mut self) -> bool {
        let mut end = None;
        while matches!(self.byte(), Some(b'&' | b'!')) {
            let is_verbatim = self.rest().starts_with("!<");
            let stop = |it: char| {
                it.is_ascii_whitespace() || (!is_verbatim && matches!(it, ',' | '[' | ']' | '{' | '}'))
            };
            self.at += self.rest().find(stop).unwrap_or(self.rest().len());
            end = Some(self.at);
            self.skip_spaces();
        }
        match end {
            Some(end) => {
                self.at = end;
                true
            }
            None => false,
        }
    }

    /// Takes the header of a block scalar (`|-`, `>2+`).
    pub(crate) fn take_block_header(&mut self) -> BlockHeader {
        let rest = self.rest();
        let header = rest.split(|it: char| it.is_ascii_whitespace()).next().unwrap_or_default();
        self.at += header.len();
        BlockHeader { comment: self.line_comment(), keeps: header.contains('+') }
    }

    /// Moves to the end of a block scalar's last line. `content` is the parser's range, which runs on
    /// over blank lines to the next token; `keeps` says that these belong to the value.
    pub(crate) fn jump_block_end(&mut self, content: Range<usize>, keeps: bool) {
        let text = self.text.get(content.start..content.end.min(self.end)).unwrap_or_default();
        let kept = text.trim_end();
        let last_break = text.rfind('\n');
        if keeps && let Some(at) = last_break {
            self.jump(content.start + at);
        } else if !kept.is_empty() {
            // Trailing spaces on the last line belong to the content.
            let line = text.get(kept.len()..).unwrap_or_default();
            let tail = line.find(['\n', '\r']).unwrap_or(line.len());
            self.jump(content.start + kept.len() + tail);
        }
    }
}

/// What stands in the first line of a block scalar.
pub(crate) struct BlockHeader {
    /// The comment behind the header.
    pub(crate) comment: Option<String>,
    /// True for `+`: the line breaks at the end belong to the value.
    pub(crate) keeps: bool,
}

/// The byte at which the line of a place starts.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().rfind('\n').map_or(0, |it| it + 1)
}

/// The byte after the line break that ends the line of a place.
pub(crate) fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).unwrap_or_default().find('\n').map_or(text.len(), |it| at + it + 1)
}
