//! Rego policies that Open Policy Agent compiled, as Kubewarden runs them: `opa` and `gatekeeper`, over OPA's ABI 1.0
//! to 1.3.
//!
//! A result of another shape than it must have is never a yes, where Kubewarden lets some of them pass. Source: OPA's
//! `docs/wasm.md`, and Kubewarden's `burrego` and `runtimes/rego`.

mod builtins;
mod evaluation;
mod functions;
mod module;
mod sprintf;
mod verdict;

use std::collections::BTreeMap;

use crate::request::World;

pub(crate) use self::evaluation::{Ask, Kind, Told, ask};
pub(crate) use self::module::own_memory;
pub(crate) use self::verdict::{admission, question};

/// What the host keeps for a policy's built-in functions.
#[derive(Debug)]
pub(crate) struct Rego {
    /// Their names, by the numbers that the policy calls them by.
    pub(crate) builtins: BTreeMap<i32, String>,
    /// What `time.now_ns` says: the run's own clock, which stands still during an evaluation.
    pub(crate) now_ns: u64,
}

impl Rego {
    /// No functions yet, and a run's clock.
    pub(crate) fn of(world: &World) -> Self {
        Self { builtins: BTreeMap::new(), now_ns: world.start_seconds.saturating_mul(1_000_000_000) }
    }
}
