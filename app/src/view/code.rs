//! An editor for one text at a time, around the CodeMirror bundle; a plain text field where that cannot load.

use gloo::events::{EventListener, EventListenerOptions};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::{Closure, JsValue};

use crate::browser::editor::{self, Editor, EditorOptions};
use crate::protocol::Mark;
use crate::store::{Reveal, Store, use_store};

/// A text that an editor shows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Document {
    /// Tells texts apart: another key is another text with a history of its own.
    pub(super) key: String,
    /// `yaml`, `json`, `python`, `wat` or `text`.
    pub(super) language: &'static str,
    /// The text.
    pub(super) text: String,
}

struct Mounted {
    editor: Editor,
    key: String,
    /// What the editor began with, until it is asked for the first time to show something: mostly the same.
    began: Option<Document>,
    /// What the editor calls; it must live as long as the editor may.
    change: Closure<dyn FnMut(String)>,
    _run: Closure<dyn FnMut()>,
    _definitions: Closure<dyn FnMut() -> js_sys::Array>,
}

/// An editor.
#[component]
pub(super) fn Code(
    /// What it shows. Changes of the text alone, made elsewhere, are taken over as one step.
    document: Signal<Document>,
    /// Its name.
    label: &'static str,
    /// Called with the key and the text, soon after the person changed it.
    #[prop(optional)]
    on_change: Option<Callback<(String, String)>>,
    /// What to mark.
    #[prop(optional, into)]
    marks: Signal<Vec<Mark>>,
    /// What to bring into view.
    #[prop(optional, into)]
    reveal: Signal<Option<Reveal>>,
) -> impl IntoView {
    let store = use_store();
    let host = NodeRef::<Div>::new();
    let mounted: StoredValue<Option<Mounted>, LocalStorage> = StoredValue::new_local(None);
    let ready = RwSignal::new(false);
    let failed = RwSignal::new(None::<String>);

    Effect::new(move |_| {
        let Some(host) = host.get() else { return };
        spawn_local(async move {
            let document = document.get_untracked();
            let options = EditorOptions {
                text: &document.text,
                language: document.language,
                label,
                read_only: on_change.is_none(),
                dark: store.dark.get_untracked(),
            };
            let change = changed(document.key.clone(), on_change);
            let run = Closure::new(move || store.start());
            let definitions = Closure::new(move || definitions(store));
            match editor::create(&host, &options, &change, &run, &definitions).await {
                Ok(editor) => {
                    let key = document.key.clone();
                    mounted.set_value(Some(Mounted {
                        editor,
                        key,
                        began: Some(document),
                        change,
                        _run: run,
                        _definitions: definitions,
                    }));
                    ready.set(true);
                }
                Err(cause) => failed.set(Some(cause)),
            }
        });
    });
    let with = move |act: &dyn Fn(&Editor)| {
        mounted.with_value(|mounted| mounted.iter().for_each(|m| act(&m.editor)))
    };
    Effect::new(move |_| {
        let document = document.get();
        if !ready.get() {
            return;
        }
        mounted.update_value(|mounted| {
            let Some(mounted) = mounted else { return };
            if mounted.began.take().as_ref() == Some(&document) {
                return;
            }
            if mounted.key == document.key {
                mounted.editor.set_text(&document.text);
                return;
            }
            let change = changed(document.key.clone(), on_change);
            mounted.editor.open(&document.text, document.language, &change);
            mounted.key = document.key;
            mounted.change = change;
        });
    });
    Effect::new(move |_| {
        let (dark, ready) = (store.dark.get(), ready.get());
        if ready {
            with(&|editor| editor.set_dark(dark));
        }
    });
    Effect::new(move |_| {
        let marks = marks.get();
        document.track();
        if ready.get() {
            with(&|editor| editor.mark(&marks));
        }
    });
    Effect::new(move |seen: Option<Option<u32>>| {
        let wanted = reveal.get().filter(|_| ready.get())?;
        if seen.flatten() != Some(wanted.number) {
            with(&|editor| editor.reveal(wanted.line, wanted.column));
        }
        Some(wanted.number)
    });
    // What was typed a moment ago is reported before the page is left, and before it is kept.
    let leave = web_sys::window().map(|window| {
        let options = EventListenerOptions::run_in_capture_phase();
        EventListener::new_with_options(&window, "pagehide", options, move |_| {
            with(&|editor| drop(editor.text()))
        })
    });
    let leave = StoredValue::new_local(leave);
    on_cleanup(move || {
        drop(leave.try_update_value(Option::take));
        if let Some(mounted) = mounted.try_update_value(Option::take).flatten() {
            mounted.editor.destroy();
        }
    });
    let plain = move || document.with(|document| document.text.clone());
    let typed = move |event| {
        if let Some(call) = on_change {
            call.run((document.with_untracked(|document| document.key.clone()), event_target_value(&event)));
        }
    };
    view! {
        <div class="code" node_ref=host hidden=move || failed.with(Option::is_some)></div>
        {move || failed.get().map(|cause| view! {
            <p class="empty" role="alert">"The editor could not be loaded ("{cause}"), so this is a plain field. Reload the page to try again."</p>
            <textarea class="code code--plain" aria-label=label readonly=on_change.is_none() prop:value=plain on:change=typed></textarea>
        })}
    }
}

/// The files that may define kinds, for completion and explanations.
fn definitions(store: Store) -> js_sys::Array {
    store.workspace.with_untracked(|workspace| {
        let texts = workspace.files.iter().map(|file| file.text.as_str());
        texts.filter(|text| text.contains("CustomResourceDefinition")).map(JsValue::from).collect()
    })
}

fn changed(key: String, on_change: Option<Callback<(String, String)>>) -> Closure<dyn FnMut(String)> {
    Closure::new(move |text: String| {
        if let Some(call) = on_change {
            call.run((key.clone(), text));
        }
    })
}
