//! The workspace's parts: its title, files, functions and cases.

use leptos::prelude::*;

use super::cases::Cases;
use super::desk::BringObjects;
use super::icon::{CROSS, Icon};
use crate::browser::file;
use crate::draft::Kind;
use crate::parts;
use crate::store::{Pane, use_store};

/// The workspace's parts.
#[component]
pub(super) fn Parts() -> impl IntoView {
    let store = use_store();
    let rename = move |event| {
        let title = event_target_value(&event);
        store.edit("Rename the workspace", |workspace| workspace.title = title);
    };
    view! {
        <div class="group">
            <h2><label for="workspace-title">"Title"</label></h2>
            <input id="workspace-title" class="search" prop:value=move || store.workspace.with(|w| w.title.clone()) on:change=rename/>
        </div>
        <Files/>
        <Functions/>
        <Cases/>
    }
}

/// The files.
#[component]
fn Files() -> impl IntoView {
    let store = use_store();
    let paths = Memo::new(move |_| {
        store.workspace.with(|w| w.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>())
    });
    let open = move |index| {
        store.pane.set(Pane::Manifests);
        store.file.set(index);
        store.rail_open.set(false);
    };
    let row = move |(index, path): (usize, String)| {
        let current = move || store.file.get() == index && store.pane.get() == Pane::Manifests;
        let name = path.clone();
        view! {
            <li class="row">
                <button type="button" class="item" aria-current=move || current().then_some("true") on:click=move |_| open(index)>{path}</button>
                <button type="button" class="row__act" aria-label=format!("Remove {name}") title="Remove" on:click=move |_| store.remove_file(index)>
                    <Icon path=CROSS size=12/>
                </button>
            </li>
        }
    };
    view! {
        <section class="group">
            <h2>{move || if store.kind() == Kind::Pipeline { "Files" } else { "Cluster" }}<span>{move || paths.with(Vec::len)}</span></h2>
            <ul>{move || paths.get().into_iter().enumerate().map(row).collect_view()}</ul>
            <div class="group__acts">
                <button type="button" class="btn btn--small" on:click=move |_| store.add_file("new.yaml", "")>"New file"</button>
                <label class="btn btn--small">"Open files"
                    <input class="visually-hidden" type="file" multiple
                        on:change=move |event| store.open_files(file::chosen(&event))/>
                </label>
                <BringObjects/>
            </div>
        </section>
    }
}

/// The functions, in their order.
#[component]
fn Functions() -> impl IntoView {
    let store = use_store();
    let titles = Memo::new(move |_| {
        store
            .workspace
            .with(|w| parts::steps(w).into_iter().map(|step| (step.title, step.off)).collect::<Vec<_>>())
    });
    let open = move |index| {
        store.step.set(index);
        store.pane.set(Pane::Configuration);
        store.rail_open.set(false);
    };
    let row = move |(index, (title, off)): (usize, (String, bool))| {
        let current = move || store.step.get() == index && store.pane.get() == Pane::Configuration;
        view! {
            <li><button type="button" class="item item--plain" aria-current=move || current().then_some("true") on:click=move |_| open(index)>
                <span class="n">{index + 1}</span>{title}<small>{off.then_some("off")}</small>
            </button></li>
        }
    };
    view! {
        <section class="group">
            <h2>{move || if store.kind() == Kind::Pipeline { "Functions" } else { "Modules" }}<span>{move || titles.with(Vec::len)}</span></h2>
            <ul>{move || titles.get().into_iter().enumerate().map(row).collect_view()}</ul>
        </section>
    }
}
