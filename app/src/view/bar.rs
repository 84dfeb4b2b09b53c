//! The bar at the top: what this is, what is open, and what can be done with all of it.

use engine::words;
use leptos::prelude::*;

use super::desk::{Cluster, Files};
use super::icon::{DOCK, Icon, LIST, MOON, REDO, SUN, UNDO};
use crate::store::{Dialog, RunState, use_store};

/// The bar.
#[component]
pub(super) fn Bar() -> impl IntoView {
    let store = use_store();
    let title = move || {
        store.workspace.with(|workspace| {
            if workspace.title.is_empty() { "Untitled workspace".to_owned() } else { workspace.title.clone() }
        })
    };
    let undo = move || store.history.with(|history| history.last().map(|what| format!("Undo: {what}")));
    let redo = move || store.history.with(|history| history.next().map(|what| format!("Redo: {what}")));
    let limits = move || {
        let limits = store.limits.get();
        format!("Budget {} · {} MiB", words::millis(limits.time_ms), limits.memory_bytes >> 20)
    };
    view! {
        <header class="bar">
            <button type="button" class="btn btn--quiet bar__list" aria-label="Examples and workspace"
                aria-expanded=move || store.rail_open.get().to_string() aria-controls="rail"
                on:click=move |_| store.rail_open.update(|open| *open = !*open)>
                <Icon path=LIST/>
            </button>
            <h1 class="mark"><Icon path=DOCK size=22/>"Drydock"</h1>
            <div class="title"><b>{title}</b><span class="chip hide-m" data-tone="accent">{move || store.kind().word()}</span></div>
            <Cluster/>
            <div class="grow"></div>
            <Files/>
            <button type="button" class="btn btn--quiet" aria-label=move || undo().unwrap_or_else(|| "Undo".into())
                title=undo disabled=move || undo().is_none() on:click=move |_| store.undo()>
                <Icon path=UNDO/>
            </button>
            <button type="button" class="btn btn--quiet hide-s" aria-label=move || redo().unwrap_or_else(|| "Redo".into())
                title=redo disabled=move || redo().is_none() on:click=move |_| store.redo()>
                <Icon path=REDO/>
            </button>
            <button type="button" class="btn btn--quiet"
                aria-label=move || if store.dark.get() { "Light colours" } else { "Dark colours" }
                on:click=move |_| store.set_dark(!store.dark.get_untracked())>
                {move || if store.dark.get() { view! { <Icon path=SUN/> } } else { view! { <Icon path=MOON/> } }}
            </button>
            <button type="button" class="btn btn--quiet hide-m" title="The limits of a run"
                on:click=move |_| store.dialog.set(Some(Dialog::Budget))>{limits}</button>
            <button type="button" class="btn" on:click=move |_| store.dialog.set(Some(Dialog::Share))>"Share"</button>
            <button type="button" class="btn" disabled=move || store.run.get() == RunState::Idle
                on:click=move |_| store.stop()>"Stop"</button>
            <button type="button" class="btn btn--primary" aria-keyshortcuts="Control+Enter Meta+Enter" data-keys="Ctrl ⏎"
                disabled=move || store.is_busy() on:click=move |_| store.start()>
                "Run"
            </button>
        </header>
    }
}
