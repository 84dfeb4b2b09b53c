//! Counts what a guest's memories and tables hold together and refuses what the budget does not grant.
//!
//! Machines' own limits count each memory for itself, so that several memories would multiply the limit. Each
//! machine asks here before anything grows.

use super::{Fault, Stopped, Trap};
use crate::report::Limit;
use crate::request::Budget;
use crate::words;

/// The most memories and tables, of each, that a module may have: no compiler emits more than a handful.
pub const MAX_MEMORIES: usize = 100;

/// What one instance holds and may hold.
#[derive(Debug)]
pub struct Limits {
    /// Bytes, over all memories.
    pub memory: Counter,
    /// Entries, over all tables.
    pub table: Counter,
}

/// One kind of thing that grows.
#[derive(Debug)]
pub struct Counter {
    used: u64,
    peak: u64,
    limit: u64,
    /// What the growth that was granted last added, to take it back should it fail.
    last: u64,
    /// What was asked for when the limit refused a growth.
    refused: Option<u64>,
}

impl Counter {
    fn new(limit: u64) -> Self {
        Self { used: 0, peak: 0, limit, last: 0, refused: None }
    }

    /// Whether one of them may grow from `current` to `desired`. What its own `maximum` forbids is refused too,
    /// and is not the budget's doing.
    pub fn grow(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> bool {
        if maximum.is_some_and(|most| desired > most) {
            return false;
        }
        let more = (desired as u64).saturating_sub(current as u64);
        let total = self.used.saturating_add(more);
        if total > self.limit {
            self.refused = Some(total);
            return false;
        }
        self.last = more;
        self.used = total;
        self.peak = self.peak.max(total);
        true
    }

    /// The growth that was granted last failed.
    pub fn take_back(&mut self) {
        self.used = self.used.saturating_sub(std::mem::take(&mut self.last));
    }

    /// The most that was held at once.
    #[must_use]
    pub fn peak(&self) -> u64 {
        self.peak
    }
}

impl Limits {
    /// Nothing held yet.
    #[must_use]
    pub fn new(budget: &Budget) -> Self {
        Self { memory: Counter::new(budget.memory_bytes), table: Counter::new(budget.table_entries) }
    }

    /// The limit that refused a growth, if one did: what a guest's abort is then really about.
    #[must_use]
    pub fn refused(&self) -> Option<Stopped> {
        let memory = self.memory.refused.map(|asked| Stopped {
            limit: Limit::Memory,
            detail: format!(
                "asked for {} bytes of memory; the limit is {}",
                words::grouped(asked),
                words::grouped(self.memory.limit)
            ),
        });
        memory.or_else(|| {
            self.table.refused.map(|asked| Stopped {
                limit: Limit::Table,
                detail: format!(
                    "asked for {} table entries; the limit is {}",
                    words::grouped(asked),
                    words::grouped(self.table.limit)
                ),
            })
        })
    }

    /// What a fault is called: a guest that was refused memory aborts, and the reader wants to know why.
    #[must_use]
    pub fn explain(&self, fault: Fault) -> Trap {
        match (fault, self.refused()) {
            (Fault::Unreachable | Fault::MemoryOutOfBounds, Some(stopped)) => Trap::Stopped(stopped),
            _ => Trap::Fault(fault),
        }
    }
}
