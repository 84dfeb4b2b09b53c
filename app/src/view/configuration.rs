//! The selected step: its functionConfig, its role, and which resources it sees.

mod selectors;

use engine::request::{ListVersion, PipelineStep, Role, Wire};
use leptos::prelude::*;

use self::selectors::Selectors;
use super::code::{Code, Document};
use crate::parts::{self, Part};
use crate::store::{Store, use_store};

/// The selected step.
#[component]
pub(super) fn Configuration() -> impl IntoView {
    let store = use_store();
    let exists = Memo::new(move |_| store.workspace.with(|w| store.step.get() < w.pipeline.steps.len()));
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
    read: impl Fn(&PipelineStep) -> T + Send + Sync + 'static,
) -> Memo<T> {
    Memo::new(move |_| {
        let index = store.step.get();
        store.workspace.with(|w| w.pipeline.steps.get(index).map(&read).unwrap_or_default())
    })
}

/// Something that every step has, of the selected one.
fn of_part<T: Default + PartialEq + Clone + Send + Sync + 'static>(
    store: Store,
    read: impl Fn(Part) -> T + Send + Sync + 'static,
) -> Memo<T> {
    Memo::new(move |_| {
        let index = store.step.get();
        store.workspace.with(|w| parts::step(w, index).map(&read).unwrap_or_default())
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
            let step = parts::step(w, index).unwrap_or_default();
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
        store.edit_part(index(), what, |step| *step.off = !*step.off);
    };
    let rename = move |event| {
        let name = event_target_value(&event);
        store.edit_part(index(), "Rename a step", |step| {
            *step.name = if name == step.module { String::new() } else { name }
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
    let store = use_store();
    let index = move || store.step.get_untracked();
    let role = of_step(store, |step| step.role == Role::Validator);
    let wire = of_step(store, |step| step.wire == Wire::Json);
    let version = of_step(store, |step| step.list_version);
    let set_role = move |event| {
        let role = if event_target_value(&event) == "validator" { Role::Validator } else { Role::Mutator };
        store.edit_step(index(), "Change a step's role", |step| step.role = role);
    };
    let set_wire = move |event| {
        let wire = if event_target_value(&event) == "json" { Wire::Json } else { Wire::Yaml };
        store.edit_step(index(), "Change a step's input", |step| step.wire = wire);
    };
    let set_version = move |event| {
        let version = match event_target_value(&event).as_str() {
            "v1beta1" => ListVersion::V1Beta1,
            "v1alpha1" => ListVersion::V1Alpha1,
            _ => ListVersion::V1,
        };
        store.edit_step(index(), "Change a step's list version", |step| step.list_version = version);
    };
    let versions =
        [("v1", ListVersion::V1), ("v1beta1", ListVersion::V1Beta1), ("v1alpha1", ListVersion::V1Alpha1)];
    let version_option = move |(name, value): (&'static str, ListVersion)| {
        view! { <option value=name selected=move || version.get() == value>{name}</option> }
    };
    view! {
        <select aria-label="Role" on:change=set_role>
            <option value="mutator" selected=move || !role.get()>"mutator"</option>
            <option value="validator" selected=role>"validator"</option>
        </select>
        <select aria-label="Input format" on:change=set_wire>
            <option value="yaml" selected=move || !wire.get()>"YAML in"</option>
            <option value="json" selected=wire>"JSON in"</option>
        </select>
        <select aria-label="ResourceList version" on:change=set_version>{versions.map(version_option).collect_view()}</select>
    }
}
