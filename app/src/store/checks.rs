//! Checks the workspace's cases, one run after the other, against the workspace as it stands when that begins.
//!
//! What comes of them is shown some times a second: to draw a table anew after each of a thousand cases would take longer
//! than the cases. Refuses to go on after Stop.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use engine::report::Limit;
use engine::request::Budget;
use engine::run::Progress;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::{RunState, Slot, Store};
use crate::browser::clock;
use crate::draft::{Asked, Draft};
use crate::parts;
use crate::runner::{Bytes, Job, RunEvent};
use crate::seen::{Seen, Sign};

/// How often it is looked whether the modules are here.
const LOAD_MS: u32 = 100;

/// How often what came of cases is shown, in milliseconds.
const SHOWN_MS: f64 = 150.0;

/// A case, as it was checked last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseState {
    /// It waits.
    Waiting,
    /// It holds.
    Holds,
    /// It does not: the sentences say why.
    Fails(Vec<String>),
}

/// A case that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRun {
    /// Whether it holds.
    pub state: CaseState,
    /// What each step came to, in their order; none where there is no report.
    pub signs: Vec<Sign>,
}

impl CaseRun {
    const WAITING: Self = Self { state: CaseState::Waiting, signs: Vec::new() };

    fn fails(sentence: String) -> Self {
        Self { state: CaseState::Fails(vec![sentence]), signs: Vec::new() }
    }
}

/// All cases on their way.
struct Check {
    /// The workspace without them.
    base: Draft,
    cases: Vec<Json>,
    /// The steps' names, in the workspace's order.
    titles: Vec<String>,
    /// None when one of them is not here.
    modules: Option<Vec<(String, Bytes)>>,
    runs: RefCell<Vec<CaseRun>>,
    /// When they were shown last.
    shown_at: Cell<f64>,
}

impl Check {
    /// What a case asks for; none when a module is not here.
    fn job(&self, limits: Budget, case: &Json) -> Option<Job> {
        let asked = Asked { draft: self.base.clone(), case: Some(case.clone()), limits };
        Some(Job { asked, modules: self.modules.clone()? })
    }

    fn note(&self, index: usize, run: CaseRun) {
        if let Some(place) = self.runs.borrow_mut().get_mut(index) {
            *place = run;
        }
    }

    /// What the steps came to: a report has them in the order in which they were met.
    fn signs(&self, report: &Seen) -> Vec<Sign> {
        self.titles.iter().map(|title| report.sign(title)).collect()
    }
}

impl Store {
    /// Checks all cases. While a run is under way: nothing.
    pub fn check_cases(self) {
        if self.run.with_untracked(|run| *run != RunState::Idle) {
            return;
        }
        let count = self.workspace.with_untracked(|workspace| workspace.cases.len());
        self.cases.set(vec![CaseRun::WAITING; count]);
        self.check_when_loaded();
    }

    /// Begins once no module is on its way any more: one that is not here by then is missing.
    fn check_when_loaded(self) {
        let loading =
            self.modules.with_untracked(|slots| slots.values().any(|slot| matches!(slot, Slot::Loading)));
        if loading {
            Timeout::new(LOAD_MS, move || self.check_when_loaded()).forget();
        } else if self.run.with_untracked(|run| *run == RunState::Idle) {
            let mut base = self.workspace.get_untracked();
            let cases = std::mem::take(&mut base.cases);
            let check = Check {
                titles: parts::steps(&base).into_iter().map(|step| step.title).collect(),
                modules: self.modules_of(&base),
                runs: RefCell::new(vec![CaseRun::WAITING; cases.len()]),
                shown_at: Cell::new(clock::now()),
                base,
                cases,
            };
            self.check(Rc::new(check), 0);
        }
    }

    /// Runs the next case that can be run.
    fn check(self, check: Rc<Check>, mut index: usize) {
        let job = loop {
            let Some(case) = check.cases.get(index) else { return self.end_checks(&check) };
            match check.job(self.limits.get_untracked(), case) {
                Some(job) => break job,
                None => check.note(index, CaseRun::fails("a module is not here".into())),
            }
            index += 1;
        };
        self.run.set(RunState::Running(Progress::default()));
        let hear = move |event| match event {
            RunEvent::Progress(progress) => self.run.set(RunState::Running(progress)),
            RunEvent::Done(done) => {
                let missing = done.shortfalls;
                let state = if missing.is_empty() { CaseState::Holds } else { CaseState::Fails(missing) };
                check.note(index, CaseRun { state, signs: check.signs(&done.report) });
                self.go_on(Rc::clone(&check), index, done.report.outcome.limit);
            }
            RunEvent::Refused(error) => {
                check.note(index, CaseRun::fails(error.message));
                self.go_on(Rc::clone(&check), index, None);
            }
            RunEvent::Killed(limit, error) => {
                check.note(index, CaseRun::fails(error.message));
                self.go_on(Rc::clone(&check), index, limit);
            }
        };
        self.runner().run(job, Box::new(hear));
    }

    fn go_on(self, check: Rc<Check>, index: usize, limit: Option<Limit>) {
        // Where none is left, the cases were changed or the workspace was replaced in between.
        if limit == Some(Limit::Person) || self.cases.with_untracked(Vec::is_empty) {
            return self.end_checks(&check);
        }
        if clock::now() - check.shown_at.get() >= SHOWN_MS {
            self.cases.set(check.runs.borrow().clone());
            check.shown_at.set(clock::now());
        }
        self.check(check, index + 1);
    }

    fn end_checks(self, check: &Check) {
        if !self.cases.with_untracked(Vec::is_empty) {
            self.cases.set(check.runs.borrow().clone());
        }
        self.run.set(RunState::Idle);
    }

    fn modules_of(self, workspace: &Draft) -> Option<Vec<(String, Bytes)>> {
        self.modules.with_untracked(|slots| {
            let bytes = |name: &str| match slots.get(name) {
                Some(Slot::Here { bytes, .. }) => Some((name.to_owned(), Rc::clone(bytes))),
                _ => None,
            };
            workspace.modules.iter().map(|module| bytes(&module.name)).collect()
        })
    }
}
