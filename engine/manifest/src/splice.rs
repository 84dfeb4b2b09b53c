//! Writes a changed tree back into the text it came from, and touches only what changed.
//!
//! Comments, quotes, blank lines, the order of keys, line ends and anchors stay wherever the value stays.
//! What cannot be edited safely in place is written anew, in the smallest part that encloses it; the result
//! is read again and compared, and if that fails the whole document is written anew.

mod block;
mod edits;
mod flow;
mod scalar;

use std::collections::HashSet;
use std::ops::Range;

use crate::adopt;
use crate::emit::{Emitter, SequenceIndent, emit};
use crate::node::{Entry, Node, Style, Value};
use crate::parse::{Document, Limits, parse};

use edits::Edits;

/// The text of `original`, a document parsed from `source`, with the values of `changed`.
///
/// Parts that are the same to kubectl keep their text byte for byte; with nothing changed the result is the
/// document's own text. A comment in `changed` that differs from the original's is written; a missing one
/// is kept, because functions lose comments without meaning to. A new key goes behind the key it follows in
/// `changed`. JSON stays JSON.
pub fn splice(source: &str, original: &Document, changed: &Node) -> String {
    let text = original.text(source);
    let is_unchanged = original.root.same(changed) && !wants_comments(&original.root, changed);
    if is_unchanged {
        return text.to_owned();
    }
    edit(source, original, changed)
        .filter(|result| reads_as(result, changed))
        .unwrap_or_else(|| rewrite(source, original, changed))
}

/// Edits in place. `None` if the document has to be written anew.
fn edit(source: &str, original: &Document, changed: &Node) -> Option<String> {
    let mut stale = HashSet::new();
    loop {
        let mut splicer = Splicer::new(source, original, changed, stale.clone());
        splicer.value(&original.root, changed, &Slot::Root).ok()?;
        splicer.document_comments(&original.root, changed);
        // Aliases of what was rewritten stand for something else now and are written out.
        let count = stale.len();
        stale.extend(splicer.lost_anchors(&original.root));
        let Splicer { edits, .. } = splicer;
        if stale.len() == count {
            return edits.apply(original.span.clone());
        }
    }
}

fn reads_as(text: &str, changed: &Node) -> bool {
    // The text was within some limits before, and may have been read with wider ones than usual.
    let limits = Limits { max_bytes: usize::MAX, max_nodes: usize::MAX, ..Limits::default() };
    parse(text, &limits).is_ok_and(|documents| match documents.as_slice() {
        [document] => document.root.same(changed),
        _ => false,
    })
}

/// Writes the whole document anew, with the comments of the original.
fn rewrite(source: &str, original: &Document, changed: &Node) -> String {
    let text = original.text(source);
    if original.is_empty && !text.trim().is_empty() {
        // Comments without a document stay above what is new.
        return format!("{}\n\n{}", text.trim_end(), emit(changed, SequenceIndent::default()));
    }
    let mut result = if original.is_json(source) {
        flow::JsonStyle::of(text).write(changed, "") + "\n"
    } else {
        let mut changed = changed.clone();
        adopt::copy_comments(&mut changed, &original.root);
        emit(&changed, sequence_indent(&original.root))
    };
    if !text.ends_with('\n') && !text.is_empty() {
        edits::drop_line_break(&mut result);
    }
    result
}

/// A part that cannot be edited in place: what encloses it must be written anew.
struct Unfit;

/// The place of a value in the text, which says how it can be replaced as a whole.
enum Slot<'a> {
    /// The document itself.
    Root,
    /// The value of a block mapping's entry.
    Entry { colon_end: usize, indent: usize, old: &'a Entry, new: &'a Entry },
    /// An item of a block sequence.
    Item { dash_end: usize, indent: usize },
    /// Anything between brackets, with the indentation of its line.
    Flow,
}

struct Splicer<'a> {
    source: &'a str,
    range: Range<usize>,
    edits: Edits<'a>,
    sequences: SequenceIndent,
    /// The changed tree was written as JSON while the document is YAML.
    is_restyled: bool,
    json: Option<flow::JsonStyle>,
    /// Anchors whose node is rewritten, so that aliases must be written out.
    stale: HashSet<u32>,
    changed_anchors: Vec<u32>,
}

