//! What every machine does alike beside running code: what it links, the names it looks for, how deep and how
//! long a guest may go where it cannot be paused, and the sentences for it.
//!
//! Runs nothing.

use super::{HostFunction, PrepareError, Stopped, Trap, Value, ValueType};
use crate::report::Limit;
use crate::wasi::{self, Errno};
use crate::words;

/// Fuel for a module's start function, which cannot be paused: half a second in a page. Compilers emit none,
/// or one that sets up globals.
pub const START_FUEL: u64 = 50_000_000;

/// How deep host calls may call back into the guest, each on the host's own stack.
pub const MAX_REENTRY: u32 = 16;

/// The memory that an ABI reads and writes: every toolchain exports it as `memory`, Go's JavaScript target as
/// `mem`.
pub const MEMORY_NAMES: [&str; 2] = ["memory", "mem"];

/// The host function behind an import.
///
/// # Errors
/// [`PrepareError::Missing`] when the table has no such function.
pub fn offered(table: &[HostFunction], module: &str, name: &str) -> Result<HostFunction, PrepareError> {
    let function = table.iter().find(|function| function.module == module && function.name == name);
    function.cloned().ok_or_else(|| missing(module, name))
}

/// What a guest is told of a host function that the run denies: WASI has an error for it, others end the guest.
///
/// # Errors
/// [`Trap::Host`] where the function has no error to answer with.
pub fn denied(function: &HostFunction) -> Result<Option<Value>, Trap> {
    let HostFunction { module, name, result, .. } = function;
    match result {
        Some(ValueType::I32) if *module == wasi::MODULE => Ok(Some(Value::I32(Errno::Notcapable as i32))),
        _ => Err(Trap::Host(format!(
            "`{module}.{name}` is denied by this run: take it out of `deny` to grant it"
        ))),
    }
}

/// Nothing provides an import.
#[must_use]
pub fn missing(module: &str, name: &str) -> PrepareError {
    PrepareError::Missing { module: module.into(), name: name.into() }
}

/// An import has another signature than the host function of its name.
#[must_use]
pub fn other_signature(function: &HostFunction) -> PrepareError {
    PrepareError::Signature { module: function.module.to_string(), name: function.name.to_string() }
}

/// The budget's fuel is used up.
#[must_use]
pub fn out_of_fuel(budget: u64) -> Trap {
    stopped(Limit::Fuel, format!("used all of its {} fuel", words::grouped(budget)))
}

/// A start function used up what it may use.
#[must_use]
pub fn start_out_of_fuel() -> Trap {
    let fuel = words::grouped(START_FUEL);
    stopped(Limit::Fuel, format!("the module's start function used more than the {fuel} fuel it may use"))
}

/// Host calls and guest called each other [`MAX_REENTRY`] deep.
#[must_use]
pub fn too_deep() -> Trap {
    stopped(Limit::Fuel, format!("host calls called back into the guest {MAX_REENTRY} deep"))
}

fn stopped(limit: Limit, detail: String) -> Trap {
    Trap::Stopped(Stopped { limit, detail })
}

/// A call of an export that is not there.
#[must_use]
pub fn not_exported(export: &str) -> Trap {
    Trap::Host(format!("the module has no exported function `{export}`"))
}

/// A callback to an export that is not there.
#[must_use]
pub fn no_callback(export: &str) -> Trap {
    Trap::Host(format!("the guest has no function `{export}` to call back"))
}

/// A call with another number of arguments than the export has parameters.
#[must_use]
pub fn other_parameters(export: &str, has: usize, given: usize) -> Trap {
    Trap::Host(format!("export `{export}` takes {has} parameters, expected {given}"))
}

/// [`super::Instance::resume`] without a paused call.
#[must_use]
pub fn not_paused() -> Trap {
    Trap::Host("there is no paused call to resume".into())
}
