//! Field paths as results of functions and validators write them: `spec.containers[3].image`.
//!
//! Such paths are ambiguous where keys contain dots; they are read against a tree, longest key first. It
//! knows no patterns and no schema.

use std::fmt;

use crate::node::{Node, Value};

/// A way from the root of a tree to one of its nodes. Displays as `spec.containers[3].image`; a key that
/// would be ambiguous is quoted, as in `metadata.labels['a.b/c']`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Path {
    /// The steps from the root. None: the root itself.
    pub steps: Vec<Step>,
}

/// One step into a collection.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// Into a mapping, by the key as kubectl reads it.
    Key(String),
    /// Into a sequence, from 0.
    Index(usize),
}

impl Path {
    /// The path one step further.
    pub(crate) fn join(&self, step: Step) -> Path {
        let mut steps = self.steps.clone();
        steps.push(step);
        Path { steps }
    }

    /// The node at this path.
    pub fn find<'n>(&self, root: &'n Node) -> Option<&'n Node> {
        self.steps.iter().try_fold(root, |node, step| match step {
            Step::Key(key) => node.get(key),
            Step::Index(index) => node.as_sequence()?.get(*index),
        })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if key.is_empty() || key.contains(['.', '[', ']', '\'', '"']) => {
                    let quote = if key.contains('\'') { '"' } else { '\'' };
                    write!(f, "[{quote}{key}{quote}]")?;
                }
                Step::Key(key) if index == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

/// The node a field path names, with its span for an editor to jump to.
///
/// Reads dots, indexes (`[3]`), quoted keys (`['a.b']`, `["a.b"]`) and items by a field
/// (`[name=web]`). Keys with dots are found without quotes as well; of several readings the one with the
/// longest key first wins. `None` if nothing is there or the path is malformed.
pub fn locate<'n>(root: &'n Node, path: &str) -> Option<&'n Node> {
    let path = path.strip_prefix('$').unwrap_or(path);
    step(root, path.strip_prefix('.').unwrap_or(path))
}

/// Follows the rest of a path. Every call goes one level down the tree, so its depth bounds the recursion.
fn step<'n>(node: &'n Node, rest: &str) -> Option<&'n Node> {
    if rest.is_empty() {
        return Some(node);
    }
    if let Some(inside) = rest.strip_prefix('[') {
        return bracket(node, inside);
    }
    let Value::Mapping(entries) = &node.value else { return None };
    let mut candidates: Vec<_> = entries
        .iter()
        .filter_map(|entry| {
            let name = entry.name();
            let after = rest.strip_prefix(&*name).filter(|_| !name.is_empty())?;
            let is_whole = after.is_empty() || after.starts_with(['.', '[']);
            is_whole.then_some((name.len(), &entry.value, after))
        })
        .collect();
    candidates.sort_by_key(|(length, ..)| std::cmp::Reverse(*length));
    candidates.into_iter().find_map(|(_, value, after)| follow(value, after))
}

fn follow<'n>(node: &'n Node, after: &str) -> Option<&'n Node> {
    match after.strip_prefix('.') {
        Some("") => None,
        Some(rest) => step(node, rest),
        None => step(node, after),
    }
}

fn bracket<'n>(node: &'n Node, inside: &str) -> Option<&'n Node> {
    for quote in ['\'', '"'] {
        if let Some(quoted) = inside.strip_prefix(quote) {
            let (key, after) = quoted.split_once(&format!("{quote}]"))?;
            return follow(node.get(key)?, after);
        }
    }
    let (text, after) = inside.split_once(']')?;
    let items = node.as_sequence();
    let item = match (text.parse::<usize>(), text.split_once('=')) {
        (Ok(index), _) => items?.get(index)?,
        (Err(_), Some((key, value))) => {
            items?.iter().find(|item| item.get(key).and_then(Node::scalar_text) == Some(value))?
        }
        (Err(_), None) => node.get(text)?,
    };
    follow(item, after)
}
