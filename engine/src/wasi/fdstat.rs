//! What a descriptor is: type, flags, rights, and the name of a preopened directory.
//!
//! It gives no right that a descriptor did not have.

use super::descriptors::Object;
use super::errno::{Errno, Outcome};
use super::files::Kind;
use super::rights::{self, Rights};
use super::state;
use crate::machine::memory;
use crate::machine::{Args, Guest};

/// What stands behind a descriptor or an entry, with the interface's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum FileType {
    /// A stream: no terminal, no file.
    Unknown = 0,
    /// A directory.
    Directory = 3,
    /// A file.
    RegularFile = 4,
    /// A symbolic link.
    SymbolicLink = 7,
}

impl FileType {
    pub(super) fn of_object(object: &Object) -> Self {
        match object {
            Object::Stdin | Object::Stdout | Object::Stderr => Self::Unknown,
            Object::File { .. } => Self::RegularFile,
            Object::Directory { .. } => Self::Directory,
        }
    }

    pub(super) fn of_kind(kind: &Kind) -> Self {
        match kind {
            Kind::File(_) => Self::RegularFile,
            Kind::Directory(_) => Self::Directory,
            Kind::Link(_) => Self::SymbolicLink,
        }
    }

    pub(super) fn number(self) -> u8 {
        self as u8
    }
}

/// `fdflags`: writes go to the end of the file.
pub(super) const APPEND: u16 = 1;

/// All `fdflags` that exist. Those about waiting and syncing are kept and shown and change nothing: nothing
/// here ever waits.
pub(super) const ALL_FLAGS: u16 = 0b1_1111;

const FDSTAT_SIZE: usize = 24;
const PRESTAT_SIZE: u64 = 8;

/// The only type of preopen there is: a directory.
const PREOPEN_DIRECTORY: u8 = 0;

/// `fd_fdstat_get(fd, fdstat)`
pub(super) fn fd_fdstat_get(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let descriptor = state(guest).descriptors.get(args.u32(0))?;
    let mut fdstat = [0_u8; FDSTAT_SIZE];
    put(&mut fdstat, 0, &[FileType::of_object(&descriptor.object).number()]);
    put(&mut fdstat, 2, &descriptor.flags.to_le_bytes());
    put(&mut fdstat, 8, &descriptor.base.0.to_le_bytes());
    put(&mut fdstat, 16, &descriptor.inheriting.0.to_le_bytes());
    guest.write(u64::from(args.u32(1)), &fdstat)?;
    Ok(())
}

/// Lays a field into a structure of the interface.
pub(super) fn put(structure: &mut [u8], offset: usize, field: &[u8]) {
    let place = structure.get_mut(offset..).unwrap_or_default();
    for (slot, byte) in place.iter_mut().zip(field) {
        *slot = *byte;
    }
}

/// `fd_fdstat_set_flags(fd, flags)`
pub(super) fn fd_fdstat_set_flags(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let flags = flags(args.u32(1))?;
    let descriptor = state(guest).descriptors.get_mut(args.u32(0))?;
    if matches!(descriptor.object, Object::Directory { .. }) {
        return Err(Errno::Badf.into());
    }
    descriptor.allow(rights::FD_FDSTAT_SET_FLAGS)?;
    descriptor.flags = flags;
    Ok(())
}

/// The `fdflags` that a guest passed.
pub(super) fn flags(passed: u32) -> Result<u16, Errno> {
    u16::try_from(passed).ok().filter(|flags| flags & !ALL_FLAGS == 0).ok_or(Errno::Inval)
}

/// `fd_fdstat_set_rights(fd, base, inheriting)`: rights can be given up, never won.
pub(super) fn fd_fdstat_set_rights(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let (base, inheriting) = (Rights(args.u64(1)), Rights(args.u64(2)));
    let descriptor = state(guest).descriptors.get_mut(args.u32(0))?;
    if !descriptor.base.contains(base) || !descriptor.inheriting.contains(inheriting) {
        return Err(Errno::Notcapable.into());
    }
    descriptor.base = base;
    descriptor.inheriting = inheriting;
    Ok(())
}

/// `fd_prestat_get(fd, prestat)`: guests count upwards from 3 until this says `BADF`.
pub(super) fn fd_prestat_get(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let length = {
        let Object::Directory { preopened: Some(name), .. } =
            &state(guest).descriptors.get(args.u32(0))?.object
        else {
            return Err(Errno::Badf.into());
        };
        u32::try_from(name.len()).map_err(|_| Errno::Overflow)?
    };
    let address = args.u32(1);
    memory::check(guest, address, PRESTAT_SIZE)?;
    memory::write_u32(guest, address, u32::from(PREOPEN_DIRECTORY))?;
    let field = memory::offset(guest, address, 4)?;
    memory::write_u32(guest, field, length)?;
    Ok(())
}

/// `fd_prestat_dir_name(fd, path, length)`
pub(super) fn fd_prestat_dir_name(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let Object::Directory { preopened: Some(name), .. } = &state(guest).descriptors.get(args.u32(0))?.object
    else {
        return Err(Errno::Badf.into());
    };
    let name = name.clone();
    if (args.u32(2) as u64) < name.len() as u64 {
        return Err(Errno::Nametoolong.into());
    }
    guest.write(u64::from(args.u32(1)), name.as_bytes())?;
    Ok(())
}
