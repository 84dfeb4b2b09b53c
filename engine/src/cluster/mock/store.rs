//! What the mock holds: objects by where they stand, the version of the whole, and what stood there before.
//!
//! Bounded in objects and in bytes; what does not fit is refused and changes nothing.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::cluster::kinds::Kind;
use crate::words;

/// The most objects: a list of all of them still fits into an answer.
pub const MAX_OBJECTS: usize = 10_000;

/// The most bytes of all objects together, as JSON: each takes some times as much memory, and what was before stays
/// beside it.
pub const MAX_STORED_BYTES: usize = 16 << 20;

/// The deepest object: one that is listed must be readable, and readers stop at 128.
pub(super) const MAX_DEPTH: usize = 100;

/// Where an object stands. The order is that of the API server's storage.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) group: String,
    pub(super) plural: String,
    /// `namespace/name`, or `name`.
    pub(super) place: String,
}

impl Key {
    pub(super) fn new(kind: &Kind, namespace: &str, name: &str) -> Self {
        let place = if kind.namespaced { format!("{namespace}/{name}") } else { name.to_owned() };
        Self { group: kind.gvk.group.clone(), plural: kind.plural.clone(), place }
    }

    /// The namespace; empty where there is none.
    pub(super) fn namespace(&self) -> &str {
        self.place.split_once('/').map_or("", |(namespace, _)| namespace)
    }

    pub(super) fn name(&self) -> &str {
        self.place.split_once('/').map_or(self.place.as_str(), |(_, name)| name)
    }
}

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change<'a> {
    /// As it was pasted; nothing when it was created.
    pub before: Option<&'a Json>,
    /// As it is; nothing when it was deleted.
    pub after: Option<&'a Json>,
}

#[derive(Clone, Debug)]
struct Stored {
    object: Json,
    bytes: usize,
}

/// All objects.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    objects: BTreeMap<Key, Stored>,
    /// What stood where something was written, from before the first write there.
    before: BTreeMap<Key, Option<Json>>,
    bytes: usize,
    version: u64,
}

impl Store {
    /// The version of the whole: that of its last change.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// The version of the next change.
    pub(super) fn next_version(&mut self) -> u64 {
        self.version = self.version.saturating_add(1);
        self.version
    }

    /// Makes every version that is given from now on a later one.
    pub(super) fn reach_version(&mut self, version: u64) {
        self.version = self.version.max(version);
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Json> {
        self.objects.get(key).map(|stored| &stored.object)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&Key, &Json)> {
        self.objects.iter().map(|(key, stored)| (key, &stored.object))
    }

    /// The objects of a kind's resource, in any version, and of one namespace if it is given.
    pub(super) fn of<'a>(
        &'a self,
        kind: &'a Kind,
        namespace: Option<&'a str>,
    ) -> impl Iterator<Item = (&'a Key, &'a Json)> {
        let first = Key { place: String::new(), ..Key::new(kind, "", "") };
        self.objects
            .range(first..)
            .take_while(|(key, _)| key.group == kind.gvk.group && key.plural == kind.plural)
            .filter(move |(key, _)| namespace.is_none_or(|namespace| key.namespace() == namespace))
            .map(|(key, stored)| (key, &stored.object))
    }

    /// Puts an object where it is to stand.
    ///
    /// # Errors
    /// When there is no room, with the limit.
    pub(super) fn put(&mut self, key: Key, object: Json) -> Result<(), String> {
        if is_deeper(&object, MAX_DEPTH) {
            return Err(format!("an object may not be nested deeper than {MAX_DEPTH} levels"));
        }
        let bytes = object.to_string().len();
        let old = self.objects.get(&key).map(|stored| stored.bytes);
        let all = self.bytes.saturating_sub(old.unwrap_or_default()).saturating_add(bytes);
        if old.is_none() && self.objects.len() >= MAX_OBJECTS {
            return Err(format!(
                "the cluster holds no more than {}",
                words::count(MAX_OBJECTS as u64, "object")
            ));
        }
        if all > MAX_STORED_BYTES {
            let limit = words::grouped(MAX_STORED_BYTES as u64);
            return Err(format!("the cluster holds no more than {limit} bytes of objects"));
        }
        self.bytes = all;
        self.remember(&key);
        self.objects.insert(key, Stored { object, bytes });
        Ok(())
    }

    pub(super) fn remove(&mut self, key: &Key) {
        self.remember(key);
        if let Some(old) = self.objects.remove(key) {
            self.bytes = self.bytes.saturating_sub(old.bytes);
        }
        // What came and went is no change.
        if self.before.get(key).is_some_and(Option::is_none) {
            self.before.remove(key);
        }
    }

    fn remember(&mut self, key: &Key) {
        if !self.before.contains_key(key) {
            self.before.insert(key.clone(), self.get(key).cloned());
        }
    }

    /// Forgets what was before: what stands now is what was given.
    pub(super) fn begin(&mut self) {
        self.before.clear();
    }

    /// What became of every object that was written, in their order.
    pub(super) fn changes(&self) -> Vec<Change<'_>> {
        let all =
            self.before.iter().map(|(key, before)| Change { before: before.as_ref(), after: self.get(key) });
        all.filter(|change| change.before != change.after).collect()
    }
}

/// Whether a value is nested deeper than some levels. It looks no deeper itself.
pub(super) fn is_deeper(value: &Json, levels: usize) -> bool {
    let Some(left) = levels.checked_sub(1) else {
        return value.is_array() || value.is_object();
    };
    match value {
        Json::Array(items) => items.iter().any(|item| is_deeper(item, left)),
        Json::Object(fields) => fields.values().any(|field| is_deeper(field, left)),
        _ => false,
    }
}
