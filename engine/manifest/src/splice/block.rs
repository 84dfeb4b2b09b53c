//! Block mappings and sequences, edited line by line.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::align::align;
use crate::node::{Entry, Node, Style};
use crate::text::{Cursor, line_start};

use super::{Slot, Splicer, Unfit, feet};

/// Where an element of a block collection stands.
#[derive(Debug, Clone)]
struct Place {
    /// The first byte of the key or the dash.
    start: usize,
    /// The byte after the colon or the dash.
    indicator_end: usize,
    /// Its lines with the comments that belong to it.
    lines: Range<usize>,
    /// True if it continues a line, behind a dash.
    is_inline: bool,
}

/// An element of a block collection, as this file needs to see it.
struct Element<'n> {
    place: Place,
    heads: usize,
    node: &'n Node,
}

impl<'a> Splicer<'a> {
    pub(super) fn block_mapping(
        &mut self,
        node: &Node,
        old: &'a [Entry],
        new: &'a Node,
    ) -> Result<(), Unfit> {
        let entries = new.as_mapping().ok_or(Unfit)?;
        let own: Vec<&'a Entry> = old.iter().filter(|entry| !entry.key.links.merged).collect();
        let elements = own.iter().map(|entry| self.entry_element(entry)).collect::<Result<Vec<_>, _>>()?;
        let places: HashMap<_, _> = own.iter().enumerate().map(|(index, it)| (it.name(), index)).collect();
        let matched: Vec<_> = entries.iter().map(|entry| places.get(&entry.name()).copied()).collect();
        let kept: HashSet<usize> = matched.iter().flatten().copied().collect();
        let inherited: HashMap<_, _> =
            old.iter().filter(|it| it.key.links.merged).map(|it| (it.name(), &it.value)).collect();
        let names: HashSet<_> = entries.iter().map(Entry::name).collect();
        let loses_inherited = inherited.keys().any(|name| !names.contains(name));
        if kept.is_empty() || loses_inherited || (node.links.merges && kept.len() < own.len()) {
            return Err(Unfit);
        }
        let indent = self.indent(&elements)?;
        self.remove(&elements, &kept)?;
        let first = matched.iter().flatten().next().and_then(|it| elements.get(*it));
        let mut previous = None;
        for (entry, found) in entries.iter().zip(&matched) {
            if let Some(found) = found {
                let (Some(old), Some(element)) = (own.get(*found), elements.get(*found)) else { continue };
                self.entry(old, entry, element, indent)?;
                previous = Some(element);
                continue;
            }
            if inherited.get(&entry.name()).is_some_and(|value| value.same(&entry.value)) {
                continue;
            }
            let mut emitter = self.emitter();
            emitter.entries(std::slice::from_ref(entry), indent, false);
            self.insert(previous, first, emitter.out, indent)?;
        }
        Ok(())
    }

    fn entry(
        &mut self,
        old: &'a Entry,
        new: &'a Entry,
        element: &Element<'_>,
        indent: usize,
    ) -> Result<(), Unfit> {
        let colon_end = element.place.indicator_end;
        let mark = self.edits.mark();
        self.value(&old.value, &new.value, &Slot::Entry { colon_end, indent, old, new })?;
        if !element.place.is_inline {
            self.head_comments(line_start(self.source, element.place.start), indent, &old.key, &new.key);
        }
        let is_replaced = self.edits.mark() > mark && self.edits.starts_at(mark, colon_end);
        if !is_replaced {
            let is_block = old.value.style == Style::Block && old.value.links.alias.is_none();
            let is_block_scalar = matches!(old.value.style, Style::Literal | Style::Folded);
            let at = if is_block { Some(colon_end) } else { old.value.span.map(|span| span.end) };
            let line =
                |entry: &'a Entry| entry.value.comments.line.as_ref().or(entry.key.comments.line.as_ref());
            if let Some(at) = at.filter(|_| !is_block_scalar) {
                self.line_comment(at, line(old), line(new));
            }
        }
        Ok(())
    }

    pub(super) fn block_sequence(
        &mut self,
        node: &Node,
        old: &'a [Node],
        new: &'a [Node],
    ) -> Result<(), Unfit> {
        let elements = self.item_elements(node, old)?;
        let pairs = align(old, new);
        let kept: HashSet<usize> =
            pairs.iter().filter(|it| it.new.is_some()).filter_map(|it| it.old).collect();
        if kept.is_empty() {
            return Err(Unfit);
        }
        let indent = self.indent(&elements)?;
        self.remove(&elements, &kept)?;
        let first = pairs.iter().filter(|it| it.new.is_some()).find_map(|it| it.old);
        let first = first.and_then(|it| elements.get(it));
        let mut previous = None;
        for pair in &pairs {
            let Some(item) = pair.new.and_then(|it| new.get(it)) else { continue };
            if let Some(found) = pair.old {
                let (Some(old), Some(element)) = (old.get(found), elements.get(found)) else { continue };
                self.item(old, item, element, indent)?;
                previous = Some(element);
                continue;
            }
            let mut emitter = self.emitter();
            emitter.items(std::slice::from_ref(item), indent, false);
            self.insert(previous, first, emitter.out, indent)?;
        }
        Ok(())
    }

