//! What is known of a plugin beside the command that it is: what it asked over HTTP, and what it was told.
//!
//! Bodies are kept as they came, cut at limits that this file names. Headers are not kept: they hold credentials.

use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;

/// The most requests that are listed: enough to see what a plugin does, and what it repeats.
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
    /// Its requests, in their order, at most [`MAX_CALLS`].
    pub calls: Vec<HttpCall>,
    /// How many requests there were, also beyond [`MAX_CALLS`].
    pub call_count: u64,
    /// What the host has to say: what was granted without effect, and what was left out. At most
    /// [`MAX_PLUGIN_NOTES`].
    pub notes: Vec<String>,
}

/// One HTTP request and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpCall {
    /// Such as `GET`.
    pub method: String,
    /// As the plugin wrote it, at most [`MAX_CALL_TEXT`], without a user's name and password; for the cluster, without
    /// scheme, host and port.
    pub url: String,
    /// The body that was sent, cut at [`MAX_CALL_BODY`].
    #[serde(default, skip_serializing_if = "Bytes::is_empty")]
    pub request: Bytes,
    /// The size of the body that was sent, in bytes.
    pub request_bytes: u64,
    /// The status of the answer; absent when there is none.
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
    /// How long the answer took, in milliseconds by the runner's clock; 0 where it has none.
    pub millis: f64,
}

impl HttpCall {
    /// The call in a line: `GET /api/v1/pods 200`, or `GET https://elsewhere.example/ destination-not-allowed`.
    #[must_use]
    pub fn line(&self) -> String {
        let end = self.status.map_or_else(|| self.error.clone(), |status| status.to_string());
        format!("{} {} {end}", self.method, self.url)
    }
}
