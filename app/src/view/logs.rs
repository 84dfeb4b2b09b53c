//! What the guests printed and what the host has to say, step by step. All of it is text.

use engine::report::{StepReport, StepState};
use engine::words;
use leptos::prelude::*;

use crate::store::{Shown, use_store};
use crate::visible::{sentence, visible};

/// How much of a log is shown, in bytes: more makes the page slow and is not read.
const SHOWN: usize = 256 << 10;

/// How many steps have something to say.
pub(super) fn count(shown: &Shown) -> usize {
    let report = shown.report.as_ref();
    report.map_or(0, |report| report.steps.iter().filter(|step| speaks(step)).count())
}

fn speaks(step: &StepReport) -> bool {
    !step.stderr.is_empty() || !step.stdout.is_empty() || !step.notes.is_empty()
}

/// The logs.
#[component]
pub(super) fn Logs() -> impl IntoView {
    let store = use_store();
    let steps =
        move || store.shown.with(|shown| shown.as_ref()?.report.as_ref().map(|report| report.steps.clone()));
    move || match steps() {
        None => view! { <p class="empty">"What the functions print stands here after a run."</p> }.into_any(),
        Some(steps) if !steps.iter().any(speaks) => {
            view! { <p class="empty">"The functions printed nothing."</p> }.into_any()
        }
        Some(steps) => {
            let numbered = steps.into_iter().enumerate().filter(|(_, step)| speaks(step));
            numbered.map(|(index, step)| view! { <StepLog index=index step=step/> }).collect_view().into_any()
        }
    }
}

/// A step's log.
#[component]
fn StepLog(
    /// The step's index.
    index: usize,
    /// Its report.
    step: StepReport,
) -> impl IntoView {
    let failed = step.state == StepState::Failed;
    let outcome = step.outcome.as_ref().map(|outcome| sentence(&outcome.message));
    let dropped = step.stderr_dropped;
    view! {
        <section class="log" data-state=if failed { "failed" } else { "done" }>
            <h3>{index + 1}" "{step.name}<small>{outcome}</small></h3>
            <ul class="log__notes">{step.notes.iter().map(|note| view! { <li>{sentence(note)}</li> }).collect_view()}</ul>
            <Printed name="stderr" text=step.stderr/>
            {(dropped > 0).then(|| view! { <p class="hint">{words::grouped(dropped)}" more bytes were printed and dropped at the limit."</p> })}
            <Printed name="stdout" text=step.stdout/>
        </section>
    }
}

/// What was printed to one stream.
#[component]
pub(super) fn Printed(
    /// What it is.
    #[prop(into)]
    name: String,
    /// The text.
    text: String,
) -> impl IntoView {
    let end = (0..=text.len().min(SHOWN)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let cut = text.len() - end;
    let shown = visible(text.get(..end).unwrap_or_default());
    (!text.is_empty()).then(|| {
        view! {
            <h4>{name.clone()}</h4>
            <pre tabindex="0" aria-label=name>{shown}</pre>
            {(cut > 0).then(|| view! { <p class="hint">{words::grouped(cut as u64)}" more bytes are in the report and not shown here."</p> })}
        }
    })
}
