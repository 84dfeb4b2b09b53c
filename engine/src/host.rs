//! What a guest may reach: the gate that every host call passes, and the state that host functions keep.
//!
//! It grants nothing by itself and reaches nothing outside: what is not in the run's request is not there.

use std::collections::BTreeMap;

#[cfg(feature = "gate")]
use crate::abi::kubewarden::host::Policy;
use crate::machine::{Stopped, Trap};
use crate::report::{HostCallCount, Limit};
use crate::request::{Budget, World};
use crate::wasi::Wasi;
use crate::words;

/// The host's side of one instance.
#[derive(Debug)]
pub struct Host {
    /// Counts and checks every call.
    pub gate: Gate,
    /// The state behind `wasi_snapshot_preview1`.
    pub wasi: Wasi,
    /// What a Kubewarden policy asks for and says.
    #[cfg(feature = "gate")]
    pub(crate) policy: Policy,
}

impl Host {
    /// A host that grants nothing: no arguments, environment or files, and an empty stdin.
    #[must_use]
    pub fn new(budget: &Budget, world: &World) -> Self {
        Self {
            gate: Gate::new(budget),
            wasi: Wasi::new(budget, world),
            #[cfg(feature = "gate")]
            policy: Policy::default(),
        }
    }
}

/// The one place that every host call passes.
#[derive(Debug)]
pub struct Gate {
    counts: BTreeMap<(&'static str, &'static str), (u64, u64)>,
    current: (&'static str, &'static str),
    bytes_left: u64,
    bytes_limit: u64,
}

impl Gate {
    fn new(budget: &Budget) -> Self {
        Self {
            counts: BTreeMap::new(),
            current: ("", ""),
            bytes_left: budget.host_bytes,
            bytes_limit: budget.host_bytes,
        }
    }

    /// Notes that a host function is called. Machines call this before every host function.
    pub fn enter(&mut self, module: &'static str, name: &'static str) {
        self.current = (module, name);
        let entry = self.counts.entry(self.current).or_default();
        entry.0 = entry.0.saturating_add(1);
    }

    /// Charges bytes that the current call copies or makes the host keep for a moment.
    ///
    /// # Errors
    /// [`Trap::Stopped`] with [`Limit::HostBytes`] once the budget is used up.
    pub fn charge(&mut self, bytes: u64) -> Result<(), Trap> {
        let entry = self.counts.entry(self.current).or_default();
        entry.1 = entry.1.saturating_add(bytes);
        match self.bytes_left.checked_sub(bytes) {
            Some(left) => {
                self.bytes_left = left;
                Ok(())
            }
            None => Err(Trap::Stopped(Stopped {
                limit: Limit::HostBytes,
                detail: format!(
                    "`{}` copied more than the {} bytes that host calls may copy",
                    self.current.1,
                    words::grouped(self.bytes_limit)
                ),
            })),
        }
    }

    /// What was called, by name, with how often and how many bytes.
    #[must_use]
    pub fn counts(&self) -> Vec<HostCallCount> {
        let count = |(&(module, name), &(count, bytes)): (&(&str, &str), &(u64, u64))| HostCallCount {
            function: format!("{module}.{name}"),
            count,
            bytes,
        };
        self.counts.iter().map(count).collect()
    }
}
