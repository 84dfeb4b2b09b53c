//! The machines by name, and where compiled modules are kept between runs.
//!
//! It runs nothing.

use std::path::PathBuf;

use engine::machine::Machine;
use engine::machine::wasmi::WasmiMachine;
pub use wasmtime_machine::Metering;
use wasmtime_machine::WasmtimeMachine;

use crate::Failure;

/// A machine's name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// Compiles to native code.
    #[default]
    Wasmtime,
    /// Interprets, as the page does.
    Wasmi,
}

impl Engine {
    /// A new machine, which keeps compiled modules in [`cache`] where it compiles. An interpreter always counts fuel.
    ///
    /// # Errors
    /// When the machine cannot run on this system.
    pub fn machine(self, metering: Metering) -> Result<Box<dyn Machine>, Failure> {
        match self {
            Self::Wasmtime => {
                let machine = WasmtimeMachine::new(metering, cache().as_deref()).map_err(|error| {
                    Failure::new(error.to_string()).with_hint("`--engine wasmi` interprets instead")
                })?;
                Ok(Box::new(machine))
            }
            Self::Wasmi => Ok(Box::new(WasmiMachine::new())),
        }
    }
}

/// Where compiled modules are kept: `drydock` in `$XDG_CACHE_HOME`, or in `~/.cache`. None without a home.
#[must_use]
pub fn cache() -> Option<PathBuf> {
    // A relative path is to be ignored: XDG Base Directory Specification.
    let named = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = named.or_else(|| std::env::home_dir().map(|home| home.join(".cache")))?;
    Some(folder.join("drydock"))
}
