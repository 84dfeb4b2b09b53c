//! The options that every command which runs guests shares: the machine, and the limits.
//!
//! They are the person's own limits: a workspace or a link lowers them, and cannot raise them.

use engine::request::Budget;

use crate::machines::Engine;

/// The machine and the limits.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Machine and limits")]
pub(crate) struct Limits {
    /// What executes the guests
    #[arg(long, value_enum, default_value_t, value_name = "NAME")]
    pub(crate) engine: Engine,
    /// Fuel over all steps, about one for each instruction [default: 100,000,000,000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) fuel: Option<u64>,
    /// Wall time over all steps; guests' sleep counts [default: 5]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<u64>,
    /// Memory of one guest [default: 256]
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..=4096))]
    pub(crate) memory: Option<u64>,
}

impl Limits {
    /// The budget that is allowed.
    pub(crate) fn budget(self) -> Budget {
        let usual = Budget::default();
        Budget {
            fuel: self.fuel.unwrap_or(usual.fuel),
            time_ms: self.timeout.unwrap_or(usual.time_ms),
            memory_bytes: self.memory.map_or(usual.memory_bytes, |mebibytes| mebibytes << 20),
            ..usual
        }
    }
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
