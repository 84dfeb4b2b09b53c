//! From a guest's path to a node: component by component, below the directory it starts from.
//!
//! It never leaves that directory: not by `..`, not by an absolute path, not through a symbolic link.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Errno, Files, Kind, NAME_LIMIT, NodeId};

/// How many symbolic links one path may lead through, as in the portable minimum of POSIX times four.
const LINK_LIMIT: usize = 32;

/// What to do with a symbolic link in the last place of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::wasi) enum Last {
    /// Follow it.
    Follow,
    /// Stay on it, unless the path ends in a slash, which asks for the directory behind it.
    Stay,
    /// Stay on it always: for what works on names.
    Name,
}

/// Where a path leads.
#[derive(Debug)]
pub(in crate::wasi) struct Found {
    /// Where.
    pub(in crate::wasi) place: Final,
    /// Whether the path ends in a slash, and so wants a directory.
    pub(in crate::wasi) slash: bool,
}

/// The last place of a path.
#[derive(Debug)]
pub(in crate::wasi) enum Final {
    /// A directory that the path reaches as `.` or `..`, not by a name.
    Directory(NodeId),
    /// An entry of a directory, which may not exist.
    Entry {
        /// The directory.
        parent: NodeId,
        /// The entry's name.
        name: Arc<str>,
        /// What it names, if it exists.
        node: Option<NodeId>,
    },
}

impl Found {
    /// The node, if there is one.
    pub(in crate::wasi) fn node(&self) -> Option<NodeId> {
        match &self.place {
            Final::Directory(id) => Some(*id),
            Final::Entry { node, .. } => *node,
        }
    }

    /// The node.
    ///
    /// # Errors
    /// [`Errno::Noent`] when the path leads to nothing.
    pub(in crate::wasi) fn existing(&self) -> Result<NodeId, Errno> {
        self.node().ok_or(Errno::Noent)
    }
}

/// A walk under way.
struct Walk {
    /// The directories from the start down to here.
    above: Vec<NodeId>,
    /// What is still to be walked.
    left: VecDeque<Arc<str>>,
    slash: bool,
    links: usize,
    /// How many components there were so far, those of links included.
    steps: u64,
}

impl Files {
    /// Walks `path` from the directory `start`, and adds to `steps` how many components that took, also when
    /// it fails: a guest can make one short path lead through thousands.
    ///
    /// # Errors
    /// `PERM` when the path leaves `start`, `NOENT` and `NOTDIR` when something above the last place is
    /// missing or no directory, `NOTDIR` also when the path ends in a slash and leads to no directory, `LOOP`
    /// after too many links, `NAMETOOLONG`, and `NOENT` for an empty path.
    pub(in crate::wasi) fn find(
        &self,
        start: NodeId,
        path: &str,
        last: Last,
        steps: &mut u64,
    ) -> Result<Found, Errno> {
        let mut walk = Walk { above: vec![start], left: VecDeque::new(), slash: false, links: 0, steps: 0 };
        let found = self.walk(&mut walk, start, path, last);
        *steps = steps.saturating_add(walk.steps);
        found
    }

    fn walk(&self, walk: &mut Walk, start: NodeId, path: &str, last: Last) -> Result<Found, Errno> {
        walk.push(path)?;
        while let Some(name) = walk.left.pop_front() {
            let here = walk.here(start);
            match name.as_ref() {
                "." => {}
                ".." => walk.leave()?,
                name_of_entry => {
                    let node = self.directory(here)?.get(name_of_entry);
                    if let Some(found) = self.step(walk, here, &name, node, last)? {
                        return Ok(found);
                    }
                }
            }
        }
        let here = walk.here(start);
        self.directory(here)?;
        Ok(Found { place: Final::Directory(here), slash: walk.slash })
    }

    /// One step to an entry: gives where the walk ends if it ends here.
    fn step(
        &self,
        walk: &mut Walk,
        parent: NodeId,
        name: &Arc<str>,
        node: Option<NodeId>,
        last: Last,
    ) -> Result<Option<Found>, Errno> {
        let is_last = walk.left.is_empty();
        let kind = node.map(|id| self.node(id).map(|node| &node.kind)).transpose()?;
        let stays = is_last && (last == Last::Name || (last == Last::Stay && !walk.slash));
        match (kind, node) {
            (Some(Kind::Link(target)), _) if !stays => {
                walk.follow(target)?;
                Ok(None)
            }
            (Some(Kind::Directory(_)), Some(id)) if !is_last => {
                walk.above.push(id);
                Ok(None)
            }
            (None, _) if !is_last => Err(Errno::Noent),
            (Some(Kind::File(_)), _) if !is_last => Err(Errno::Notdir),
            (Some(Kind::File(_) | Kind::Link(_)), _) if walk.slash => Err(Errno::Notdir),
            _ => {
                let place = Final::Entry { parent, name: Arc::clone(name), node };
                Ok(Some(Found { place, slash: walk.slash }))
            }
        }
    }
}

impl Walk {
    fn here(&self, start: NodeId) -> NodeId {
        self.above.last().copied().unwrap_or(start)
    }

    /// Puts the components of `path` before what is left.
    fn push(&mut self, path: &str) -> Result<(), Errno> {
        if path.is_empty() {
            return Err(Errno::Noent);
        }
        if path.starts_with('/') {
            return Err(Errno::Perm);
        }
        if self.left.is_empty() {
            self.slash |= path.ends_with('/');
        }
        for name in path.rsplit('/').filter(|name| !name.is_empty()) {
            if name.len() > NAME_LIMIT {
                return Err(Errno::Nametoolong);
            }
            self.left.push_front(Arc::from(name));
            self.steps += 1;
        }
        Ok(())
    }

    fn leave(&mut self) -> Result<(), Errno> {
        if self.above.len() < 2 {
            return Err(Errno::Perm);
        }
        self.above.pop();
        Ok(())
    }

    fn follow(&mut self, target: &str) -> Result<(), Errno> {
        self.links += 1;
        if self.links > LINK_LIMIT {
            return Err(Errno::Loop);
        }
        self.push(target)
    }
}
