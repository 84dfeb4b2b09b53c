//! The selected step: its functionConfig, its role, and which resources it sees.

mod selectors;

use leptos::prelude::*;
use serde_json::Value as Json;

use self::selectors::Selectors;
use super::code::{Code, Document};
use super::rows::{Field, Input, Root, Written};
use crate::draft::path;
use crate::parts::{self, Part};
use crate::store::{Store, use_store};

/// The selected step.
#[component]
pub(super) fn Configuration() -> impl IntoView {
    let store = use_store();
    let exists = Memo::new(move |_| store.workspace.with(|w| store.step.get() < parts::step_count(w)));
    view! {
        {move || if exists.get() {
            view! { <StepBar><Options/></StepBar><Selectors/><Config label="Configuration editor" hint=HINT/> }.into_any()
        } else {
            view! { <p class="empty">"The pipeline has no function yet. Add one above, or open a module."</p> }.into_any()
        }}
    }
}

const HINT: &str = "No functionConfig is given. Write a KRM object here, such as a ConfigMap with `data`.";

/// Something of the selected step of a pipeline.
fn of_step<T: Default + PartialEq + Clone + Send + Sync + 'static>(
    store: Store,
    read: impl Fn(&Json) -> T + Send + Sync + 'static,
) -> Memo<T> {
    Memo::new(move |_| {
        let index = store.step.get();
        store.workspace.with(|w| parts::step(w, index).map(&read).unwrap_or_default())
    })
}

/// Something that every step has, of the selected one.
fn of_part<T: Default + PartialEq + Clone + Send + Sync + 'static>(
    store: Store,
    read: impl Fn(Part) -> T + Send + Sync + 'static,
) -> Memo<T> {
    Memo::new(move |_| {
        let index = store.step.get();
        store.workspace.with(|w| parts::part(w, index).map(&read).unwrap_or_default())
    })
}

/// The editor of the functionConfig, or of a module's settings.
#[component]
pub(super) fn Config(
    /// The editor's name.
    label: &'static str,
    /// What is said where there is no text.
    hint: &'static str,
) -> impl IntoView {
    let store = use_store();
    let document = Memo::new(move |_| {
        let (index, generation) = (store.step.get(), store.generation.get());
        store.workspace.with(|w| {
            let step = parts::part(w, index).unwrap_or_default();
            Document {
                key: format!("{generation} {index} {}", step.title),
                language: "yaml",
                text: step.text,
            }
        })
    });
    let typed = Callback::new(move |(key, text): (String, String)| {
        if let Some(index) = key.split(' ').nth(1).and_then(|index| index.parse().ok()) {
            store.type_config(index, text);
        }
    });
    let marks = Signal::derive(move || {
        let index = u32::try_from(store.step.get()).ok();
        let place = store.shown.with(|shown| {
            let shown = shown.as_ref().filter(|_| !store.stale.get())?;
            let place = shown.outcome.place.as_ref().filter(|place| place.step == index)?;
            Some((place.line, place.column, shown.outcome.message.clone()))
        });
        let mark = |(line, column, message)| crate::protocol::Mark {
            file: String::new(),
            line,
            column,
            severity: "error".into(),
            message,
        };
        place.map(mark).into_iter().collect::<Vec<_>>()
    });
    let reveal = Signal::derive(move || store.reveal.get().filter(|reveal| reveal.file.is_none()));
    let empty = of_part(store, |step| step.text.trim().is_empty());
    view! {
        <p class="hint" hidden=move || !empty.get()>{hint}</p>
        <Code document=document.into() label=label on_change=typed marks=marks reveal=reveal/>
    }
}

/// What can be done with the step.
#[component]
pub(super) fn StepBar(
    /// What this kind of step has besides.
    children: Children,
) -> impl IntoView {
    let store = use_store();
    let index = move || store.step.get_untracked();
    let off = of_part(store, |step| step.off);
    let title = of_part(store, |step| step.title);
    let stays = move |by| {
        Memo::new(move |_| store.workspace.with(|w| parts::moved(w, store.step.get(), by).is_none()))
    };
    let switch = move |_| {
        let what = if off.get_untracked() { "Switch a step on" } else { "Switch a step off" };
        store.edit_entry(index(), what, |step| {
            let now = if off.get_untracked() { Json::Null } else { true.into() };
            path::set(step, "off", now);
        });
    };
    let rename = move |event| {
        let name = event_target_value(&event);
        store.edit_entry(index(), "Rename a step", |step| {
            let name = if name == path::text(step, "module") { String::new() } else { name };
            path::set(step, "name", name.into());
        });
    };
    view! {
        <div class="stepbar">
            <input class="stepbar__name" aria-label="Name of this step" prop:value=title on:change=rename/>
            {children()}
            <div class="grow"></div>
            <button type="button" class="btn btn--small" disabled=stays(-1) on:click=move |_| store.move_step(index(), -1)>"Earlier"</button>
            <button type="button" class="btn btn--small" disabled=stays(1) on:click=move |_| store.move_step(index(), 1)>"Later"</button>
            <button type="button" class="btn btn--small" aria-pressed=move || off.get().to_string() on:click=switch>
                {move || if off.get() { "Switch on" } else { "Switch off" }}
            </button>
            <button type="button" class="btn btn--small" aria-label=move || format!("Remove step {}", title.get()) on:click=move |_| store.remove_step(index())>"Remove"</button>
        </div>
    }
}

/// How the function is spoken to.
#[component]
fn Options() -> impl IntoView {
    view! { {OPTIONS.iter().map(|field| view! { <Input root=Root::Step field=field/> }).collect_view()} }
}

const OPTIONS: &[Field] = &[
    Field { name: "Role", empty: "mutator", choices: &["", "validator"], path: "role", form: Written::Text },
    Field { name: "Input format", empty: "yaml", choices: &["", "json"], path: "wire", form: Written::Text },
    Field {
        name: "ResourceList version",
        empty: "v1",
        choices: &["", "v1beta1", "v1alpha1"],
        path: "listVersion",
        form: Written::Text,
    },
];