    fn item(
        &mut self,
        old: &'a Node,
        new: &'a Node,
        element: &Element<'_>,
        indent: usize,
    ) -> Result<(), Unfit> {
        let dash_end = element.place.indicator_end;
        let mark = self.edits.mark();
        self.value(old, new, &Slot::Item { dash_end, indent })?;
        if !element.place.is_inline {
            self.head_comments(line_start(self.source, element.place.start), indent, old, new);
        }
        let is_replaced = self.edits.mark() > mark && self.edits.starts_at(mark, dash_end);
        if !is_replaced && old.scalar_text().is_some() && !matches!(old.style, Style::Literal | Style::Folded)
        {
            let at = old.span.map_or(dash_end, |span| span.end);
            self.line_comment(at, old.comments.line.as_ref(), new.comments.line.as_ref());
        }
        Ok(())
    }

    /// Places an entry whose key and colon stand on one line, behind spaces or dashes only.
    fn entry_element<'n>(&self, entry: &'n Entry) -> Result<Element<'n>, Unfit> {
        let key = entry.key.span.ok_or(Unfit)?;
        let rest = self.source.get(key.end..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if !rest.get(blanks..).is_some_and(|it| it.starts_with(':')) {
            return Err(Unfit);
        }
        let feet = entry.key.comments.foot.len();
        let heads = entry.key.comments.head.len();
        self.element(key.start, key.end + blanks + 1, &entry.value, heads, feet)
    }

    fn item_elements<'n>(&self, node: &Node, items: &'n [Node]) -> Result<Vec<Element<'n>>, Unfit> {
        let start = node.span.ok_or(Unfit)?.start;
        let mut cursor = Cursor::new(self.source, start..self.range.end);
        cursor.take_properties();
        let mut elements = Vec::with_capacity(items.len());
        for item in items {
            cursor.skip_blank();
            while cursor.take_comment().is_some() {
                cursor.skip_blank();
            }
            let dash = cursor.at();
            if !cursor.take(b'-') {
                return Err(Unfit);
            }
            let comments = &item.comments;
            elements.push(self.element(dash, dash + 1, item, comments.head.len(), comments.foot.len())?);
            cursor.jump(item.span.ok_or(Unfit)?.end);
        }
        Ok(elements)
    }

    fn element<'n>(
        &self,
        start: usize,
        indicator_end: usize,
        node: &'n Node,
        heads: usize,
        feet: usize,
    ) -> Result<Element<'n>, Unfit> {
        let line = line_start(self.source, start).max(self.range.start);
        let before = self.source.get(line..start).unwrap_or_default();
        let is_inline = !before.bytes().all(|it| it == b' ');
        if is_inline && !before.bytes().all(|it| it == b' ' || it == b'-') {
            return Err(Unfit);
        }
        let first = if is_inline { start } else { self.head_start(line, heads) };
        let lines = first..self.tail_end(node, feet);
        Ok(Element { place: Place { start, indicator_end, lines, is_inline }, heads, node })
    }

    /// The indentation all elements share.
    fn indent(&self, elements: &[Element<'_>]) -> Result<usize, Unfit> {
        let column = |element: &Element<'_>| {
            let start = element.place.start;
            start - line_start(self.source, start).max(self.range.start)
        };
        let indent = elements.first().map(column).ok_or(Unfit)?;
        let is_aligned = elements.iter().all(|element| column(element) == indent);
        let is_lone = elements.iter().skip(1).all(|element| !element.place.is_inline);
        if is_aligned && is_lone { Ok(indent) } else { Err(Unfit) }
    }

    fn remove(&mut self, elements: &[Element<'_>], kept: &HashSet<usize>) -> Result<(), Unfit> {
        for (index, element) in elements.iter().enumerate() {
            if kept.contains(&index) {
                continue;
            }
            if !element.place.is_inline {
                self.edits.delete(element.place.lines.clone());
                continue;
            }
            // The next element moves up behind the dash.
            let next = elements.get(index + 1).filter(|_| kept.contains(&(index + 1))).ok_or(Unfit)?;
            let is_directly_below = next.heads == 0 && feet(element.node) == 0;
            if !is_directly_below {
                return Err(Unfit);
            }
            self.edits.delete(element.place.start..next.place.start);
        }
        Ok(())
    }

    /// Inserts lines below the element before, or above the first one that stays.
    fn insert(
        &mut self,
        previous: Option<&Element<'_>>,
        next: Option<&Element<'_>>,
        text: String,
        indent: usize,
    ) -> Result<(), Unfit> {
        match (previous, next) {
            (Some(previous), _) => self.edits.insert_lines(previous.place.lines.end, text),
            (None, Some(next)) if next.place.is_inline => {
                let first = text.trim_start_matches(' ');
                if first.starts_with('#') {
                    return Err(Unfit);
                }
                self.edits
                    .replace(next.place.start..next.place.start, format!("{first}{}", " ".repeat(indent)));
            }
            (None, Some(next)) => self.edits.insert_lines(next.place.lines.start, text),
            (None, None) => return Err(Unfit),
        }
        Ok(())
    }
}
