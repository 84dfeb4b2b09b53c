//! Builds a document's tree from the parser's events, expanding aliases and refusing equal keys.
//!
//! It keeps its own stack and counts before it allocates, so that no text makes it deep or large beyond
//! the limits. It attaches no comments; the layout pass does.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, ScalarStyle, StructureStyle, Tag};

use crate::merge;
use crate::node::{Entry, Node, Span, Style, Value};
use crate::parse::{Limits, Refusal};
use crate::scalar;

/// The documents' trees in the making. One serves a whole text, so that its counts cover all documents.
pub(crate) struct Tree<'a> {
    limits: &'a Limits,
    frames: Vec<Frame>,
    root: Option<Node>,
    /// Finished anchored nodes. An anchor that is missing here is still open: an alias inside itself.
    anchors: HashMap<u32, Node>,
    cost: Cost,
    /// True if the document has a merge key.
    pub(crate) has_merge_keys: bool,
}

/// What was built so far.
struct Cost {
    nodes: usize,
    expanded_nodes: usize,
    expanded_bytes: usize,
}

/// A collection that is not closed yet.
struct Frame {
    node: Node,
    key: Option<Node>,
    /// The lines of the keys seen, by name, once they are more than [`FEW_KEYS`].
    seen: Option<HashMap<String, usize>>,
}

/// Up to how many keys a mapping is searched one by one: for most mappings of manifests that is cheaper than
/// a copy and a hash of every key.
const FEW_KEYS: usize = 16;

impl<'a> Tree<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Tree<'a> {
        let cost = Cost { nodes: 0, expanded_nodes: 0, expanded_bytes: 0 };
        Tree { limits, frames: Vec::new(), root: None, anchors: HashMap::new(), cost, has_merge_keys: false }
    }

    /// Gives the finished document and forgets its anchors.
    pub(crate) fn take_root(&mut self) -> Node {
        self.anchors.clear();
        self.frames.clear();
        self.root.take().unwrap_or_else(|| Node::plain(""))
    }

    #[inline(never)]
    pub(crate) fn accept(&mut self, event: Event<'_>, span: &granit_parser::Span) -> Result<(), Refusal> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_absent = span.is_empty() && style == ScalarStyle::Plain;
                let text = if is_absent { String::new() } else { text.into_owned() };
                let node =
                    self.node(Value::Scalar(text), scalar_style(style), anchor, tag.as_deref(), span)?;
                check_scalar(&node)?;
                self.finish(node)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.open(Value::Sequence(Vec::new()), style, anchor, tag.as_deref(), span)
            }
            Event::MappingStart(style, anchor, tag) => {
                self.open(Value::Mapping(Vec::new()), style, anchor, tag.as_deref(), span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.shut(span),
            Event::Alias(id) => self.alias(id, span),
            _ => Ok(()),
        }
    }

    fn node(
        &mut self,
        value: Value,
        style: Style,
        anchor: usize,
        tag: Option<&Tag>,
        span: &granit_parser::Span,
    ) -> Result<Node, Refusal> {
        let place = place(span);
        self.cost.nodes += 1;
        if self.cost.nodes > self.limits.max_nodes {
            let message = format!("more than {} values", self.limits.max_nodes);
            return Err(Refusal::new(message, place.line, place.column));
        }
        let mut node = Node::scalar(String::new(), style);
        node.value = value;
        node.tag = tag.map(tag_text);
        node.span = Some(place);
        // The parser counts from 1 and uses 0 for no anchor.
        node.links.anchor = if anchor == 0 { None } else { u32::try_from(anchor).ok() };
        Ok(node)
    }

    fn open(
        &mut self,
        value: Value,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: &granit_parser::Span,
    ) -> Result<(), Refusal> {
        let style = if style == StructureStyle::Flow { Style::Flow } else { Style::Block };
        let node = self.node(value, style, anchor, tag, span)?;
        self.check_depth(self.frames.len() + 1, span)?;
        self.frames.push(Frame { node, key: None, seen: None });
        Ok(())
    }

    fn check_depth(&self, depth: usize, span: &granit_parser::Span) -> Result<(), Refusal> {
        if depth <= self.limits.max_depth {
            return Ok(());
        }
        let place = place(span);
        let message = format!("collections are nested more than {} deep", self.limits.max_depth);
        Err(Refusal::new(message, place.line, place.column))
    }

    fn shut(&mut self, span: &granit_parser::Span) -> Result<(), Refusal> {
        let Some(Frame { mut node, .. }) = self.frames.pop() else { return Ok(()) };
        if node.style == Style::Flow
            && let Some(place) = &mut node.span
        {
            place.end = span.byte_range().unwrap_or_default().end;
        }
        self.finish(node)
    }

    #[inline(never)]
    fn alias(&mut self, id: usize, span: &granit_parser::Span) -> Result<(), Refusal> {
        let place = place(span);
        let id = u32::try_from(id).unwrap_or_default();
        let Some(target) = self.anchors.get(&id) else {
            return Err(Refusal::new("an alias inside the value it stands for", place.line, place.column));
        };
        let size = size(target);
        self.check_depth(self.frames.len() + height(target), span)?;
        let mut node = Node::plain("");
        node.span = Some(place);
        self.expand(size, &node)?;
        if let Some(target) = self.anchors.get(&id) {
            node.value = target.value.clone();
            node.style = target.style;
            node.tag.clone_from(&target.tag);
        }
        node.links.alias = Some(id);
        self.finish(node)
    }

    /// Counts what an alias or merge key adds, before or right after it is copied.
    fn expand(&mut self, (nodes, bytes): (usize, usize), at: &Node) -> Result<(), Refusal> {
        self.cost.nodes += nodes;
        self.cost.expanded_nodes += nodes;
        self.cost.expanded_bytes += bytes;
        let is_within = self.cost.nodes <= self.limits.max_nodes
            && self.cost.expanded_nodes <= self.limits.max_expanded_nodes
            && self.cost.expanded_bytes <= self.limits.max_expanded_bytes;
        if is_within {
            return Ok(());
        }
        let (line, column) = at.span.map_or((1, 1), |it| (it.line, it.column));
        let message = format!(
            "aliases expand to more than {} values or {} bytes",
            self.limits.max_expanded_nodes, self.limits.max_expanded_bytes
        );
        Err(Refusal::new(message, line, column))
    }

    /// Keeps an anchored node for its aliases.
    #[inline(never)]
    fn keep(&mut self, id: u32, node: &Node) -> Result<(), Refusal> {
        self.expand(size(node), node)?;
        self.anchors.insert(id, node.clone());
        Ok(())
    }

    /// Puts a finished node where it belongs.
    fn finish(&mut self, node: Node) -> Result<(), Refusal> {
        if let Some(id) = node.links.anchor {
            self.keep(id, &node)?;
        }
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut frame.node.value {
            Value::Sequence(items) => items.push(node),
            Value::Mapping(entries) => match frame.key.take() {
                Some(key) => entries.push(Entry { key, value: node }),
                None => {
                    if merge::is_merge_key(&node) {
                        self.has_merge_keys = true;
                    } else {
                        check_key(&node, entries, &mut frame.seen)?;
                    }
                    frame.key = Some(node);
                }
            },
            Value::Scalar(_) => {}
        }
        Ok(())
    }
}

