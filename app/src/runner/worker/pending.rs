//! What a worker was asked and has not answered yet: at most one run, and any number of questions.

use std::collections::BTreeMap;
use std::rc::Rc;

use engine::report::Limit;

use crate::protocol::{FromWorker, ToWorker, WireError};
use crate::runner::{Bytes, Question, RunEvent};

/// How long after the time limit a worker may be silent before it is ended: it looks at the clock every few
/// milliseconds, so this much silence means that it cannot.
const SILENT_MS: f64 = 500.0;

/// How long a report may take to make after the guests have ended: ten thousand manifests take some seconds
/// on a phone.
const SETTLING_MS: f64 = 20_000.0;

type Hear = Rc<dyn Fn(RunEvent)>;

/// The run that is under way.
pub(super) struct Current {
    pub(super) id: u32,
    time_ms: f64,
    began: f64,
    heard: f64,
    settling: bool,
    started: bool,
    hear: Hear,
}

impl Current {
    #[expect(clippy::cast_precision_loss, reason = "a time limit is far below 2^53 ms")]
    pub(super) fn new(id: u32, time_ms: u64, now: f64, hear: Hear) -> Self {
        Self { id, time_ms: time_ms as f64, began: now, heard: now, settling: false, started: false, hear }
    }

    /// Whether the worker has missed its time limit and is silent. Time counts from when the worker is ready.
    pub(super) fn is_overdue(&mut self, now: f64, ready: bool) -> bool {
        if !self.started {
            self.started = ready;
            (self.began, self.heard) = (now, now);
        }
        let patience = if self.settling { SETTLING_MS } else { SILENT_MS };
        now - self.began > self.time_ms + SILENT_MS && now - self.heard > patience
    }
}

/// All that is pending.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) current: Option<Current>,
    questions: BTreeMap<u32, Question>,
    last: u32,
}

impl Pending {
    pub(super) fn next_id(&mut self) -> u32 {
        self.last = self.last.wrapping_add(1).max(1);
        self.last
    }

    /// Notes that the worker gave a sign of life; gives who listens.
    pub(super) fn touch(&mut self, id: u32, settling: bool) -> Option<Hear> {
        let current = self.current.as_mut().filter(|current| current.id == id)?;
        current.heard = crate::browser::clock::now();
        current.settling |= settling;
        Some(Rc::clone(&current.hear))
    }

    /// Takes the run of this number away; `None` when it is another one, which was ended before.
    pub(super) fn end(&mut self, id: u32) -> Option<Hear> {
        self.current.take_if(|current| current.id == id).map(|current| current.hear)
    }

    /// Keeps a question, and gives the message that asks it.
    pub(super) fn ask(&mut self, question: Question) -> (ToWorker, Option<Bytes>) {
        let id = self.next_id();
        let message = match &question {
            Question::Inspect(bytes, _) => (ToWorker::Inspect { id }, Some(Rc::clone(bytes))),
            Question::Read(form, text, _) => (ToWorker::Read { id, form: *form, text: text.clone() }, None),
            Question::Write(form, workspace, _) => {
                (ToWorker::Write { id, form: *form, workspace: workspace.clone() }, None)
            }
            Question::Lint(files, _) => (ToWorker::Lint { id, files: files.clone() }, None),
        };
        self.questions.insert(id, question);
        message
    }

    /// The question that a message answers.
    pub(super) fn take_question(&mut self, answer: &FromWorker) -> Option<Question> {
        match answer {
            FromWorker::Inspected { id, .. }
            | FromWorker::Workspace { id, .. }
            | FromWorker::Written { id, .. }
            | FromWorker::Wrong { id, .. }
            | FromWorker::Linted { id, .. } => self.questions.remove(id),
            _ => None,
        }
    }

    /// Answers everything with an error.
    pub(super) fn fail(self, limit: Option<Limit>, error: &WireError) {
        if let Some(current) = self.current {
            (current.hear)(RunEvent::Killed(limit, error.clone()));
        }
        for question in self.questions.into_values() {
            wrong(question, error.clone());
        }
    }
}

/// Gives a question its answer.
pub(super) fn answer(question: Question, message: FromWorker) {
    match (question, message) {
        (Question::Inspect(_, hear), FromWorker::Inspected { info, .. }) => hear(Ok(*info)),
        (Question::Read(_, _, hear), FromWorker::Workspace { workspace, .. }) => hear(Ok(*workspace)),
        (Question::Write(_, _, hear), FromWorker::Written { written, .. }) => hear(Ok(written)),
        (Question::Lint(_, hear), FromWorker::Linted { marks, .. }) => hear(marks),
        (question, FromWorker::Wrong { error, .. }) => wrong(question, error),
        _ => {}
    }
}

fn wrong(question: Question, error: WireError) {
    match question {
        Question::Inspect(_, hear) => hear(Err(error)),
        Question::Read(_, _, hear) => hear(Err(error)),
        Question::Write(_, _, hear) => hear(Err(error)),
        Question::Lint(_, hear) => hear(Vec::new()),
    }
}
