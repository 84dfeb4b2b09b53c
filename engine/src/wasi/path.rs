//! The functions that work on paths, except opening.
//!
//! Each path stays below the directory it is relative to, and each change needs the grant of its directory:
//! a name that leads from one preopened directory to another needs both.

use super::errno::{Errno, Failure, Outcome};
use super::files::{Files, Found, Kind, Last, NodeId, PATH_LIMIT};
use super::filestat::{NewTimes, filestat};
use super::rights::{self, Rights};
use super::state;
use crate::machine::memory;
use crate::machine::{Args, Guest};

/// `lookupflags`: follow a symbolic link in the last place.
const FOLLOW: u32 = 1;

/// What one step on a path is charged, in bytes copied: looking up a name takes about as long as that.
const STEP_COST: u64 = 256;

/// A path that a guest passed, and the directory it is relative to.
pub(super) struct Place {
    directory: NodeId,
    path: String,
}

impl Place {
    /// Walks the path.
    pub(super) fn find(&self, guest: &mut dyn Guest, last: Last) -> Result<Found, Failure> {
        let mut steps = 0;
        let found = state(guest).files.find(self.directory, &self.path, last, &mut steps);
        guest.host().gate.charge(steps.saturating_mul(STEP_COST))?;
        Ok(found?)
    }
}

/// The path at `address`, relative to the directory `number`, when that allows `needed`.
pub(super) fn place(
    guest: &mut dyn Guest,
    number: u32,
    needed: Rights,
    (address, length): (u32, u32),
) -> Result<Place, Failure> {
    let directory = state(guest).descriptors.get(number)?.directory(needed)?;
    let path = read_path(guest, address, length)?;
    Ok(Place { directory, path })
}

/// As [`place`], for a change: reading only is refused.
fn place_to_change(
    guest: &mut dyn Guest,
    number: u32,
    needed: Rights,
    path: (u32, u32),
) -> Result<Place, Failure> {
    let place = place(guest, number, needed, path)?;
    state(guest).descriptors.get(number)?.allow_change()?;
    Ok(place)
}

/// A path as guests pass it: UTF-8 without zeros.
fn read_path(guest: &mut dyn Guest, address: u32, length: u32) -> Result<String, Failure> {
    if u64::from(length) > PATH_LIMIT as u64 {
        return Err(Errno::Nametoolong.into());
    }
    let bytes = memory::read_bytes(guest, address, length)?;
    guest.host().gate.charge(u64::from(length))?;
    let path = String::from_utf8(bytes).map_err(|_| Errno::Ilseq)?;
    if path.contains('\0') { Err(Errno::Inval.into()) } else { Ok(path) }
}

/// What `lookupflags` ask for.
pub(super) fn last(flags: u32) -> Result<Last, Errno> {
    match flags {
        0 => Ok(Last::Stay),
        FOLLOW => Ok(Last::Follow),
        _ => Err(Errno::Inval),
    }
}

/// Runs a change on the files at a new moment.
fn change<T>(
    guest: &mut dyn Guest,
    run: impl FnOnce(&mut Files, u64) -> Result<T, Errno>,
) -> Result<T, Failure> {
    let wasi = state(guest);
    let now = wasi.clock.stamp();
    Ok(run(&mut wasi.files, now)?)
}

/// `path_create_directory(fd, path, length)`
pub(super) fn path_create_directory(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let path = (args.u32(1), args.u32(2));
    let mut place = place_to_change(guest, args.u32(0), rights::PATH_CREATE_DIRECTORY, path)?;
    // What will be a directory may end in slashes; they say nothing about what is there now.
    while place.path.len() > 1 && place.path.ends_with('/') {
        place.path.pop();
    }
    let found = place.find(guest, Last::Name)?;
    change(guest, |files, now| files.create_directory(&found, now)).map(|_| ())
}

/// `path_remove_directory(fd, path, length)`
pub(super) fn path_remove_directory(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let path = (args.u32(1), args.u32(2));
    let place = place_to_change(guest, args.u32(0), rights::PATH_REMOVE_DIRECTORY, path)?;
    let found = place.find(guest, Last::Name)?;
    change(guest, |files, now| files.remove_directory(&found, now))
}

/// `path_unlink_file(fd, path, length)`
pub(super) fn path_unlink_file(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let path = (args.u32(1), args.u32(2));
    let place = place_to_change(guest, args.u32(0), rights::PATH_UNLINK_FILE, path)?;
    let found = place.find(guest, Last::Name)?;
    change(guest, |files, now| files.unlink(&found, now))
}

