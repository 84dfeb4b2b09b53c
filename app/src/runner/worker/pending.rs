//! What a worker was asked and has not answered yet: at most one run, and any number of questions.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::draft::Draft;
use engine::module::inspect::ModuleInfo;
use engine::report::Limit;

use crate::protocol::{FromWorker, Mark, ToWorker, WireError, Written};
use crate::runner::{Bytes, Configured, Question, RunEvent};

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

/// Hears an answer or an error.
type Heard<T> = Box<dyn FnOnce(Result<T, WireError>)>;

/// A question whose content is on its way: what is left of it is who waits for the answer.
pub(super) enum Waiting {
    /// For what is known of a module, whose bytes are kept here: they are shared, and it can be asked again.
    Inspect(Bytes, Heard<ModuleInfo>),
    /// For a workspace that is read.
    Read(Heard<Draft>),
    /// For a workspace that is written.
    Write(Heard<Written>),
    /// For fields of an object.
    Fields(Box<dyn FnOnce(BTreeMap<String, serde_json::Value>)>),
    /// For the modules of a configuration.
    Configure(Heard<Configured>),
    /// For mistakes in manifests.
    Lint(Box<dyn FnOnce(Vec<Mark>)>),
}

/// All that is pending.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) current: Option<Current>,
    questions: BTreeMap<u32, Waiting>,
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

    /// Keeps who asks, and gives the message that asks it, with the bytes that go with it.
    pub(super) fn ask(&mut self, question: Question) -> (ToWorker, Option<Bytes>) {
        let id = self.next_id();
        let (message, bytes, waiting) = match question {
            Question::Inspect(bytes, hear) => {
                (ToWorker::Inspect { id }, Some(Rc::clone(&bytes)), Waiting::Inspect(bytes, hear))
            }
            Question::Read(form, text, hear) => {
                (ToWorker::Read { id, form, text }, None, Waiting::Read(hear))
            }
            Question::Unpack(bytes, hear) => (ToWorker::Unpack { id }, Some(bytes), Waiting::Read(hear)),
            Question::Write(form, workspace, hear) => {
                (ToWorker::Write { id, form, workspace }, None, Waiting::Write(hear))
            }
            Question::Fields(object, paths, hear) => {
                (ToWorker::Fields { id, object, paths }, None, Waiting::Fields(hear))
            }
            Question::Configure(name, text, hear) => {
                (ToWorker::Configure { id, name, text }, None, Waiting::Configure(hear))
            }
            Question::Lint(files, hear) => (ToWorker::Lint { id, files }, None, Waiting::Lint(hear)),
        };
        self.questions.insert(id, waiting);
        (message, bytes)
    }

    /// All that is pending, taken away. Numbers go on: an answer never finds a question of another time.
    pub(super) fn take(&mut self) -> Self {
        let last = self.last;
        std::mem::replace(self, Self { last, ..Self::default() })
    }

    /// Takes away the questions that can be asked again, because the run that was under way is why they are lost.
    /// Without a run, one of them may be the reason, and would be it again.
    pub(super) fn innocent(&mut self) -> Vec<Question> {
        if self.current.is_none() {
            return Vec::new();
        }
        let (again, lost): (Vec<_>, Vec<_>) = std::mem::take(&mut self.questions)
            .into_iter()
            .partition(|(_, waiting)| matches!(waiting, Waiting::Inspect(..)));
        self.questions = lost.into_iter().collect();
        let question = |(_, waiting)| match waiting {
            Waiting::Inspect(bytes, hear) => Some(Question::Inspect(bytes, hear)),
            _ => None,
        };
        again.into_iter().filter_map(question).collect()
    }

    /// The question that a message answers.
    pub(super) fn take_question(&mut self, answer: &FromWorker) -> Option<Waiting> {
        match answer {
            FromWorker::Inspected { id, .. }
            | FromWorker::Workspace { id, .. }
            | FromWorker::Written { id, .. }
            | FromWorker::Wrong { id, .. }
            | FromWorker::Fields { id, .. }
            | FromWorker::Configured { id, .. }
            | FromWorker::Linted { id, .. } => self.questions.remove(id),
            _ => None,
        }
    }

    /// Answers everything with an error.
    pub(super) fn fail(self, limit: Option<Limit>, error: &WireError) {
        if let Some(current) = self.current {
            (current.hear)(RunEvent::Killed(limit, error.clone()));
        }
        for waiting in self.questions.into_values() {
            wrong(waiting, error.clone());
        }
    }
}

