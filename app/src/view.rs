//! The page: one screen of left (gallery or workspace), middle (editors) and right (report). Components are
//! small, read the store, and call its verbs.

#![allow(unreachable_pub, reason = "the component macro makes the types of properties public")]

mod asked;
mod bar;
mod bring;
mod budget;
mod cases;
mod code;
mod configuration;
mod desk;
mod diff;
mod drawn;
mod editors;
mod footer;
mod gallery;
mod grants;
mod icon;
mod keys;
mod lanes;
mod manifests;
mod module;
mod notice;
mod output;
mod parts;
mod plugin;
mod rail;
mod report;
mod rows;
mod settings;
mod share;
mod steps;
mod table;
mod tabs;
mod verdict;
mod whole;

use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, KeyboardEvent};
use wire::{Start, ToWindow};

use crate::browser::{file, hash, offline, theme};
use crate::protocol::WireError;
use crate::runner::Runner;
use crate::runner::desktop::DesktopRunner;
use crate::runner::workers::Workers;
use crate::store::{Dialog, Store};

/// Starts the page: what runs things first, since it takes longest, then what is seen.
pub fn mount() {
    console_error_panic_hook::set_once();
    if cfg!(feature = "window") {
        // Not the page's own executor, which begins with the page. Nothing of this future is in the browser's page.
        wasm_bindgen_futures::spawn_local(mount_in_window());
    } else {
        mount_on(Rc::new(Workers::start()), Start::default(), None);
    }
}

/// The same program stands in a browser too, where the window's files are opened as a page.
async fn mount_in_window() {
    match DesktopRunner::start().await {
        Ok(Some((runner, start))) => mount_on(Rc::new(runner), start, None),
        Ok(None) => mount_on(Rc::new(Workers::start()), Start::default(), None),
        Err(error) => mount_on(Rc::new(Workers::start()), Start::default(), Some(error)),
    }
}

fn mount_on(runner: Rc<dyn Runner>, start: Start, problem: Option<WireError>) {
    mount_to_body(move || {
        let store = Store::new(runner);
        store.notice.set(problem);
        provide_context(store);
        begin(store, start);
        view! { <App/> }
    });
}

/// What happens once, at the start: the address is followed, or what was kept comes back, or the first example
/// opens.
fn begin(store: Store, start: Start) {
    theme::show(store.dark.get_untracked());
    store.follow_theme();
    listen(store);
    store.save_at_the_end();
    hash::on_change(move |fragment| store.open_address(fragment));
    spawn_local(async move {
        store.load_gallery().await;
        let fragment = hash::read();
        let restored = store.restore().await;
        if !fragment.is_empty() {
            store.open_address(fragment);
        } else if !restored && !start.file && start.link.is_none() {
            let first = store.gallery.with_untracked(|gallery| {
                gallery
                    .as_ref()
                    .ok()
                    .and_then(|gallery| gallery.examples.first().map(|card| card.name.clone()))
            });
            first.into_iter().for_each(|name| store.open_first_example(name));
        }
        store.begin_at_desk(start);
        keep_offline(store).await;
    });
}

/// The page, and what nothing else names: the rest is found in what these name.
const KEPT: [&str; 12] = [
    "",
    "app.js",
    "app_bg.wasm",
    "worker_loader.js",
    "worker_bg.wasm",
    "gate_loader.js",
    "gate_bg.wasm",
    "plugins_loader.js",
    "plugins_bg.wasm",
    "translator.js",
    "translator_bg.wasm",
    "examples/index.json",
];

/// Asks for everything that the page can show to be kept for use without a network.
async fn keep_offline(store: Store) {
    if store.desk().is_some() {
        // The window brings all of it along.
        store.offline.set(true);
        return;
    }
    let mut paths: Vec<String> = KEPT.map(Into::into).to_vec();
    store.gallery.with_untracked(|gallery| {
        paths.extend(["editor/editor.js".into(), "editor/schema/newest.json".into()]);
        if let Ok(gallery) = gallery {
            paths.extend(gallery.examples.iter().map(|card| format!("examples/{}.yaml", card.name)));
            paths.extend(gallery.modules.iter().map(|guest| format!("examples/{}.wasm", guest.name)));
        }
    });
    let _ = offline::keep(&paths, move || store.offline.set(true)).await;
}

/// The keys and drops that work everywhere on the page.
fn listen(store: Store) {
    let Some(window) = web_sys::window() else { return };
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&window, "keydown", options, move |event| {
        if let Some(key) = event.dyn_ref::<KeyboardEvent>() {
            press(store, key);
        }
    })
    .forget();
    for name in ["dragover", "drop"] {
        EventListener::new_with_options(&window, name, options, move |event| {
            event.prevent_default();
            if let (Some(drop), "drop") = (event.dyn_ref::<DragEvent>(), name) {
                store.open_files(file::dropped(drop));
            }
        })
        .forget();
    }
}

fn press(store: Store, key: &KeyboardEvent) {
    let command = key.ctrl_key() || key.meta_key();
    let typing =
        key.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()).is_some_and(|target| {
            // An editor is seen from here as the host of its shadow root.
            matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
                || target.shadow_root().is_some()
        });
    match key.key().as_str() {
        "Enter" if command => store.start(),
        "." if command => store.stop(),
        "s" | "S" if command => store.save_file(key.shift_key()),
        "o" if command && store.desk().is_some() => store.open_from_desk(ToWindow::Open),
        "?" if !typing => store.dialog.set(Some(Dialog::Keys)),
        _ => return,
    }
    key.prevent_default();
}

/// The page.
#[component]
fn App() -> impl IntoView {
    let store = crate::store::use_store();
    Effect::new(move |_| {
        let title = store.workspace.with(|workspace| workspace.title.clone());
        let title = if title.is_empty() { "Drydock".to_owned() } else { format!("{title} – Drydock") };
        web_sys::window().and_then(|window| window.document()).inspect(|page| page.set_title(&title));
    });
    view! {
        <a class="skip" href="#editors">"Skip to the editors"</a>
        <bar::Bar/>
        <main data-rail=move || if store.rail_open.get() { "open" } else { "closed" }>
            <rail::Rail/>
            <editors::Editors/>
            <report::ReportPane/>
        </main>
        <footer::Footer/>
        <notice::Notice/>
        <share::Share/>
        <budget::BudgetDialog/>
        <keys::Keys/>
        {store.desk().is_some().then(|| view! { <bring::Bring/> })}
    }
}
