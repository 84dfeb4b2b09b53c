//! The tree a manifest is read into: values, how they were written, their comments and positions.
//!
//! It does not know where its text came from and never panics on a shape it does not expect: a question
//! about the wrong kind of node is answered with `None`.

use crate::quote;
use crate::scalar::{self, Scalar};

/// One YAML node: a value and everything about how it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value itself.
    pub value: Value,
    /// How the value is written. The quotes decide what kubectl reads, so this is not mere decoration.
    pub style: Style,
    /// An explicit tag: `!!str` for the YAML types, otherwise as written, such as `!mine`.
    pub tag: Option<String>,
    /// The comments that belong to the node.
    pub comments: Comments,
    /// Where the node stands in its source. `None` for nodes made by a program or brought by a merge key.
    pub span: Option<Span>,
    /// Its part in anchors, aliases and merge keys.
    pub links: Links,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// The text after unescaping and folding. What it means depends on the style and the tag.
    Scalar(String),
    /// The items in order.
    Sequence(Vec<Node>),
    /// The entries in order. Keys are scalars and unique as kubectl reads them.
    Mapping(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Always a scalar. Carries the comments above and below the entry, and the one on the key's line
    /// when the value is a block collection.
    pub key: Node,
    /// The value. Carries the comment on its line when it ends on the key's line.
    pub value: Node,
}

/// How a node is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A scalar without quotes, whose type is read from its text.
    Plain,
    /// `'text'`.
    SingleQuoted,
    /// `"text"`.
    DoubleQuoted,
    /// `|`, a block that keeps its lines.
    Literal,
    /// `>`, a block whose lines are folded.
    Folded,
    /// A collection by indentation.
    Block,
    /// A collection in brackets or braces.
    Flow,
}

/// The comments of a node: text without `#`, one string per line, leading space kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comments {
    /// Lines above.
    pub head: Vec<String>,
    /// The comment at the end of the line.
    pub line: Option<String>,
    /// Lines below, set off from what follows.
    pub foot: Vec<String>,
}

/// A place in the source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte, counted from the start of the source. Includes an anchor or tag before the value.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
    /// Line of `start`, from 1.
    pub line: usize,
    /// Column of `start` in characters, from 1.
    pub column: usize,
}

/// A node's part in anchors, aliases and merge keys. Numbers are unique within one document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Links {
    /// The number of the anchor (`&name`) this node carries.
    pub anchor: Option<u32>,
    /// The number of the anchor this node is an alias (`*name`) of. The value is a copy of the target.
    pub alias: Option<u32>,
    /// On a mapping: it has a merge key (`<<`). The key itself is not among the entries.
    pub merges: bool,
    /// On an entry's key: the entry came through a merge key and has no text of its own here.
    pub merged: bool,
}

impl Comments {
    /// True if there is no comment at all.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty() && self.line.is_none() && self.foot.is_empty()
    }
}

impl Node {
    fn new(value: Value, style: Style) -> Node {
        Node { value, style, tag: None, comments: Comments::default(), span: None, links: Links::default() }
    }

    /// A string. It is quoted as needed for kubectl to read a string, and written as a literal block if
    /// it has several lines.
    pub fn string(text: impl Into<String>) -> Node {
        let text = text.into();
        let style = quote::string_style(&text);
        Node::new(Value::Scalar(text), style)
    }

    /// A scalar without quotes, whose type is read from the text: `3` is a number, `true` a boolean.
    pub fn plain(text: impl Into<String>) -> Node {
        Node::new(Value::Scalar(text.into()), Style::Plain)
    }

    /// The value `null`.
    pub fn null() -> Node {
        Node::plain("null")
    }

    /// `true` or `false`.
    pub fn boolean(value: bool) -> Node {
        Node::plain(if value { "true" } else { "false" })
    }

    /// A whole number.
    pub fn integer(value: i64) -> Node {
        Node::plain(value.to_string())
    }

    /// An empty mapping in block style.
    pub fn mapping() -> Node {
        Node::new(Value::Mapping(Vec::new()), Style::Block)
    }

    /// A sequence in block style.
    pub fn sequence(items: Vec<Node>) -> Node {
        Node::new(Value::Sequence(items), Style::Block)
    }

    pub(crate) fn scalar(text: String, style: Style) -> Node {
        Node::new(Value::Scalar(text), style)
    }

