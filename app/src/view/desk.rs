//! What the window's desk offers, where there is one: files that are opened and saved, the ones from before, and
//! the cluster that is chosen. In a browser nothing of it is drawn.

use leptos::prelude::*;
use wire::{Context, Recent, ToWindow};

use crate::store::{Dialog, use_store};

/// What is shown where no cluster is chosen.
const NONE: &str = "No cluster";

/// Open and Save.
#[component]
pub(super) fn Files() -> impl IntoView {
    let store = use_store();
    store.desk().is_some().then(|| {
        view! {
            <button type="button" class="btn btn--quiet" title="Open a file (Ctrl O)" aria-keyshortcuts="Control+O"
                on:click=move |_| store.open_from_desk(ToWindow::Open)>"Open"</button>
            <button type="button" class="btn btn--quiet" title="Save the workspace (Ctrl S)" aria-keyshortcuts="Control+S"
                on:click=move |_| store.save_file(false)>"Save"</button>
        }
    })
}

/// The cluster of this workspace, always in sight.
#[component]
pub(super) fn Cluster() -> impl IntoView {
    let store = use_store();
    let chosen = move || store.at_desk.contexts.with(|contexts| contexts.chosen.clone()).unwrap_or_default();
    let option = move |context: Context| {
        let name = context.name.clone();
        let is_chosen = move || chosen() == name;
        view! { <option value=context.name.clone() title=context.about prop:selected=is_chosen>{context.name.clone()}</option> }
    };
    let options = move || store.at_desk.contexts.with(|contexts| contexts.all.clone());
    let about = move || {
        store.at_desk.contexts.with(|contexts| {
            let context = contexts.all.iter().find(|context| Some(&context.name) == contexts.chosen.as_ref());
            let problem = contexts.problem.as_ref().map(|problem| problem.message.clone());
            context
                .map(|context| context.about.clone())
                .or(problem)
                .unwrap_or_else(|| "Nothing is read from a cluster".into())
        })
    };
    let change = move |event| {
        let name = event_target_value(&event);
        store.choose_cluster((!name.is_empty()).then_some(name));
    };
    store.desk().is_some().then(|| {
        view! {
            <select class="cluster" aria-label="Cluster" title=about prop:disabled=store.at_desk.asking on:change=change
                data-chosen=move || (!chosen().is_empty()).to_string()>
                <option value="" prop:selected=move || chosen().is_empty()>{NONE}</option>
                {move || options().into_iter().map(option).collect_view()}
            </select>
        }
    })
}

/// The way to objects of the chosen cluster.
#[component]
pub(super) fn BringObjects() -> impl IntoView {
    let store = use_store();
    let is_chosen = move || store.at_desk.contexts.with(|contexts| contexts.chosen.is_some());
    let button = move || {
        view! {
            <button type="button" class="btn btn--small" on:click=move |_| store.dialog.set(Some(Dialog::Bring))>
                "Bring objects…"
            </button>
        }
    };
    store.desk().is_some().then_some(move || is_chosen().then(button))
}

/// What was open before.
#[component]
pub(super) fn RecentFiles() -> impl IntoView {
    let store = use_store();
    let row = move |(number, recent): (u32, Recent)| {
        view! {
            <li>
                <button type="button" class="item" on:click=move |_| store.open_from_desk(ToWindow::Again(number))>
                    <span class="item__title">{recent.name}</span>
                    <span class="item__teaches">{recent.folder}</span>
                </button>
            </li>
        }
    };
    let section = move || {
        let recent = store.at_desk.recent.get();
        (!recent.is_empty()).then(|| {
            view! {
                <section class="group">
                    <h2>"Recent"<span>{recent.len()}</span></h2>
                    <ul aria-label="Recent">{(0..).zip(recent).map(row).collect_view()}</ul>
                </section>
            }
        })
    };
    store.desk().is_some().then_some(section)
}
