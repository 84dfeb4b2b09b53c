//! Writes a tree as YAML the way kubectl's and kpt's tools do: two spaces, comments in place, literal
//! blocks for text of several lines, and quotes wherever some reader would see anything but a string.
//!
//! It writes no anchors, aliases or merge keys, and no flow collection that holds comments.

use crate::node::{Comments, Entry, Node, Style, Value};
use crate::quote;

/// How far the dashes of a list stand from its key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SequenceIndent {
    /// Under the key, as kubectl writes.
    #[default]
    Compact,
    /// Two spaces further in.
    Wide,
}

/// Longest key written before a colon on one line. YAML readers look no further than 1,024 characters.
const MAX_SIMPLE_KEY: usize = 1000;

/// Indentation to copy from: as deep as most manifests go.
const SPACES: &str = "                                ";

/// Writes a document, ending in a line break.
pub fn emit(node: &Node, sequences: SequenceIndent) -> String {
    let mut emitter = Emitter::new(sequences);
    emitter.document(node);
    emitter.out
}

/// Writes parts of a document into a string.
pub(crate) struct Emitter {
    pub(crate) out: String,
    sequences: SequenceIndent,
    /// The tree comes from a JSON writer: its brackets and quotes say nothing about style.
    pub(crate) is_restyled: bool,
    /// The text goes between other lines: comments above the first key of an item stay below its dash,
    /// and no block keeps line breaks, to which blank lines that follow would be added.
    pub(crate) is_partial: bool,
}

impl Emitter {
    pub(crate) fn new(sequences: SequenceIndent) -> Emitter {
        Emitter { out: String::new(), sequences, is_restyled: false, is_partial: false }
    }

    fn document(&mut self, node: &Node) {
        self.comment_lines(&node.comments.head, 0);
        if !node.comments.head.is_empty() {
            self.out.push('\n');
        }
        if self.is_block(node) {
            self.block(node, 0, false);
        } else {
            let start = self.out.len();
            self.after_indicator(node, 0);
            match self.out.get(start..).unwrap_or_default() {
                text if text.starts_with(' ') => drop(self.out.remove(start)),
                // A document without text would be skipped by its readers.
                _ => self.out.insert_str(start, "null"),
            }
        }
        if !node.comments.foot.is_empty() {
            // One more line break would belong to a literal block that keeps its own.
            if !self.out.ends_with("\n\n") {
                self.out.push('\n');
            }
            self.comment_lines(&node.comments.foot, 0);
        }
    }

    /// True for a collection written by indentation.
    pub(crate) fn is_block(&self, node: &Node) -> bool {
        !node.is_empty_collection()
            && node.scalar_text().is_none()
            && (node.style != Style::Flow || self.is_restyled || has_comments_inside(node))
    }

    fn block(&mut self, node: &Node, indent: usize, is_first_inline: bool) {
        match &node.value {
            Value::Mapping(entries) => self.entries(entries, indent, is_first_inline),
            Value::Sequence(items) => self.items(items, indent, is_first_inline),
            Value::Scalar(_) => {}
        }
    }

    /// Writes the entries of a block mapping as whole lines. With `is_first_inline` the first key
    /// continues a line, and its comments above are the caller's.
    pub(crate) fn entries(&mut self, entries: &[Entry], indent: usize, is_first_inline: bool) {
        for (index, entry) in entries.iter().enumerate() {
            if index > 0 || !is_first_inline {
                self.comment_lines(&entry.key.comments.head, indent);
                self.pad(indent);
            }
            self.key(&entry.key, indent);
            self.entry_value(entry, indent);
            self.foot(&entry.key.comments, indent, index + 1 < entries.len());
        }
    }

    fn key(&mut self, key: &Node, indent: usize) {
        let start = self.out.len();
        self.scalar(key, false);
        let is_long = self.out.len() - start > MAX_SIMPLE_KEY
            && self.out.get(start..).unwrap_or_default().chars().count() > MAX_SIMPLE_KEY;
        if is_long {
            self.out.insert_str(start, "? ");
            self.out.push('\n');
            self.pad(indent);
        }
        self.out.push(':');
    }

