//! The limits that a workspace asks for. What it leaves out is left to the person.
//!
//! It raises nothing: a wish above what the person allows is cut down to that.

use serde::{Deserialize, Serialize};

use crate::request::Budget;

/// A budget of which every limit may be left out. Default: all are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Wish {
    /// [`Budget::fuel`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fuel: Option<u64>,
    /// [`Budget::time_ms`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_ms: Option<u64>,
    /// [`Budget::memory_bytes`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// [`Budget::table_entries`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table_entries: Option<u64>,
    /// [`Budget::stdout_bytes`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stdout_bytes: Option<u64>,
    /// [`Budget::stderr_bytes`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stderr_bytes: Option<u64>,
    /// [`Budget::file_bytes`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_bytes: Option<u64>,
    /// [`Budget::host_bytes`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_bytes: Option<u64>,
}

impl Wish {
    /// What is allowed, lowered where less is asked for: how a workspace's wish meets a person's limits.
    #[must_use]
    pub fn within(self, allowed: Budget) -> Budget {
        let least = |wanted: Option<u64>, allowed: u64| wanted.map_or(allowed, |wanted| wanted.min(allowed));
        Budget {
            fuel: least(self.fuel, allowed.fuel),
            time_ms: least(self.time_ms, allowed.time_ms),
            memory_bytes: least(self.memory_bytes, allowed.memory_bytes),
            table_entries: least(self.table_entries, allowed.table_entries),
            stdout_bytes: least(self.stdout_bytes, allowed.stdout_bytes),
            stderr_bytes: least(self.stderr_bytes, allowed.stderr_bytes),
            file_bytes: least(self.file_bytes, allowed.file_bytes),
            host_bytes: least(self.host_bytes, allowed.host_bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_only_lowers_and_silence_asks_for_nothing() {
        let raised = Budget { time_ms: 60_000, stdout_bytes: 1 << 30, ..Budget::default() };
        assert_eq!(Wish::default().within(raised), raised);
        let wish = Wish { time_ms: Some(90_000), fuel: Some(5), ..Wish::default() };
        assert_eq!(wish.within(raised), Budget { fuel: 5, ..raised });
        assert_eq!(wish.within(Budget::default()), Budget { fuel: 5, ..Budget::default() });
    }
}
