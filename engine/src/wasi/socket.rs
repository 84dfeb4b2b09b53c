//! Sockets: there are none, so every descriptor is something else.
//!
//! It opens no connection on any platform.

use super::errno::{Errno, Outcome};
use super::state;
use crate::machine::{Args, Guest};

/// `sock_accept`, `sock_recv`, `sock_send` and `sock_shutdown`: all take the descriptor first.
pub(super) fn not_a_socket(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    state(guest).descriptors.get(args.u32(0))?;
    Err(Errno::Notsock.into())
}
