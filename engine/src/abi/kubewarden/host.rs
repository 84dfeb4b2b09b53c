//! What a policy's host keeps during a call: what the guest hands over, what it is answered, what it logs, what it
//! asks.
//!
//! Everything a guest can make it keep is bounded by the run's budget.

use serde_json::Value as Json;

use super::capabilities::Reach;
use super::grants::Grants;
use crate::machine::{Stopped, Trap};
use crate::report::{HostAsk, Limit, MAX_ASK_TEXT, MAX_ASKS};
use crate::request::Budget;
use crate::words;

/// A policy's side of its host.
#[derive(Debug, Default)]
pub(crate) struct Policy {
    /// Over waPC: the operation and its payload.
    pub(crate) operation: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    /// What the guest handed over.
    pub(crate) response: Option<Vec<u8>>,
    pub(crate) error: Option<Vec<u8>>,
    /// What its last question came to.
    pub(crate) host_response: Vec<u8>,
    pub(crate) host_error: Vec<u8>,
    /// What it may ask.
    pub(crate) grants: Grants,
    /// Who answers.
    pub(crate) reach: Reach,
    pub(crate) logs: Logs,
    /// What it asked, at most [`MAX_ASKS`].
    pub(crate) asks: Vec<HostAsk>,
    /// What a person should know of what it asked.
    pub(crate) notes: Vec<String>,
    answer_limit: u64,
}

impl Policy {
    /// The host of a policy that may ask for what it is granted.
    pub(crate) fn new(grants: Grants, reach: Reach, budget: &Budget) -> Self {
        Self {
            grants,
            reach,
            logs: Logs { room: budget.stderr_bytes, ..Logs::default() },
            answer_limit: budget.stdout_bytes,
            ..Self::default()
        }
    }

    /// Checks that an answer is not larger than the budget grants, before it is copied.
    pub(crate) fn check_answer(&self, length: u64) -> Result<(), Trap> {
        if length <= self.answer_limit {
            return Ok(());
        }
        let (length, limit) = (words::grouped(length), words::grouped(self.answer_limit));
        let detail = format!("its answer has {length} bytes, more than the {limit} that an answer may have");
        Err(Trap::Stopped(Stopped { limit: Limit::Output, detail }))
    }

    /// Keeps a question and what came of it. Its name, number and times are given.
    pub(crate) fn record(&mut self, ask: HostAsk, with: &[u8], result: &Result<Vec<u8>, String>) {
        if self.asks.len() >= MAX_ASKS {
            return;
        }
        let text = |bytes: &[u8]| cut(&String::from_utf8_lossy(bytes));
        let (answer, error) = match result {
            Ok(answer) => (text(answer), String::new()),
            Err(error) => (String::new(), cut(error)),
        };
        self.asks.push(HostAsk { ask: cut(&ask.ask), with: text(with), answer, error, ..ask });
    }

    /// Keeps a note, once.
    pub(crate) fn note(&mut self, note: String) {
        if self.notes.len() < MAX_ASKS && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

fn cut(text: &str) -> String {
    match text.get(..text.floor_char_boundary(MAX_ASK_TEXT)) {
        Some(begin) if begin.len() < text.len() => format!("{begin}…"),
        _ => text.to_owned(),
    }
}

/// What a guest logs: the beginning, and how much more there was.
#[derive(Debug, Default)]
pub(crate) struct Logs {
    pub(crate) lines: Vec<String>,
    /// Bytes that were dropped.
    pub(crate) dropped: u64,
    room: u64,
}

/// What a line costs beside its text: an empty one is kept too.
const LINE_BYTES: u64 = 32;

impl Logs {
    /// Keeps a line while there is room.
    pub(crate) fn add(&mut self, line: String) {
        let size = line.len() as u64 + LINE_BYTES;
        match self.room.checked_sub(size) {
            Some(room) if self.dropped == 0 => {
                self.room = room;
                self.lines.push(line);
            }
            _ => self.dropped = self.dropped.saturating_add(line.len() as u64),
        }
    }

    /// Keeps a `tracing/log` event: `warning: message {"key": 1}`. One that breaks the rules is kept as it came.
    pub(crate) fn event(&mut self, payload: &[u8]) {
        let raw = || String::from_utf8_lossy(payload).into_owned();
        let Ok(Json::Object(mut event)) = serde_json::from_slice::<Json>(payload) else {
            return self.add(raw());
        };
        let (level, message) = (event.shift_remove("level"), event.shift_remove("message"));
        let level = match level {
            Some(Json::String(level)) => level.to_lowercase(),
            _ => return self.add(raw()),
        };
        let message = match message {
            None | Some(Json::Null) => String::new(),
            Some(Json::String(message)) => format!(" {message}"),
            Some(_) => return self.add(raw()),
        };
        let data = if event.is_empty() { String::new() } else { format!(" {}", Json::Object(event)) };
        self.add(format!("{level}:{message}{data}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_lines_whatever_they_hold() {
        let mut logs = Logs { room: 1 << 10, ..Logs::default() };
        for event in [
            &b"{\"level\":\"INFO\",\"message\":\"hi\",\"pod\":\"web\"}"[..],
            b"{\"level\":\"debug\"}",
            b"{\"message\":\"no level\"}",
            b"{\"level\":\"info\",\"message\":7}",
            b"\xff",
        ] {
            logs.event(event);
        }
        let lines: Vec<_> = logs.lines.iter().map(String::as_str).collect();
        assert_eq!(
            lines,
            [
                "info: hi {\"pod\":\"web\"}",
                "debug:",
                "{\"message\":\"no level\"}",
                "{\"level\":\"info\",\"message\":7}",
                "\u{fffd}"
            ]
        );
        logs.add("x".repeat(2 << 10));
        logs.add("short".into());
        assert_eq!((logs.lines.len(), logs.dropped), (5, (2 << 10) + 5));
    }
}
