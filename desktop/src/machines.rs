//! The machines by name, and where compiled modules are kept between runs.
//!
//! It runs nothing.

use std::path::PathBuf;

use engine::machine::Machine;
use engine::machine::wasmi::WasmiMachine;

/// A machine's name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// The interpreter, the same as in the page.
    #[default]
    Wasmi,
}

impl Engine {
    /// A new machine.
    #[must_use]
    pub fn machine(self) -> Box<dyn Machine> {
        match self {
            Self::Wasmi => Box::new(WasmiMachine::new()),
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
