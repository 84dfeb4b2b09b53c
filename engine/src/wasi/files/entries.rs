//! The names in directories: making, linking, moving and removing them.
//!
//! It asks nobody for permission: the functions that guests call have done so.

use std::sync::Arc;

use super::node::Directory;
use super::{Errno, Files, Final, Found, Kind, NAME_CHARGE, NODE_CHARGE, Node, NodeId, Times};

impl Files {
    /// Makes an empty file where a path found nothing.
    ///
    /// # Errors
    /// `ISDIR` when the path ends in a slash, `NOENT` when the directory has been removed, `NOSPC`.
    pub(in crate::wasi) fn create_file(&mut self, found: &Found, now: u64) -> Result<NodeId, Errno> {
        if found.slash {
            return Err(Errno::Isdir);
        }
        let (parent, name) = free_entry(found)?;
        self.create(parent, name, Kind::File(Vec::new()), now)
    }

    /// Makes a directory where a path found nothing.
    ///
    /// # Errors
    /// `EXIST` when there is something, `NOENT`, `NOSPC`.
    pub(in crate::wasi) fn create_directory(&mut self, found: &Found, now: u64) -> Result<NodeId, Errno> {
        let (parent, name) = free_entry(found)?;
        let id = self.create(parent, name, Kind::Directory(Directory::new(parent)), now)?;
        self.add_links(parent, 1)?;
        Ok(id)
    }

    /// Makes a symbolic link where a path found nothing.
    ///
    /// # Errors
    /// `EXIST`; `NOENT` also when the path ends in a slash; `NOSPC`.
    pub(in crate::wasi) fn create_link(
        &mut self,
        found: &Found,
        target: &str,
        now: u64,
    ) -> Result<(), Errno> {
        let (parent, name) = free_entry(found)?;
        if found.slash {
            return Err(Errno::Noent);
        }
        self.create(parent, name, Kind::Link(Arc::from(target)), now).map(|_| ())
    }

    /// Gives the node of `source` a second name where a path found nothing.
    ///
    /// # Errors
    /// `PERM` for a directory; `EXIST`; `NOENT` when there is no source or the path ends in a slash; `NOSPC`.
    pub(in crate::wasi) fn add_name(
        &mut self,
        source: &Found,
        target: &Found,
        now: u64,
    ) -> Result<(), Errno> {
        let id = source.existing()?;
        let (parent, name) = free_entry(target)?;
        if self.is_directory(id) {
            return Err(Errno::Perm);
        }
        if target.slash {
            return Err(Errno::Noent);
        }
        self.insert(parent, name, id, now)?;
        self.add_links(id, 1)?;
        self.node_mut(id)?.times.changed = now;
        Ok(())
    }

    /// Removes a name of a file or link.
    ///
    /// # Errors
    /// `ISDIR` for a directory, `NOENT`.
    pub(in crate::wasi) fn unlink(&mut self, found: &Found, now: u64) -> Result<(), Errno> {
        let id = found.existing()?;
        let Final::Entry { parent, name, .. } = &found.place else { return Err(Errno::Isdir) };
        if self.is_directory(id) {
            return Err(Errno::Isdir);
        }
        self.remove(*parent, name, now)?;
        self.drop_name(id, now);
        Ok(())
    }

    /// Removes an empty directory.
    ///
    /// # Errors
    /// `NOTDIR` for anything else, `NOTEMPTY`, `NOENT`, and `INVAL` when the path reaches it as `.` or `..`.
    pub(in crate::wasi) fn remove_directory(&mut self, found: &Found, now: u64) -> Result<(), Errno> {
        let id = found.existing()?;
        let Final::Entry { parent, name, .. } = &found.place else { return Err(Errno::Inval) };
        if !self.directory(id)?.is_empty() {
            return Err(Errno::Notempty);
        }
        self.remove(*parent, name, now)?;
        self.drop_directory(*parent, id, now);
        Ok(())
    }

    /// Moves an entry to another place, replacing what is there as POSIX says; adds to `steps` how many
    /// directories were climbed.
    ///
    /// # Errors
    /// `NOENT`, `NOTDIR`, `ISDIR`, `NOTEMPTY`; `INVAL` into itself; `BUSY` for `.` and `..`; `NOSPC`.
    pub(in crate::wasi) fn rename(
        &mut self,
        from: &Found,
        to: &Found,
        now: u64,
        steps: &mut u64,
    ) -> Result<(), Errno> {
        let id = from.existing()?;
        let (Final::Entry { parent, name, .. }, Final::Entry { parent: new_parent, name: new_name, .. }) =
            (&from.place, &to.place)
        else {
            return Err(Errno::Busy);
        };
        let replaced = to.node();
        if replaced == Some(id) {
            return Ok(());
        }
        let moves_directory = self.is_directory(id);
        if moves_directory {
            self.check_outside(*new_parent, id, steps)?;
        }
        self.check_replaced(moves_directory, replaced, to.slash)?;
        self.insert(*new_parent, new_name, id, now)?;
        self.remove(*parent, name, now)?;
        match replaced {
            Some(old) if self.is_directory(old) => self.drop_directory(*new_parent, old, now),
            Some(old) => self.drop_name(old, now),
            None => {}
        }
        if moves_directory {
            self.directory_mut(id)?.parent = *new_parent;
            self.remove_link(*parent);
            self.add_links(*new_parent, 1)?;
        }
        self.node_mut(id)?.times.changed = now;
        Ok(())
    }