/// `path_rename(fd, path, length, new_fd, new_path, new_length)`
pub(super) fn path_rename(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let (old, new) = ((args.u32(1), args.u32(2)), (args.u32(4), args.u32(5)));
    let from = place_to_change(guest, args.u32(0), rights::PATH_RENAME_SOURCE, old)?;
    let to = place_to_change(guest, args.u32(3), rights::PATH_RENAME_TARGET, new)?;
    let (from, to) = (from.find(guest, Last::Name)?, to.find(guest, Last::Name)?);
    let mut steps = 0;
    let renamed = change(guest, |files, now| files.rename(&from, &to, now, &mut steps));
    guest.host().gate.charge(steps.saturating_mul(STEP_COST))?;
    renamed
}

/// `path_link(fd, flags, path, length, new_fd, new_path, new_length)`: a second name for a file. Both
/// directories must allow changes, or a name in one would be a way to write to the other.
pub(super) fn path_link(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let (old, new) = ((args.u32(2), args.u32(3)), (args.u32(5), args.u32(6)));
    let from = place_to_change(guest, args.u32(0), rights::PATH_LINK_SOURCE, old)?;
    let to = place_to_change(guest, args.u32(4), rights::PATH_LINK_TARGET, new)?;
    if args.u32(1) != 0 {
        return Err(Errno::Inval.into());
    }
    let (from, to) = (from.find(guest, Last::Name)?, to.find(guest, Last::Name)?);
    change(guest, |files, now| files.add_name(&from, &to, now))
}

/// `path_symlink(target, target_length, fd, path, length)`: an absolute target is refused at once; one that
/// leaves the directory, when it is followed.
pub(super) fn path_symlink(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let path = (args.u32(3), args.u32(4));
    let place = place_to_change(guest, args.u32(2), rights::PATH_SYMLINK, path)?;
    let target = read_path(guest, args.u32(0), args.u32(1))?;
    if target.starts_with('/') {
        return Err(Errno::Perm.into());
    }
    if target.is_empty() {
        return Err(Errno::Noent.into());
    }
    let found = place.find(guest, Last::Name)?;
    change(guest, |files, now| files.create_link(&found, &target, now))
}

/// `path_readlink(fd, path, length, buffer, buffer_length, used)`: cut to the buffer, without a word.
pub(super) fn path_readlink(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let place = place(guest, args.u32(0), rights::PATH_READLINK, (args.u32(1), args.u32(2)))?;
    let (buffer, length) = (args.u32(3), args.u32(4));
    memory::check(guest, buffer, u64::from(length))?;
    memory::check(guest, args.u32(5), 4)?;
    let id = place.find(guest, Last::Stay)?.existing()?;
    let Kind::Link(target) = &state(guest).files.node(id)?.kind else { return Err(Errno::Inval.into()) };
    let target = target.clone();
    let used = u32::try_from(target.len()).unwrap_or(u32::MAX).min(length);
    let kept = target.as_bytes().get(..usize::try_from(used).unwrap_or(0)).unwrap_or_default();
    guest.host().gate.charge(u64::from(used))?;
    guest.write(u64::from(buffer), kept)?;
    memory::write_u32(guest, args.u32(5), used)?;
    Ok(())
}

/// `path_filestat_get(fd, flags, path, length, filestat)`
pub(super) fn path_filestat_get(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let place = place(guest, args.u32(0), rights::PATH_FILESTAT_GET, (args.u32(2), args.u32(3)))?;
    let id = place.find(guest, last(args.u32(1))?)?.existing()?;
    let filestat = filestat(&state(guest).files, id)?;
    guest.write(u64::from(args.u32(4)), &filestat)?;
    Ok(())
}

/// `path_filestat_set_times(fd, flags, path, length, accessed, modified, fstflags)`
pub(super) fn path_filestat_set_times(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let path = (args.u32(2), args.u32(3));
    let place = place_to_change(guest, args.u32(0), rights::PATH_FILESTAT_SET_TIMES, path)?;
    let id = place.find(guest, last(args.u32(1))?)?.existing()?;
    change(guest, |files, now| {
        NewTimes::new(args.u32(6), args.u64(4), args.u64(5), now)?.apply(files, id, now)
    })
}
