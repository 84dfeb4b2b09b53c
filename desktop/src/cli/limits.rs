//! The options that every command which runs guests shares: the limits, and the machine.
//!
//! What is typed here is the person's own word, and counts as it stands. Without it a workspace or a link lowers
//! the published limits, and cannot raise them.

use clap::value_parser;
use engine::report::Limit;
use engine::request::{Budget, RunRequest};
use engine::workspace::Workspace;
use engine::workspace::wish::Wish;

use crate::machines::{Engine, Metering};

/// What executes the guests, and within which limits.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Means {
    /// What executes the guests
    #[arg(long, value_enum, default_value_t, value_name = "NAME", help_heading = HEADING)]
    pub(crate) engine: Engine,
    #[command(flatten)]
    pub(crate) limits: Limits,
}

const HEADING: &str = "Machine and limits";

/// The limits that were named. The highest of each is what a computer of today survives.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
#[command(next_help_heading = HEADING)]
pub(crate) struct Limits {
    /// Fuel over all steps, about one for each instruction; at most 10^15 [default: 100,000,000,000, and not counted by `run` and `krm` on wasmtime]
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..=1_000_000_000_000_000))]
    pub(crate) fuel: Option<u64>,
    /// Wall time over all steps; guests' sleep counts; at most a day (86400) [default: 5]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<u64>,
    /// Memory of one guest; at most 4096 [default: 256]
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u64).range(1..=4_096))]
    pub(crate) memory: Option<u64>,
    /// Entries of one guest's tables; at most 10,000,000 [default: 1,000,000]
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..=10_000_000))]
    pub(crate) table: Option<u64>,
    /// What one guest may print to stdout; at most 1024 [default: 16]
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u64).range(1..=1_024))]
    pub(crate) stdout: Option<u64>,
    /// What is kept of one guest's stderr; at most 1024 [default: 1]
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u64).range(1..=1_024))]
    pub(crate) stderr: Option<u64>,
    /// What one guest may keep in files, beside what --dir gives it; at most 4096 [default: 32]
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u64).range(1..=4_096))]
    pub(crate) files: Option<u64>,
    /// What all host calls of one guest may copy; at most 1048576 [default: 1024]
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u64).range(1..=1_048_576))]
    pub(crate) host_calls: Option<u64>,
}

impl Limits {
    /// The published limits, with those that were named in their place.
    pub(crate) fn budget(self) -> Budget {
        self.over(Budget::default())
    }

    /// Fuel is counted where somebody asked for a limit of it, here or in a workspace. Time ends a run before the
    /// published one does, and a guest that is not counted runs faster.
    pub(crate) fn metering(self, wish: Wish) -> Metering {
        if self.fuel.or(wish.fuel).is_some() { Metering::On } else { Metering::Off }
    }

    /// What a workspace asks to run, within these limits.
    pub(crate) fn request(self, workspace: &Workspace) -> RunRequest {
        let request = workspace.to_request(Budget::default());
        RunRequest { budget: self.over(request.budget), ..request }
    }

    /// A budget, with the limits that were named in the place of its own.
    pub(crate) fn over(self, usual: Budget) -> Budget {
        let bytes = |named: Option<u64>, usual| named.map_or(usual, |mebibytes| mebibytes << 20);
        Budget {
            fuel: self.fuel.unwrap_or(usual.fuel),
            time_ms: self.timeout.unwrap_or(usual.time_ms),
            memory_bytes: bytes(self.memory, usual.memory_bytes),
            table_entries: self.table.unwrap_or(usual.table_entries),
            stdout_bytes: bytes(self.stdout, usual.stdout_bytes),
            stderr_bytes: bytes(self.stderr, usual.stderr_bytes),
            file_bytes: bytes(self.files, usual.file_bytes),
            host_bytes: bytes(self.host_calls, usual.host_bytes),
        }
    }
}

/// The option that raises a limit; none for what is no limit of the budget.
pub(crate) fn option_of(limit: Limit) -> Option<&'static str> {
    Some(match limit {
        Limit::Fuel => "--fuel",
        Limit::Time => "--timeout",
        Limit::Memory => "--memory",
        Limit::Table => "--table",
        Limit::Output => "--stdout",
        Limit::Files => "--files",
        Limit::HostBytes => "--host-calls",
        Limit::Person => return None,
    })
}

/// The longest time limit: a day. A run that is left alone for longer is forgotten.
const MOST_SECONDS: f64 = 86_400.0;

/// Seconds, also such as `0.5`, as milliseconds.
fn seconds(text: &str) -> Result<u64, String> {
    let seconds: f64 = text.parse().map_err(|_| "give seconds, such as 10 or 0.5".to_owned())?;
    if !(0.001..=MOST_SECONDS).contains(&seconds) {
        return Err("give between 0.001 seconds and a day (86400)".into());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 86,400,000")]
    Ok((seconds * 1_000.0) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_seconds() {
        assert_eq!(seconds("10"), Ok(10_000));
        assert_eq!(seconds("0.25"), Ok(250));
        for text in ["", "x", "-1", "0", "1e9", "NaN", "inf"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