    fn check_replaced(
        &self,
        moves_directory: bool,
        replaced: Option<NodeId>,
        slash: bool,
    ) -> Result<(), Errno> {
        match (moves_directory, replaced) {
            (true, Some(old)) if !self.directory(old)?.is_empty() => Err(Errno::Notempty),
            (false, Some(old)) if self.is_directory(old) => Err(Errno::Isdir),
            (false, None) if slash => Err(Errno::Notdir),
            _ => Ok(()),
        }
    }

    /// Fails when `below` is `directory` or lies in it.
    fn check_outside(&self, below: NodeId, directory: NodeId, steps: &mut u64) -> Result<(), Errno> {
        let mut at = below;
        loop {
            *steps = steps.saturating_add(1);
            if at == directory {
                return Err(Errno::Inval);
            }
            let parent = self.parent(at)?;
            if parent == at {
                return Ok(());
            }
            at = parent;
        }
    }

    fn create(&mut self, parent: NodeId, name: &str, kind: Kind, now: u64) -> Result<NodeId, Errno> {
        let (links, bytes) = match &kind {
            Kind::File(_) => (1, 0),
            Kind::Directory(_) => (2, 0),
            Kind::Link(target) => (1, target.len() as u64),
        };
        let charge = NODE_CHARGE.saturating_add(bytes);
        self.charge(charge)?;
        let id = NodeId(self.next);
        if let Err(errno) = self.insert(parent, name, id, now) {
            self.refund(charge);
            return Err(errno);
        }
        self.next = self.next.saturating_add(1);
        self.nodes.insert(id, Node { kind, links, open: 0, times: Times::all(now) });
        Ok(id)
    }

    /// Adds an entry or points one elsewhere.
    fn insert(&mut self, parent: NodeId, name: &str, id: NodeId, now: u64) -> Result<(), Errno> {
        if self.node(parent)?.links == 0 {
            return Err(Errno::Noent);
        }
        if self.directory(parent)?.get(name).is_none() {
            self.charge(NAME_CHARGE.saturating_add(name.len() as u64))?;
        }
        self.directory_mut(parent)?.insert(name, id);
        self.touch(parent, now);
        Ok(())
    }

    fn remove(&mut self, parent: NodeId, name: &str, now: u64) -> Result<(), Errno> {
        self.directory_mut(parent)?.remove(name);
        self.refund(NAME_CHARGE.saturating_add(name.len() as u64));
        self.touch(parent, now);
        Ok(())
    }

    fn touch(&mut self, directory: NodeId, now: u64) {
        if let Ok(node) = self.node_mut(directory) {
            node.times.modified = now;
            node.times.changed = now;
        }
    }

    fn add_links(&mut self, id: NodeId, more: u64) -> Result<(), Errno> {
        let node = self.node_mut(id)?;
        node.links = node.links.saturating_add(more);
        Ok(())
    }

    fn remove_link(&mut self, id: NodeId) {
        if let Ok(node) = self.node_mut(id) {
            node.links = node.links.saturating_sub(1);
        }
    }

    /// A file or link has one name less.
    fn drop_name(&mut self, id: NodeId, now: u64) {
        self.remove_link(id);
        if let Ok(node) = self.node_mut(id) {
            node.times.changed = now;
        }
        self.forget_unless_needed(id);
    }

    /// A directory has lost its name: both its links and its `..`.
    fn drop_directory(&mut self, parent: NodeId, id: NodeId, now: u64) {
        self.remove_link(parent);
        if let Ok(node) = self.node_mut(id) {
            node.links = 0;
            node.times.changed = now;
        }
        self.forget_unless_needed(id);
    }
}

/// The directory and name of a path that found nothing.
fn free_entry(found: &Found) -> Result<(NodeId, &Arc<str>), Errno> {
    match &found.place {
        Final::Entry { parent, name, node: None } => Ok((*parent, name)),
        _ => Err(Errno::Exist),
    }
}
