//! Which resources a step sees: selectors and exclusions, a row each.

use engine::request::{PipelineStep, Selector};
use engine::workspace::Workspace;
use leptos::prelude::*;

use super::of_step;
use crate::store::use_store;
use crate::view::rows::{Grid, Rows, given, map, pairs, take};

const FIELDS: &[&str] = &["apiVersion", "kind", "name", "namespace", "labels", "annotations"];

fn step(w: &Workspace, index: usize) -> Option<&PipelineStep> {
    w.pipeline.steps.get(index)
}

fn step_mut(w: &mut Workspace, index: usize) -> Option<&mut PipelineStep> {
    w.pipeline.steps.get_mut(index)
}

const ONLY: Grid = Grid {
    word: "Only",
    add: "Add a selector",
    fields: FIELDS,
    count: |w, index| step(w, index).map_or(0, |step| step.selectors.len()),
    read: |w, index, (row, field)| Some(read(step(w, index)?.selectors.get(row)?, field)),
    write: |w, index, (row, field), text| {
        write(step_mut(w, index)?.selectors.get_mut(row)?, field, text);
        Some(())
    },
    push: |w, index| step_mut(w, index).map(|step| step.selectors.push(Selector::default())),
    remove: |w, index, row| take(&mut step_mut(w, index)?.selectors, row),
};

const NOT: Grid = Grid {
    word: "Not",
    add: "Add an exclusion",
    fields: FIELDS,
    count: |w, index| step(w, index).map_or(0, |step| step.exclude.len()),
    read: |w, index, (row, field)| Some(read(step(w, index)?.exclude.get(row)?, field)),
    write: |w, index, (row, field), text| {
        write(step_mut(w, index)?.exclude.get_mut(row)?, field, text);
        Some(())
    },
    push: |w, index| step_mut(w, index).map(|step| step.exclude.push(Selector::default())),
    remove: |w, index, row| take(&mut step_mut(w, index)?.exclude, row),
};

fn read(selector: &Selector, field: usize) -> String {
    let text = match field {
        0 => &selector.api_version,
        1 => &selector.kind,
        2 => &selector.name,
        3 => &selector.namespace,
        4 => return pairs(&selector.labels),
        _ => return pairs(&selector.annotations),
    };
    text.clone().unwrap_or_default()
}

fn write(selector: &mut Selector, field: usize, text: &str) {
    let place = match field {
        0 => &mut selector.api_version,
        1 => &mut selector.kind,
        2 => &mut selector.name,
        3 => &mut selector.namespace,
        4 => return selector.labels = map(text),
        _ => return selector.annotations = map(text),
    };
    *place = given(text);
}

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
            <Rows grid=&ONLY/>
            <Rows grid=&NOT/>
            <p class="hint">"A resource is picked when every given field is equal. Labels and annotations: `a=b, c=d`."</p>
        </details>
    }
}
