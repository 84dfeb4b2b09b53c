//! What a WASI command is given: arguments, environment, stdin, and directories that live in memory.
//!
//! It names nothing of the machine: whoever asks copies files in, and takes back what changed.

use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;

/// A WASI command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Command {
    /// The name of its module, among those beside the request.
    pub module: String,
    /// Its arguments; the first is the program's name. Default: none, not even a name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// Its environment, in this order. Default: empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<Variable>,
    /// All of its stdin. Default: empty.
    #[serde(skip_serializing_if = "Bytes::is_empty")]
    pub stdin: Bytes,
    /// The directories that are open to it, in the order of their descriptors, from 3. Default: none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub directories: Vec<Directory>,
}

/// An environment variable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A directory that is open to a command, to read and to write. It is a copy: what the command does to it reaches
/// nobody, unless the report is asked for the changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Directory {
    /// The name that the command sees, such as `/` or `data`.
    pub name: String,
    /// What it holds: each path once, a directory before what is in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
    /// Whether the report lists what became different. Default: it does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub report_changes: bool,
}

/// Something in a directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The path from the directory, with `/`, such as `a/b.txt`.
    pub path: String,
    /// When it was modified, in nanoseconds since 1970-01-01T00:00:00Z.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub modified: u64,
    /// What it is.
    pub node: Node,
}

fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Node {
    /// A file's bytes.
    File(Bytes),
    /// A directory.
    Directory,
    /// A symbolic link's target. It is never followed out of the directory that is open.
    Link(String),
}
