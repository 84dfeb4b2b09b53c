//! The error numbers of preview 1, and how a host function of this module fails.
//!
//! It holds the numbers that this host answers, not all that the interface lists.

use crate::machine::{OutOfBounds, Trap, Value};

/// An error number of `wasi_snapshot_preview1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[repr(u16)]
#[expect(missing_docs, reason = "the sentence of each number is its documentation")]
pub enum Errno {
    #[error("bad file descriptor")]
    Badf = 8,
    #[error("resource busy")]
    Busy = 10,
    #[error("file exists")]
    Exist = 20,
    #[error("bad address")]
    Fault = 21,
    #[error("file too large")]
    Fbig = 22,
    #[error("illegal byte sequence")]
    Ilseq = 25,
    #[error("invalid argument")]
    Inval = 28,
    #[error("is a directory")]
    Isdir = 31,
    #[error("too many levels of symbolic links")]
    Loop = 32,
    #[error("too many open files")]
    Mfile = 33,
    #[error("name too long")]
    Nametoolong = 37,
    #[error("no such file or directory")]
    Noent = 44,
    #[error("no space left: the budget for files is used up")]
    Nospc = 51,
    #[error("not a directory")]
    Notdir = 54,
    #[error("directory not empty")]
    Notempty = 55,
    #[error("not a socket")]
    Notsock = 57,
    #[error("not supported")]
    Notsup = 58,
    #[error("value too large")]
    Overflow = 61,
    #[error("operation not permitted")]
    Perm = 63,
    #[error("invalid seek")]
    Spipe = 70,
    #[error("capabilities insufficient")]
    Notcapable = 76,
}

impl Errno {
    /// The number that a guest sees.
    #[must_use]
    pub fn number(self) -> u16 {
        self as u16
    }
}

/// How a function of this module fails: with a number that the guest sees, or by ending the guest.
#[derive(Debug)]
pub(super) enum Failure {
    /// The guest goes on with this number.
    Errno(Errno),
    /// The guest ends.
    Trap(Trap),
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

impl From<Trap> for Failure {
    fn from(trap: Trap) -> Self {
        Self::Trap(trap)
    }
}

impl From<OutOfBounds> for Failure {
    /// A pointer outside the memory is the guest's mistake, and it is told so.
    fn from(_: OutOfBounds) -> Self {
        Self::Errno(Errno::Fault)
    }
}

/// What a function of this module gives: success is number 0.
pub(super) type Outcome = Result<(), Failure>;

/// The outcome as the seam wants it.
pub(super) fn answer(outcome: Outcome) -> Result<Option<Value>, Trap> {
    match outcome {
        Ok(()) => Ok(Some(Value::I32(0))),
        Err(Failure::Errno(errno)) => Ok(Some(Value::I32(i32::from(errno.number())))),
        Err(Failure::Trap(trap)) => Err(trap),
    }
}
