//! The buffers that a guest passes to read into or write from.
//!
//! Nothing is moved before every buffer is known to lie in the guest's memory.

use super::errno::{Errno, Failure};
use crate::machine::{Guest, memory};

/// How many buffers one call may pass: `IOV_MAX` of Linux.
const MOST_VECTORS: u32 = 1024;

/// The size of the interface's `iovec` and `ciovec`.
const VECTOR_SIZE: u32 = 8;

/// A buffer in the guest's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vector {
    /// Where it begins.
    pub(super) address: u64,
    /// How long it is.
    pub(super) length: u64,
}

/// Reads `count` buffers' places at `address`.
///
/// # Errors
/// `INVAL` for too many buffers or too many bytes in all, `FAULT` when one is not in the memory.
pub(super) fn read_vectors(guest: &mut dyn Guest, address: u32, count: u32) -> Result<Vec<Vector>, Failure> {
    if count > MOST_VECTORS {
        return Err(Errno::Inval.into());
    }
    let bytes = memory::read_bytes(guest, address, count * VECTOR_SIZE)?;
    guest.host().gate.charge(bytes.len() as u64)?;
    let mut vectors = Vec::with_capacity(bytes.len() / 8);
    let mut total: u64 = 0;
    for vector in bytes.as_chunks::<8>().0 {
        let [a, b, c, d, e, f, g, h] = *vector;
        let (address, length) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        memory::check(guest, address, u64::from(length))?;
        total += u64::from(length);
        vectors.push(Vector { address: u64::from(address), length: u64::from(length) });
    }
    // The count that comes back has 32 bits.
    if total > u64::from(u32::MAX) {
        return Err(Errno::Inval.into());
    }
    Ok(vectors)
}