fn check_key(
    key: &Node,
    entries: &[Entry],
    seen: &mut Option<HashMap<String, usize>>,
) -> Result<(), Refusal> {
    let (line, column) = key.span.map_or((1, 1), |it| (it.line, it.column));
    let name = scalar::key_name(key).map_err(|cause| Refusal::new(cause, line, column))?;
    let first = if entries.len() < FEW_KEYS {
        named(entries).find(|(other, _)| *other == name).map(|(_, line)| line)
    } else {
        let seen = seen
            .get_or_insert_with(|| named(entries).map(|(name, line)| (name.into_owned(), line)).collect());
        seen.insert(name.clone().into_owned(), line)
    };
    let Some(first) = first else { return Ok(()) };
    let message = format!("the key `{name}` stands twice in one mapping, first in line {first}");
    Err(Refusal::new(message, line, column).hint("remove or rename one of them"))
}

/// The keys of entries with their lines, without merge keys, which may stand twice.
fn named(entries: &[Entry]) -> impl Iterator<Item = (Cow<'_, str>, usize)> {
    let own = entries.iter().filter(|entry| !merge::is_merge_key(&entry.key));
    own.map(|entry| (entry.name(), entry.key.span.map_or(1, |it| it.line)))
}

/// Refuses what kubectl cannot read or cannot turn into JSON.
fn check_scalar(node: &Node) -> Result<(), Refusal> {
    if node.tag.is_none() && !matches!(node.resolve(), scalar::Scalar::Float(_)) {
        return Ok(());
    }
    check_typed(node)
}

#[inline(never)]
fn check_typed(node: &Node) -> Result<(), Refusal> {
    let text = node.scalar_text().unwrap_or_default();
    let (line, column) = node.span.map_or((1, 1), |it| (it.line, it.column));
    if !scalar::fits_tag(text, node.tag.as_deref()) {
        let tag = node.tag.as_deref().unwrap_or_default();
        return Err(Refusal::new(format!("`{}` cannot be read as {tag}", shorten(text)), line, column));
    }
    if matches!(node.resolve(), scalar::Scalar::Float(value) if !value.is_finite()) {
        let message = format!("`{text}` is a number that JSON and so kubectl cannot hold");
        return Err(Refusal::new(message, line, column).hint("quote it if a string is meant"));
    }
    Ok(())
}

fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Nodes and scalar bytes of a tree. The tree is within the depth limit.
fn size(node: &Node) -> (usize, usize) {
    let add = |sum: (usize, usize), it: (usize, usize)| (sum.0 + it.0, sum.1 + it.1);
    match &node.value {
        Value::Scalar(text) => (1, text.len()),
        Value::Sequence(items) => items.iter().map(size).fold((1, 0), add),
        Value::Mapping(entries) => {
            entries.iter().flat_map(|entry| [size(&entry.key), size(&entry.value)]).fold((1, 0), add)
        }
    }
}

fn height(node: &Node) -> usize {
    match &node.value {
        Value::Scalar(_) => 0,
        Value::Sequence(items) => 1 + items.iter().map(height).max().unwrap_or(0),
        Value::Mapping(entries) => 1 + entries.iter().map(|entry| height(&entry.value)).max().unwrap_or(0),
    }
}

fn place(span: &granit_parser::Span) -> Span {
    let range = span.byte_range().unwrap_or_default();
    Span { start: range.start, end: range.end, line: span.start.line(), column: span.start.col() + 1 }
}

fn scalar_style(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

/// A tag in a form that needs no `%TAG` directive.
fn tag_text(tag: &Tag) -> String {
    let full = format!("{}{}", tag.handle(), tag.suffix());
    match full.strip_prefix("tag:yaml.org,2002:") {
        Some(name) => format!("!!{name}"),
        None if full.starts_with('!') => full,
        None => format!("!<{full}>"),
    }
}
