//! Reading directories.
//!
//! An entry's cookie stays true while the directory changes: reading on never repeats or loses what stayed.

use super::errno::{Errno, Failure, Outcome};
use super::fdstat::{FileType, put};
use super::files::{Cookie, NodeId};
use super::rights;
use super::state;
use crate::machine::memory;
use crate::machine::{Args, Guest};

const DIRENT_SIZE: usize = 24;

/// The cookies of `.` and `..`; 0 is the beginning, and the entries come after.
const SELF_COOKIE: Cookie = 1;
const PARENT_COOKIE: Cookie = 2;

/// `fd_readdir(fd, buffer, length, cookie, used)`: fills the buffer with entries, the last of which may be cut
/// off: a guest that finds the buffer full reads on.
pub(super) fn fd_readdir(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let directory = state(guest).descriptors.get(args.u32(0))?.directory(rights::FD_READDIR)?;
    let (start, length) = (u64::from(args.u32(1)), u64::from(args.u32(2)));
    memory::check(guest, args.u32(1), length)?;
    memory::check(guest, args.u32(4), 4)?;
    let mut cookie = args.u64(3);
    let mut used = 0;
    while used < length {
        let Some((own, entry)) = next_entry(guest, directory, cookie)? else { break };
        let fits = usize::try_from(length - used).unwrap_or(usize::MAX).min(entry.len());
        guest.host().gate.charge(fits as u64)?;
        guest.write(start + used, entry.get(..fits).unwrap_or_default())?;
        used += fits as u64;
        cookie = own;
    }
    memory::write_u32(guest, args.u32(4), u32::try_from(used).map_err(|_| Errno::Overflow)?)?;
    Ok(())
}

/// The entry after `cookie` as the guest sees it, with its own cookie.
fn next_entry(
    guest: &mut dyn Guest,
    directory: NodeId,
    cookie: Cookie,
) -> Result<Option<(Cookie, Vec<u8>)>, Failure> {
    let files = &state(guest).files;
    if cookie < SELF_COOKIE {
        return Ok(Some((SELF_COOKIE, dirent(SELF_COOKIE, directory, FileType::Directory, "."))));
    }
    if cookie < PARENT_COOKIE {
        let parent = files.parent(directory)?;
        return Ok(Some((PARENT_COOKIE, dirent(PARENT_COOKIE, parent, FileType::Directory, ".."))));
    }
    let Some((own, name, node)) = files.entry_after(directory, cookie)? else { return Ok(None) };
    let kind = FileType::of_kind(&files.node(node)?.kind);
    Ok(Some((own, dirent(own, node, kind, &name))))
}

/// The interface's `dirent` with the name after it.
fn dirent(next: Cookie, node: NodeId, kind: FileType, name: &str) -> Vec<u8> {
    let mut entry = vec![0; DIRENT_SIZE];
    put(&mut entry, 0, &next.to_le_bytes());
    put(&mut entry, 8, &node.0.to_le_bytes());
    // Names are at most 255 bytes long.
    put(&mut entry, 16, &u32::try_from(name.len()).unwrap_or(0).to_le_bytes());
    put(&mut entry, 20, &[kind.number()]);
    entry.extend_from_slice(name.as_bytes());
    entry
}
