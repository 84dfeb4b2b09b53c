//! Prepared modules by content: the last few, so that a pipeline or the next run does not prepare them again.
//!
//! Says nothing of what is kept: each machine keeps its own.

use sha2::{Digest, Sha256};

use super::{HostFunction, Name};

/// How many prepared modules are kept. A pipeline rarely has more; each costs a few times its size.
const KEPT_MODULES: usize = 8;

/// The modules that were asked for last.
#[derive(Debug)]
pub struct Kept<T> {
    /// The one that was asked for last stands last.
    entries: Vec<(Key, T)>,
}

/// A module's digest, and the host functions that it was linked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key([u8; 32], Vec<(Name, Name)>);

impl Key {
    /// The key of a module linked to this table.
    #[must_use]
    pub fn new(module: &[u8], table: &[HostFunction]) -> Self {
        let names = table.iter().map(|function| (function.module.clone(), function.name.clone())).collect();
        Self(Sha256::digest(module).into(), names)
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<T: Clone> Kept<T> {
    /// The module under this key, if it is still kept.
    pub fn find(&mut self, key: &Key) -> Option<T> {
        let place = self.entries.iter().position(|(other, _)| other == key)?;
        let entry = self.entries.remove(place);
        let found = entry.1.clone();
        self.entries.push(entry);
        Some(found)
    }

    /// Keeps a module, and lets go of the one that was not asked for longest.
    pub fn keep(&mut self, key: Key, module: T) {
        if self.entries.len() >= KEPT_MODULES {
            self.entries.remove(0);
        }
        self.entries.push((key, module));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_kept() {
        let key = |number: u8| Key::new(&[number], &[]);
        let mut kept = Kept::default();
        for number in 0..8 {
            kept.keep(key(number), number);
        }
        assert_eq!(kept.find(&key(0)), Some(0));
        kept.keep(key(8), 8);
        assert_eq!((kept.find(&key(0)), kept.find(&key(1)), kept.find(&key(8))), (Some(0), None, Some(8)));
    }
}
