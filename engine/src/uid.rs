//! Numbers in the form of random UUIDs, from what a run fixes: the same run gives the same numbers.
//!
//! They are no secret: anyone with the seed can repeat them.

use sha2::{Digest, Sha256};

/// The number of some bytes.
pub(crate) fn uid(of: &[u8]) -> String {
    let hash = Sha256::digest(of);
    let mut number = hash.iter().take(16).fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
    // Version 4, variant 1.
    number = number & !(0xf << 76) | 0x4 << 76;
    number = number & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{number:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}
