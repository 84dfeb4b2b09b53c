//! The line at the bottom: what is kept, where things happen, and how.

use leptos::prelude::*;

use crate::store::{Dialog, InFile, Saved, use_store};

/// The line.
#[component]
pub(super) fn Footer() -> impl IntoView {
    let store = use_store();
    let is_window = store.desk().is_some();
    let kept = move || match store.saved.get() {
        Saved::Yes => "Saved in this browser",
        Saved::Soon => "Saving…",
        Saved::Refused => "Not saved: this browser refuses. Share or download it",
    };
    let saved = move || match store.at_desk.file.get() {
        Some(file) => match store.at_desk.in_file.get() {
            InFile::Saved => format!("Saved in {}", file.name),
            InFile::Saving => format!("Saving {}…", file.name),
            InFile::Changed => format!("{} has changes that are not saved", file.name),
        },
        None if is_window && store.saved.get() == Saved::Yes => "Kept in this window".to_owned(),
        None => kept().to_owned(),
    };
    let why = if is_window {
        "Only a cluster that you choose is asked anything, and only read."
    } else {
        "Everything happens in this page and its worker. Look at your browser's network panel."
    };
    let stays = move || match store.at_desk.contexts.with(|contexts| contexts.chosen.clone()) {
        Some(cluster) => format!("Only {cluster} is asked anything"),
        None if is_window => "Nothing leaves this machine".to_owned(),
        None => "Nothing leaves this tab".to_owned(),
    };
    let documents = move || {
        let files = store.workspace.with(|w| w.files.len()) as u64;
        engine::words::count(files, "file")
    };
    view! {
        // What is pressed stands before what changes its length, so that nothing moves under the pointer.
        <footer>
            <label class="footer__auto"><input type="checkbox" prop:checked=store.auto on:change=move |event| store.set_auto(event_target_checked(&event))/>"Update on change"</label>
            <span>{saved}</span>
            <span title=why>{stays}</span>
            <div class="grow"></div>
            <span>{documents}</span>
            <span>{move || store.runner().machine()}</span>
            <span>{move || if store.offline.get() { "Ready offline" } else { "Online" }}</span>
            <button type="button" class="btn--link" on:click=move |_| store.dialog.set(Some(Dialog::Keys))>"Keys"</button>
        </footer>
    }
}
