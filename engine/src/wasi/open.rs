//! `path_open`: from a path to a descriptor.
//!
//! A descriptor never has more than the directory it was opened below: neither rights nor grant.

use super::Grant;
use super::descriptors::{Descriptor, Object};
use super::errno::{Errno, Failure, Outcome};
use super::fdstat::flags;
use super::files::{Found, Kind, Last, NodeId};
use super::path::{last, place};
use super::rights::{self, Rights};
use super::state;
use crate::machine::memory;
use crate::machine::{Args, Guest};

const CREATE: u32 = 1;
const DIRECTORY: u32 = 2;
const EXCLUSIVE: u32 = 4;
const TRUNCATE: u32 = 8;
const ALL_OPEN_FLAGS: u32 = CREATE | DIRECTORY | EXCLUSIVE | TRUNCATE;

/// What a guest asks for.
#[derive(Clone, Copy, Debug)]
struct Wish {
    last: Last,
    open: u32,
    base: Rights,
    inheriting: Rights,
    flags: u16,
}

/// What the directory allows.
#[derive(Clone, Copy, Debug)]
struct Allowed {
    base: Rights,
    inheriting: Rights,
    grant: Grant,
}

impl Wish {
    fn new(args: Args<'_>) -> Result<Self, Errno> {
        let open = args.u32(4);
        let both = open & (CREATE | DIRECTORY) == CREATE | DIRECTORY;
        if open & !ALL_OPEN_FLAGS != 0 || both {
            return Err(Errno::Inval);
        }
        let inheriting = Rights(args.u64(6));
        Ok(Self {
            last: last(args.u32(1))?,
            open,
            base: Rights(args.u64(5)),
            inheriting,
            flags: flags(args.u32(7))?,
        })
    }

    fn has(self, flag: u32) -> bool {
        self.open & flag != 0
    }

    /// Whether the guest wants to write: no directory can be opened so.
    fn writes(self) -> bool {
        self.base.contains(rights::FD_WRITE)
    }

    /// Refuses what the directory does not allow, flag by flag.
    fn check(self, allowed: Allowed) -> Result<(), Errno> {
        let changes = self.has(CREATE) || self.has(TRUNCATE) || self.writes();
        if changes && allowed.grant == Grant::ReadOnly {
            return Err(Errno::Perm);
        }
        let needed = [
            (self.has(CREATE), allowed.base, rights::PATH_CREATE_FILE),
            (self.has(TRUNCATE), allowed.base, rights::PATH_FILESTAT_SET_SIZE),
            (self.writes(), allowed.inheriting, rights::FD_WRITE),
        ];
        let lacks = |(asked, has, right): &(bool, Rights, Rights)| *asked && !has.contains(*right);
        if needed.iter().any(lacks) { Err(Errno::Notcapable) } else { Ok(()) }
    }

    /// How to treat a link in the last place: what must be new may not be one.
    fn last(self) -> Last {
        if self.has(CREATE) && self.has(EXCLUSIVE) { Last::Name } else { self.last }
    }
}

/// `path_open(fd, lookup, path, length, open, base, inheriting, flags, opened)`
pub(super) fn path_open(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let place = place(guest, args.u32(0), rights::PATH_OPEN, (args.u32(2), args.u32(3)))?;
    let wish = Wish::new(args)?;
    memory::check(guest, args.u32(8), 4)?;
    let directory = state(guest).descriptors.get(args.u32(0))?;
    let allowed = Allowed { base: directory.base, inheriting: directory.inheriting, grant: directory.grant };
    wish.check(allowed)?;
    let found = place.find(guest, wish.last())?;
    let node = open_node(guest, &found, wish)?;
    let number = add(guest, node, wish, allowed)?;
    memory::write_u32(guest, args.u32(8), number)?;
    Ok(())
}

/// The node that a path found, or a new file.
fn open_node(guest: &mut dyn Guest, found: &Found, wish: Wish) -> Result<NodeId, Failure> {
    let wasi = state(guest);
    let now = wasi.clock.stamp();
    // Checked before a file is made, which would otherwise stay without a descriptor.
    wasi.descriptors.check_room()?;
    let Some(node) = found.node() else {
        if !wish.has(CREATE) {
            return Err(Errno::Noent.into());
        }
        return Ok(wasi.files.create_file(found, now)?);
    };
    if wish.has(CREATE) && wish.has(EXCLUSIVE) {
        return Err(Errno::Exist.into());
    }
    match &wasi.files.node(node)?.kind {
        Kind::Link(_) if wish.has(DIRECTORY) => Err(Errno::Notdir.into()),
        Kind::Link(_) => Err(Errno::Loop.into()),
        Kind::File(_) if wish.has(DIRECTORY) => Err(Errno::Notdir.into()),
        Kind::File(_) if wish.has(TRUNCATE) => {
            wasi.files.resize(node, 0, now)?;
            Ok(node)
        }
        Kind::Directory(_) if wish.has(CREATE) || wish.has(TRUNCATE) || wish.writes() => {
            Err(Errno::Isdir.into())
        }
        Kind::File(_) | Kind::Directory(_) => Ok(node),
    }
}

fn add(guest: &mut dyn Guest, node: NodeId, wish: Wish, allowed: Allowed) -> Result<u32, Errno> {
    let wasi = state(guest);
    let passed = allowed.inheriting;
    let (object, base) = if wasi.files.is_directory(node) {
        (Object::Directory { node, preopened: None }, Rights::of_directory(wish.base, passed))
    } else {
        (Object::File { node, offset: 0 }, Rights::of_file(wish.base, passed))
    };
    let inheriting = Rights::passed_on(wish.inheriting, passed);
    let descriptor = Descriptor { object, base, inheriting, flags: wish.flags, grant: allowed.grant };
    wasi.descriptors.add(descriptor, &mut wasi.files)
}
