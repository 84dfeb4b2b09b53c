//! The table of open descriptors, and what stands behind each.
//!
//! It opens nothing by itself: at the start there are the three streams and what the host preopened.

use std::collections::BTreeMap;

use super::Grant;
use super::errno::{Errno, Outcome};
use super::files::{Files, NodeId};
use super::rights::{self, Rights};
use super::state;
use crate::machine::{Args, Guest};

/// How many descriptors may be open at once: the usual `ulimit -n`, which programs are written for.
const MOST_OPEN: usize = 1024;

/// An open descriptor.
#[derive(Debug)]
pub(super) struct Descriptor {
    /// What stands behind it.
    pub(super) object: Object,
    /// What it may be used for.
    pub(super) base: Rights,
    /// What is opened below it may at most be used for.
    pub(super) inheriting: Rights,
    /// The interface's `fdflags`.
    pub(super) flags: u16,
    /// What the host granted for everything below the preopened directory that it comes from.
    pub(super) grant: Grant,
}

/// What stands behind a descriptor.
#[derive(Debug)]
pub(super) enum Object {
    /// Standard input.
    Stdin,
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// An open file.
    File {
        /// Which.
        node: NodeId,
        /// Where the next read or write begins.
        offset: u64,
    },
    /// An open directory.
    Directory {
        /// Which.
        node: NodeId,
        /// The guest's name for it, if the host preopened it.
        preopened: Option<String>,
    },
}

impl Object {
    /// The node of a file or directory.
    pub(super) fn node(&self) -> Option<NodeId> {
        match self {
            Self::File { node, .. } | Self::Directory { node, .. } => Some(*node),
            _ => None,
        }
    }
}

impl Descriptor {
    fn stream(object: Object, base: Rights) -> Self {
        Self { object, base, inheriting: Rights::default(), flags: 0, grant: Grant::ReadWrite }
    }

    /// Fails unless every right of `needed` is there.
    pub(super) fn allow(&self, needed: Rights) -> Result<(), Errno> {
        if self.base.contains(needed) { Ok(()) } else { Err(Errno::Notcapable) }
    }

    /// Fails where the host granted reading only.
    pub(super) fn allow_change(&self) -> Result<(), Errno> {
        match self.grant {
            Grant::ReadWrite => Ok(()),
            Grant::ReadOnly => Err(Errno::Perm),
        }
    }

    /// The node of an open directory, when it may be used so.
    pub(super) fn directory(&self, needed: Rights) -> Result<NodeId, Errno> {
        let Object::Directory { node, .. } = self.object else { return Err(Errno::Notdir) };
        self.allow(needed)?;
        Ok(node)
    }

    /// The node and offset of an open file. Streams cannot seek, directories are not for reading and writing.
    pub(super) fn file(&self) -> Result<(NodeId, u64), Errno> {
        match self.object {
            Object::File { node, offset } => Ok((node, offset)),
            Object::Directory { .. } => Err(Errno::Badf),
            _ => Err(Errno::Spipe),
        }
    }
}

/// All open descriptors by number.
#[derive(Debug)]
pub(super) struct Descriptors {
    open: BTreeMap<u32, Descriptor>,
}

impl Descriptors {
    /// The three streams.
    pub(super) fn new() -> Self {
        let stdin = Descriptor::stream(Object::Stdin, rights::STDIN);
        let stdout = Descriptor::stream(Object::Stdout, rights::OUTPUT);
        let stderr = Descriptor::stream(Object::Stderr, rights::OUTPUT);
        Self { open: BTreeMap::from([(0, stdin), (1, stdout), (2, stderr)]) }
    }

    pub(super) fn get(&self, number: u32) -> Result<&Descriptor, Errno> {
        self.open.get(&number).ok_or(Errno::Badf)
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Result<&mut Descriptor, Errno> {
        self.open.get_mut(&number).ok_or(Errno::Badf)
    }

    /// Fails when no more descriptors may be open.
    pub(super) fn check_room(&self) -> Result<(), Errno> {
        if self.open.len() < MOST_OPEN { Ok(()) } else { Err(Errno::Mfile) }
    }

    /// Gives a descriptor the lowest free number, as Unix does.
    pub(super) fn add(&mut self, descriptor: Descriptor, files: &mut Files) -> Result<u32, Errno> {
        self.check_room()?;
        let number = (0..).find(|number| !self.open.contains_key(number)).ok_or(Errno::Mfile)?;
        if let Some(node) = descriptor.object.node() {
            files.hold(node)?;
        }
        self.open.insert(number, descriptor);
        Ok(number)
    }

    fn close(&mut self, number: u32, files: &mut Files) -> Result<(), Errno> {
        let descriptor = self.open.remove(&number).ok_or(Errno::Badf)?;
        if let Some(node) = descriptor.object.node() {
            files.release(node);
        }
        Ok(())
    }

    /// Moves a descriptor over another one, which is closed. Both must be open: a guest cannot choose numbers.
    fn renumber(&mut self, from: u32, to: u32, files: &mut Files) -> Result<(), Errno> {
        self.get(from)?;
        self.get(to)?;
        if from == to {
            return Ok(());
        }
        self.close(to, files)?;
        let moved = self.open.remove(&from).ok_or(Errno::Badf)?;
        self.open.insert(to, moved);
        Ok(())
    }
}

/// `fd_close(fd)`
pub(super) fn fd_close(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let wasi = state(guest);
    wasi.descriptors.close(args.u32(0), &mut wasi.files)?;
    Ok(())
}

/// `fd_renumber(from, to)`
pub(super) fn fd_renumber(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let wasi = state(guest);
    wasi.descriptors.renumber(args.u32(0), args.u32(1), &mut wasi.files)?;
    Ok(())
}
