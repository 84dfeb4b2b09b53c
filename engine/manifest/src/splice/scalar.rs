//! Scalars and comments in place.

use crate::node::{Node, Style};
use crate::quote;
use crate::scalar::Scalar;

use super::{Splicer, Unfit};

impl<'a> Splicer<'a> {
    /// Replaces the text of a scalar, in the old quotes if they can hold the new value.
    pub(super) fn scalar(&mut self, old: &Node, new: &Node, in_flow: bool) -> Result<(), Unfit> {
        if old.same(new) {
            return Ok(());
        }
        let span = old.span.ok_or(Unfit)?;
        let is_block = matches!(old.style, Style::Literal | Style::Folded);
        let has_properties = old.tag.is_some() || old.links.anchor.is_some() || new.tag.is_some();
        if span.start == span.end || is_block || has_properties {
            return Err(Unfit);
        }
        let text = match &self.json {
            Some(json) => json.write(new, ""),
            None => inline(old, new, in_flow).ok_or(Unfit)?,
        };
        self.edits.replace(span.start..span.end, text);
        Ok(())
    }

    /// Writes the comment at the end of a line if it is a new one. `at` is the end of what stands before it.
    pub(super) fn line_comment(&mut self, at: usize, old: Option<&String>, new: Option<&String>) {
        let Some(new) = new.filter(|it| Some(*it) != old) else { return };
        let rest = self.source.get(at..self.edits.line_end(at)).unwrap_or_default();
        let line = rest.trim_end_matches(['\n', '\r']);
        let mut emitter = self.emitter();
        emitter.comment(new);
        match line.find('#') {
            Some(start) if line.get(..start).is_some_and(|it| it.trim().is_empty()) => {
                self.edits.replace(at + start..at + line.len(), emitter.out);
            }
            None if line.trim().is_empty() => {
                emitter.out.insert(0, ' ');
                self.edits.replace(at..at, emitter.out);
            }
            _ => {}
        }
    }

    /// Writes the comments above an element that starts its line at `line_start`, if they are new.
    pub(super) fn head_comments(&mut self, line_start: usize, indent: usize, old: &Node, new: &Node) {
        let (old, new) = (&old.comments.head, &new.comments.head);
        if new.is_empty() || old == new {
            return;
        }
        let start = self.head_start(line_start, old.len());
        if start == line_start && !old.is_empty() {
            return;
        }
        let mut emitter = self.emitter();
        emitter.comment_lines(new, indent);
        if start == line_start {
            self.edits.insert_lines(line_start, emitter.out);
        } else {
            self.edits.replace_lines(start..line_start, emitter.out);
        }
    }

    /// The start of the `count` comment lines above a line, or the line itself if they are not there.
    pub(super) fn head_start(&self, line_start: usize, count: usize) -> usize {
        let mut at = line_start;
        let mut start = line_start;
        let mut left = count;
        while left > 0 && at > self.range.start {
            let end = at;
            at = crate::text::line_start(self.source, end - 1).max(self.range.start);
            let line = self.source.get(at..end).unwrap_or_default().trim();
            if line.starts_with('#') {
                left -= 1;
                start = at;
            } else if !line.is_empty() {
                break;
            }
        }
        if left == 0 { start } else { line_start }
    }

    /// Comments about the whole document.
    pub(super) fn document_comments(&mut self, old: &Node, new: &Node) {
        let is_new = old.comments.head.is_empty() && !new.comments.head.is_empty();
        if is_new && self.json.is_none() {
            let mut emitter = self.emitter();
            emitter.comment_lines(&new.comments.head, 0);
            emitter.out.push('\n');
            self.edits.insert_lines(self.range.start, emitter.out);
        }
    }
}

/// A scalar for the place of another one. `None` if it needs several lines.
fn inline(old: &Node, new: &Node, in_flow: bool) -> Option<String> {
    let text = new.scalar_text()?;
    if !matches!(new.resolve(), Scalar::String(_)) {
        return Some(if text.is_empty() { "null".to_owned() } else { text.to_owned() });
    }
    let is_quoted = |style| matches!(style, Style::SingleQuoted | Style::DoubleQuoted);
    if is_quoted(old.style) {
        return Some(quote::inline(text, old.style, in_flow));
    }
    match quote::string_style(text) {
        Style::Literal if !in_flow => None,
        Style::Plain if quote::is_plain(text, in_flow) => Some(text.to_owned()),
        style => Some(quote::inline(text, if is_quoted(new.style) { new.style } else { style }, in_flow)),
    }
}
