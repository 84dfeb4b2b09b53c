//! What is known of a plugin beside what it returned or printed: what it asked its host for, and what it was told.
//!
//! Bodies are kept as they came, cut at limits that this file names. Headers are not kept: they hold credentials.

mod dashboard;
mod service;

use serde::{Deserialize, Serialize};

pub use self::dashboard::{
    AnswerReport, DashboardReport, MAX_ANSWER_BODIES, MAX_ANSWER_BODY, MAX_ANSWER_LOGS, MAX_ANSWERS,
    MAX_LOG_BYTES, MAX_LOGS, ManifestFacts, RouteReport, SettingFacts, StoredValue,
};
pub use self::service::{
    CallReport, CallState, FoundMethod, FoundService, MAX_MESSAGE_TEXT, MAX_SERVICE_CALLS, Message,
    ServiceReport,
};

use crate::bytes::Bytes;

/// The most calls that are listed: enough to see what a plugin does, and what it repeats.
pub const MAX_CALLS: usize = 1_000;

/// The most that is kept of one body, in bytes: a list of some ten objects, to read.
pub const MAX_CALL_BODY: usize = 64 << 10;

/// The most that is kept of all bodies together, in bytes: what a page shows at once.
pub const MAX_CALL_BODIES: usize = 4 << 20;

/// The most that is kept of a URL or a media type, in bytes: API servers take no longer paths.
pub const MAX_CALL_TEXT: usize = 8 << 10;

/// The most notes that are kept.
pub const MAX_PLUGIN_NOTES: usize = 100;

/// What a plugin asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PluginReport {
    /// What it asked its host for, in that order, at most [`MAX_CALLS`].
    pub calls: Vec<HostCall>,
    /// How many calls there were, also beyond [`MAX_CALLS`].
    pub call_count: u64,
    /// What the host has to say: what was granted without effect, and what was left out. At most
    /// [`MAX_PLUGIN_NOTES`].
    pub notes: Vec<String>,
    /// The smallest grant that would have been enough.
    #[serde(default)]
    pub grant: Grant,
    /// What a dashboard plugin answered, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dashboard: Option<Box<DashboardReport>>,
    /// What a go-plugin service offers and returned, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Box<ServiceReport>>,
}

/// What a run would have needed: no more than this.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// What is imported and was not called, as `module.name`: what `deny` may hold.
    pub unused: Vec<String>,
    /// A `Role` or `ClusterRole` for what was asked of the cluster and answered, as YAML; empty when that was nothing.
    pub role: String,
}

/// One call of a host function that asks somebody something, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HostCall {
    /// The host function as the plugin imports it, such as `wasi-outbound-http.request` or `env.host_log`.
    pub function: String,
    /// Which request of the run to its cluster it is, from 1; 0 when it asked none.
    #[serde(default)]
    pub number: u64,
    /// When it was called, in milliseconds since the run began, by the runner's clock; 0 where it has none.
    pub at: f64,
    /// How long the answer took, in milliseconds by the runner's clock; 0 where it has none.
    pub millis: f64,
    /// The HTTP method, such as `GET`; empty when it asked no cluster.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub method: String,
    /// What was asked, at most [`MAX_CALL_TEXT`]. For HTTP the URL as the plugin wrote it, without a user's name and
    /// password; for the cluster, without scheme, host and port. For others the arguments, such as a key.
    pub asked: String,
    /// The body that was sent, cut at [`MAX_CALL_BODY`].
    #[serde(default, skip_serializing_if = "Bytes::is_empty")]
    pub request: Bytes,
    /// The size of the body that was sent, in bytes.
    pub request_bytes: u64,
    /// The HTTP status of the answer; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The media type of the answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content_type: String,
    /// The body of the answer, cut at [`MAX_CALL_BODY`].
    #[serde(default, skip_serializing_if = "Bytes::is_empty")]
    pub answer: Bytes,
    /// The size of the body of the answer, in bytes.
    pub answer_bytes: u64,
    /// What the plugin was told in place of an answer, such as `destination-not-allowed`; empty when there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub error: String,
    /// Why there is no answer, as a sentence without a full stop; empty when there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cause: String,
}

impl HostCall {
    /// The call in a line: `GET /api/v1/pods 200`, `GET https://elsewhere.example/ destination-not-allowed`, or
    /// `env.host_log started`.
    #[must_use]
    pub fn line(&self) -> String {
        let name = if self.method.is_empty() { &self.function } else { &self.method };
        let end = self.status.map_or_else(|| self.error.clone(), |status| status.to_string());
        let parts = [name.as_str(), self.asked.as_str(), end.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}
