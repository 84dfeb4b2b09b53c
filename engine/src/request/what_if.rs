//! What if a cluster answered something else: one of its answers, and what becomes of it.
//!
//! It makes up nothing by itself: what is not changed stays as the cluster has it.

use serde::{Deserialize, Serialize};

/// A changed answer. Without any change it leaves the answer as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct WhatIf {
    /// Which request of the run to its cluster is answered otherwise, from 1. One that is never made changes nothing.
    pub call: u64,
    /// The answer is lost: the guest gets none. Default: no.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub drop: bool,
    /// How much later the answer comes, in milliseconds; it counts against the run's time limit. Default: 0.
    #[serde(skip_serializing_if = "is_zero")]
    pub delay_ms: u64,
    /// The HTTP status, 100 to 599. With 400 or above and no `body` the answer is a `Status` that says so. Default: as
    /// it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The body. Default: as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference; on wasm32 it is no smaller")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
