//! The pipeline as a row: its steps in order, and a way to add one.

use engine::report::StepState;
use engine::request::Role;
use leptos::prelude::*;

use crate::browser::file;
use crate::store::{Pane, use_store};

/// What a chip shows of a step.
#[derive(Clone, PartialEq)]
struct Chip {
    title: String,
    validator: bool,
    off: bool,
}

/// The pipeline.
#[component]
pub(super) fn Steps() -> impl IntoView {
    let store = use_store();
    let chips = Memo::new(move |_| {
        let chip = |step: &engine::request::PipelineStep| Chip {
            title: step.title().to_owned(),
            validator: step.role == Role::Validator,
            off: step.off,
        };
        store.workspace.with(|w| w.pipeline.steps.iter().map(chip).collect::<Vec<_>>())
    });
    view! {
        <div class="steps">
            <ol class="steps__list" aria-label="Pipeline">
                {move || chips.get().into_iter().enumerate().map(|(index, chip)| view! { <StepChip index=index chip=chip/> }).collect_view()}
            </ol>
            <AddFunction/>
        </div>
    }
}

/// A step.
#[component]
fn StepChip(
    /// Its index.
    index: usize,
    /// What is shown of it.
    chip: Chip,
) -> impl IntoView {
    let store = use_store();
    let state = move || {
        store.shown.with(|shown| shown.as_ref()?.report.as_ref()?.steps.get(index).map(|step| step.state))
    };
    let tone = move || match state() {
        Some(StepState::Done) if !store.stale.get() => "good",
        Some(StepState::Failed) if !store.stale.get() => "bad",
        _ => "none",
    };
    let open = move |_| {
        store.step.set(index);
        store.pane.set(Pane::Configuration);
    };
    let (validator, mutator) = if chip.validator { (" validator", "") } else { ("", ", mutator") };
    let off = if chip.off { " off" } else { "" };
    // What is seen stands in the name as it is seen, for those who speak it.
    let label = format!("Step {} {}{validator}{off}{mutator}", index + 1, chip.title);
    view! {
        <li>
            <button type="button" class="step" data-off=chip.off.to_string() data-state=tone
                aria-label=label
                aria-pressed=move || (store.step.get() == index).to_string() on:click=open>
                <span class="n">{index + 1}</span>" "{chip.title}" "
                {chip.validator.then(|| view! { <span class="chip" data-tone="warn">"validator"</span> })}
                {chip.off.then(|| view! { <span class="chip">"off"</span> })}
            </button>
        </li>
    }
}

/// A menu of what can be added: the examples' guests, or a file.
#[component]
fn AddFunction() -> impl IntoView {
    let store = use_store();
    let open = RwSignal::new(false);
    let guests = move || {
        store
            .gallery
            .with(|gallery| gallery.as_ref().map(|gallery| gallery.modules.clone()).unwrap_or_default())
    };
    let guest = move |guest: crate::gallery::Guest| {
        let name = guest.name.clone();
        let add = move |_| {
            open.set(false);
            store.add_guest(&name);
        };
        view! { <li><button type="button" class="item item--plain" on:click=add>{guest.name}</button></li> }
    };
    let chosen = move |event| {
        open.set(false);
        store.add_modules(file::chosen(&event));
    };
    view! {
        <div class="menu" on:keydown=move |event| if event.key() == "Escape" { open.set(false) }>
            <button type="button" class="btn btn--quiet btn--small" aria-expanded=move || open.get().to_string()
                aria-controls="add-function" on:click=move |_| open.update(|open| *open = !*open)>"+ Add a function"</button>
            <div class="menu__list" id="add-function" hidden=move || !open.get()>
                <label class="item item--plain">"From a .wasm or .wat file…"
                    <input class="visually-hidden" type="file" multiple accept=".wasm,.wat" on:change=chosen/>
                </label>
                <ul aria-label="Functions of the examples">{move || guests().into_iter().map(guest).collect_view()}</ul>
            </div>
            <label class="btn btn--small">"Open module"
                <input class="visually-hidden" type="file" multiple accept=".wasm,.wat,application/wasm"
                    on:change=move |event| store.open_modules(file::chosen(&event))/>
            </label>
        </div>
    }
}
