//! What wasmtime asks before a memory or a table grows. Counts nothing itself: see `engine::machine::limits`.

use engine::machine::limits::{Limits, MAX_MEMORIES};
use wasmtime::{Error, ResourceLimiter, Result};

/// The engine's limits, as wasmtime asks them.
pub(crate) struct Limiter(pub(crate) Limits);

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        Ok(self.0.memory.grow(current, desired, maximum))
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        Ok(self.0.table.grow(current, desired, maximum))
    }

    fn memory_grow_failed(&mut self, _: Error) -> Result<()> {
        self.0.memory.take_back();
        Ok(())
    }

    fn table_grow_failed(&mut self, _: Error) -> Result<()> {
        self.0.table.take_back();
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
