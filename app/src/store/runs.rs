//! Run, Stop, and running on change.

use std::cell::RefCell;
use std::rc::Rc;

use engine::report::{Limit, Outcome, OutcomeKind, StepState};
use engine::run::Progress;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use super::library::of_module;
use super::{Panel, RunState, Shown, Slot, Store};
use crate::protocol::WireError;
use crate::runner::{Bytes, Job, Question, RunDone, RunEvent};

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
        let names = self.workspace.with_untracked(|workspace| {
            let on = workspace.pipeline.steps.iter().filter(|step| !step.off);
            let mut names: Vec<String> = on.map(|step| step.module.clone()).collect();
            names.sort();
            names.dedup();
            names
        });
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
        let request = self.workspace.with_untracked(|workspace| workspace.to_request(limits));
        // A workspace holds nothing else.
        let engine::request::Scenario::Pipeline(pipeline) = &request.scenario else { return };
        let inputs = Rc::new(pipeline.files.clone());
        let progress = Progress { steps: pipeline.steps.len(), ..Progress::default() };
        self.run.set(RunState::Running(progress));
        self.stale.set(false);
        let hear = move |event| match event {
            RunEvent::Progress(progress) => self.run.set(RunState::Running(progress)),
            RunEvent::Done(done) => self.end(*done, &inputs),
            RunEvent::Killed(limit, error) => {
                let kind = if limit.is_some() { OutcomeKind::Stopped } else { OutcomeKind::Internal };
                self.run.set(RunState::Idle);
                self.end_without_report(kind, &error, limit);
            }
        };
        self.runner().run(Job { request, modules, expect: None }, Box::new(hear));
    }

    fn end(self, done: RunDone, inputs: &Rc<Vec<engine::request::File>>) {
        let report = Rc::new(done.report);
        let first = self.shown.with_untracked(Option::is_none);
        self.run.set(RunState::Idle);
        self.choose_panel(&report, first);
        self.shown.set(Some(Shown {
            outcome: report.outcome.clone(),
            report: Some(report),
            texts: Rc::new(done.texts),
            inputs: Rc::clone(inputs),
        }));
    }

    /// After a failure, shows the step and what explains it; after the first success, what changed. Otherwise the person's
    /// choice stays.
    fn choose_panel(self, report: &engine::report::Report, first: bool) {
        let panel = self.panel.get_untracked();
        if let Some(failed) = report.steps.iter().position(|step| step.state == StepState::Failed) {
            self.step.set(failed);
        }
        let printed = report.steps.iter().any(|step| !step.stderr.is_empty() || !step.stdout.is_empty());
        match report.outcome.kind {
            OutcomeKind::Finished if first || panel == Panel::Module => self.panel.set(Panel::Diff),
            OutcomeKind::Finished => {}
            OutcomeKind::Invalid if report.outcome.place.is_none() => self.panel.set(Panel::Module),
            _ if printed => self.panel.set(Panel::Logs),
            _ => {}
        }
    }

    pub(super) fn end_without_report(self, kind: OutcomeKind, error: &WireError, limit: Option<Limit>) {
        let mut outcome = Outcome::new(kind, error.message.clone());
        outcome.hint.clone_from(&error.hint);
        outcome.limit = limit;
        let inputs = Rc::new(self.workspace.with_untracked(|workspace| workspace.pipeline.files.clone()));
        self.stale.set(false);
        self.shown.set(Some(Shown { outcome, report: None, texts: Rc::default(), inputs }));
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
            let files = self.workspace.with_untracked(|workspace| workspace.pipeline.files.clone());
            self.runner().ask(Question::Lint(files, Box::new(move |marks| self.marks.set(marks))));
        });
        LINT.with_borrow_mut(|lint| *lint = Some(timer));
    }
}

enum Needed {
    Here(Vec<(String, Bytes)>),
    Missing(WireError),
    Loading,
}