/// Gives a question its answer.
pub(super) fn answer(waiting: Waiting, message: FromWorker) {
    match (waiting, message) {
        (Waiting::Inspect(_, hear), FromWorker::Inspected { info, .. }) => hear(Ok(*info)),
        (Waiting::Read(hear), FromWorker::Workspace { workspace, .. }) => hear(Ok(*workspace)),
        (Waiting::Write(hear), FromWorker::Written { written, .. }) => hear(Ok(written)),
        (Waiting::Lint(hear), FromWorker::Linted { marks, .. }) => hear(marks),
        (Waiting::Fields(hear), FromWorker::Fields { fields, .. }) => hear(fields),
        (Waiting::Configure(hear), FromWorker::Configured { stage, entries, .. }) => {
            hear(Ok((stage, entries)))
        }
        (waiting, FromWorker::Wrong { error, .. }) => wrong(waiting, error),
        _ => {}
    }
}

fn wrong(waiting: Waiting, error: WireError) {
    match waiting {
        Waiting::Inspect(_, hear) => hear(Err(error)),
        Waiting::Read(hear) => hear(Err(error)),
        Waiting::Write(hear) => hear(Err(error)),
        Waiting::Configure(hear) => hear(Err(error)),
        Waiting::Fields(hear) => hear(BTreeMap::new()),
        Waiting::Lint(hear) => hear(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::protocol::Form;

    /// A module and a workspace are asked for, while a run is under way or not, and the worker is lost: which
    /// questions can be asked again, and what is heard.
    fn lost(running: bool) -> (usize, Vec<String>) {
        let heard = Rc::new(RefCell::new(Vec::new()));
        let said = |what: &'static str| {
            let heard = Rc::clone(&heard);
            move |error: Option<WireError>| {
                heard.borrow_mut().push(format!("{what}: {}", error.map(|e| e.message).unwrap_or_default()));
            }
        };
        let mut pending = Pending::default();
        if running {
            let ended = said("run");
            let hear = move |event| {
                if let RunEvent::Killed(_, error) = event {
                    ended(Some(error));
                }
            };
            pending.current = Some(Current::new(pending.next_id(), 1_000, 0.0, Rc::new(hear)));
        }
        let (inspected, read) = (said("module"), said("workspace"));
        pending.ask(Question::Inspect(Rc::new(vec![7]), Box::new(move |result| inspected(result.err()))));
        pending.ask(Question::Read(Form::File, "x".into(), Box::new(move |result| read(result.err()))));
        let mut taken = pending.take();
        let again = taken.innocent();
        taken.fail(None, &WireError::new("gone", ""));
        for question in &again {
            assert!(matches!(question, Question::Inspect(bytes, _) if bytes.as_slice() == [7]));
        }
        let heard = heard.borrow().clone();
        (again.len(), heard)
    }

    #[test]
    fn a_module_whose_answer_was_lost_with_a_run_is_asked_again() {
        assert_eq!(lost(true), (1, vec!["run: gone".into(), "workspace: gone".into()]));
    }

    #[test]
    fn without_a_run_the_question_may_be_the_reason() {
        assert_eq!(lost(false), (0, vec!["module: gone".into(), "workspace: gone".into()]));
    }

    #[test]
    fn numbers_go_on_when_all_is_lost() {
        let mut pending = Pending::default();
        let before = pending.next_id();
        pending.take();
        assert!(pending.next_id() > before);
    }
}
