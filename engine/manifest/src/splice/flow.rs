//! Collections in brackets, and documents that are JSON.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::ops::Range;

use serde_json::Value as Json;

use crate::align::align;
use crate::json;
use crate::node::{Entry, Node};
use crate::text::{Cursor, line_start};

use super::{Slot, Splicer, Unfit};

/// How a JSON document is laid out.
#[derive(Debug, Clone)]
pub(super) struct JsonStyle {
    /// One level of indentation, or nothing if all is on one line.
    unit: Option<String>,
    /// True if a space follows colons and, on one line, commas.
    is_spaced: bool,
}

impl JsonStyle {
    /// The style of a text: its first indentation and first colon.
    pub(super) fn of(text: &str) -> JsonStyle {
        let inside = text.trim_start().get(1..).unwrap_or_default();
        let unit = inside.starts_with(['\n', '\r']).then(|| {
            let line = inside.trim_start_matches(['\n', '\r']);
            line.chars().take_while(|it| matches!(it, ' ' | '\t')).collect()
        });
        let is_spaced = unit.is_some() || text.contains("\": ") || !text.contains("\":");
        JsonStyle { unit, is_spaced }
    }

    /// The JSON of a tree, its further lines indented by `prefix`.
    pub(super) fn write(&self, node: &Node, prefix: &str) -> String {
        let mut out = String::new();
        self.json(&json::to_json(node), prefix, &mut out);
        out
    }

    fn json(&self, value: &Json, prefix: &str, out: &mut String) {
        let inner = format!("{prefix}{}", self.unit.as_deref().unwrap_or_default());
        match value {
            Json::Array(items) if !items.is_empty() => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.separate(index, &inner, out);
                    self.json(item, &inner, out);
                }
                self.close(prefix, out);
                out.push(']');
            }
            Json::Object(entries) if !entries.is_empty() => {
                out.push('{');
                for (index, (key, item)) in entries.iter().enumerate() {
                    self.separate(index, &inner, out);
                    let _ =
                        write!(out, "{}:{}", Json::from(key.as_str()), if self.is_spaced { " " } else { "" });
                    self.json(item, &inner, out);
                }
                self.close(prefix, out);
                out.push('}');
            }
            other => {
                // Writing to a string cannot fail.
                let _ = write!(out, "{other}");
            }
        }
    }

    fn separate(&self, index: usize, inner: &str, out: &mut String) {
        if index > 0 {
            out.push(',');
        }
        if self.unit.is_some() {
            out.push('\n');
            out.push_str(inner);
        } else if index > 0 && self.is_spaced {
            out.push(' ');
        }
    }

    fn close(&self, prefix: &str, out: &mut String) {
        if self.unit.is_some() {
            out.push('\n');
            out.push_str(prefix);
        }
    }
}

impl<'a> Splicer<'a> {
    /// A value for a place between brackets.
    pub(super) fn flow_text(&self, node: &Node, at: usize) -> String {
        match &self.json {
            // Only there lines are short: a document on one line has no indentation to look for.
            Some(style) if style.unit.is_some() => style.write(node, self.indentation(at)),
            Some(style) => style.write(node, ""),
            None => self.emitter().flow_text(node),
        }
    }

