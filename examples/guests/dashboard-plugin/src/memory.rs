//! The memory that the dashboard writes to and reads from: what it allocated, until it is taken, and the last answer.
//!
//! Nothing here is unsafe: an address is only looked up, and the bytes come with the length that was asked for.

use std::sync::{Mutex, PoisonError};

/// What was allocated and not taken.
static ALLOCATED: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// The last answer. It stays until the next one, since nobody says when it was read.
static ANSWER: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// How many blocks wait at most. A host that allocates and never uses it loses the oldest.
const WAITING: usize = 16;

/// Makes room: for a request's body, and for what a host function answers.
#[expect(unsafe_code, reason = "an export must keep its name, which no other function here has")]
#[unsafe(no_mangle)]
extern "C" fn allocate(size: u32) -> *const u8 {
    let size = size as usize;
    // One byte at least, so that an empty body has an address of its own.
    let mut bytes = Vec::with_capacity(size.max(1));
    bytes.resize(size, 0);
    let address = bytes.as_ptr();
    let mut allocated = ALLOCATED.lock().unwrap_or_else(PoisonError::into_inner);
    if allocated.len() == WAITING {
        allocated.remove(0);
    }
    allocated.push(bytes);
    address
}

/// Drops what was allocated, for hosts that clean up. KubeStellar's own never calls it.
#[expect(unsafe_code, reason = "an export must keep its name, which no other function here has")]
#[unsafe(no_mangle)]
extern "C" fn deallocate(address: usize, _size: u32) {
    drop(take(address));
}

/// Takes what lies at an address that [`allocate`] gave out. Host functions answer with an address alone: the length is
/// the one that they allocated.
pub(crate) fn take(address: usize) -> Vec<u8> {
    let mut allocated = ALLOCATED.lock().unwrap_or_else(PoisonError::into_inner);
    let found = allocated.iter().position(|bytes| bytes.as_ptr().addr() == address);
    found.map(|index| allocated.swap_remove(index)).unwrap_or_default()
}

/// Keeps an answer, and packs where it is: the address in the high half, the length in the low one.
pub(crate) fn answer(bytes: Vec<u8>) -> u64 {
    let packed = (bytes.as_ptr().addr() as u64) << 32 | bytes.len() as u64;
    *ANSWER.lock().unwrap_or_else(PoisonError::into_inner) = bytes;
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allocated_is_taken_once() {
        let (empty, three) = (allocate(0).addr(), allocate(3).addr());
        assert_ne!(empty, three);
        assert_eq!(take(three), [0; 3]);
        assert_eq!((take(three), take(empty)), (Vec::new(), Vec::new()));
    }
}
