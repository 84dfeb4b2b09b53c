//! The files of manifests: a tab for each, an editor for the one that is chosen.

use leptos::prelude::*;

use super::code::{Code, Document};
use crate::protocol::Mark;
use crate::store::use_store;

/// Above this many files a list is shown instead of a row.
const MOST_IN_ROW: usize = 8;

/// The files.
#[component]
pub(super) fn Manifests() -> impl IntoView {
    let store = use_store();
    let current = Memo::new(move |_| {
        let index = store.file.get();
        store.workspace.with(|w| w.files.get(index).map(|file| file.path.clone()))
    });
    let document = Memo::new(move |_| {
        let index = store.file.get();
        let generation = store.generation.get();
        store.workspace.with(|w| match w.files.get(index) {
            Some(file) => Document {
                key: format!("{generation} {}", file.path),
                language: language(&file.path),
                text: file.text.clone(),
            },
            None => Document { key: format!("{generation} new.yaml"), language: "yaml", text: String::new() },
        })
    });
    let typed = Callback::new(move |(key, text): (String, String)| {
        let path = key.split_once(' ').map_or("", |(_, path)| path);
        let exists = store.workspace.with_untracked(|w| w.files.iter().any(|file| file.path == path));
        if exists {
            store.type_file(path, text);
        } else if !text.is_empty() && store.workspace.with_untracked(|w| w.files.is_empty()) {
            // Something typed or pasted into an empty workspace becomes its first file.
            store.add_file(path, &text);
        }
    });
    let marks = Signal::derive(move || current.get().map(|path| marks_of(store, &path)).unwrap_or_default());
    let reveal = Signal::derive(move || {
        let current = current.get();
        store.reveal.get().filter(|reveal| reveal.file.is_some() && reveal.file == current)
    });
    view! {
        <FileRow/>
        <Code document=document.into() label="Manifests editor" on_change=typed marks=marks reveal=reveal/>
    }
}

/// Mistakes while typing, and what the last run said of places in this file.
pub(super) fn marks_of(store: crate::store::Store, path: &str) -> Vec<Mark> {
    let mut marks: Vec<Mark> =
        store.marks.with(|marks| marks.iter().filter(|mark| mark.file == path).cloned().collect());
    if store.stale.get() {
        return marks;
    }
    store.shown.with(|shown| {
        let Some(shown) = shown else { return };
        if let Some(place) =
            shown.outcome.place.as_ref().filter(|place| place.file == path && marks.is_empty())
        {
            marks.push(mark(place, &shown.outcome.message));
        }
        let results = shown.report.iter().flat_map(|report| &report.marks);
        marks.extend(results.filter(|mark| mark.file == path).cloned());
    });
    marks
}

fn mark(place: &engine::report::Place, message: &str) -> Mark {
    Mark {
        file: place.file.clone(),
        line: place.line,
        column: place.column,
        severity: "error".into(),
        message: crate::visible::visible(message),
    }
}

/// The editor's language, by a path's ending.
pub(super) fn language(path: &str) -> &'static str {
    if path.ends_with(".json") { "json" } else { "yaml" }
}

/// The files as a row, or as a list where there are many.
#[component]
fn FileRow() -> impl IntoView {
    let store = use_store();
    let paths = Memo::new(move |_| {
        store.workspace.with(|w| w.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>())
    });
    let button = move |(index, path): (usize, String)| {
        view! {
            <button type="button" class="file" aria-pressed=move || (store.file.get() == index).to_string()
                on:click=move |_| store.file.set(index)>{path}</button>
        }
    };
    let chosen = move |event| {
        if let Ok(index) = event_target_value(&event).parse() {
            store.file.set(index);
        }
    };
    let option = move |(index, path): (usize, String)| {
        view! { <option value=index selected=move || store.file.get() == index>{path}</option> }
    };
    let rename = move |event| store.rename_file(store.file.get_untracked(), &event_target_value(&event));
    let current = move || paths.with(|paths| paths.get(store.file.get()).cloned().unwrap_or_default());
    view! {
        <div class="files">
            {move || if paths.with(Vec::len) > MOST_IN_ROW {
                view! { <select aria-label="File" on:change=chosen>{paths.get().into_iter().enumerate().map(option).collect_view()}</select> }.into_any()
            } else {
                view! { <div class="files__row" role="group" aria-label="Files">{paths.get().into_iter().enumerate().map(button).collect_view()}</div> }.into_any()
            }}
            <button type="button" class="btn btn--quiet btn--small" on:click=move |_| store.add_file("new.yaml", "")>"+ File"</button>
            <div class="grow"></div>
            <input class="files__path" aria-label="Path of this file" disabled=move || paths.with(Vec::is_empty)
                prop:value=current on:change=rename/>
        </div>
    }
}
