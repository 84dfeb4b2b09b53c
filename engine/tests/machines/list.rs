//! The machines that tests of guests run on.

use std::time::Duration;

use engine::machine::Machine;
use engine::machine::wasmi::WasmiMachine;
use wasmtime_machine::{Metering, WasmtimeMachine};

/// A compiler without optimisation, on a busy machine, takes long for a large guest.
const PATIENCE: Duration = Duration::from_secs(600);

/// The machines; a later one needs a line here and nothing else.
pub(crate) fn machines() -> Vec<Box<dyn Machine>> {
    let wasmtime = WasmtimeMachine::new(Metering::On, None).unwrap().with_compile_limit(PATIENCE);
    vec![Box::new(WasmiMachine::new()), Box::new(wasmtime)]
}
