//! The verdict: how the run ended, in a sentence, before any detail.

use engine::report::OutcomeKind;
use engine::words;
use leptos::prelude::*;

use super::icon::{CHECK, CROSS, DOT, HAND, Icon};
use super::lanes::Lanes;
use crate::seen::Seen;
use crate::store::{RunState, Shown, use_store};
use crate::visible::{bytes, fuel, millis, sentence};

/// What is said when nothing ran yet.
const IDLE: &str = "Press Run to see what happens.";

/// The verdict.
#[component]
pub(super) fn Verdict() -> impl IntoView {
    let store = use_store();
    let busy = Memo::new(move |_| store.is_busy());
    let tone = Memo::new(move |_| {
        if busy.get() { "none" } else { store.shown.with(|shown| shown.as_ref().map_or("none", tone)) }
    });
    let head = move || match (busy.get(), store.shown.with(|shown| shown.as_ref().map(headline))) {
        (true, _) => "Running…".to_owned(),
        (false, Some(message)) => message,
        (false, None) => IDLE.to_owned(),
    };
    let hint = move || {
        let hint = store.shown.with(|shown| shown.as_ref().and_then(|shown| shown.outcome.hint.clone()));
        hint.filter(|_| !busy.get()).map(|hint| sentence(&hint))
    };
    let before = move || {
        let report = store.shown.with(|shown| shown.as_ref().and_then(|shown| shown.report.clone()));
        let before =
            report.map(|report| report.before.clone()).filter(|before| !before.is_empty() && !busy.get());
        before.map(|before| view! { <small>"With the answers as they are"</small>{sentence(&before)} })
    };
    let icon = move || match tone.get() {
        "good" => view! { <Icon path=CHECK size=18/> },
        "bad" => view! { <Icon path=CROSS size=18/> },
        "warn" => view! { <Icon path=HAND size=18/> },
        _ => view! { <Icon path=DOT size=18/> },
    };
    view! {
        <div class="verdict" data-tone=tone>
            <div class="verdict__head">
                <span class="sign">{icon}</span>
                <div class="verdict__words" role="status" aria-label="Verdict" aria-live="polite">
                    <h2>{head}</h2>
                    <p>{hint}</p>
                </div>
            </div>
            <Progress/>
            <p class="before">{before}</p>
            <Lanes/>
            <PlaceButton/>
            <Chips/>
        </div>
    }
}

/// How it ended, in a sentence: where a module denied a request, its name and its own words.
fn headline(shown: &Shown) -> String {
    let gate = shown.report.as_ref().and_then(|report| report.gate.as_ref());
    let own = gate.map(|gate| gate.headline.clone()).filter(|headline| !headline.is_empty());
    sentence(&own.unwrap_or_else(|| shown.outcome.message.clone()))
}

/// Colours are for the kind; the sign and the words say it too.
fn tone(shown: &Shown) -> &'static str {
    match shown.outcome.kind {
        OutcomeKind::Finished if shown.report.as_ref().is_some_and(|report| report.has_errors) => "warn",
        OutcomeKind::Finished | OutcomeKind::Allowed => "good",
        OutcomeKind::Stopped => "warn",
        _ => "bad",
    }
}

/// How far a run is. Beside the live region, so that nobody hears every number.
#[component]
fn Progress() -> impl IntoView {
    let store = use_store();
    let words = move || match store.run.get() {
        RunState::Running(progress) if progress.name.is_empty() => Some("Starting".to_owned()),
        RunState::Running(progress) => Some(format!(
            "Step {} of {}: {} · {} fuel",
            progress.step + 1,
            progress.steps,
            progress.name,
            fuel(progress.fuel)
        )),
        RunState::Waiting => Some("Loading modules".to_owned()),
        RunState::Idle => None,
    };
    view! {
        {move || words().map(|words| view! {
            <div class="progress"><progress aria-label="Progress"></progress><span>{words}</span></div>
        })}
    }
}

/// Leads to the place that the outcome names.
#[component]
fn PlaceButton() -> impl IntoView {
    let store = use_store();
    let place =
        move || store.shown.with(|shown| shown.as_ref().and_then(|shown| shown.outcome.place.clone()));
    let button = move |place: engine::report::Place| {
        let words = match (&*place.file, place.step) {
            ("", Some(step)) => format!("Show line {} of the configuration of step {}", place.line, step + 1),
            ("object", _) => format!("Show line {} of the object", place.line),
            (file, _) => format!("Show line {} of {file}", place.line),
        };
        let show = move |_| {
            if let Some(step) = place.step.and_then(|step| usize::try_from(step).ok()) {
                store.step.set(step);
            }
            let file = (!place.file.is_empty()).then(|| place.file.clone());
            store.show_place(file, place.line, place.column);
        };
        view! { <button type="button" class="btn btn--small verdict__place" on:click=show>{words}</button> }
    };
    view! { {move || place().filter(|place| place.line > 0 && !store.is_busy()).map(button)} }
}

/// What it cost, and the limits it ran within.
#[component]
fn Chips() -> impl IntoView {
    let store = use_store();
    let report = move || {
        store
            .shown
            .with(|shown| shown.as_ref().and_then(|shown| shown.report.clone()))
            .filter(|_| !store.is_busy())
    };
    let chips = move |report: std::rc::Rc<Seen>| {
        let results = report.result_count;
        let calls = report.called.values().sum::<u64>();
        let gate = report.gate.as_ref();
        let time = format!("{} of {}", millis(report.millis), words::millis(report.budget.time_ms));
        let memory = format!("{} of {}", bytes(report.memory_bytes), bytes(report.budget.memory_bytes));
        view! {
            <div class="chips">
                <span class="chip">{time}</span>
                <span class="chip">{fuel(report.fuel)}" fuel"</span>
                <span class="chip">{memory}</span>
                <span class="chip">{words::count(calls, "host call")}</span>
                {gate.map(|gate| {
                    let (status, warnings) = (gate.status.clone(), gate.warnings);
                    view! {
                        <span class="chip" hidden=status.is_empty()>{status.clone()}</span>
                        {(warnings > 0).then(|| view! { <span class="chip" data-tone="warn">{words::count(warnings, "warning")}</span> })}
                    }
                })}
                {(results > 0).then(|| view! { <span class="chip" data-tone="info">{words::count(results as u64, "result")}</span> })}
                {move || store.stale.get().then(|| view! { <span class="chip" data-tone="warn">"edited since"</span> })}
            </div>
        }
    };
    view! { {move || report().map(chips)} }
}
