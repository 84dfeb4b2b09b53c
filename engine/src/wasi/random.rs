//! The guest's random numbers: a fixed stream from the run's seed.
//!
//! They are no secret and must never become one: anyone with the seed can repeat them.

use super::errno::Outcome;
use super::state;
use super::transfer::CHUNK;
use crate::machine::memory;
use crate::machine::{Args, Guest};

/// SplitMix64 (Steele, Lea and Flood, 2014; the constants are the authors').
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Fills `into`. A rest of fewer than eight bytes uses up a whole step.
    pub(super) fn fill(&mut self, into: &mut [u8]) {
        for chunk in into.chunks_mut(8) {
            let bytes = self.next().to_le_bytes();
            for (slot, byte) in chunk.iter_mut().zip(bytes) {
                *slot = byte;
            }
        }
    }
}

/// `random_get(buffer, length)`
pub(super) fn random_get(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let (start, length) = (u64::from(args.u32(0)), u64::from(args.u32(1)));
    memory::check(guest, args.u32(0), length)?;
    guest.host().gate.charge(length)?;
    let mut written = 0;
    let mut buffer = vec![0; usize::try_from(length.min(CHUNK)).unwrap_or(0)];
    while written < length {
        let count = usize::try_from((length - written).min(CHUNK)).unwrap_or(0);
        let Some(chunk) = buffer.get_mut(..count) else { break };
        state(guest).random.fill(chunk);
        guest.write(start + written, chunk)?;
        written += count as u64;
    }
    Ok(())
}
