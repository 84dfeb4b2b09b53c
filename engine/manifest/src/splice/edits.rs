//! Replacements in a text, collected first and applied at once.

use std::ops::Range;

use crate::text;

/// A set of replacements that do not overlap.
pub(super) struct Edits<'a> {
    source: &'a str,
    list: Vec<Edit>,
    has_crlf: bool,
}

struct Edit {
    range: Range<usize>,
    text: String,
}

impl<'a> Edits<'a> {
    /// For a part of `source` whose line ends are those of `sample`.
    pub(super) fn new(source: &'a str, sample: &str) -> Edits<'a> {
        let has_crlf =
            sample.find('\n').is_some_and(|at| sample.get(..at).is_some_and(|it| it.ends_with('\r')));
        Edits { source, list: Vec::new(), has_crlf }
    }

    /// A mark to go back to.
    pub(super) fn mark(&self) -> usize {
        self.list.len()
    }

    /// Forgets the edits made since the mark.
    pub(super) fn undo_to(&mut self, mark: usize) {
        self.list.truncate(mark);
    }

    pub(super) fn replace(&mut self, range: Range<usize>, text: String) {
        self.list.push(Edit { range, text });
    }

    pub(super) fn delete(&mut self, range: Range<usize>) {
        self.replace(range, String::new());
    }

    /// Replaces whole lines, or the rest of a line and the lines that follow. The text ends in a line break,
    /// which is dropped where the source ends without one.
    pub(super) fn replace_lines(&mut self, range: Range<usize>, mut text: String) {
        let ends_open = range.end == self.source.len() && !self.source.ends_with('\n');
        if ends_open {
            drop_line_break(&mut text);
        }
        self.replace(range, text);
    }

    /// Inserts whole lines at the start of a line, or below the last line if that has no line break.
    pub(super) fn insert_lines(&mut self, at: usize, mut text: String) {
        if at > 0 && at == self.source.len() && !self.source.ends_with('\n') {
            text.insert(0, '\n');
            drop_line_break(&mut text);
        }
        self.replace(at..at, text);
    }

    /// True if the first edit since a mark starts at a place.
    pub(super) fn starts_at(&self, mark: usize, at: usize) -> bool {
        self.list.get(mark).is_some_and(|edit| edit.range.start == at && !edit.range.is_empty())
    }

    /// The ranges that are replaced or deleted, in order.
    pub(super) fn replaced(&self) -> Vec<Range<usize>> {
        let ranges = self.list.iter().map(|edit| edit.range.clone());
        let mut ranges: Vec<_> = ranges.filter(|range| !range.is_empty()).collect();
        ranges.sort_by_key(|range| range.start);
        ranges
    }

    /// The text of a part of the source with the edits applied. `None` if they overlap.
    pub(super) fn apply(mut self, part: Range<usize>) -> Option<String> {
        // Stable: what is inserted at one place keeps its order, and comes before what is replaced there.
        self.list.sort_by_key(|edit| (edit.range.start, !edit.range.is_empty()));
        let mut out = String::with_capacity(part.len() + 64);
        let mut at = part.start;
        for edit in &self.list {
            out.push_str(self.source.get(at..edit.range.start)?);
            if self.has_crlf {
                out.push_str(&edit.text.replace('\n', "\r\n"));
            } else {
                out.push_str(&edit.text);
            }
            at = edit.range.end;
        }
        out.push_str(self.source.get(at..part.end)?);
        Some(out)
    }

    /// The byte after the line of a place.
    pub(super) fn line_end(&self, at: usize) -> usize {
        text::line_end(self.source, at)
    }
}

/// Drops the last line break, unless a literal block before it keeps its line breaks.
pub(super) fn drop_line_break(text: &mut String) {
    if text.ends_with('\n') && !text.ends_with("\n\n") {
        text.pop();
    }
}
