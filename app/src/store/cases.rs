//! Checks the workspace's cases, one run after the other.

use std::rc::Rc;

use engine::workspace::Workspace;
use engine::workspace::case::{Case, Change, Expect};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use super::{RunState, Slot, Store};
use crate::runner::{Bytes, Job, RunEvent};

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

impl Store {
    /// Checks all cases. While a run is under way: nothing.
    pub fn check_cases(self) {
        if self.run.with_untracked(|run| *run != RunState::Idle) {
            return;
        }
        let count = self.workspace.with_untracked(|workspace| workspace.cases.len());
        self.cases.set(vec![CaseState::Waiting; count]);
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
            Err(sentence) => return self.settle(index, CaseState::Fails(vec![sentence])),
        };
        let Some(modules) = self.modules_here(&changed) else {
            return self.settle(index, CaseState::Fails(vec!["a module is not here".into()]));
        };
        let request = changed.to_request(self.limits.get_untracked());
        self.run.set(RunState::Running(engine::run::Progress::default()));
        let hear = move |event| match event {
            RunEvent::Progress(progress) => self.run.set(RunState::Running(progress)),
            RunEvent::Done(done) => {
                let missing = done.shortfalls;
                let state = if missing.is_empty() { CaseState::Holds } else { CaseState::Fails(missing) };
                self.settle(index, state);
            }
            RunEvent::Killed(_, error) => self.settle(index, CaseState::Fails(vec![error.message])),
        };
        self.runner().run(Job { request, modules, expect: Some(case.expect) }, Box::new(hear));
    }

    fn settle(self, index: usize, state: CaseState) {
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
        let number = self.workspace.with_untracked(|workspace| workspace.cases.len() + 1);
        let message = Some(shown.outcome.message.clone());
        let expect = Expect { message, ..Expect::new(shown.outcome.kind) };
        let files = shown.inputs.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
        let change = Change { files, ..Change::default() };
        self.edit("Add a case", |workspace| {
            workspace.cases.push(Case {
                name: format!("case {number}: {}", shown.outcome.message),
                change,
                expect,
            });
        });
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
