//! The gate: a lane for each stage under the verdict, and a panel with what each module was asked and answered.

use std::rc::Rc;

use leptos::prelude::*;

use super::diff::Changes;
use super::icon::{CHECK, CROSS, Icon};
use super::logs::Printed;
use super::table::Facts;
use crate::seen::{Gate, Lane, Seen, Sign};
use crate::store::{Panel, Store, use_store};
use crate::visible::{sentence, visible};

/// The lanes of the last run's request.
#[component]
pub(super) fn Lanes() -> impl IntoView {
    let store = use_store();
    let lanes = move || {
        let read = |gate: &Gate| gate.lanes.iter().map(|(lane, _)| lane.clone()).collect();
        store.of_gate(read).filter(|lanes: &Vec<Lane>| !lanes.is_empty() && !store.is_busy())
    };
    let lane = move |Lane { name, sign, summary }: Lane| {
        let icon = match sign.tone.as_str() {
            "good" => Some(CHECK),
            "bad" => Some(CROSS),
            _ => None,
        };
        let summary = visible(&summary);
        let title = summary.clone();
        view! {
            <li class="lane" data-tone=sign.tone title=title>
                <button type="button" on:click=move |_| store.panel.set(Panel::Gate)>
                    <b>{icon.map(|path| view! { <Icon path=path size=12/> })}{name}</b>
                    <small>{summary}</small>
                </button>
            </li>
        }
        .into_any()
    };
    view! { {move || lanes().map(|lanes| view! { <ol class="lanes" aria-label="Lanes">{lanes.into_iter().map(lane).collect_view()}</ol> })} }
}

impl Store {
    /// Something of what became of the last run's request.
    pub(super) fn of_gate<T>(self, read: impl FnOnce(&Gate) -> T) -> Option<T> {
        self.shown.with(|shown| shown.as_ref()?.report.as_ref()?.gate.as_ref().map(read))
    }
}

/// What the gate did, stage by stage.
#[component]
pub(super) fn GatePanel() -> impl IntoView {
    let store = use_store();
    let empty = |words: &'static str| view! { <p class="empty">{words}</p> }.into_any();
    move || {
        let report = store.shown.with(|shown| shown.as_ref().and_then(|shown| shown.report.clone()));
        let Some(report) = report else {
            return empty("What each stage of the gate says stands here after a run.");
        };
        let Some(gate) = report.gate.as_ref().filter(|gate| !gate.lanes.is_empty()) else {
            return empty("The request did not come to the gate.");
        };
        let mut first = 0;
        let stage = |(lane, count): &(Lane, usize)| {
            let steps = first..first + count;
            first += count;
            stage(&report, gate, lane, steps)
        };
        let stages = gate.lanes.iter().map(stage).collect_view();
        view! { <Facts facts=gate.facts.clone()/>{stages} }.into_any()
    }
}

/// A stage with its modules.
fn stage(report: &Rc<Seen>, gate: &Gate, lane: &Lane, steps: std::ops::Range<usize>) -> AnyView {
    let Lane { name, sign: Sign { tone, word }, summary } = lane.clone();
    let summary = if summary == word { String::new() } else { sentence(&summary) };
    let step = |index: usize| {
        let (Some(step), Some(detail)) = (report.steps.get(index), gate.details.get(index)) else {
            return view! { "" }.into_any();
        };
        let sign = report.signs.get(index).cloned().unwrap_or_default();
        let (name, message, cost) = (step.name.clone(), detail.message.clone(), detail.cost.clone());
        view! { <Details report=Rc::clone(report) index=index sign=sign name=name message=message cost=cost/> }
            .into_any()
    };
    view! {
        <section class="stage">
            <h3>{name}<span class="chip" data-tone=tone>{word}</span><small>{summary}</small></h3>
            {steps.map(step).collect_view()}
        </section>
    }
    .into_any()
}

/// A module: its answer in a line, and all of it when that is opened.
#[component]
fn Details(
    /// The report.
    report: Rc<Seen>,
    /// Its index among all modules.
    index: usize,
    /// What it came to.
    sign: Sign,
    /// Its name.
    name: String,
    /// Why.
    message: String,
    /// What it cost.
    cost: String,
) -> impl IntoView {
    let store = use_store();
    let (open, called) = (RwSignal::new(false), name.clone());
    let toggle = move |_| {
        open.update(|open| *open = !*open);
        if let Some(index) = store.step_named(&called) {
            store.step.set(index);
        }
    };
    let report = StoredValue::new_local(report);
    let body = move || open.get().then(|| body(report.get_value(), index));
    view! {
        <details class="gatestep">
            <summary on:click=toggle>
                <span class="chip" data-tone=sign.tone>{sign.word}</span><b>{name}</b><span class="grow">{message}</span><small>{cost}</small>
            </summary>
            {body}
        </details>
    }
}

/// What a module was asked, and what it answered.
fn body(report: Rc<Seen>, index: usize) -> AnyView {
    let texts = report.gate.as_ref().and_then(|gate| gate.details.get(index)).map(|it| it.texts.clone());
    let text = |(name, text): (String, String)| view! { <Printed name=name text=text/> };
    let has_changed = report.steps.get(index).is_some_and(|step| step.change_count > 0);
    view! {
        <div class="log">{texts.unwrap_or_default().into_iter().map(text).collect_view()}</div>
        {has_changed.then(|| view! { <Changes report=report index=index/> })}
    }
    .into_any()
}
