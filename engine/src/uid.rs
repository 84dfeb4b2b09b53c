//! Numbers in the form of random UUIDs, from what a run fixes: the same run gives the same numbers.
//!
//! They are no secret: anyone with the seed can repeat them.

use sha2::{Digest, Sha256};

/// Numbers things: a UUID for each, the same ones in each run of one seed.
#[derive(Debug)]
pub(crate) struct Uids {
    seed: u64,
    given: u64,
}

impl Uids {
    /// The numbers of a seed, from the first.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, given: 0 }
    }

    /// The next one, in the form of a random UUID.
    pub(crate) fn next(&mut self) -> String {
        self.given += 1;
        uid(&[self.seed.to_le_bytes(), self.given.to_le_bytes()].concat())
    }
}

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

#[cfg(test)]
mod tests {
    use super::Uids;

    #[test]
    fn numbers_are_random_uuids_that_repeat() {
        let take = |seed| {
            let mut uids = Uids::new(seed);
            [uids.next(), uids.next()]
        };
        let [first, second] = take(0);
        assert_ne!(first, second);
        assert_eq!(take(0), [first.clone(), second]);
        assert_ne!(take(1).first(), Some(&first));
        let parts: Vec<_> = first.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert!(first.split('-').nth(2).is_some_and(|part| part.starts_with('4')), "{first}");
        assert!(
            first.split('-').nth(3).is_some_and(|part| part.starts_with(['8', '9', 'a', 'b'])),
            "{first}"
        );
    }
}
