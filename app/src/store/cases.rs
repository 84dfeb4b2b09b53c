//! Makes and removes cases: inputs with what must come of them.

use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::Store;
use crate::draft::path;
use crate::runner::Question;

/// What a case keeps of a request: all of it but the chains and what the cluster holds.
const KEPT: [&str; 12] = [
    "who",
    "verb",
    "object",
    "oldObject",
    "resource",
    "subresource",
    "namespace",
    "name",
    "path",
    "options",
    "review",
    "raw",
];

impl Store {
    /// Makes a case of the last run: the workspace as it stands, expected to end as it did.
    pub fn add_case(self) {
        let Some(shown) = self.shown.get_untracked() else { return };
        let outcome = &shown.outcome;
        let mut expect = json!({"outcome": outcome.kind, "message": outcome.message});
        let Some(asked) = &shown.asked else {
            let files = shown.inputs.iter().map(|file| (file.path.clone(), file.text.clone().into()));
            return self.push_case("files", files.collect::<Map<_, _>>().into(), expect);
        };
        path::set(&mut expect, "stage", json!(outcome.stage));
        path::set(&mut expect, "reason", json!(outcome.reason));
        let change = change_of(asked);
        let gate = shown.report.as_ref().and_then(|report| report.gate.as_ref());
        let Some(gate) = gate.filter(|gate| !gate.changed.is_empty()) else {
            return self.push_case("request", change, expect);
        };
        // What was changed is expected to be changed the same.
        let paths = gate.changed.clone();
        let object = shown.texts.first().map(|(_, text)| text.read()).unwrap_or_default();
        let heard = move |fields| {
            // As a whole: its keys are paths themselves, and null says that a field is gone.
            expect.as_object_mut().map(|expect| expect.insert("fields".into(), json!(fields)));
            self.push_case("request", change, expect);
        };
        self.runner().ask(Question::Fields(object, paths, Box::new(heard)));
    }

    fn push_case(self, what: &str, change: Json, expect: Json) {
        let number = self.workspace.with_untracked(|workspace| workspace.cases.len() + 1);
        let name = format!("case {number}: {}", path::text(&expect, "message"));
        let case = json!({"name": name, "change": {what: change}, "expect": expect});
        self.edit("Add a case", |workspace| workspace.cases.push(case));
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
fn change_of(asked: &Json) -> Json {
    let is_whole = ["review", "raw"].iter().any(|key| !path::text(asked, key).is_empty());
    let texts =
        ["object", "oldObject", "resource", "subresource", "namespace", "name", "path", "review", "raw"];
    let mut change = json!({"who": {}, "verb": "create", "options": {}});
    for key in KEPT {
        let value = path::get(asked, key).clone();
        let value = if value.is_null() && is_whole && texts.contains(&key) { "".into() } else { value };
        if let Some(change) = change.as_object_mut().filter(|_| !value.is_null()) {
            change.insert(key.into(), value);
        }
    }
    change
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_keeps_what_was_asked() {
        let asked = json!({"verb": "delete", "object": "a: 1", "admission": [{"module": "m"}]});
        let kept = json!({"who": {}, "verb": "delete", "options": {}, "object": "a: 1"});
        assert_eq!(change_of(&asked), kept);
        let whole = change_of(&json!({"review": "{}"}));
        assert_eq!((path::text(&whole, "review"), whole.get("object")), ("{}", Some(&json!(""))));
    }
}
