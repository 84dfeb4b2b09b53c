//! One node of the file tree: a file, a directory or a symbolic link, with its times and counts.
//!
//! It knows nothing of budgets and paths; the tree does.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

/// What names a node for as long as the tree lives, and what guests see as its inode. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::wasi) struct NodeId(pub(in crate::wasi) u64);

/// The number of an entry within its directory, growing with every new entry: how a guest goes on reading a
/// directory that has changed meanwhile.
pub(in crate::wasi) type Cookie = u64;

/// The cookie of a directory's first real entry: `.` has 1 and `..` has 2.
const FIRST_COOKIE: Cookie = 3;

/// A node.
#[derive(Debug)]
pub(in crate::wasi) struct Node {
    /// What it is.
    pub(in crate::wasi) kind: Kind,
    /// How many names it has; for a directory what Unix counts: its name, its `.` and each `..` below it.
    /// A node that has none lives on while it is open.
    pub(in crate::wasi) links: u64,
    /// How many descriptors hold it.
    pub(in crate::wasi) open: u64,
    /// Its times.
    pub(in crate::wasi) times: Times,
}

/// What a node is.
#[derive(Debug)]
pub(in crate::wasi) enum Kind {
    /// A file's bytes.
    File(Vec<u8>),
    /// A directory's entries.
    Directory(Directory),
    /// A symbolic link's target: never absolute when a guest made it.
    Link(Arc<str>),
}

/// When a node was last accessed, modified and changed, in nanoseconds since 1970. Reading does not count as
/// an access, as on a disk mounted with `noatime`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::wasi) struct Times {
    /// Set on creation and by the guest.
    pub(in crate::wasi) accessed: u64,
    /// Set when the content changes, and by the guest.
    pub(in crate::wasi) modified: u64,
    /// Set when anything changes.
    pub(in crate::wasi) changed: u64,
}

impl Times {
    /// All three at `now`.
    pub(in crate::wasi) fn all(now: u64) -> Self {
        Self { accessed: now, modified: now, changed: now }
    }
}

/// A directory's entries, by name and in the order they came.
#[derive(Debug)]
pub(in crate::wasi) struct Directory {
    /// The directory that holds this one; the root holds itself.
    pub(in crate::wasi) parent: NodeId,
    entries: BTreeMap<Arc<str>, (NodeId, Cookie)>,
    order: BTreeMap<Cookie, Arc<str>>,
    next: Cookie,
}

impl Directory {
    pub(in crate::wasi) fn new(parent: NodeId) -> Self {
        Self { parent, entries: BTreeMap::new(), order: BTreeMap::new(), next: FIRST_COOKIE }
    }

    /// The node of this name.
    pub(in crate::wasi) fn get(&self, name: &str) -> Option<NodeId> {
        self.entries.get(name).map(|(node, _)| *node)
    }

    /// Whether there is no entry.
    pub(in crate::wasi) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds an entry, or points an entry of this name elsewhere.
    pub(in crate::wasi) fn insert(&mut self, name: &str, node: NodeId) {
        if let Some(entry) = self.entries.get_mut(name) {
            entry.0 = node;
            return;
        }
        let name: Arc<str> = Arc::from(name);
        let cookie = self.next;
        self.next = self.next.saturating_add(1);
        self.order.insert(cookie, Arc::clone(&name));
        self.entries.insert(name, (node, cookie));
    }

    /// Removes the entry of this name.
    pub(in crate::wasi) fn remove(&mut self, name: &str) {
        if let Some((_, cookie)) = self.entries.remove(name) {
            self.order.remove(&cookie);
        }
    }

    /// The first entry after `cookie`, with its own.
    pub(in crate::wasi) fn after(&self, cookie: Cookie) -> Option<(Cookie, &Arc<str>, NodeId)> {
        let (next, name) = self.order.range((Bound::Excluded(cookie), Bound::Unbounded)).next()?;
        let (node, _) = self.entries.get(name)?;
        Some((*next, name, *node))
    }

    /// All entries in the order of their names.
    pub(in crate::wasi) fn by_name(&self) -> impl Iterator<Item = (&Arc<str>, NodeId)> {
        self.entries.iter().map(|(name, (node, _))| (name, *node))
    }
}
