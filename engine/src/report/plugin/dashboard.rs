//! What is known of a dashboard plugin: what its manifest says, what it answered, and what it stored.
//!
//! Bodies are kept as they came, and are text to whoever shows them, whatever their media type says.

use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;
use crate::report::HostCallCount;
use crate::request::PackagedFile;

/// The most answers that are listed: the count goes on beyond.
pub const MAX_ANSWERS: usize = 1_000;

/// The most lines of a log that are kept for one request, and for all of them: more is a loop, and the calls count on.
pub const MAX_ANSWER_LOGS: usize = 100;
/// See [`MAX_ANSWER_LOGS`].
pub const MAX_LOGS: usize = 2_000;

/// The most that is kept of one line of a log, in bytes.
pub const MAX_LOG_BYTES: usize = 4 << 10;

/// The most that is kept of one answer's body, or of one stored value, in bytes.
pub const MAX_ANSWER_BODY: usize = 64 << 10;

/// The most that is kept of all answers' bodies and of what was printed, and of all stored values, in bytes.
pub const MAX_ANSWER_BODIES: usize = 4 << 20;

/// A dashboard plugin that was loaded and asked, or could not be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DashboardReport {
    /// The module's name.
    pub module: String,
    /// `sha256:` and 64 hexadecimal digits; empty when the module could not be looked into.
    pub digest: String,
    /// What the manifest says; absent when it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<ManifestFacts>,
    /// The routes that the manifest lists, as they are mounted.
    pub routes: Vec<RouteReport>,
    /// What else its package holds. It is listed and was not run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assets: Vec<PackagedFile>,
    /// What KubeStellar would not take, or would pass over.
    pub warnings: Vec<String>,
    /// What it answered, in the order of the requests, at most [`MAX_ANSWERS`].
    pub answers: Vec<AnswerReport>,
    /// How many requests were answered, also beyond [`MAX_ANSWERS`].
    pub answer_count: u64,
    /// What was stored before the run.
    pub stored_before: Vec<StoredValue>,
    /// What is stored after it.
    pub stored: Vec<StoredValue>,
    /// What it logged and printed while it was set up, before any request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<String>,
    /// The host functions it called, by name.
    pub host_calls: Vec<HostCallCount>,
}

/// What a manifest says of its plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestFacts {
    /// The plugin's name.
    pub name: String,
    /// Its version; empty when the manifest has none.
    pub version: String,
    /// Who made it; empty when the manifest does not say.
    pub author: String,
    /// What it is for; empty when the manifest does not say.
    pub description: String,
    /// Whether it is written in the older flat form.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_flat: bool,
    /// The file of its module.
    pub file: String,
    /// The function that sets it up; empty when there is none.
    pub entrypoint: String,
    /// The memory that it asks for, as it is written, such as `64MB`.
    pub memory_limit: String,
    /// What it asks to be allowed, as it is written.
    pub permissions: Vec<String>,
    /// Its settings with their defaults.
    pub settings: Vec<SettingFacts>,
    /// The components of its front end, which are listed and never run.
    pub components: Vec<String>,
}

/// A setting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SettingFacts {
    /// Its name.
    pub name: String,
    /// Its type, as it is written; nobody checks it.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its default, as JSON text; `null` when there is none.
    pub default: String,
    /// What it is for.
    pub description: String,
}

/// A route.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteReport {
    /// Its method, such as `GET`.
    pub method: String,
    /// Its whole path with its parameters, such as `/api/plugins/1/pods/:name`.
    pub path: String,
    /// The function that answers.
    pub handler: String,
    /// Why it is not answered as it stands; empty when it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trouble: String,
}

/// A request, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerReport {
    /// The method that was asked with.
    pub method: String,
    /// The whole path that was asked, without its query.
    pub path: String,
    /// The path of the route that matched, such as `/api/plugins/1/pods/:name`; empty when none did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub route: String,
    /// The function that was called; empty when none was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub handler: String,
    /// The HTTP status; absent when the run was stopped before there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The media type.
    pub content_type: String,
    /// The body, cut at [`MAX_ANSWER_BODY`].
    pub body: Bytes,
    /// The size of the body, in bytes.
    pub body_bytes: u64,
    /// What the plugin logged meanwhile, at most [`MAX_ANSWER_LOGS`] lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<String>,
    /// What it printed to stdout, where KubeStellar keeps nothing.
    #[serde(default, skip_serializing_if = "Bytes::is_empty")]
    pub stdout: Bytes,
    /// What it printed to stderr, where KubeStellar keeps nothing.
    #[serde(default, skip_serializing_if = "Bytes::is_empty")]
    pub stderr: Bytes,
    /// Why the plugin did not answer, as a sentence without a full stop; empty when it did, or was not asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub error: String,
    /// Fuel, in the machine's own units.
    pub fuel: u64,
    /// How long it took, in milliseconds by the runner's clock; 0 where it has none.
    pub millis: f64,
}

impl AnswerReport {
    /// The answer in a line: `GET /api/plugins/1/status 200`.
    #[must_use]
    pub fn line(&self) -> String {
        let status = self.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        format!("{} {} {status}", self.method, self.path)
    }
}

/// A stored value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredValue {
    /// Its key.
    pub key: String,
    /// Its JSON text, cut at [`MAX_ANSWER_BODY`].
    pub value: String,
    /// The size of the text, in bytes.
    pub bytes: u64,
}
