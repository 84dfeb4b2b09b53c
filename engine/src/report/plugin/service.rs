//! What is known of a go-plugin service: what it offers, and what came of each call.
//!
//! Messages are kept as they were sent, beside what they were read as; both are cut at limits that this file and its
//! parent name.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::bytes::Bytes;
use crate::report::HostCallCount;

/// The most calls that a request may hold: each is kept, with its messages.
pub const MAX_SERVICE_CALLS: usize = 1_000;

/// The most that is kept of a message as text, in bytes: as much as of a body.
pub const MAX_MESSAGE_TEXT: usize = 64 << 10;

/// A service that ran, or could not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceReport {
    /// The module's name.
    pub module: String,
    /// `sha256:` and 64 hexadecimal digits; empty when the module could not be looked into.
    pub digest: String,
    /// The services that its exports show.
    pub services: Vec<FoundService>,
    /// The calls, in the order of the request.
    pub calls: Vec<CallReport>,
    /// How many instances there were: one, and one more after each call that broke its instance and was not the last.
    pub instances: u64,
    /// What it wrote to stdout before the first call.
    #[serde(default, skip_serializing_if = "Bytes::is_empty")]
    pub stdout: Bytes,
    /// What it wrote to stderr before the first call, or while it could not be set up.
    #[serde(default, skip_serializing_if = "Bytes::is_empty")]
    pub stderr: Bytes,
    /// The host functions it called, by name.
    pub host_calls: Vec<HostCallCount>,
}

/// A service that exports show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundService {
    /// Its name: the one of the `.proto`, or a guess.
    pub name: String,
    /// Whether the name is a guess, made of the exports.
    pub is_guess: bool,
    /// What its exports begin with.
    pub prefix: String,
    /// The version of the interface that the module is of; absent when it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// Its methods, by their exports.
    pub methods: Vec<FoundMethod>,
}

/// A method of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundMethod {
    /// Its name: the one of the `.proto`, or a guess.
    pub name: String,
    /// The export.
    pub export: String,
    /// The type of its requests by the `.proto`; empty without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request: String,
    /// The type of its replies by the `.proto`; empty without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reply: String,
}

/// What came of a call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallReport {
    /// The service's name.
    pub service: String,
    /// The method's name.
    pub method: String,
    /// The export.
    pub export: String,
    /// How it ended.
    pub state: CallState,
    /// What was sent.
    #[serde(skip_serializing_if = "Message::is_empty")]
    #[serde(default)]
    pub request: Message,
    /// What it returned; empty unless it did.
    #[serde(skip_serializing_if = "Message::is_empty")]
    #[serde(default)]
    pub reply: Message,
    /// The service's own error, or why the call did not come to its end; empty when it did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub error: String,
    /// What it wrote to stdout.
    #[serde(default, skip_serializing_if = "Bytes::is_empty")]
    pub stdout: Bytes,
    /// What was kept of what it wrote to stderr.
    #[serde(default, skip_serializing_if = "Bytes::is_empty")]
    pub stderr: Bytes,
    /// How many host calls it made that ask something.
    pub host_calls: u64,
    /// Fuel, in the machine's own units.
    pub fuel: u64,
    /// Milliseconds by the runner's clock; 0 where it has none.
    pub millis: f64,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CallState {
    /// An earlier call ended the run, or the run never began.
    #[default]
    NotReached,
    /// With a reply.
    Returned,
    /// With an error of the service's own.
    Failed,
    /// Its guest broke a rule, or asked its host for something impossible or refused.
    Trapped,
    /// It returned something that is no answer.
    Malformed,
    /// A limit or the person ended it.
    Stopped,
}

/// A message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The bytes in base64, cut at [`MAX_CALL_BODY`](super::MAX_CALL_BODY).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub base64: String,
    /// How many there are.
    pub bytes: u64,
    /// What they say by the `.proto`; absent without one, and beyond [`MAX_MESSAGE_TEXT`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Json>,
    /// What they say without a `.proto`: a line for each field, with its number, cut at [`MAX_MESSAGE_TEXT`]. Empty when
    /// there is JSON.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tree: String,
}

impl Message {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
