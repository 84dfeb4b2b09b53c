//! Run, Stop, and running on change.

use std::cell::RefCell;
use std::rc::Rc;

use engine::report::{Limit, Outcome, OutcomeKind};
use engine::request::File;
use engine::run::Progress;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::library::of_module;
use super::{Panel, RunState, Shown, Slot, Store};
use crate::draft::{Asked, Draft, Kind, path};
use crate::parts;
use crate::protocol::WireError;
use crate::runner::{Bytes, Job, Question, RunDone, RunEvent};
use crate::seen::{self, Seen};

/// How long after the last change a run begins by itself.
const AUTO_MS: u32 = 350;

/// How long after the last change the manifests are read for mistakes.
const LINT_MS: u32 = 250;

/// A run that took longer than this is not begun by itself again: the person presses Run.
const FAST_MS: f64 = 700.0;

thread_local! {
    static AUTO: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    static LINT: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

impl Store {
    /// Whether something runs or is about to.
    #[must_use]
    pub fn is_busy(self) -> bool {
        self.run.with(|run| *run != RunState::Idle)
    }

    /// Runs the workspace. While a run is under way: nothing.
    pub fn start(self) {
        AUTO.with_borrow_mut(|auto| *auto = None);
        if self.run.with_untracked(|run| *run != RunState::Idle) {
            return;
        }
        self.run.set(RunState::Waiting);
        // A turn later, so that it is seen and heard that something ran even when the answer is known already.
        Timeout::new(0, move || self.run_waiting()).forget();
    }

    /// Begins the run that waits for modules, once they are all here and looked into, or known to be missing.
    pub(super) fn run_waiting(self) {
        if self.run.with_untracked(|run| *run != RunState::Waiting) {
            return;
        }
        match self.needed_modules() {
            Needed::Loading => {}
            Needed::Missing(error) => {
                self.run.set(RunState::Idle);
                self.end_without_report(OutcomeKind::Invalid, &error, None);
            }
            Needed::Here(modules) => self.begin(modules),
        }
    }

    fn needed_modules(self) -> Needed {
        let names = self.workspace.with_untracked(|workspace| parts::modules(workspace, false));
        self.modules.with_untracked(|slots| {
            let mut here = Vec::new();
            for name in names {
                match slots.get(&name) {
                    Some(Slot::Here { bytes, info: Some(Ok(_)) }) => here.push((name, Rc::clone(bytes))),
                    Some(Slot::Here { info: Some(Err(error)), .. }) => {
                        return Needed::Missing(of_module(&name, error));
                    }
                    Some(Slot::Missing(error)) => return Needed::Missing(error.clone()),
                    Some(Slot::Loading | Slot::Here { info: None, .. }) | None => return Needed::Loading,
                }
            }
            Needed::Here(here)
        })
    }

    fn begin(self, modules: Vec<(String, Bytes)>) {
        let limits = self.limits.get_untracked();
        // The cases do not run: they need not be copied, and sent.
        let draft = self.workspace.with_untracked(Draft::without_cases);
        let went_in = self.went_in();
        let steps = self.workspace.with_untracked(parts::step_count);
        let progress = Progress { steps, ..Progress::default() };
        self.run.set(RunState::Running(progress));
        self.stale.set(false);
        let hear = move |event| match event {
            RunEvent::Progress(progress) => self.run.set(RunState::Running(progress)),
            RunEvent::Done(done) => self.end(*done, &went_in),
            RunEvent::Refused(error) => {
                self.run.set(RunState::Idle);
                self.end_without_report(OutcomeKind::Invalid, &error, None);
            }
            RunEvent::Killed(limit, error) => {
                let kind = if limit.is_some() { OutcomeKind::Stopped } else { OutcomeKind::Internal };
                self.run.set(RunState::Idle);
                self.end_without_report(kind, &error, limit);
            }
        };
        self.runner().run(Job { asked: Asked { draft, case: None, limits }, modules }, Box::new(hear));
    }

    /// What a run is compared with: the files that go in, or a request and its object.
    fn went_in(self) -> WentIn {
        self.workspace.with_untracked(|draft| {
            if draft.kind != Kind::Request {
                return (Rc::new(draft.files.clone()), None);
            }
            let text = path::text(&draft.body, "object").to_owned();
            let path = seen::object_path(&text).into();
            (Rc::new(vec![File { path, text }]), Some(Rc::new(draft.body.clone())))
        })
    }

    fn end(self, mut done: RunDone, went_in: &WentIn) {
        let (mut inputs, asked) = went_in.clone();
        // The object of a whole review is known only now.
        if let Some(gate) = done.report.gate.as_mut().filter(|gate| !gate.given.is_empty()) {
            let text = std::mem::take(&mut gate.given);
            inputs = Rc::new(vec![File { path: seen::object_path(&text).into(), text }]);
        }
        let report = Rc::new(done.report);
        let first = self.shown.with_untracked(Option::is_none);
        self.run.set(RunState::Idle);
        self.choose_panel(&report, first);
        self.shown.set(Some(Shown {
            outcome: report.outcome.clone(),
            report: Some(report),
            texts: Rc::new(done.texts),
            inputs,
            asked,
        }));
    }

    /// After a failure, shows the step and what explains it; after the first success, what changed. Otherwise the person's
    /// choice stays.
    fn choose_panel(self, report: &Seen, first: bool) {
        let panel = self.panel.get_untracked();
        let failed = match &report.gate {
            Some(gate) => gate.culprit.and_then(|index| self.step_named(&report.steps.get(index)?.name)),
            None => report.steps.iter().position(|step| step.is_failed),
        };
        if let Some(failed) = failed {
            self.step.set(failed);
        }
        if report.gate.is_some() {
            return self.choose_gate_panel(report, first);
        }
        if self.kind_untracked() != Kind::Pipeline {
            if first {
                self.panel.set(Panel::Gate);
            }
            return;
        }
        let printed = report.log_count > 0;
        match report.outcome.kind {
            OutcomeKind::Finished if first || panel == Panel::Module => self.panel.set(Panel::Diff),
            OutcomeKind::Finished => {}
            OutcomeKind::Invalid if report.outcome.place.is_none() => self.panel.set(Panel::Module),
            _ if printed => self.panel.set(Panel::Logs),
            _ => {}
        }
    }

    /// The index of the workspace's step of a name.
    #[must_use]
    pub fn step_named(self, name: &str) -> Option<usize> {
        self.workspace.with_untracked(parts::steps).iter().position(|step| step.title == name)
    }

    /// A request's reason stands in the lanes; a change of the first one that passes is shown.
    fn choose_gate_panel(self, report: &Seen, first: bool) {
        let changed = report.gate.as_ref().is_some_and(|gate| !gate.changed.is_empty());
        match report.outcome.kind {
            OutcomeKind::Allowed if first => self.panel.set(if changed { Panel::Diff } else { Panel::Gate }),
            OutcomeKind::Allowed => {}
            _ => self.panel.set(Panel::Gate),
        }
    }

    pub(super) fn end_without_report(self, kind: OutcomeKind, error: &WireError, limit: Option<Limit>) {
        let mut outcome = Outcome::new(kind, error.message.clone());
        outcome.hint.clone_from(&error.hint);
        outcome.limit = limit;
        let (inputs, asked) = self.went_in();
        self.stale.set(false);
        self.shown.set(Some(Shown { outcome, report: None, texts: Rc::default(), inputs, asked }));
    }

    /// Ends the run that is under way.
    pub fn stop(self) {
        if self.run.with_untracked(|run| *run == RunState::Waiting) {
            self.run.set(RunState::Idle);
            let error = WireError::new("the run was stopped by you before it began", "");
            self.end_without_report(OutcomeKind::Stopped, &error, Some(Limit::Person));
        }
        self.runner().stop();
    }

    /// Runs soon, when running on change is on and the last run was fast.
    pub(super) fn run_soon(self) {
        let fast = self.shown.with_untracked(|shown| {
            let report = shown.as_ref().and_then(|shown| shown.report.as_ref());
            report.is_some_and(|report| report.millis <= FAST_MS)
        });
        if !self.auto.get_untracked() || !fast {
            return;
        }
        let timer = Timeout::new(AUTO_MS, move || {
            if self.stale.get_untracked() {
                self.start();
            }
        });
        AUTO.with_borrow_mut(|auto| *auto = Some(timer));
    }

    /// Reads the manifests for mistakes soon.
    pub(super) fn lint_soon(self) {
        let timer = Timeout::new(LINT_MS, move || {
            // A worker that runs would answer late; the report names mistakes too.
            if self.run.with_untracked(|run| *run != RunState::Idle) {
                return;
            }
            let files = self.workspace.with_untracked(|workspace| {
                let mut files = workspace.files.clone();
                files.extend(parts::texts(workspace));
                files
            });
            self.runner().ask(Question::Lint(files, Box::new(move |marks| self.marks.set(marks))));
        });
        LINT.with_borrow_mut(|lint| *lint = Some(timer));
    }
}

/// What goes into a run, as [`Shown`] keeps it.
type WentIn = (Rc<Vec<File>>, Option<Rc<Json>>);

enum Needed {
    Here(Vec<(String, Bytes)>),
    Missing(WireError),
    Loading,
}
