//! Which element of an old list became which element of a new one.
//!
//! Elements are matched by identity where they have one (an object's kind and name, a container's name),
//! otherwise by equal value. Matches keep their order; a moved element counts as removed and added.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::node::{Node, Value};
use crate::scalar::Scalar;

/// One element of the old list, of the new one, or of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) old: Option<usize>,
    pub(crate) new: Option<usize>,
}

/// The keys by which Kubernetes merges lists of mappings, as kustomize tries them in order.
const MERGE_KEYS: [&str; 9] =
    ["name", "mountPath", "devicePath", "ip", "type", "topologyKey", "containerPort", "key", "port"];

/// Pairs up two lists, in the order of the new one, removed elements where they stood.
pub(crate) fn align(old: &[Node], new: &[Node]) -> Vec<Pair> {
    let (old_ids, new_ids) = identities(old, new);
    let is_by_name = old_ids.first().is_some_and(|it| matches!(it, Identity::Name(..)));
    let matches = increasing(&matches(&old_ids, &new_ids));
    let mut pairs = Vec::with_capacity(old.len().max(new.len()));
    let (mut next_old, mut next_new) = (0, 0);
    for (at_old, at_new) in matches.into_iter().chain([(old.len(), new.len())]) {
        gap(&mut pairs, next_old..at_old, next_new..at_new, is_by_name);
        if at_old < old.len() {
            pairs.push(Pair { old: Some(at_old), new: Some(at_new) });
        }
        (next_old, next_new) = (at_old + 1, at_new + 1);
    }
    pairs
}

/// Pairs what stands between two matches: what takes the place of something is a change of it.
fn gap(pairs: &mut Vec<Pair>, old: std::ops::Range<usize>, new: std::ops::Range<usize>, is_by_name: bool) {
    let is_rename = old.len() == new.len();
    let both = if is_by_name && !is_rename { 0 } else { old.len().min(new.len()) };
    pairs.extend(old.clone().zip(new.clone()).take(both).map(|(a, b)| Pair { old: Some(a), new: Some(b) }));
    pairs.extend(old.skip(both).map(|it| Pair { old: Some(it), new: None }));
    pairs.extend(new.skip(both).map(|it| Pair { old: None, new: Some(it) }));
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Identity {
    Name(String),
    Value(u64),
}

fn identities(old: &[Node], new: &[Node]) -> (Vec<Identity>, Vec<Identity>) {
    let by_object = (named(old, object_name), named(new, object_name));
    if let (Some(old), Some(new)) = by_object {
        return (old, new);
    }
    for key in MERGE_KEYS {
        let name = |node: &Node| node.get(key)?.scalar_text().map(str::to_owned);
        if let (Some(old), Some(new)) = (named(old, name), named(new, name)) {
            return (old, new);
        }
    }
    let by_value = |nodes: &[Node]| nodes.iter().map(|node| Identity::Value(fingerprint(node))).collect();
    (by_value(old), by_value(new))
}

/// The names of all elements, if every one has a name of its own.
fn named(nodes: &[Node], name: impl Fn(&Node) -> Option<String>) -> Option<Vec<Identity>> {
    let names: Vec<_> = nodes.iter().map(|node| name(node).map(Identity::Name)).collect::<Option<_>>()?;
    let distinct: std::collections::HashSet<_> = names.iter().collect();
    (distinct.len() == names.len()).then_some(names)
}

/// What tells a Kubernetes object from others in a list.
fn object_name(node: &Node) -> Option<String> {
    let kind = node.get("kind")?.scalar_text()?;
    let metadata = node.get("metadata")?;
    let name = metadata.get("name")?.scalar_text()?;
    let namespace = metadata.get("namespace").and_then(Node::scalar_text).unwrap_or_default();
    Some(format!("{kind}/{namespace}/{name}"))
}

/// A number that is equal for values that are the same to kubectl.
fn fingerprint(node: &Node) -> u64 {
    let mut hasher = DefaultHasher::new();
    match &node.value {
        Value::Scalar(_) => hash_scalar(&node.resolve(), &mut hasher),
        Value::Sequence(items) => items.iter().for_each(|item| fingerprint(item).hash(&mut hasher)),
        Value::Mapping(entries) => {
            let entry = |name: &str, value: &Node| {
                let mut hasher = DefaultHasher::new();
                (name, fingerprint(value)).hash(&mut hasher);
                hasher.finish()
            };
            // A sum, because the order of keys does not count.
            let sum = entries.iter().map(|it| entry(&it.name(), &it.value)).fold(1u64, u64::wrapping_add);
            sum.hash(&mut hasher);
        }
    }
    hasher.finish()
}

fn hash_scalar(scalar: &Scalar<'_>, hasher: &mut DefaultHasher) {
    match scalar.number().unwrap_or_else(|| scalar.clone()) {
        Scalar::Null => 0.hash(hasher),
        Scalar::Bool(value) => value.hash(hasher),
        Scalar::Int(value) => value.hash(hasher),
        Scalar::Float(value) => value.to_bits().hash(hasher),
        Scalar::String(text) => text.hash(hasher),
    }
}

/// Pairs of equal identity, the first with the first and so on, by position in the new list. Common
/// elements at both ends are paired first, so that one of several equal ones is found where it was.
fn matches(old: &[Identity], new: &[Identity]) -> Vec<(usize, usize)> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let shorter = old.len().min(new.len());
    let tail =
        old.iter().rev().zip(new.iter().rev()).take(shorter - start).take_while(|(a, b)| a == b).count();
    let mut places: HashMap<&Identity, Vec<usize>> = HashMap::new();
    for (index, identity) in old.iter().enumerate().take(old.len() - tail).skip(start).rev() {
        places.entry(identity).or_default().push(index);
    }
    let middle = new.iter().enumerate().take(new.len() - tail).skip(start);
    let middle = middle.filter_map(|(index, identity)| Some((places.get_mut(identity)?.pop()?, index)));
    let mut pairs: Vec<_> = (0..start).map(|it| (it, it)).chain(middle).collect();
    pairs.extend((0..tail).rev().map(|it| (old.len() - 1 - it, new.len() - 1 - it)));
    pairs
}

/// The longest run of pairs whose old positions increase.
fn increasing(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For every length, the pair that ends the best run of that length, and each pair's predecessor.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let old_of = |index: usize| pairs.get(index).map_or(0, |it| it.0);
    for (index, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| old_of(*end) < pair.0);
        before.push(length.checked_sub(1).and_then(|it| ends.get(it).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut run = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(index) = next {
        run.extend(pairs.get(index).copied());
        next = before.get(index).copied().flatten();
    }
    run.reverse();
    run
}
