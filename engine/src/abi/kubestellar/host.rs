//! What a plugin's host keeps during a run: its permissions, its settings, what it stored and what it logged.
//!
//! One gate for every question to the cluster: is it a path of it, may the plugin read it, is there time. Everything a
//! guest can make it keep is bounded.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::permissions::Permissions;
use super::signature::Signature;
use super::storage::Storage;
use super::url;
use crate::machine::Trap;
use crate::plugin::calls::{Calls, unanswered};
use crate::report::{HostCall, MAX_ANSWER_LOGS, MAX_LOG_BYTES, MAX_LOGS, PluginReport, StoredValue};
use crate::words;

/// The most questions that are put to the cluster: more than a session records, and a loop without end is told soon.
const MAX_REQUESTS: u64 = 10_000;

/// What a plugin without an answer finds: KubeStellar gives as much for every key.
const NOTHING: &str = "{}";

/// What a plugin is told of a permission that it lacks.
pub(super) const FORBIDDEN: &str = "forbidden";

/// A plugin's side of its host.
#[derive(Debug)]
pub(crate) struct Dashboard {
    calls: Calls,
    name: String,
    permissions: Permissions,
    config: Vec<u8>,
    storage: Storage,
    asked: u64,
    logs: Vec<String>,
    /// How many lines were kept in earlier logs.
    logged: usize,
    /// The plugin's own allocator; nothing when it has none.
    pub(super) allocate: Option<Signature>,
    /// Whether the allocator runs for an answer: it gets none itself.
    pub(super) is_allocating: bool,
}

impl Dashboard {
    /// The host of a plugin that asks the cluster behind these calls.
    ///
    /// # Errors
    /// A sentence when what is stored already is more than may be.
    pub(crate) fn new(
        calls: Calls,
        name: &str,
        permissions: Permissions,
        config: Map<String, Json>,
        storage: &BTreeMap<String, Json>,
        allocate: Option<Signature>,
    ) -> Result<Self, String> {
        Ok(Self {
            calls,
            name: name.to_owned(),
            permissions,
            config: Json::Object(config).to_string().into_bytes(),
            storage: Storage::of_json(storage)?,
            asked: 0,
            logs: Vec::new(),
            logged: 0,
            allocate,
            is_allocating: false,
        })
    }

    /// What is known of the run.
    pub(crate) fn report(self) -> PluginReport {
        self.calls.report()
    }

    /// What is stored now.
    pub(crate) fn stored(&self) -> Vec<StoredValue> {
        self.storage.report()
    }

    /// What is stored now, whole and as it was written.
    pub(crate) fn texts(&self) -> &BTreeMap<String, String> {
        self.storage.texts()
    }

    /// Stores what was stored in an earlier run, in place of all else.
    ///
    /// # Errors
    /// A sentence that names the key that is refused, and the cause.
    pub(crate) fn restore(&mut self, texts: &BTreeMap<String, String>) -> Result<(), String> {
        self.storage = Storage::of(texts.iter().map(|(key, value)| (key, value.as_str())))?;
        Ok(())
    }

    /// What was logged since this was asked last.
    pub(crate) fn take_logs(&mut self) -> Vec<String> {
        self.logged += self.logs.len();
        std::mem::take(&mut self.logs)
    }

    /// Keeps a note, once.
    pub(crate) fn note(&mut self, note: String) {
        self.calls.note(note);
    }

    /// A new instance: nothing runs in it.
    pub(crate) fn renew(&mut self) {
        self.is_allocating = false;
    }

    pub(super) fn begin(&mut self, function: &str) -> HostCall {
        self.calls.begin(function)
    }

    pub(super) fn end(&mut self, call: HostCall) -> Result<(), Trap> {
        self.calls.end(call)
    }

    /// Asks the cluster. Whatever comes of it has a body: a refusal is a `Status`, as API servers write it.
    pub(super) fn ask(&mut self, call: &mut HostCall, path: &str) -> Vec<u8> {
        self.calls.asks(call, "GET", path, b"");
        let body = self.answer(call, path).unwrap_or_else(|(code, reason, cause)| {
            let (error, message) = match code {
                403 => (FORBIDDEN, format!("the plugin `{}` may not: {cause}", words::sentence(&self.name))),
                _ => ("unanswered", cause.clone()),
            };
            Calls::refuses(call, error, cause);
            status(code, reason, &message)
        });
        if call.answer_bytes == 0 {
            self.calls.says(call, &body);
        }
        body
    }

    /// The one gate: the body of the answer, or the code, the reason and the cause of a refusal.
    fn answer(&mut self, call: &mut HostCall, path: &str) -> Result<Vec<u8>, (u16, &'static str, String)> {
        let (request, asked) = url::get(path).map_err(|cause| (400, "BadRequest", cause))?;
        self.permissions.check(&asked).map_err(|missing| {
            (403, "Forbidden", format!("`spec.permissions` of its manifest lacks `{missing}`"))
        })?;
        self.asked += 1;
        if self.asked > MAX_REQUESTS {
            let cause = format!("more than {} requests are not sent", words::grouped(MAX_REQUESTS));
            return Err((429, "TooManyRequests", cause));
        }
        let sent = self.calls.send(call, &request);
        sent.map(http::Response::into_body).map_err(|error| (503, "ServiceUnavailable", unanswered(&error)))
    }

    /// The settings: the manifest's defaults, and what the workspace says instead.
    pub(super) fn config(&mut self, call: &mut HostCall) -> Vec<u8> {
        self.calls.says(call, &self.config);
        self.config.clone()
    }

    pub(super) fn get(&mut self, call: &mut HostCall, key: &str) -> Vec<u8> {
        self.calls.asks(call, "", key, b"");
        let value = self.storage.get(key).unwrap_or(NOTHING).as_bytes().to_vec();
        self.calls.says(call, &value);
        value
    }

    /// Whether a value was stored.
    pub(super) fn set(&mut self, call: &mut HostCall, key: &str, value: &[u8]) -> bool {
        self.calls.asks(call, "", key, value);
        let stored = match str::from_utf8(value) {
            Ok(value) => self.storage.set(key, value),
            Err(error) => Err(format!("the value is not UTF-8: {error}")),
        };
        stored.map_err(|cause| Calls::refuses(call, "0", cause)).is_ok()
    }

    pub(super) fn log(&mut self, call: &mut HostCall, message: &[u8]) {
        let message = String::from_utf8_lossy(message);
        self.calls.asks(call, "", &message, b"");
        if self.logs.len() < MAX_ANSWER_LOGS && self.logged + self.logs.len() < MAX_LOGS {
            let end = message.floor_char_boundary(MAX_LOG_BYTES);
            let cut = if end < message.len() { "…" } else { "" };
            self.logs.push(format!("{}{cut}", message.get(..end).unwrap_or_default()));
        } else {
            self.calls.note(format!(
                "of its logs the first {MAX_ANSWER_LOGS} lines of each request are kept, and {} in all",
                words::grouped(MAX_LOGS as u64)
            ));
        }
    }
}

/// A refusal as API servers write it.
fn status(code: u16, reason: &str, message: &str) -> Vec<u8> {
    let status = json!({
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        "code": code,
    });
    status.to_string().into_bytes()
}
