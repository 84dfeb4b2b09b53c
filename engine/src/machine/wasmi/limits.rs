//! Counts what a guest's memories and tables hold together and refuses what the budget does not grant.
//!
//! wasmi's own limits count each memory for itself, so that several memories would multiply the limit.

use wasmi::ResourceLimiter;
use wasmi::errors::{MemoryError, TableError};
use wasmi_core::LimiterError;

use crate::machine::Stopped;
use crate::report::Limit;
use crate::request::Budget;
use crate::words;

/// The most memories and tables a module may have: no compiler emits more than a handful.
const MAX_MEMORIES: usize = 100;

#[derive(Debug)]
pub(super) struct Limits {
    memory: Counter,
    table: Counter,
}

#[derive(Debug)]
struct Counter {
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

    fn grow(&mut self, current: usize, desired: usize) -> bool {
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

    fn take_back(&mut self) {
        self.used = self.used.saturating_sub(std::mem::take(&mut self.last));
    }
}

impl Limits {
    pub(super) fn new(budget: &Budget) -> Self {
        Self { memory: Counter::new(budget.memory_bytes), table: Counter::new(budget.table_entries) }
    }

    pub(super) fn memory_peak(&self) -> u64 {
        self.memory.peak
    }

    /// The limit that refused a growth, if one did: what a guest's abort is then really about.
    pub(super) fn refused(&self) -> Option<Stopped> {
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
}

impl ResourceLimiter for Limits {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        Ok(maximum.is_none_or(|most| desired <= most) && self.memory.grow(current, desired))
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        Ok(maximum.is_none_or(|most| desired <= most) && self.table.grow(current, desired))
    }

    fn memory_grow_failed(&mut self, _: &MemoryError) -> Result<(), LimiterError> {
        self.memory.take_back();
        Ok(())
    }

    fn table_grow_failed(&mut self, _: &TableError) -> Result<(), LimiterError> {
        self.table.take_back();
        Ok(())
    }

    fn instances(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        MAX_MEMORIES
    }

    fn memories(&self) -> usize {
        MAX_MEMORIES
    }
}
