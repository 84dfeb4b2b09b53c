//! Merge keys (`<<`), resolved as kubectl's go-yaml v2 does.
//!
//! There the order of entries counts: a merge overrides the keys above it and is overridden by those
//! below. It reads only; nothing ever writes a merge key.

use std::collections::HashMap;

use crate::node::{Comments, Entry, Links, Node, Style, Value};
use crate::parse::Refusal;

/// True for an unquoted `<<`.
pub(crate) fn is_merge_key(key: &Node) -> bool {
    key.scalar_text() == Some("<<")
        && (key.style == Style::Plain && key.tag.is_none() || key.tag.as_deref() == Some("!!merge"))
}

/// Replaces every merge key in a tree by the entries it brings. The tree is within the depth limit.
pub(crate) fn resolve(node: &mut Node) -> Result<(), Refusal> {
    match &mut node.value {
        Value::Scalar(_) => Ok(()),
        Value::Sequence(items) => items.iter_mut().try_for_each(resolve),
        Value::Mapping(entries) => {
            entries.iter_mut().try_for_each(|entry| resolve(&mut entry.value))?;
            if entries.iter().any(|entry| is_merge_key(&entry.key)) {
                *entries = merge(std::mem::take(entries))?;
                node.links.merges = true;
            }
            Ok(())
        }
    }
}

fn merge(entries: Vec<Entry>) -> Result<Vec<Entry>, Refusal> {
    let mut result = Merging { entries: Vec::new(), places: HashMap::new() };
    for entry in entries {
        if !is_merge_key(&entry.key) {
            result.put(entry);
            continue;
        }
        // Of several mappings in a list the first one wins, so it is merged last.
        for source in sources(entry)?.into_iter().rev() {
            source.into_iter().for_each(|inherited| result.put(inherit(inherited)));
        }
    }
    Ok(result.entries)
}

fn sources(entry: Entry) -> Result<Vec<Vec<Entry>>, Refusal> {
    let (line, column) = entry.key.span.map_or((1, 1), |it| (it.line, it.column));
    let refusal = || Refusal::new("a merge key (`<<`) takes a mapping or a list of mappings", line, column);
    let mapping = |node: Node| match node.value {
        Value::Mapping(entries) => Ok(entries),
        _ => Err(refusal()),
    };
    match entry.value.value {
        Value::Sequence(items) if entry.value.links.alias.is_none() => {
            items.into_iter().map(mapping).collect()
        }
        _ => mapping(entry.value).map(|source| vec![source]),
    }
}

fn inherit(mut entry: Entry) -> Entry {
    detach(&mut entry.key);
    detach(&mut entry.value);
    entry.key.links.merged = true;
    entry
}

/// Makes a copy stand on its own: no place in the text, no comments, no anchors.
fn detach(node: &mut Node) {
    node.links = Links::default();
    node.comments = Comments::default();
    node.span = None;
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter_mut().for_each(detach),
        Value::Mapping(entries) => entries.iter_mut().for_each(|entry| {
            detach(&mut entry.key);
            detach(&mut entry.value);
        }),
    }
}

struct Merging {
    entries: Vec<Entry>,
    places: HashMap<String, usize>,
}

impl Merging {
    fn put(&mut self, entry: Entry) {
        let name = entry.name().into_owned();
        match self.places.get(&name).and_then(|at| self.entries.get_mut(*at)) {
            Some(place) => *place = entry,
            None => {
                self.places.insert(name, self.entries.len());
                self.entries.push(entry);
            }
        }
    }
}