    /// The blanks at the start of a place's line.
    fn indentation(&self, at: usize) -> &'a str {
        let line = self.source.get(line_start(self.source, at)..at).unwrap_or_default();
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        line.get(..blanks).unwrap_or_default()
    }

    pub(super) fn flow_mapping(&mut self, old: &'a Node, new: &'a Node) -> Result<(), Unfit> {
        let (old_entries, entries) = (old.as_mapping().ok_or(Unfit)?, new.as_mapping().ok_or(Unfit)?);
        let open = self.open(old, b'{')?;
        if old.links.merges {
            return Err(Unfit);
        }
        let spans = old_entries.iter().map(entry_range).collect::<Result<Vec<_>, _>>()?;
        let places: HashMap<_, _> =
            old_entries.iter().enumerate().map(|(index, it)| (it.name(), index)).collect();
        let matched: Vec<_> = entries.iter().map(|entry| places.get(&entry.name()).copied()).collect();
        for (entry, found) in entries.iter().zip(&matched) {
            let Some(before) = found.and_then(|it| old_entries.get(it)) else { continue };
            let has_text = before.value.span.is_some_and(|span| span.start < span.end);
            if !has_text && !before.value.same(&entry.value) {
                return Err(Unfit);
            }
            self.value(&before.value, &entry.value, &Slot::Flow)?;
        }
        let list = FlowList { open, spans };
        self.flow_list(&list, &matched, |splicer, index, at| {
            entries.get(index).map(|entry| splicer.flow_entry(entry, at)).unwrap_or_default()
        })
    }

    fn flow_entry(&self, entry: &Entry, at: usize) -> String {
        let value = self.flow_text(&entry.value, at);
        match &self.json {
            Some(style) => {
                let space = if style.is_spaced { " " } else { "" };
                format!("{}:{space}{value}", Json::from(&*entry.name()))
            }
            None => format!("{}: {value}", self.emitter().flow_text(&entry.key)),
        }
    }

    pub(super) fn flow_sequence(&mut self, old: &'a Node, new: &'a Node) -> Result<(), Unfit> {
        let (old_items, items) = (old.as_sequence().ok_or(Unfit)?, new.as_sequence().ok_or(Unfit)?);
        let open = self.open(old, b'[')?;
        let spans = old_items.iter().map(range).collect::<Result<Vec<_>, _>>()?;
        let mut matched = vec![None; items.len()];
        for pair in align(old_items, items) {
            let (Some(old_index), Some(new_index)) = (pair.old, pair.new) else { continue };
            let (Some(before), Some(item)) = (old_items.get(old_index), items.get(new_index)) else {
                continue;
            };
            self.value(before, item, &Slot::Flow)?;
            if let Some(place) = matched.get_mut(new_index) {
                *place = Some(old_index);
            }
        }
        let list = FlowList { open, spans };
        self.flow_list(&list, &matched, |splicer, index, at| {
            items.get(index).map(|item| splicer.flow_text(item, at)).unwrap_or_default()
        })
    }

    /// The byte after the opening bracket. A pair without braces in a list has none.
    fn open(&self, node: &Node, bracket: u8) -> Result<usize, Unfit> {
        let span = node.span.ok_or(Unfit)?;
        let mut cursor = Cursor::new(self.source, span.start..span.end);
        if cursor.take_properties() {
            cursor.skip_blank();
        }
        if cursor.take(bracket) { Ok(cursor.at()) } else { Err(Unfit) }
    }

    /// Removes and adds elements between brackets. `matched` has for every new element its old position,
    /// increasing for sequences; `text` writes a new one.
    fn flow_list(
        &mut self,
        list: &FlowList,
        matched: &[Option<usize>],
        text: impl Fn(&Self, usize, usize) -> String,
    ) -> Result<(), Unfit> {
        let kept: HashSet<usize> = matched.iter().flatten().copied().collect();
        if kept.is_empty() {
            return if list.spans.is_empty() && matched.is_empty() { Ok(()) } else { Err(Unfit) };
        }
        for removed in list.removals(&kept) {
            self.edits.delete(removed);
        }
        let separator = self.separator(list);
        let first = matched.iter().flatten().next().and_then(|it| list.spans.get(*it));
        let mut previous: Option<&Range<usize>> = None;
        for (index, found) in matched.iter().enumerate() {
            if let Some(span) = found.and_then(|it| list.spans.get(it)) {
                previous = Some(span);
                continue;
            }
            match (previous, first) {
                (Some(span), _) => {
                    let text = format!(",{separator}{}", text(self, index, span.start));
                    self.edits.replace(span.end..span.end, text);
                }
                (None, Some(span)) => {
                    let text = format!("{},{separator}", text(self, index, span.start));
                    self.edits.replace(span.start..span.start, text);
                }
                (None, None) => return Err(Unfit),
            }
        }
        Ok(())
    }

    /// What stands between elements: a line break if the first one starts a line.
    fn separator(&self, list: &FlowList) -> String {
        let first = list.spans.first().map_or(list.open, |span| span.start);
        let before = self.source.get(list.open..first).unwrap_or_default();
        if before.contains('\n') {
            return format!("\n{}", self.indentation(first));
        }
        let is_tight = self.json.as_ref().is_some_and(|style| !style.is_spaced);
        if is_tight { String::new() } else { " ".to_owned() }
    }
}

/// The elements between two brackets.
struct FlowList {
    /// The byte after the opening bracket.
    open: usize,
    spans: Vec<Range<usize>>,
}

impl FlowList {
    /// The ranges to delete so that the kept elements remain, each with one comma between.
    fn removals(&self, kept: &HashSet<usize>) -> Vec<Range<usize>> {
        let mut removals = Vec::new();
        let mut last_kept: Option<&Range<usize>> = None;
        let mut run: Option<usize> = None;
        for (index, span) in self.spans.iter().enumerate() {
            if kept.contains(&index) {
                removals.extend(run.take().map(|start| start..span.start));
                last_kept = Some(span);
            } else {
                run.get_or_insert(span.start);
            }
        }
        if let (Some(_), Some(kept), Some(last)) = (run, last_kept, self.spans.last()) {
            removals.push(kept.end..last.end);
        }
        removals
    }
}

fn range(node: &Node) -> Result<Range<usize>, Unfit> {
    node.span.map(|span| span.start..span.end).ok_or(Unfit)
}

fn entry_range(entry: &Entry) -> Result<Range<usize>, Unfit> {
    let (key, value) = (range(&entry.key)?, range(&entry.value)?);
    Ok(key.start..value.end.max(key.end))
}
