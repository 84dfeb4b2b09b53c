//! The line at the bottom: what is kept, where things happen, and how.

use leptos::prelude::*;

use crate::store::{Dialog, Saved, use_store};

/// The line.
#[component]
pub(super) fn Footer() -> impl IntoView {
    let store = use_store();
    let saved = move || match store.saved.get() {
        Saved::Yes => "Saved in this browser",
        Saved::Soon => "Saving…",
        Saved::Refused => "Not saved: this browser refuses. Share or download it",
    };
    let documents = move || {
        let files = store.workspace.with(|w| w.pipeline.files.len()) as u64;
        engine::words::count(files, "file")
    };
    view! {
        // What is pressed stands before what changes its length, so that nothing moves under the pointer.
        <footer>
            <label class="footer__auto"><input type="checkbox" prop:checked=store.auto on:change=move |event| store.set_auto(event_target_checked(&event))/>"Update on change"</label>
            <span>{saved}</span>
            <span title="Everything happens in this page and its worker. Look at your browser's network panel.">"Nothing leaves this tab"</span>
            <div class="grow"></div>
            <span>{documents}</span>
            <span>{move || store.runner().machine()}</span>
            <span>{move || if store.offline.get() { "Ready offline" } else { "Online" }}</span>
            <button type="button" class="btn--link" on:click=move |_| store.dialog.set(Some(Dialog::Keys))>"Keys"</button>
        </footer>
    }
}
