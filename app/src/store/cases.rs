//! Makes and removes cases: inputs with what must come of them.

use engine::request::GateRequest;
use engine::workspace::case::{Case, Change, Expect, RequestChange};
use leptos::prelude::*;

use super::Store;
use crate::runner::Question;

impl Store {
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
