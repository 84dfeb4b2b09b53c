//! Walks a parsed tree along its text: completes the spans and attaches the comments.
//!
//! The parser gives exact positions of scalars and brackets; this finds dashes, colons, tags, block
//! scalar headers and comments between them. It changes no value.

use std::ops::Range;

use crate::node::{Comments, Entry, Node, Span, Style, Value};
use crate::text::Cursor;

/// Completes the tree of the document at `range` of `text`.
pub(crate) fn place(root: &mut Node, text: &str, range: Range<usize>) {
    let counted = range.start;
    let mut layout = Layout { cursor: Cursor::new(text, range), line: 0, counted, pending: Vec::new() };
    layout.document(root);
}

/// A comment on a line of its own that belongs to nothing yet.
struct Pending {
    text: String,
    /// Bytes of indentation before it.
    column: usize,
    line: usize,
}

struct Layout<'a> {
    cursor: Cursor<'a>,
    /// The line of the byte `counted`, from the start of the document.
    line: usize,
    counted: usize,
    pending: Vec<Pending>,
}

impl Layout<'_> {
    fn document(&mut self, root: &mut Node) {
        self.skip();
        let is_mapping_or_list = !root.is_empty_collection() && root.scalar_text().is_none();
        // A block at the top that is set off by a blank line is about the whole document.
        let first_line = self.line();
        if is_mapping_or_list {
            let own = self.adjacent_below(first_line);
            let rest = self.pending.split_off(own);
            root.comments.head = texts(std::mem::replace(&mut self.pending, rest));
        } else {
            root.comments.head = texts(std::mem::take(&mut self.pending));
        }
        self.node(root);
        if root.comments.line.is_none() {
            root.comments.line = self.cursor.line_comment();
        }
        let end_line = self.line();
        self.skip();
        let is_foot_of_document = self.pending.first().is_none_or(|it| it.line > end_line + 1);
        let pending = std::mem::take(&mut self.pending);
        if is_foot_of_document || root.style == Style::Flow {
            let (inner, outer): (Vec<_>, Vec<_>) = pending.into_iter().partition(|it| it.column > 0);
            attach_feet(root, inner);
            root.comments.foot.extend(texts(outer));
        } else {
            attach_feet(root, pending);
        }
    }

    /// The line of the cursor, counted on as the cursor advances.
    fn line(&mut self) -> usize {
        let at = self.cursor.at();
        if at > self.counted {
            self.line += self.cursor.count_lines(self.counted..at);
            self.counted = at;
        }
        self.line
    }

    /// Moves to the next token and keeps the comments on the way.
    fn skip(&mut self) {
        self.cursor.skip_blank();
        while let Some((text, column)) = self.cursor.take_comment() {
            let line = self.line();
            self.pending.push(Pending { text, column, line });
            self.cursor.skip_blank();
        }
    }

    /// How many pending comments are not in the unbroken block that ends right above `line`.
    fn adjacent_below(&self, line: usize) -> usize {
        let mut next = line;
        let block = self.pending.iter().rev().take_while(|it| {
            let is_adjacent = it.line + 1 == next;
            next = it.line;
            is_adjacent
        });
        self.pending.len() - block.count()
    }

    /// Places a node that starts at or after the cursor, and leaves the cursor behind it.
    fn node(&mut self, node: &mut Node) {
        let Some(span) = node.span else { return };
        let has_properties = node.links.anchor.is_some() || node.tag.is_some();
        if span.start == span.end && node.style == Style::Plain && !has_properties {
            node.span = Some(Span { start: self.cursor.at(), end: self.cursor.at(), ..span });
            return;
        }
        self.skip_into(node);
        let start = self.cursor.at();
        if has_properties && self.cursor.take_properties() {
            node.comments.line = self.cursor.line_comment();
            let is_absent = span.start == span.end && node.style == Style::Plain;
            if !is_absent {
                self.skip_into(node);
            }
        }
        self.content(node, span);
        let end = self.cursor.at();
        let (line, column) = self.cursor.back_to(start, span);
        node.span = Some(Span { start, end, line, column });
    }

    /// Comments between an indicator and its value go to the value.
    fn skip_into(&mut self, node: &mut Node) {
        self.skip();
        if node.style != Style::Block || node.links.alias.is_some() {
            node.comments.head.extend(texts(std::mem::take(&mut self.pending)));
        }
    }

    fn content(&mut self, node: &mut Node, span: Span) {
        if node.links.alias.is_some() {
            self.cursor.jump(span.end);
            return;
        }
        match (&mut node.value, node.style) {
            (Value::Scalar(_), Style::Literal | Style::Folded) => {
                let header = self.cursor.take_block_header();
                node.comments.line = header.comment;
                self.cursor.jump_block_end(span.start..span.end, header.keeps);
            }
            (Value::Scalar(_), _) => self.cursor.jump(span.end),
            (Value::Sequence(items), Style::Flow) => {
                self.flow_items(items);
                self.cursor.jump(span.end);
            }
            (Value::Mapping(entries), Style::Flow) => {
                self.flow_entries(entries);
                self.cursor.jump(span.end);
            }
            (Value::Sequence(items), _) => self.items(items),
            (Value::Mapping(entries), _) => self.entries(entries),
        }
    }

    fn items(&mut self, items: &mut [Node]) {
        let mut previous: Option<&mut Node> = None;
        for item in items {
            self.skip();
            let head = self.share(previous.take().map(|it| &mut it.comments), None);
            let is_explicit = self.cursor.take(b'-');
            debug_assert!(is_explicit, "an item of a block sequence starts with a dash");
            let line = self.cursor.line_comment();
            item.comments.head = head;
            let inner_heads = item.comments.head.len();
            self.node(item);
            debug_assert!(item.comments.head.len() >= inner_heads);
            item.comments.line = line.or(item.comments.line.take()).or_else(|| self.cursor.line_comment());
            previous = Some(item);
        }
    }

    fn entries(&mut self, entries: &mut [Entry]) {
        let mut previous: Option<&mut Entry> = None;
        for entry in entries {
            self.skip();
            let head = match previous.take() {
                Some(Entry { key, value }) => self.share(Some(&mut key.comments), Some(value)),
                None => self.share(None, None),
            };
            entry.key.comments.head = head;
            self.key(entry);
            self.entry_value(entry);
            previous = Some(entry);
        }
    }

    fn key(&mut self, entry: &mut Entry) {
        let is_explicit = self.cursor.take_explicit_key();
        self.node(&mut entry.key);
        if is_explicit {
            self.skip();
        }
        entry.key.comments.head.extend(texts(std::mem::take(&mut self.pending)));
    }

    fn entry_value(&mut self, entry: &mut Entry) {
        self.cursor.skip_spaces();
        let has_colon = self.cursor.take(b':');
        if !has_colon {
            return self.node(&mut entry.value);
        }
        let line = self.cursor.line_comment();
        self.node(&mut entry.value);
        let is_block = entry.value.style == Style::Block && entry.value.links.alias.is_none();
        if is_block {
            entry.key.comments.line = line.or(entry.value.comments.line.take());
        } else {
            let after = line.or(entry.value.comments.line.take()).or_else(|| self.cursor.line_comment());
            entry.value.comments.line = after;
        }
    }

    fn flow_items(&mut self, items: &mut [Node]) {
        self.cursor.take(b'[');
        for item in items {
            self.skip();
            item.comments.head = texts(std::mem::take(&mut self.pending));
            self.node(item);
            self.flow_comma(&mut item.comments);
        }
        self.skip();
        self.pending.clear();
    }

    fn flow_entries(&mut self, entries: &mut [Entry]) {
        self.cursor.take(b'{');
        for entry in entries {
            self.skip();
            entry.key.comments.head = texts(std::mem::take(&mut self.pending));
            self.key(entry);
            self.skip();
            if self.cursor.take(b':') {
                self.node(&mut entry.value);
            } else if let Some(span) = entry.value.span {
                entry.value.span = Some(Span { start: self.cursor.at(), end: self.cursor.at(), ..span });
            }
            self.flow_comma(&mut entry.value.comments);
        }
        self.skip();
        self.pending.clear();
    }

    fn flow_comma(&mut self, comments: &mut Comments) {
        let before = self.cursor.line_comment();
        self.skip();
        self.cursor.take(b',');
        comments.line = before.or_else(|| self.cursor.line_comment());
    }

    /// Splits the pending comments above a new element: the foot of the one before, and its own head.
    fn share(&mut self, before: Option<&mut Comments>, value: Option<&mut Node>) -> Vec<String> {
        if self.pending.is_empty() {
            return Vec::new();
        }
        let column = self.cursor.column(self.cursor.at());
        let line = self.line();
        let mut pending = std::mem::take(&mut self.pending);
        if let Some(value) = value {
            let deeper = pending.iter().take_while(|it| it.column > column).count();
            let rest = pending.split_off(deeper);
            attach_feet(value, std::mem::replace(&mut pending, rest));
        }
        self.pending = pending;
        let own = self.adjacent_below(line);
        let head = texts(self.pending.split_off(own));
        let others = texts(std::mem::take(&mut self.pending));
        match before {
            // Comments set off from the element below stand under the one above.
            Some(comments) => comments.foot.extend(others),
            None => return others.into_iter().chain(head).collect(),
        }
        head
    }
}

