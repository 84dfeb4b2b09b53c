//! The selected module of a request: where and when it is asked, and its settings.

mod policy;

use engine::words;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::configuration::{Config, StepBar};
use super::rows::{Field, Form, Grid, Root, Rows, Written};
use super::steps::stage_word;
use crate::draft::path;
use crate::parts;
use crate::store::use_store;

const HINT: &str = "No settings are given. Write them here, as YAML or JSON.";

const RULES: Grid = Grid {
    root: Root::Step,
    word: "Asked for",
    add: "Add a rule",
    path: "rules",
    fields: &[
        ("operations", "operations", Written::List),
        ("apiGroups", "apiGroups", Written::List),
        ("apiVersions", "apiVersions", Written::List),
        ("resources", "resources", Written::List),
        ("scope", "scope", Written::Text),
    ],
    new: parts::every_object,
};

const CONDITIONS: Grid = Grid {
    root: Root::Step,
    word: "If",
    add: "Add a match condition",
    path: "matchConditions",
    fields: &[("name", "name", Written::Text), ("CEL expression", "expression", Written::Text)],
    new: || json!({"name": "", "expression": ""}),
};

const FIELDS: &[Field] = &[
    Field {
        name: "When it fails",
        empty: "",
        choices: &["Fail", "Ignore"],
        path: "failurePolicy",
        form: Written::Text,
    },
    Field {
        name: "Match policy",
        empty: "",
        choices: &["Exact", "Equivalent"],
        path: "matchPolicy",
        form: Written::Text,
    },
    Field {
        name: "Namespaces with labels",
        empty: "all",
        choices: &[],
        path: "namespaceSelector.matchLabels",
        form: Written::Pairs,
    },
    Field {
        name: "Objects with labels",
        empty: "all",
        choices: &[],
        path: "objectSelector.matchLabels",
        form: Written::Pairs,
    },
];

/// The selected module.
#[component]
pub(super) fn Settings() -> impl IntoView {
    let store = use_store();
    let stage = Memo::new(move |_| store.workspace.with(|w| parts::stage(w, store.step.get())));
    view! {
        {move || match stage.get() {
            Some(stage) if parts::chain(stage) == "admission" => {
                view! { <StepBar><Phase/></StepBar><Rules/><Config label="Settings editor" hint=HINT/> }.into_any()
            }
            Some(stage) => view! {
                <StepBar><span class="chip">{stage_word(stage)}</span></StepBar><Config label="Settings editor" hint=HINT/>
            }.into_any(),
            None => view! { <p class="empty">"No module is asked yet. Add one above, or drop its file here."</p> }.into_any(),
        }}
    }
}

/// In which phase of admission the module is asked.
#[component]
fn Phase() -> impl IntoView {
    let store = use_store();
    let now = Memo::new(move |_| {
        let given = |w: &_| parts::step(w, store.step.get())?.get("mutating")?.as_bool();
        store.workspace.with(given)
    });
    let set = move |event| {
        let mutating = match event_target_value(&event).as_str() {
            "" => Json::Null,
            word => (word == "mutating").into(),
        };
        store.edit_entry(store.step.get_untracked(), "Change a phase", |entry| {
            path::set(entry, "mutating", mutating);
        });
    };
    let has_metadata = Memo::new(move |_| {
        let part = store.workspace.with(|w| parts::part(w, store.step.get())).unwrap_or_default();
        store.says_of_itself(&part.module, |_| true)
    });
    let option = move |(value, words, given): (&'static str, &'static str, Option<bool>)| {
        view! { <option value=value selected=move || now.get() == given>{words}</option> }
    };
    let options = move || {
        // Without metadata, what is not said and what is said to validate are one.
        let open = [("", "as its metadata says", None)].into_iter().filter(|_| has_metadata.get());
        let validating =
            ("validating", "validating", has_metadata.get().then_some(false).or(now.get().filter(|it| !it)));
        open.chain([validating, ("mutating", "mutating", Some(true))]).map(option).collect_view()
    };
    view! { <select aria-label="Phase" on:change=set>{options}</select> }
}

/// When the module is asked.
#[component]
fn Rules() -> impl IntoView {
    let store = use_store();
    let of_entry = move |read: fn(&Json) -> String| {
        let read = move |w: &_| parts::step(w, store.step.get()).map(read).unwrap_or_default();
        Memo::new(move |_| store.workspace.with(read))
    };
    let summary = of_entry(|entry| {
        let rule = |rule: &Json| {
            let words = |key| Written::List.read(path::get(rule, key));
            format!("{} of {}", words("operations"), words("resources"))
        };
        match path::list(entry, "rules") {
            [] => "as its metadata says; without any, never".to_owned(),
            rules => rules.iter().map(rule).collect::<Vec<_>>().join("; "),
        }
    });
    let grants = of_entry(|entry| {
        match path::list(entry, "contextAware").len() + path::list(entry, "hostCapabilities").len() {
            0 => "nothing is granted".to_owned(),
            count => words::count(count as u64, "grant"),
        }
    });
    view! {
        <details class="selectors">
            <summary>"When it is asked: "{summary}</summary>
            <Rows grid=&RULES/>
            <Rows grid=&CONDITIONS/>
            <Form root=Root::Step fields=FIELDS/>
            <p class="hint">"Lists: `CREATE, UPDATE`; `\"\"` is the core API group, `*` everything. Labels: `a=b, c=d`."</p>
        </details>
        <details class="selectors">
            <summary>"What it may, as a Kubewarden policy: "{grants}</summary>
            <Form root=Root::Step fields=policy::FIELDS/>
            <p class="hint">"Members of a group, and answers that nobody knows offline, are written in File."</p>
        </details>
    }
}