    /// What kubectl reads. A collection reads as [`Scalar::Null`]; ask [`Node::is_null`] to tell them apart.
    pub fn resolve(&self) -> Scalar<'_> {
        match &self.value {
            Value::Scalar(text) => scalar::resolve(text, self.style, self.tag.as_deref()),
            _ => Scalar::Null,
        }
    }

    /// The text of a scalar, whatever its type.
    pub fn scalar_text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a scalar that kubectl reads as a string. `None` for `3`, `true`, `on`, null and
    /// collections, and for `!!binary`, whose text is not its value.
    pub fn as_str(&self) -> Option<&str> {
        let text = self.scalar_text()?;
        match self.resolve() {
            Scalar::String(value) if *value == *text => Some(text),
            _ => None,
        }
    }

    /// The boolean kubectl reads, `yes` and `on` included.
    pub fn as_bool(&self) -> Option<bool> {
        match self.resolve() {
            Scalar::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The whole number kubectl reads, if it fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self.resolve() {
            Scalar::Int(value) => i64::try_from(value).ok(),
            _ => None,
        }
    }

    /// The items of a sequence.
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The items of a sequence, to change.
    pub fn as_sequence_mut(&mut self) -> Option<&mut Vec<Node>> {
        match &mut self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a mapping.
    pub fn as_mapping(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entries of a mapping, to change. Keep the keys unique.
    pub fn as_mapping_mut(&mut self) -> Option<&mut Vec<Entry>> {
        match &mut self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// True for a scalar that kubectl reads as null.
    pub fn is_null(&self) -> bool {
        self.scalar_text().is_some() && matches!(self.resolve(), Scalar::Null)
    }

    /// True for a mapping.
    pub fn is_mapping(&self) -> bool {
        self.as_mapping().is_some()
    }

    /// True for a sequence.
    pub fn is_sequence(&self) -> bool {
        self.as_sequence().is_some()
    }

    /// True for a collection without elements.
    pub(crate) fn is_empty_collection(&self) -> bool {
        match &self.value {
            Value::Scalar(_) => false,
            Value::Sequence(items) => items.is_empty(),
            Value::Mapping(entries) => entries.is_empty(),
        }
    }

    /// The value of a key, compared as kubectl reads keys. `None` if this is no mapping or lacks the key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.as_mapping()?.iter().find(|entry| entry.is(key))
    }

    /// The value of a key, to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.as_mapping_mut()?.iter_mut().find(|entry| entry.is(key)).map(|entry| &mut entry.value)
    }

    /// Sets the value of a key. An entry that exists keeps its place, and its comments unless the new
    /// value brings its own; otherwise the entry is appended. A node that is no mapping becomes one.
    pub fn set(&mut self, key: &str, mut value: Node) {
        if !self.is_mapping() {
            self.value = Value::Mapping(Vec::new());
            self.style = Style::Block;
            self.tag = None;
        }
        let is_empty = self.is_empty_collection();
        if is_empty {
            // `{}` is only how an empty mapping is written.
            self.style = Style::Block;
        }
        if let Some(old) = self.get_mut(key) {
            if value.comments.is_empty() {
                value.comments = std::mem::take(&mut old.comments);
            }
            *old = value;
        } else if let Some(entries) = self.as_mapping_mut() {
            entries.push(Entry { key: Node::string(key), value });
        }
    }

    /// Removes a key and gives its value back. The order of the others stays.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let entries = self.as_mapping_mut()?;
        let index = entries.iter().position(|entry| entry.is(key))?;
        Some(entries.remove(index).value)
    }

    /// The node at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The node at a path of keys, to change.
    pub fn at_mut(&mut self, path: &[&str]) -> Option<&mut Node> {
        path.iter().try_fold(self, |node, key| node.get_mut(key))
    }

    /// Sets the node at a path of keys, making the mappings on the way. With an empty path it replaces
    /// the node itself.
    pub fn set_at(&mut self, path: &[&str], value: Node) {
        match path {
            [] => *self = value,
            [key] => self.set(key, value),
            [key, rest @ ..] => {
                if !self.get(key).is_some_and(Node::is_mapping) {
                    self.set(key, Node::mapping());
                }
                if let Some(child) = self.get_mut(key) {
                    child.set_at(rest, value);
                }
            }
        }
    }
}

impl Entry {
    /// An entry with a string key.
    pub fn new(key: &str, value: Node) -> Entry {
        Entry { key: Node::string(key), value }
    }

    /// The key as kubectl reads it: `1:` is `1`, `yes:` is `true`.
    pub fn name(&self) -> std::borrow::Cow<'_, str> {
        scalar::key_name(&self.key).unwrap_or_default()
    }

    fn is(&self, key: &str) -> bool {
        self.name() == key
    }
}
