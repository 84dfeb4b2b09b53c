//! The answers of a run, kept for its report within bounds.
//!
//! It gives none itself.

use std::collections::BTreeMap;

use super::live::Live;
use crate::bytes::Bytes;
use crate::report::{AnswerReport, MAX_ANSWER_BODIES, MAX_ANSWER_BODY, MAX_ANSWERS, MAX_CALL_TEXT};
use crate::request::DashboardRequest;
use crate::words;

/// The answers so far.
#[derive(Debug)]
pub(super) struct Answers {
    listed: Vec<AnswerReport>,
    count: u64,
    /// How many have each status.
    statuses: BTreeMap<u16, u64>,
    /// How much of bodies and of what was printed is still kept, in bytes.
    room: usize,
}

impl Default for Answers {
    fn default() -> Self {
        Self { listed: Vec::new(), count: 0, statuses: BTreeMap::new(), room: MAX_ANSWER_BODIES }
    }
}

impl Answers {
    /// Begins an answer: figures are what they were before.
    pub(super) fn begin(asked: &DashboardRequest, path: &str, fuel: u64, millis: f64) -> AnswerReport {
        AnswerReport { method: cut(&asked.method), path: cut(path), fuel, millis, ..AnswerReport::default() }
    }

    /// Notes what is answered.
    pub(super) fn give(&mut self, answer: &mut AnswerReport, status: u16, content_type: &str, body: &[u8]) {
        answer.status = Some(status);
        content_type.clone_into(&mut answer.content_type);
        answer.body_bytes = body.len() as u64;
        answer.body = self.keep(body);
    }

    /// Ends an answer, and keeps it with what the plugin logged and printed.
    pub(super) fn end(&mut self, mut answer: AnswerReport, live: &mut Live<'_>, millis: f64) {
        answer.fuel = live.fuel().saturating_sub(answer.fuel);
        answer.millis = millis - answer.millis;
        answer.logs = live.take_logs();
        let (stdout, stderr) = live.take_printed();
        (answer.stdout, answer.stderr) = (self.keep(&stdout), self.keep(&stderr));
        self.count += 1;
        if let Some(status) = answer.status {
            *self.statuses.entry(status).or_default() += 1;
        }
        if self.listed.len() < MAX_ANSWERS {
            self.listed.push(answer);
        }
    }

    /// What is kept of a body. Text stays text where it is cut.
    fn keep(&mut self, body: &[u8]) -> Bytes {
        if self.listed.len() >= MAX_ANSWERS {
            return Bytes::default();
        }
        let kept = words::prefix(body, MAX_ANSWER_BODY.min(self.room));
        self.room -= kept.len();
        kept.to_vec().into()
    }

    /// What came of all of them, in a sentence.
    pub(super) fn summary(&self, name: &str) -> String {
        let name = words::sentence(name);
        let with = |(status, count): (&u16, &u64)| format!("{} with {status}", words::grouped(*count));
        let all: Vec<String> = self.statuses.iter().map(with).collect();
        match self.count {
            0 => format!("`{name}` was loaded and asked nothing"),
            count => format!("`{name}` was sent {}: {}", words::count(count, "request"), all.join(", ")),
        }
    }

    /// Those that are listed, and how many there were.
    pub(super) fn listed(self) -> (Vec<AnswerReport>, u64) {
        (self.listed, self.count)
    }
}

/// The beginning of a text.
fn cut(text: &str) -> String {
    let end = text.floor_char_boundary(MAX_CALL_TEXT);
    text.get(..end).unwrap_or_default().to_owned()
}