    /// Writes what follows the colon of an entry, to the end of the line or block.
    pub(crate) fn entry_value(&mut self, entry: &Entry, indent: usize) {
        let Entry { key, value } = entry;
        if !self.is_block(value) {
            let comment = value.comments.line.as_ref().or(key.comments.line.as_ref());
            return self.inline_value(value, comment, indent);
        }
        self.tag(value);
        let comment = key.comments.line.as_ref().or(value.comments.line.as_ref());
        self.line_comment(comment);
        self.out.push('\n');
        let is_compact = value.is_sequence() && self.sequences == SequenceIndent::Compact;
        self.block(value, if is_compact { indent } else { indent + 2 }, false);
    }

    /// Writes the items of a block sequence as whole lines, like [`Emitter::entries`].
    pub(crate) fn items(&mut self, items: &[Node], indent: usize, is_first_inline: bool) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 || !is_first_inline {
                self.heads(item, indent);
                self.pad(indent);
            }
            self.out.push('-');
            self.after_indicator(item, indent);
            self.foot(&item.comments, indent, index + 1 < items.len());
        }
    }

    /// Writes what follows a dash.
    pub(crate) fn after_indicator(&mut self, item: &Node, indent: usize) {
        if !self.is_block(item) {
            return self.inline_value(item, item.comments.line.as_ref(), indent);
        }
        self.tag(item);
        let has_own_line = self.has_own_line(item);
        if has_own_line {
            self.line_comment(item.comments.line.as_ref());
            self.out.push('\n');
        } else {
            self.out.push(' ');
        }
        self.block(item, indent + 2, !has_own_line);
    }

    /// True if a block item does not start on the line of its dash.
    fn has_own_line(&self, item: &Node) -> bool {
        item.comments.line.is_some()
            || self.has_tag(item)
            || (self.is_partial && !first_heads(item).is_empty())
    }

    /// The comments above an item: its own, and those of a first key that shares the dash's line.
    fn heads(&mut self, item: &Node, indent: usize) {
        self.comment_lines(&item.comments.head, indent);
        let is_inline = self.is_block(item) && !self.has_own_line(item);
        if !is_inline {
            return;
        }
        match &item.value {
            Value::Mapping(entries) => {
                if let Some(first) = entries.first() {
                    self.comment_lines(&first.key.comments.head, indent);
                }
            }
            Value::Sequence(items) => {
                if let Some(first) = items.first() {
                    self.heads(first, indent);
                }
            }
            Value::Scalar(_) => {}
        }
    }

    fn inline_value(&mut self, node: &Node, comment: Option<&String>, indent: usize) {
        self.tag(node);
        if let Some(text) = self.literal(node) {
            return self.literal_block(text, comment, indent);
        }
        let start = self.out.len();
        self.out.push(' ');
        self.inline(node, false);
        if self.out.len() == start + 1 {
            self.out.truncate(start);
        }
        self.line_comment(comment);
        self.out.push('\n');
    }

    fn literal_block(&mut self, text: &str, comment: Option<&String>, indent: usize) {
        self.out.push(' ');
        self.out.push_str(quote::literal_header(text));
        self.line_comment(comment);
        self.out.push('\n');
        self.literal_lines(text, indent + 2);
    }

    /// The text of a scalar to be written as a literal block.
    fn literal<'n>(&self, node: &'n Node) -> Option<&'n str> {
        let text = node.scalar_text()?;
        let is_wanted = match node.style {
            Style::DoubleQuoted => self.is_restyled,
            Style::SingleQuoted => false,
            _ => true,
        };
        let keeps = text.ends_with("\n\n") && self.is_partial;
        (is_wanted && !keeps && quote::is_literal(text)).then_some(text)
    }

    fn literal_lines(&mut self, text: &str, indent: usize) {
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            if !line.is_empty() {
                self.pad(indent);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    /// A scalar or flow collection on one line. Null without text stays without text outside of a flow.
    fn inline(&mut self, node: &Node, in_flow: bool) {
        match &node.value {
            Value::Scalar(_) => self.scalar(node, in_flow),
            Value::Sequence(items) => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.comma(index);
                    self.flow_item(item);
                }
                self.out.push(']');
            }
            Value::Mapping(entries) => {
                self.out.push('{');
                for (index, entry) in entries.iter().enumerate() {
                    self.comma(index);
                    self.flow_item(&entry.key);
                    self.out.push_str(": ");
                    self.flow_item(&entry.value);
                }
                self.out.push('}');
            }
        }
    }

    fn comma(&mut self, index: usize) {
        if index > 0 {
            self.out.push_str(", ");
        }
    }

    /// A value inside a flow with its tag, as a text of its own.
    pub(crate) fn flow_text(mut self, node: &Node) -> String {
        self.flow_item(node);
        self.out
    }

    fn flow_item(&mut self, node: &Node) {
        if let Some(tag) = self.tag_text(node) {
            self.out.push_str(tag);
            self.out.push(' ');
        }
        self.inline(node, true);
    }

    fn scalar(&mut self, node: &Node, in_flow: bool) {
        let text = node.scalar_text().unwrap_or_default();
        if text.is_empty() && node.style == Style::Plain {
            self.out.push_str(if self.has_tag(node) {
                // A tag alone would leave `!!str` as null for some readers.
                "\"\""
            } else if in_flow {
                "null"
            } else {
                ""
            });
            return;
        }
        let style = match node.style {
            Style::DoubleQuoted if self.is_restyled => match quote::string_style(text) {
                Style::Literal => Style::DoubleQuoted,
                other => other,
            },
            other => other,
        };
        quote::write(&mut self.out, text, style, in_flow);
    }

    fn tag(&mut self, node: &Node) {
        if let Some(tag) = self.tag_text(node) {
            self.out.push(' ');
            self.out.push_str(tag);
        }
    }

    fn has_tag(&self, node: &Node) -> bool {
        self.tag_text(node).is_some()
    }

    /// The tag if it has the form of one; anything else a program put there is left out.
    fn tag_text<'n>(&self, node: &'n Node) -> Option<&'n str> {
        let tag = node.tag.as_deref()?;
        let is_well_formed = tag.starts_with('!')
            && tag.bytes().all(|it| it.is_ascii_alphanumeric() || b"!<>:/.,-_%+".contains(&it))
            && (tag.starts_with("!<") && tag.ends_with('>') || !tag.contains(['<', '>', ',']));
        is_well_formed.then_some(tag)
    }

    pub(crate) fn pad(&mut self, indent: usize) {
        let mut left = indent;
        while left > SPACES.len() {
            self.out.push_str(SPACES);
            left -= SPACES.len();
        }
        self.out.push_str(SPACES.get(..left).unwrap_or_default());
    }

    /// Writes comments on lines of their own.
    pub(crate) fn comment_lines(&mut self, lines: &[String], indent: usize) {
        for line in lines {
            self.pad(indent);
            self.comment(line);
            self.out.push('\n');
        }
    }

    fn foot(&mut self, comments: &Comments, indent: usize, has_next: bool) {
        self.comment_lines(&comments.foot, indent);
        if has_next && !comments.foot.is_empty() {
            self.out.push('\n');
        }
    }

    fn line_comment(&mut self, comment: Option<&String>) {
        if let Some(comment) = comment {
            self.out.push(' ');
            self.comment(comment);
        }
    }

    /// Writes a comment. What a program put in cannot end the comment's line.
    pub(crate) fn comment(&mut self, text: &str) {
        self.out.push('#');
        self.out.extend(text.chars().map(|it| if it == '\t' || !it.is_control() { it } else { ' ' }));
    }
}

/// The comments above the first element of a block.
fn first_heads(node: &Node) -> &[String] {
    match &node.value {
        Value::Scalar(_) => &[],
        Value::Sequence(items) => items.first().map_or(&[], |first| &first.comments.head),
        Value::Mapping(entries) => entries.first().map_or(&[], |first| &first.key.comments.head),
    }
}

/// True if a flow collection holds comments, which one line has no room for.
fn has_comments_inside(node: &Node) -> bool {
    let any = |node: &Node| !node.comments.is_empty() || has_comments_inside(node);
    match &node.value {
        Value::Scalar(_) => false,
        Value::Sequence(items) => items.iter().any(any),
        Value::Mapping(entries) => entries.iter().any(|entry| any(&entry.key) || any(&entry.value)),
    }
}
