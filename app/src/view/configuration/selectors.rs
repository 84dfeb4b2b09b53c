//! Which resources a step sees: selectors and exclusions, a row each.

use std::collections::BTreeMap;

use engine::request::{PipelineStep, Selector};
use leptos::prelude::*;

use super::of_step;
use crate::store::use_store;

/// Which of a step's two lists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Selectors,
    Exclude,
}

impl List {
    fn of(self, step: &PipelineStep) -> &Vec<Selector> {
        match self {
            Self::Selectors => &step.selectors,
            Self::Exclude => &step.exclude,
        }
    }

    fn of_mut(self, step: &mut PipelineStep) -> &mut Vec<Selector> {
        match self {
            Self::Selectors => &mut step.selectors,
            Self::Exclude => &mut step.exclude,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Selectors => "Only",
            Self::Exclude => "Not",
        }
    }
}

/// A field of a selector: its name, how it is read and how it is set.
type Field = (&'static str, fn(&Selector) -> String, fn(&mut Selector, &str));

const FIELDS: [Field; 6] = [
    ("apiVersion", |s| s.api_version.clone().unwrap_or_default(), |s, text| s.api_version = given(text)),
    ("kind", |s| s.kind.clone().unwrap_or_default(), |s, text| s.kind = given(text)),
    ("name", |s| s.name.clone().unwrap_or_default(), |s, text| s.name = given(text)),
    ("namespace", |s| s.namespace.clone().unwrap_or_default(), |s, text| s.namespace = given(text)),
    ("labels", |s| pairs(&s.labels), |s, text| s.labels = map(text)),
    ("annotations", |s| pairs(&s.annotations), |s, text| s.annotations = map(text)),
];

/// Selectors and exclusions of the selected step.
#[component]
pub(super) fn Selectors() -> impl IntoView {
    let store = use_store();
    let summary = of_step(store, |step| match (step.selectors.len(), step.exclude.len()) {
        (0, 0) => "sees every resource".to_owned(),
        (0, exclude) => format!("sees all resources but {exclude} exclusion(s)"),
        (only, 0) => format!("sees what {only} selector(s) pick"),
        (only, exclude) => format!("sees what {only} selector(s) pick, but {exclude} exclusion(s)"),
    });
    view! {
        <details class="selectors">
            <summary>"Which resources: "{summary}</summary>
            <Rows list=List::Selectors/>
            <Rows list=List::Exclude/>
            <p class="hint">"A resource is picked when every given field is equal. Labels and annotations: `a=b, c=d`."</p>
        </details>
    }
}

/// The rows of one list.
#[component]
fn Rows(
    /// Which list.
    list: List,
) -> impl IntoView {
    let store = use_store();
    let count = of_step(store, move |step| list.of(step).len());
    let add = move |_| {
        store.edit_step(store.step.get_untracked(), "Add a selector", |step| {
            list.of_mut(step).push(Selector::default())
        });
    };
    view! {
        {move || (0..count.get()).map(|row| view! { <Row list=list row=row/> }).collect_view()}
        <button type="button" class="btn btn--small" on:click=add>
            {if list == List::Selectors { "Add a selector" } else { "Add an exclusion" }}
        </button>
    }
}

/// A row.
#[component]
fn Row(
    /// Which list.
    list: List,
    /// The row's index.
    row: usize,
) -> impl IntoView {
    let store = use_store();
    let input = move |(name, read, set): Field| {
        let value = of_step(store, move |step| list.of(step).get(row).map(read).unwrap_or_default());
        let change = move |event| {
            let text = event_target_value(&event);
            store.edit_step(store.step.get_untracked(), "Change a selector", |step| {
                if let Some(selector) = list.of_mut(step).get_mut(row) {
                    set(selector, text.trim());
                }
            });
        };
        view! { <input placeholder=name aria-label=format!("{} {name}, row {}", list.word(), row + 1) prop:value=value on:change=change/> }
    };
    let remove = move |_| {
        store.edit_step(store.step.get_untracked(), "Remove a selector", |step| {
            if row < list.of(step).len() {
                list.of_mut(step).remove(row);
            }
        });
    };
    view! {
        <div class="selectors__row">
            <b>{list.word()}</b>
            {FIELDS.map(input).collect_view()}
            <button type="button" class="btn btn--small" aria-label=format!("Remove {} row {}", list.word(), row + 1) on:click=remove>"Remove"</button>
        </div>
    }
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn pairs(map: &BTreeMap<String, String>) -> String {
    map.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
}

fn map(text: &str) -> BTreeMap<String, String> {
    let pair = |part: &str| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        (key.trim().to_owned(), value.trim().to_owned())
    };
    text.split(',').filter(|part| !part.trim().is_empty()).map(pair).collect()
}