impl<'a> Splicer<'a> {
    fn new(source: &'a str, original: &Document, changed: &Node, stale: HashSet<u32>) -> Splicer<'a> {
        let text = original.text(source);
        Splicer {
            source,
            range: original.span.clone(),
            edits: Edits::new(source, text),
            sequences: sequence_indent(&original.root),
            is_restyled: changed.style == Style::Flow && original.root.style == Style::Block,
            json: original.is_json(source).then(|| flow::JsonStyle::of(text)),
            stale,
            changed_anchors: Vec::new(),
        }
    }

    fn emitter(&self) -> Emitter {
        let mut emitter = Emitter::new(self.sequences);
        emitter.is_restyled = self.is_restyled;
        emitter.is_partial = true;
        emitter
    }

    /// Edits one value, in place as far as it goes.
    fn value(&mut self, old: &'a Node, new: &'a Node, slot: &Slot<'a>) -> Result<(), Unfit> {
        if self.stale.is_empty() && old.same(new) && !wants_comments(old, new) {
            return Ok(());
        }
        self.changed_anchors.extend(old.links.anchor.filter(|_| !old.same(new)));
        let is_alias = old.links.alias.is_some();
        if is_alias && old.same(new) && old.links.alias.is_none_or(|id| !self.stale.contains(&id)) {
            return Ok(());
        }
        let mark = self.edits.mark();
        let result = if is_alias || (old.links.merges && !self.stale.is_empty()) {
            Err(Unfit)
        } else {
            self.contents(old, new, matches!(slot, Slot::Flow))
        };
        result.or_else(|Unfit| {
            self.edits.undo_to(mark);
            self.replace(old, new, slot)
        })
    }

    fn contents(&mut self, old: &'a Node, new: &'a Node, in_flow: bool) -> Result<(), Unfit> {
        if new.tag.is_some() && new.tag != old.tag {
            return Err(Unfit);
        }
        match (&old.value, &new.value) {
            (Value::Scalar(_), Value::Scalar(_)) => self.scalar(old, new, in_flow),
            _ if old.is_empty_collection() != new.is_empty_collection() => Err(Unfit),
            (Value::Mapping(_), Value::Mapping(_)) if old.style == Style::Flow => self.flow_mapping(old, new),
            (Value::Sequence(_), Value::Sequence(_)) if old.style == Style::Flow => {
                self.flow_sequence(old, new)
            }
            (Value::Mapping(entries), Value::Mapping(_)) => self.block_mapping(old, entries, new),
            (Value::Sequence(items), Value::Sequence(new)) => self.block_sequence(old, items, new),
            _ => Err(Unfit),
        }
    }

    /// Writes a value anew, with the comments of the old one.
    fn replace(&mut self, old: &Node, new: &Node, slot: &Slot<'a>) -> Result<(), Unfit> {
        let span = old.span.ok_or(Unfit)?;
        let mut merged = new.clone();
        adopt::copy_comments(&mut merged, old);
        if old.is_empty_collection() && self.json.is_none() && !matches!(slot, Slot::Flow) {
            // `{}` and `[]` are how empty collections are written, not a wish for brackets.
            merged.style = if merged.scalar_text().is_some() { merged.style } else { Style::Block };
        }
        let mut emitter = self.emitter();
        match slot {
            Slot::Root => return Err(Unfit),
            Slot::Flow => {
                let text = self.flow_text(&merged, span.start);
                self.edits.replace(span.start..span.end, text);
                return Ok(());
            }
            Slot::Entry { colon_end, indent, old: old_entry, new: new_entry } => {
                let mut entry = Entry { key: new_entry.key.clone(), value: merged };
                let line = entry.key.comments.line.take().or(entry.value.comments.line.take());
                entry.key.comments.line = line.or_else(|| old_entry.key.comments.line.clone());
                emitter.entry_value(&entry, *indent);
                self.replace_tail(*colon_end, old, emitter.out);
            }
            Slot::Item { dash_end, indent } => {
                emitter.after_indicator(&merged, *indent);
                self.replace_tail(*dash_end, old, emitter.out);
            }
        }
        Ok(())
    }

    /// Replaces everything from an indicator to the end of the value's last line.
    fn replace_tail(&mut self, start: usize, old: &Node, text: String) {
        let end = self.tail_end(old, 0);
        self.edits.replace_lines(start..end, text);
    }

    /// The end of a node's last line, with the comments below that belong to it and `more` of them.
    fn tail_end(&self, node: &Node, more: usize) -> usize {
        let end = node.span.map_or(self.range.end, |span| span.end);
        let mut at = self.edits.line_end(end);
        let mut left = feet(node) + more;
        let mut kept = at;
        while left > 0 && at < self.range.end {
            let next = self.edits.line_end(at);
            let line = self.source.get(at..next).unwrap_or_default().trim();
            if line.starts_with('#') {
                left -= 1;
                kept = next;
            } else if !line.is_empty() {
                break;
            }
            at = next;
        }
        kept.min(self.range.end)
    }

    /// The anchors of the tree that have another value now, or are no longer in the text.
    fn lost_anchors(&self, root: &Node) -> Vec<u32> {
        let replaced = self.edits.replaced();
        let mut lost = self.changed_anchors.clone();
        collect_anchors(root, &mut |id, start| {
            let before = replaced.partition_point(|range| range.start <= start);
            let is_replaced =
                before.checked_sub(1).and_then(|it| replaced.get(it)).is_some_and(|it| it.end > start);
            if is_replaced {
                lost.push(id);
            }
        });
        lost
    }
}

fn collect_anchors(node: &Node, found: &mut impl FnMut(u32, usize)) {
    if node.links.alias.is_some() {
        return;
    }
    if let (Some(id), Some(span)) = (node.links.anchor, node.span) {
        found(id, span.start);
    }
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| collect_anchors(item, found)),
        Value::Mapping(entries) => entries.iter().for_each(|entry| collect_anchors(&entry.value, found)),
    }
}

