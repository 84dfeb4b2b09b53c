//! The rights of descriptors, and how a new descriptor gets its own.
//!
//! Rights only ever shrink. They say what a guest asked for; what it was granted is in [`super::Grant`].

use std::ops::{BitAnd, BitOr};

/// A set of rights, as bits of the interface's `rights` type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rights(pub(super) u64);

impl BitOr for Rights {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Rights {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// The right whose bit is `bit`.
const fn right(bit: u32) -> Rights {
    Rights(1 << bit)
}

/// The union of `rights`, usable in constants.
const fn all(rights: &[Rights]) -> Rights {
    let mut bits = 0;
    let mut rest = rights;
    while let [first, more @ ..] = rest {
        bits |= first.0;
        rest = more;
    }
    Rights(bits)
}

pub(super) const FD_DATASYNC: Rights = right(0);
pub(super) const FD_READ: Rights = right(1);
pub(super) const FD_SEEK: Rights = right(2);
pub(super) const FD_FDSTAT_SET_FLAGS: Rights = right(3);
pub(super) const FD_SYNC: Rights = right(4);
pub(super) const FD_TELL: Rights = right(5);
pub(super) const FD_WRITE: Rights = right(6);
pub(super) const FD_ADVISE: Rights = right(7);
pub(super) const FD_ALLOCATE: Rights = right(8);
pub(super) const PATH_CREATE_DIRECTORY: Rights = right(9);
pub(super) const PATH_CREATE_FILE: Rights = right(10);
pub(super) const PATH_LINK_SOURCE: Rights = right(11);
pub(super) const PATH_LINK_TARGET: Rights = right(12);
pub(super) const PATH_OPEN: Rights = right(13);
pub(super) const FD_READDIR: Rights = right(14);
pub(super) const PATH_READLINK: Rights = right(15);
pub(super) const PATH_RENAME_SOURCE: Rights = right(16);
pub(super) const PATH_RENAME_TARGET: Rights = right(17);
pub(super) const PATH_FILESTAT_GET: Rights = right(18);
pub(super) const PATH_FILESTAT_SET_SIZE: Rights = right(19);
pub(super) const PATH_FILESTAT_SET_TIMES: Rights = right(20);
pub(super) const FD_FILESTAT_GET: Rights = right(21);
pub(super) const FD_FILESTAT_SET_SIZE: Rights = right(22);
pub(super) const FD_FILESTAT_SET_TIMES: Rights = right(23);
pub(super) const PATH_SYMLINK: Rights = right(24);
pub(super) const PATH_REMOVE_DIRECTORY: Rights = right(25);
pub(super) const PATH_UNLINK_FILE: Rights = right(26);
pub(super) const POLL_FD_READWRITE: Rights = right(27);

/// What works on a path below a directory.
const ON_PATHS: Rights = all(&[
    PATH_CREATE_DIRECTORY,
    PATH_CREATE_FILE,
    PATH_LINK_SOURCE,
    PATH_LINK_TARGET,
    PATH_OPEN,
    PATH_READLINK,
    PATH_RENAME_SOURCE,
    PATH_RENAME_TARGET,
    PATH_FILESTAT_GET,
    PATH_FILESTAT_SET_SIZE,
    PATH_FILESTAT_SET_TIMES,
    PATH_SYMLINK,
    PATH_REMOVE_DIRECTORY,
    PATH_UNLINK_FILE,
]);

/// What works on a directory itself.
const ON_DIRECTORIES: Rights = all(&[
    FD_READDIR,
    FD_FILESTAT_GET,
    FD_FILESTAT_SET_TIMES,
    FD_FDSTAT_SET_FLAGS,
    FD_SYNC,
    FD_DATASYNC,
    POLL_FD_READWRITE,
]);

/// What works on a file and changes none of its bytes.
const ON_FILES: Rights = all(&[
    FD_DATASYNC,
    FD_SEEK,
    FD_FDSTAT_SET_FLAGS,
    FD_SYNC,
    FD_TELL,
    FD_ADVISE,
    FD_FILESTAT_GET,
    FD_FILESTAT_SET_TIMES,
    POLL_FD_READWRITE,
]);

/// What changes a file's size.
const ON_SIZES: Rights = all(&[FD_ALLOCATE, FD_FILESTAT_SET_SIZE]);

/// All that a directory can have.
pub(super) const DIRECTORY: Rights = all(&[ON_PATHS, ON_DIRECTORIES]);

/// All that a file can have.
pub(super) const FILE: Rights = all(&[ON_FILES, ON_SIZES, FD_READ, FD_WRITE]);

/// All that something below a directory can have.
pub(super) const BELOW: Rights = all(&[DIRECTORY, FILE]);

/// What standard input has. Neither seek nor tell: that is how a guest knows a stream.
pub(super) const STDIN: Rights = all(&[FD_READ, FD_FDSTAT_SET_FLAGS, FD_FILESTAT_GET, POLL_FD_READWRITE]);

/// What standard output and standard error have.
pub(super) const OUTPUT: Rights = all(&[FD_WRITE, FD_FDSTAT_SET_FLAGS, FD_FILESTAT_GET, POLL_FD_READWRITE]);

impl Rights {
    /// Whether every right of `other` is here.
    pub(super) fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether some right of `other` is here.
    pub(super) fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The rights of a file opened below a directory that passes on `passed`, when `asked` was asked for.
    ///
    /// Reading and writing must be asked for. A guest that asks for nothing else was written for a host that
    /// ignores the small rights, and gets those that go with it; one that names some gets what it named.
    pub(super) fn of_file(asked: Self, passed: Self) -> Self {
        let implied = match (asked.intersects(ON_FILES | ON_SIZES), asked.contains(FD_WRITE)) {
            (true, _) => Self::default(),
            (false, true) => ON_FILES | ON_SIZES,
            (false, false) => ON_FILES,
        };
        (asked | implied) & FILE & passed
    }

    /// The rights of a directory opened below one that passes on `passed`. Asking for nothing that works on
    /// paths means no wish: such a directory would be of no use.
    pub(super) fn of_directory(asked: Self, passed: Self) -> Self {
        let paths = if asked.intersects(ON_PATHS) { asked } else { ON_PATHS };
        (paths | ON_DIRECTORIES) & DIRECTORY & passed
    }

    /// What a directory passes on when `asked` was asked for; 0 means no wish.
    pub(super) fn passed_on(asked: Self, passed: Self) -> Self {
        if asked == Self::default() { passed } else { asked & passed }
    }
}
