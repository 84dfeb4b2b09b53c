//! Checks the workspace's cases, one run after the other.

use std::rc::Rc;

use engine::request::GateRequest;
use engine::workspace::Workspace;
use engine::workspace::case::{Case, Change, Expect, RequestChange};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use super::{RunState, Slot, Store};
use crate::parts;
use crate::runner::{Bytes, Job, Question, RunEvent};
use crate::seen::{Seen, Sign};

/// How often it is looked whether the modules are here.
const LOAD_MS: u32 = 100;

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
            self.check(0);
        }
    }

    fn check(self, index: usize) {
        let workspace = self.workspace.get_untracked();
        let Some(case) = workspace.cases.get(index).cloned() else {
            self.run.set(RunState::Idle);
            return;
        };
        let changed = match case.change.apply(&workspace) {
            Ok(changed) => changed,
            Err(sentence) => return self.settle(index, CaseRun::fails(sentence)),
        };
        let Some(modules) = self.modules_here(&changed) else {
            return self.settle(index, CaseRun::fails("a module is not here".into()));
        };
        let request = changed.to_request(self.limits.get_untracked());
        self.run.set(RunState::Running(engine::run::Progress::default()));
        let hear = move |event| match event {
            RunEvent::Progress(progress) => self.run.set(RunState::Running(progress)),
            RunEvent::Done(done) => {
                let missing = done.shortfalls;
                let state = if missing.is_empty() { CaseState::Holds } else { CaseState::Fails(missing) };
                self.settle(index, CaseRun { state, signs: self.in_order(&done.report) });
            }
            RunEvent::Killed(_, error) => self.settle(index, CaseRun::fails(error.message)),
        };
        self.runner().run(Job { request, modules, expect: Some(case.expect) }, Box::new(hear));
    }

    /// What the workspace's steps came to: a report has them in the order in which they were met.
    fn in_order(self, report: &Seen) -> Vec<Sign> {
        let titles = self.workspace.with_untracked(parts::steps).into_iter().map(|step| step.title);
        titles.map(|title| report.sign(&title)).collect()
    }

    fn settle(self, index: usize, state: CaseRun) {
        let known = self.cases.try_update(|cases| cases.get_mut(index).map(|case| *case = state)).flatten();
        // The workspace was replaced in between: there is nothing more to check.
        match known {
            Some(()) => self.check(index + 1),
            None => self.run.set(RunState::Idle),
        }
    }

    fn modules_here(self, workspace: &Workspace) -> Option<Vec<(String, Bytes)>> {
        self.modules.with_untracked(|slots| {
            let bytes = |name: &str| match slots.get(name) {
                Some(Slot::Here { bytes, .. }) => Some((name.to_owned(), Rc::clone(bytes))),
                _ => None,
            };
            workspace.modules.iter().map(|module| bytes(&module.name)).collect()
        })
    }

    /// Makes a case of the last run: the workspace as it stands, expected to end as it did.
    pub fn add_case(self) {
        let Some(shown) = self.shown.get_untracked() else { return };
        let message = Some(shown.outcome.message.clone());
        let expect = Expect { message, ..Expect::new(shown.outcome.kind) };
        let Some(asked) = &shown.asked else {
            let files = shown.inputs.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
            return self.push_case(Change { files, ..Change::default() }, expect);
        };
        let expect = Expect {
            stage: shown.outcome.stage,
            reason: shown.outcome.reason.as_deref().map(Into::into),
            ..expect
        };
        let change = Change { request: change_of(asked), ..Change::default() };
        let gate = shown.report.as_ref().and_then(|report| report.gate.as_ref());
        let Some(gate) = gate.filter(|gate| !gate.changed.is_empty()) else {
            return self.push_case(change, expect);
        };
        // What was changed is expected to be changed the same.
        let paths = gate.changed.clone();
        let object = shown.texts.first().map(|(_, text)| text.read()).unwrap_or_default();
        let heard = move |fields| self.push_case(change, Expect { fields, ..expect });
        self.runner().ask(Question::Fields(object, paths, Box::new(heard)));
    }

    fn push_case(self, change: Change, expect: Expect) {
        let number = self.workspace.with_untracked(|workspace| workspace.cases.len() + 1);
        let name = format!("case {number}: {}", expect.message.as_deref().unwrap_or_default());
        self.edit("Add a case", |workspace| workspace.cases.push(Case { name, change, expect }));
        self.cases.set(Vec::new());
    }

    /// Removes a case.
    pub fn remove_case(self, index: usize) {
        self.edit("Remove a case", |workspace| {
            if index < workspace.cases.len() {
                workspace.cases.remove(index);
            }
        });
        self.cases.set(Vec::new());
    }
}

/// A request as a case keeps it: what is empty is left to the workspace, but for what a review must stand without.
fn change_of(asked: &GateRequest) -> RequestChange {
    let has_review = !asked.review.is_empty() || !asked.raw.is_empty();
    let text = |text: &String| (has_review || !text.is_empty()).then(|| text.clone());
    RequestChange {
        who: Some(asked.who.clone()),
        verb: Some(asked.verb),
        object: text(&asked.object),
        old_object: text(&asked.old_object),
        resource: text(&asked.resource),
        subresource: text(&asked.subresource),
        namespace: text(&asked.namespace),
        name: text(&asked.name),
        path: text(&asked.path),
        options: Some(asked.options.clone()),
        review: text(&asked.review),
        raw: text(&asked.raw),
        session: None,
    }
}