/// Comment lines below the last line of a block that belong to its last elements.
fn feet(node: &Node) -> usize {
    if node.style != Style::Block || node.links.alias.is_some() {
        return 0;
    }
    match &node.value {
        Value::Scalar(_) => 0,
        Value::Sequence(items) => items.last().map_or(0, |item| item.comments.foot.len() + feet(item)),
        Value::Mapping(entries) => {
            entries.last().map_or(0, |entry| entry.key.comments.foot.len() + feet(&entry.value))
        }
    }
}

/// How the document's lists are indented: as the first one is.
fn sequence_indent(root: &Node) -> SequenceIndent {
    first_list(root).unwrap_or_default()
}

fn first_list(node: &Node) -> Option<SequenceIndent> {
    if node.style != Style::Block || node.links.alias.is_some() {
        return None;
    }
    match &node.value {
        Value::Scalar(_) => None,
        Value::Sequence(items) => items.iter().find_map(first_list),
        Value::Mapping(entries) => entries.iter().find_map(|Entry { key, value }| {
            let is_list = value.is_sequence() && value.style == Style::Block && value.links.alias.is_none();
            match (key.span, value.span) {
                (Some(key), Some(value)) if is_list && value.column > key.column => {
                    Some(SequenceIndent::Wide)
                }
                (Some(_), Some(_)) if is_list => Some(SequenceIndent::Compact),
                _ => first_list(value),
            }
        }),
    }
}

/// True if `new`, which has the same values as `old`, carries a comment that `old` has not.
fn wants_comments(old: &Node, new: &Node) -> bool {
    if is_new_comment(old, new) {
        return true;
    }
    match (&old.value, &new.value) {
        (Value::Sequence(old), Value::Sequence(new)) => {
            old.iter().zip(new).any(|(old, new)| wants_comments(old, new))
        }
        (Value::Mapping(old), Value::Mapping(new)) => {
            let pairs = pair_entries(old, new);
            pairs.into_iter().any(|(old, new)| {
                old.is_some_and(|old| {
                    is_new_comment(&old.key, &new.key) || wants_comments(&old.value, &new.value)
                })
            })
        }
        _ => false,
    }
}

fn is_new_comment(old: &Node, new: &Node) -> bool {
    (!new.comments.head.is_empty() && new.comments.head != old.comments.head)
        || (new.comments.line.is_some() && new.comments.line != old.comments.line)
}

/// Every new entry with the old entry of its name.
fn pair_entries<'o, 'n>(old: &'o [Entry], new: &'n [Entry]) -> Vec<(Option<&'o Entry>, &'n Entry)> {
    let same_place = old.iter().zip(new).all(|(old, new)| old.name() == new.name());
    if same_place && old.len() >= new.len() {
        return new.iter().zip(old).map(|(new, old)| (Some(old), new)).collect();
    }
    let names: std::collections::HashMap<_, _> = old.iter().map(|entry| (entry.name(), entry)).collect();
    new.iter().map(|entry| (names.get(&entry.name()).copied(), entry)).collect()
}
