//! The guest's files: a tree in memory, with everything a Unix file system has and nothing of the machine's.
//!
//! It touches no disk. All it keeps is charged against the budget, each node and name included, so that a
//! million empty files are not free.

mod content;
mod entries;
mod lookup;
mod node;
#[cfg(feature = "commands")]
mod tree;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) use self::lookup::{Final, Found, Last};
pub(super) use self::node::{Cookie, Kind, Node, NodeId, Times};

use self::node::Directory;
use super::errno::Errno;

/// What a node is charged beside its bytes: its place in the tree and its counts, rounded up.
const NODE_CHARGE: u64 = 512;

/// What an entry is charged beside its name: two places in its directory, rounded up.
const NAME_CHARGE: u64 = 256;

/// The longest path that a guest may pass, in bytes: `PATH_MAX` of Linux.
pub(super) const PATH_LIMIT: usize = 4096;

/// The longest name of an entry, in bytes: `NAME_MAX` of Linux.
const NAME_LIMIT: usize = 255;

/// The root of the tree.
pub(super) const ROOT: NodeId = NodeId(1);

/// A tree of files in memory.
#[derive(Debug)]
pub struct Files {
    nodes: BTreeMap<NodeId, Node>,
    next: u64,
    used: u64,
    limit: u64,
    /// The time of what the host writes.
    now: u64,
}

/// Why the host could not keep a file for a guest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot keep `{path}` in the guest's files: {cause}")]
pub struct FilesError {
    /// The path as it was given.
    pub path: String,
    /// What a guest would be told.
    pub cause: Errno,
}

impl Files {
    /// An empty tree that keeps at most `limit` bytes; what the host writes is dated `now`, in nanoseconds.
    pub(super) fn new(limit: u64, now: u64) -> Self {
        let root =
            Node { kind: Kind::Directory(Directory::new(ROOT)), links: 2, open: 0, times: Times::all(now) };
        Self { nodes: BTreeMap::from([(ROOT, root)]), next: ROOT.0 + 1, used: 0, limit, now }
    }

