//! What a file is: size, times, links, inode; and changing size and times through a descriptor.
//!
//! Owners and modes do not exist in preview 1 and not here.

use super::descriptors::Object;
use super::errno::{Errno, Outcome};
use super::fdstat::{FileType, put};
use super::files::{Files, NodeId};
use super::rights;
use super::state;
use crate::machine::{Args, Guest};

/// The device of every file: there is one tree.
const DEVICE: u64 = 1;

const FILESTAT_SIZE: usize = 64;

/// The interface's `filestat`, ready to be written.
pub(super) type Filestat = [u8; FILESTAT_SIZE];

/// The `filestat` of a node.
pub(super) fn filestat(files: &Files, id: NodeId) -> Result<Filestat, Errno> {
    let node = files.node(id)?;
    let mut filestat = [0; FILESTAT_SIZE];
    put(&mut filestat, 0, &DEVICE.to_le_bytes());
    put(&mut filestat, 8, &id.0.to_le_bytes());
    put(&mut filestat, 16, &[FileType::of_kind(&node.kind).number()]);
    put(&mut filestat, 24, &node.links.to_le_bytes());
    put(&mut filestat, 32, &files.size(id)?.to_le_bytes());
    put(&mut filestat, 40, &node.times.accessed.to_le_bytes());
    put(&mut filestat, 48, &node.times.modified.to_le_bytes());
    put(&mut filestat, 56, &node.times.changed.to_le_bytes());
    Ok(filestat)
}

/// Which times to set, and to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NewTimes {
    accessed: Option<u64>,
    modified: Option<u64>,
}

impl NewTimes {
    /// From the interface's `fstflags` and two times.
    ///
    /// # Errors
    /// `INVAL` when a time is asked to be both now and given, and for unknown flags.
    pub(super) fn new(flags: u32, accessed: u64, modified: u64, now: u64) -> Result<Self, Errno> {
        let pick = |given: u32, as_now: u32, time: u64| match (flags & given != 0, flags & as_now != 0) {
            (true, true) => Err(Errno::Inval),
            (true, false) => Ok(Some(time)),
            (false, true) => Ok(Some(now)),
            (false, false) => Ok(None),
        };
        if flags & !0b1111 != 0 {
            return Err(Errno::Inval);
        }
        Ok(Self { accessed: pick(1, 2, accessed)?, modified: pick(4, 8, modified)? })
    }

    /// Sets the times of a node.
    pub(super) fn apply(self, files: &mut Files, id: NodeId, now: u64) -> Result<(), Errno> {
        let times = &mut files.node_mut(id)?.times;
        times.accessed = self.accessed.unwrap_or(times.accessed);
        times.modified = self.modified.unwrap_or(times.modified);
        times.changed = now;
        Ok(())
    }
}

/// `fd_filestat_get(fd, filestat)`
pub(super) fn fd_filestat_get(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let wasi = state(guest);
    let descriptor = wasi.descriptors.get(args.u32(0))?;
    descriptor.allow(rights::FD_FILESTAT_GET)?;
    let filestat = match descriptor.object.node() {
        Some(id) => filestat(&wasi.files, id)?,
        // A stream is no file: only its type, which is unknown, has a place here.
        None => [0; FILESTAT_SIZE],
    };
    guest.write(u64::from(args.u32(1)), &filestat)?;
    Ok(())
}

/// `fd_filestat_set_size(fd, size)`
pub(super) fn fd_filestat_set_size(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let id = sizable(guest, args.u32(0), rights::FD_FILESTAT_SET_SIZE)?;
    resize(guest, id, args.u64(1))
}

/// `fd_allocate(fd, offset, length)`: makes the file at least so long.
pub(super) fn fd_allocate(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let id = sizable(guest, args.u32(0), rights::FD_ALLOCATE)?;
    if args.u64(2) == 0 {
        return Err(Errno::Inval.into());
    }
    let end = args.u64(1).checked_add(args.u64(2)).ok_or(Errno::Fbig)?;
    if end <= state(guest).files.size(id)? { Ok(()) } else { resize(guest, id, end) }
}

/// The file behind a descriptor whose size may be changed.
fn sizable(guest: &mut dyn Guest, number: u32, needed: rights::Rights) -> Result<NodeId, Errno> {
    let descriptor = state(guest).descriptors.get(number)?;
    let Object::File { node, .. } = descriptor.object else { return Err(Errno::Badf) };
    descriptor.allow_change()?;
    descriptor.allow(needed)?;
    Ok(node)
}

fn resize(guest: &mut dyn Guest, id: NodeId, size: u64) -> Outcome {
    let host = guest.host();
    let now = host.wasi.clock.stamp();
    let filled = size.saturating_sub(host.wasi.files.size(id)?);
    host.wasi.files.resize(id, size, now)?;
    host.gate.charge(filled)?;
    Ok(())
}

/// `fd_filestat_set_times(fd, accessed, modified, flags)`
pub(super) fn fd_filestat_set_times(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let wasi = state(guest);
    let descriptor = wasi.descriptors.get(args.u32(0))?;
    let id = descriptor.object.node().ok_or(Errno::Badf)?;
    let now = wasi.clock.stamp();
    let times = NewTimes::new(args.u32(3), args.u64(1), args.u64(2), now)?;
    descriptor.allow_change()?;
    descriptor.allow(rights::FD_FILESTAT_SET_TIMES)?;
    times.apply(&mut wasi.files, id, now)?;
    Ok(())
}

/// `fd_advise(fd, offset, length, advice)`: there is nothing to prepare for.
pub(super) fn fd_advise(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    const LAST_ADVICE: u32 = 5;
    let descriptor = state(guest).descriptors.get(args.u32(0))?;
    descriptor.file()?;
    descriptor.allow(rights::FD_ADVISE)?;
    if args.u32(3) > LAST_ADVICE || args.u64(1).checked_add(args.u64(2)).is_none() {
        return Err(Errno::Inval.into());
    }
    Ok(())
}

/// `fd_sync(fd)`: what is written is there.
pub(super) fn fd_sync(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    synced(guest, args, rights::FD_SYNC)
}

/// `fd_datasync(fd)`
pub(super) fn fd_datasync(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    synced(guest, args, rights::FD_DATASYNC)
}

fn synced(guest: &mut dyn Guest, args: Args<'_>, needed: rights::Rights) -> Outcome {
    let descriptor = state(guest).descriptors.get(args.u32(0))?;
    descriptor.object.node().ok_or(Errno::Inval)?;
    descriptor.allow(needed)?;
    Ok(())
}