/// Gives comments below a block to its last element, as deep as their indentation goes.
fn attach_feet(node: &mut Node, comments: Vec<Pending>) {
    for comment in comments {
        foot_at(node, comment.column).foot.push(comment.text);
    }
}

fn foot_at(node: &mut Node, column: usize) -> &mut Comments {
    let is_block = node.style == Style::Block && node.links.alias.is_none();
    match &mut node.value {
        Value::Sequence(items) if is_block && !items.is_empty() => match items.last_mut() {
            Some(last) if starts_by(last, column) => foot_at(last, column),
            Some(last) => &mut last.comments,
            None => &mut node.comments,
        },
        Value::Mapping(entries) if is_block && !entries.is_empty() => match entries.last_mut() {
            Some(Entry { value, .. }) if starts_by(value, column) => foot_at(value, column),
            Some(Entry { key, .. }) => &mut key.comments,
            None => &mut node.comments,
        },
        _ => &mut node.comments,
    }
}

/// True for a block collection that is indented by no more than a comment's column.
fn starts_by(node: &Node, column: usize) -> bool {
    node.style == Style::Block
        && node.links.alias.is_none()
        && !node.is_empty_collection()
        && node.span.is_some_and(|span| span.column <= column + 1)
}

fn texts(comments: Vec<Pending>) -> Vec<String> {
    comments.into_iter().map(|it| it.text).collect()
}
