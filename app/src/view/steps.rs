//! The pipeline as a row: its steps in order, and a way to add one.

use engine::report::Stage;
use leptos::prelude::*;

use crate::browser::file;
use crate::draft::Kind;
use crate::parts::{self, Part};
use crate::store::{Pane, use_store};

/// A stage in a word.
pub(super) fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Authentication => "authn",
        Stage::Authorization => "authz",
        Stage::Mutating => "mutating",
        Stage::Validating => "validating",
        Stage::Storage => "storage",
    }
}

/// The pipeline.
#[component]
pub(super) fn Steps() -> impl IntoView {
    let store = use_store();
    let chips = Memo::new(move |_| {
        // What is typed changes no chip.
        let chip = |part: Part| {
            let stage = if store.mutates_by_itself(&part) { Some(Stage::Mutating) } else { part.stage };
            Part { text: String::new(), stage, ..part }
        };
        store.workspace.with(|w| parts::steps(w).into_iter().map(chip).collect::<Vec<_>>())
    });
    let label = move || match store.kind() {
        Kind::Pipeline => "Pipeline",
        Kind::Request => "Gate",
        _ => "Plugin",
    };
    view! {
        <div class="steps">
            <ol class="steps__list" aria-label=label>
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
    chip: Part,
) -> impl IntoView {
    let store = use_store();
    let named = chip.title.clone();
    let sign = move || {
        let sign = store.shown.with(|shown| shown.as_ref().map(|shown| shown.sign(&named)));
        sign.filter(|_| !store.stale.get()).unwrap_or_default()
    };
    let open = move |_| {
        store.step.set(index);
        store.pane.set(Pane::Configuration);
    };
    let word = chip.stage.map(stage_word);
    let (seen, unseen) = match word {
        Some(word) => (word, ""),
        None if chip.validator => ("validator", ""),
        None => ("", ", mutator"),
    };
    // What is seen stands in the name as it is seen, for those who speak it.
    let seen = [chip.title.as_str(), seen, if chip.off { "off" } else { "" }];
    let seen: Vec<&str> = seen.into_iter().filter(|word| !word.is_empty()).collect();
    let label = format!("Step {} {}{unseen}", index + 1, seen.join(" "));
    view! {
        <li>
            <button type="button" class="step" data-off=chip.off.to_string() data-state=move || sign().tone
                aria-label=label
                aria-pressed=move || (store.step.get() == index).to_string() on:click=open>
                <span class="n">{index + 1}</span>" "{chip.title}" "
                {word.map(|word| view! { <small>{word}</small> })}
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
        let (runs, mut guests) = (store.kind().key(), Vec::new());
        store.gallery.with(|gallery| {
            let modules = gallery.iter().flat_map(|gallery| &gallery.modules);
            guests.extend(modules.filter(|guest| guest.runs == runs).cloned());
        });
        guests
    };
    let title = move || if store.kind() == Kind::Pipeline { "+ Add a function" } else { "+ Add a module" };
    let list = "Guests of the examples";
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
                aria-controls="add-function" on:click=move |_| open.update(|open| *open = !*open)>{title}</button>
            <div class="menu__list" id="add-function" hidden=move || !open.get()>
                <label class="item item--plain">"From a .wasm or .wat file…"
                    <input class="visually-hidden" type="file" multiple accept=".wasm,.wat" on:change=chosen/>
                </label>
                <ul aria-label=list>{move || guests().into_iter().map(guest).collect_view()}</ul>
            </div>
            <label class="btn btn--small">"Open module"
                <input class="visually-hidden" type="file" multiple accept=".wasm,.wat,application/wasm"
                    on:change=move |event| store.open_modules(file::chosen(&event))/>
            </label>
        </div>
    }
}
