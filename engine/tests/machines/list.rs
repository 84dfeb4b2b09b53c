//! The machines that tests of guests run on.

use engine::machine::Machine;
use engine::machine::wasmi::WasmiMachine;
use wasmtime_machine::{Metering, WasmtimeMachine};

/// The machines; a later one needs a line here and nothing else.
pub(crate) fn machines() -> Vec<Box<dyn Machine>> {
    vec![Box::new(WasmiMachine::new()), Box::new(WasmtimeMachine::new(Metering::On, None).unwrap())]
}
