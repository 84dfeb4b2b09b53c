//! What is known of a WASI command that ran.

use serde::{Deserialize, Serialize};

use super::HostCallCount;
use crate::bytes::Bytes;
use crate::request::Node;

/// A WASI command that ran, or could not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommandReport {
    /// The module's name.
    pub module: String,
    /// `sha256:` and 64 hexadecimal digits; empty when the module could not be looked into.
    pub digest: String,
    /// The exit code; absent when the command did not come to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i32>,
    /// All that it printed to stdout.
    pub stdout: Bytes,
    /// What was kept of stderr.
    pub stderr: Bytes,
    /// Bytes of stderr that were dropped at the limit.
    pub stderr_dropped: u64,
    /// What it changed in the directories whose changes were asked for, by directory and path; also when it
    /// failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<EntryChange>,
    /// The host functions it called, by name.
    pub host_calls: Vec<HostCallCount>,
}

/// Something in a directory that became different. Times alone do not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryChange {
    /// The directory's index in the request.
    pub directory: usize,
    /// The path from the directory.
    pub path: String,
    /// What happened.
    pub change: Changed,
    /// What it is now; absent when it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<Node>,
}

/// What happened to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Changed {
    /// It was not there.
    Created,
    /// Its content, or what it is, is another.
    Changed,
    /// It is there no more.
    Removed,
}
