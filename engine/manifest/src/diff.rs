//! What changed between two trees, field by field.
//!
//! Only values count, as kubectl reads them; comments, styles and the order of keys do not. Lists are
//! aligned as in splicing, so that an inserted container is one addition.

use std::collections::HashMap;

use crate::align::align;
use crate::json;
use crate::node::{Node, Value};
use crate::path::{Path, Step};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where. For something removed, its place in the old tree, otherwise in the new one.
    pub path: Path,
    /// What happened there.
    pub kind: ChangeKind,
    /// The value before, shortened. `None` if it was added.
    pub old: Option<String>,
    /// The value after, shortened. `None` if it was removed.
    pub new: Option<String>,
}

/// What happened to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another value.
    Changed,
}

/// Longest value text in a change, in characters: about a line of a diff.
const VALUE_CHARS: usize = 120;

/// The changes from `old` to `new`: one for every scalar that differs, one for every part that was added or
/// removed as a whole, in the order of the new tree.
pub fn diff(old: &Node, new: &Node) -> Vec<Change> {
    let mut changes = Vec::new();
    compare(&Path::default(), old, new, &mut changes);
    changes
}

fn compare(path: &Path, old: &Node, new: &Node, changes: &mut Vec<Change>) {
    match (&old.value, &new.value) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            let before: HashMap<_, _> = old.iter().map(|entry| (entry.name(), entry)).collect();
            let after: HashMap<_, _> = new.iter().map(|entry| (entry.name(), entry)).collect();
            for entry in old.iter().filter(|entry| !after.contains_key(&entry.name())) {
                changes.push(removed(path.join(Step::Key(entry.name().into_owned())), &entry.value));
            }
            for entry in new {
                let path = path.join(Step::Key(entry.name().into_owned()));
                match before.get(&entry.name()) {
                    Some(old) => compare(&path, &old.value, &entry.value, changes),
                    None => changes.push(added(path, &entry.value)),
                }
            }
        }
        (Value::Sequence(old), Value::Sequence(new)) => {
            for pair in align(old, new) {
                let before = pair.old.and_then(|index| Some((index, old.get(index)?)));
                let after = pair.new.and_then(|index| Some((index, new.get(index)?)));
                match (before, after) {
                    (Some((_, old)), Some((index, new))) => {
                        compare(&path.join(Step::Index(index)), old, new, changes);
                    }
                    (Some((index, old)), None) => changes.push(removed(path.join(Step::Index(index)), old)),
                    (None, Some((index, new))) => changes.push(added(path.join(Step::Index(index)), new)),
                    (None, None) => {}
                }
            }
        }
        _ if old.same(new) => {}
        _ => changes.push(Change {
            path: path.clone(),
            kind: ChangeKind::Changed,
            old: Some(short(old)),
            new: Some(short(new)),
        }),
    }
}

fn added(path: Path, new: &Node) -> Change {
    Change { path, kind: ChangeKind::Added, old: None, new: Some(short(new)) }
}

fn removed(path: Path, old: &Node) -> Change {
    Change { path, kind: ChangeKind::Removed, old: Some(short(old)), new: None }
}

/// A string as it is, anything else as JSON, cut to a line.
fn short(node: &Node) -> String {
    let text = match node.as_str() {
        Some(text) => text.to_owned(),
        None => json::to_json(node).to_string(),
    };
    if text.chars().count() <= VALUE_CHARS {
        return text;
    }
    text.chars().take(VALUE_CHARS - 1).chain(['…']).collect()
}
