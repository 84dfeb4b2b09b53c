//! Which resources a step sees: selectors and exclusions, a row each.

use leptos::prelude::*;
use serde_json::json;

use super::of_step;
use crate::draft::path;
use crate::store::use_store;
use crate::view::rows::{Grid, Root, Rows, Written};

const FIELDS: &[(&str, &str, Written)] = &[
    ("apiVersion", "apiVersion", Written::Text),
    ("kind", "kind", Written::Text),
    ("name", "name", Written::Text),
    ("namespace", "namespace", Written::Text),
    ("labels", "labels", Written::Pairs),
    ("annotations", "annotations", Written::Pairs),
];

const ONLY: Grid = Grid {
    root: Root::Step,
    word: "Only",
    add: "Add a selector",
    path: "selectors",
    fields: FIELDS,
    new: || json!({}),
};

const NOT: Grid = Grid {
    root: Root::Step,
    word: "Not",
    add: "Add an exclusion",
    path: "exclude",
    fields: FIELDS,
    new: || json!({}),
};

/// Selectors and exclusions of the selected step.
#[component]
pub(super) fn Selectors() -> impl IntoView {
    let store = use_store();
    let summary = of_step(store, |step| {
        match (path::list(step, "selectors").len(), path::list(step, "exclude").len()) {
            (0, 0) => "sees every resource".to_owned(),
            (0, exclude) => format!("sees all resources but {exclude} exclusion(s)"),
            (only, 0) => format!("sees what {only} selector(s) pick"),
            (only, exclude) => format!("sees what {only} selector(s) pick, but {exclude} exclusion(s)"),
        }
    });
    view! {
        <details class="selectors">
            <summary>"Which resources: "{summary}</summary>
            <Rows grid=&ONLY/>
            <Rows grid=&NOT/>
            <p class="hint">"A resource is picked when every given field is equal. Labels and annotations: `a=b, c=d`."</p>
        </details>
    }
}
