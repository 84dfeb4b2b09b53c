//! WASI preview 1, the `wasi_snapshot_preview1` module, as host functions over a [`crate::machine::Guest`].

use crate::machine::HostFunction;
use crate::request::{Budget, World};

/// The state behind `wasi_snapshot_preview1`.
#[derive(Debug)]
pub struct Wasi {}

impl Wasi {
    /// No arguments, environment or files, and an empty stdin.
    #[must_use]
    pub fn new(_budget: &Budget, _world: &World) -> Self {
        Self {}
    }
}

/// Every function of the snapshot.
#[must_use]
pub fn functions() -> &'static [HostFunction] {
    &[]
}