    /// Writes a whole file, with the directories above it. A file that is there is replaced in place, so that
    /// its hard links see the change.
    ///
    /// # Errors
    /// [`FilesError`] when the path leaves the tree, names a directory or is too long, or the budget for files
    /// is used up.
    pub fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), FilesError> {
        self.write_file(path, bytes).map_err(|cause| FilesError { path: path.to_owned(), cause })
    }

    /// Makes a directory, with those above it. One that is there is left as it is.
    ///
    /// # Errors
    /// [`FilesError`] as for [`Files::write`].
    pub fn make_directory(&mut self, path: &str) -> Result<(), FilesError> {
        self.make_directories(path).map(|_| ()).map_err(|cause| FilesError { path: path.to_owned(), cause })
    }

    /// The bytes of a file, following symbolic links; nothing when there is no such file.
    #[must_use]
    pub fn read(&self, path: &str) -> Option<&[u8]> {
        let found = self.find(ROOT, relative(path), Last::Follow, &mut 0).ok()?;
        match &self.node(found.existing().ok()?).ok()?.kind {
            Kind::File(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The paths of all files, without a leading slash, in the order of their names within each directory. A
    /// file is listed under each of its names; paths that no guest could open are left out.
    #[must_use]
    pub fn list(&self) -> Vec<String> {
        let mut listed = Vec::new();
        // A stack and not recursion: a guest chooses the depth.
        let mut waiting = vec![(String::new(), ROOT)];
        while let Some((path, id)) = waiting.pop() {
            match self.node(id).map(|node| &node.kind) {
                Ok(Kind::File(_)) => listed.push(path),
                Ok(Kind::Directory(directory)) => {
                    let below = directory.by_name().map(|(name, node)| (join(&path, name), node));
                    waiting.extend(below.filter(|(path, _)| path.len() <= PATH_LIMIT));
                }
                _ => {}
            }
        }
        listed.sort();
        listed
    }

    /// How many bytes are charged against the budget now.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.used
    }

    fn write_file(&mut self, path: &str, bytes: &[u8]) -> Result<(), Errno> {
        let path = relative(path);
        let (above, _) = path.rsplit_once('/').unwrap_or(("", path));
        let above = self.make_directories(above)?;
        let name = path.rsplit('/').next().unwrap_or(path);
        let now = self.now;
        let found = self.find(above, name, Last::Follow, &mut 0)?;
        let id = match found.node() {
            Some(id) => id,
            None => self.create_file(&found, now)?,
        };
        self.resize(id, 0, now)?;
        let written = self.write_at(id, 0, bytes, now)?;
        if written == bytes.len() { Ok(()) } else { Err(Errno::Nospc) }
    }

    pub(super) fn make_directories(&mut self, path: &str) -> Result<NodeId, Errno> {
        let now = self.now;
        let mut at = ROOT;
        for name in path.split('/').filter(|name| !name.is_empty() && *name != ".") {
            let found = self.find(at, name, Last::Follow, &mut 0)?;
            at = match found.node() {
                Some(id) if self.is_directory(id) => id,
                Some(_) => return Err(Errno::Notdir),
                None => self.create_directory(&found, now)?,
            };
        }
        Ok(at)
    }

    /// The node of this id.
    pub(super) fn node(&self, id: NodeId) -> Result<&Node, Errno> {
        // A descriptor or an entry keeps its node alive: a missing one would be a defect of this host.
        self.nodes.get(&id).ok_or(Errno::Noent)
    }

    pub(super) fn node_mut(&mut self, id: NodeId) -> Result<&mut Node, Errno> {
        self.nodes.get_mut(&id).ok_or(Errno::Noent)
    }

    fn directory(&self, id: NodeId) -> Result<&Directory, Errno> {
        match &self.node(id)?.kind {
            Kind::Directory(directory) => Ok(directory),
            _ => Err(Errno::Notdir),
        }
    }

    fn directory_mut(&mut self, id: NodeId) -> Result<&mut Directory, Errno> {
        match &mut self.node_mut(id)?.kind {
            Kind::Directory(directory) => Ok(directory),
            _ => Err(Errno::Notdir),
        }
    }

    pub(super) fn is_directory(&self, id: NodeId) -> bool {
        self.directory(id).is_ok()
    }

    /// The directory above a directory.
    pub(super) fn parent(&self, id: NodeId) -> Result<NodeId, Errno> {
        self.directory(id).map(|directory| directory.parent)
    }

    /// The first entry of a directory after `cookie`: its cookie, name and node.
    pub(super) fn entry_after(
        &self,
        id: NodeId,
        cookie: Cookie,
    ) -> Result<Option<(Cookie, Arc<str>, NodeId)>, Errno> {
        let entry = self.directory(id)?.after(cookie);
        Ok(entry.map(|(cookie, name, node)| (cookie, Arc::clone(name), node)))
    }

    /// Notes that a descriptor holds the node.
    pub(super) fn hold(&mut self, id: NodeId) -> Result<(), Errno> {
        let node = self.node_mut(id)?;
        node.open = node.open.saturating_add(1);
        Ok(())
    }

    /// Notes that a descriptor let go of the node, which ends a node without names.
    pub(super) fn release(&mut self, id: NodeId) {
        if let Ok(node) = self.node_mut(id) {
            node.open = node.open.saturating_sub(1);
        }
        self.forget_unless_needed(id);
    }

    fn forget_unless_needed(&mut self, id: NodeId) {
        let Ok(node) = self.node(id) else { return };
        if node.links > 0 || node.open > 0 {
            return;
        }
        let bytes = match &node.kind {
            Kind::File(bytes) => bytes.len() as u64,
            Kind::Directory(_) => 0,
            Kind::Link(target) => target.len() as u64,
        };
        self.nodes.remove(&id);
        self.refund(NODE_CHARGE.saturating_add(bytes));
    }

    fn charge(&mut self, bytes: u64) -> Result<(), Errno> {
        let used = self.used.checked_add(bytes).filter(|used| *used <= self.limit).ok_or(Errno::Nospc)?;
        self.used = used;
        Ok(())
    }

    fn refund(&mut self, bytes: u64) {
        self.used = self.used.saturating_sub(bytes);
    }
}

/// A path of the host: a leading slash means the root of the tree, as everywhere.
fn relative(path: &str) -> &str {
    path.trim_start_matches('/')
}

fn join(above: &str, name: &str) -> String {
    if above.is_empty() { name.to_owned() } else { format!("{above}/{name}") }
}
