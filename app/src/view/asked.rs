//! The request: who asks for what, and the object that it carries.

use leptos::prelude::*;

use super::code::{Code, Document};
use super::manifests::marks_of;
use super::plugin::{PluginForm, WhatIf};
use super::rows::{Field, Form, Root, Written};
use crate::draft::{Kind, path};
use crate::parts;
use crate::store::use_store;
use crate::templates::TEMPLATES;

const NONE: &[&str] = &[];
const VERBS: &[&str] = &["create", "update", "patch", "delete", "connect", "get", "list", "watch"];

/// What most requests differ in.
const FIELDS: &[Field] = &[
    Field { name: "Verb", empty: "", choices: VERBS, path: "verb", form: Written::Text },
    Field {
        name: "Resource",
        empty: "by the object's kind",
        choices: NONE,
        path: "resource",
        form: Written::Text,
    },
    Field { name: "Namespace", empty: "the object's", choices: NONE, path: "namespace", form: Written::Text },
    Field { name: "Name", empty: "the object's", choices: NONE, path: "name", form: Written::Text },
    Field { name: "Subresource", empty: "none", choices: NONE, path: "subresource", form: Written::Text },
    Field {
        name: "User",
        empty: "system:anonymous",
        choices: NONE,
        path: "who.user.username",
        form: Written::Text,
    },
    Field { name: "Groups", empty: "none", choices: NONE, path: "who.user.groups", form: Written::List },
    Field { name: "Token", empty: "none", choices: NONE, path: "who.token", form: Written::Text },
];

/// What few requests differ in.
const MORE: &[Field] = &[
    Field { name: "User's uid", empty: "none", choices: NONE, path: "who.user.uid", form: Written::Text },
    Field {
        name: "User's extra",
        empty: "key=value, key=value",
        choices: NONE,
        path: "who.user.extra",
        form: Written::Lists,
    },
    Field {
        name: "Token's audiences",
        empty: "not asked for",
        choices: NONE,
        path: "who.audiences",
        form: Written::List,
    },
    Field {
        name: "Path without a resource",
        empty: "such as /healthz",
        choices: NONE,
        path: "path",
        form: Written::Text,
    },
    Field { name: "Dry run", empty: "no", choices: &["", "yes"], path: "options.dryRun", form: Written::Yes },
    Field {
        name: "Field manager",
        empty: "none",
        choices: NONE,
        path: "options.fieldManager",
        form: Written::Text,
    },
    Field {
        name: "Field validation",
        empty: "none",
        choices: &["", "Ignore", "Warn", "Strict"],
        path: "options.fieldValidation",
        form: Written::Text,
    },
];

/// The request.
#[component]
pub(super) fn Asked() -> impl IntoView {
    let store = use_store();
    let is_review = Memo::new(move |_| {
        let given = |key| store.workspace.with(|w| !path::text(&w.body, key).trim().is_empty());
        given("review") || given("raw")
    });
    let is_plugin = Memo::new(move |_| store.kind().is_plugin());
    view! {
        <PluginForm/>
        <div class="asked" hidden=move || is_review.get() || is_plugin.get()>
            <Form root=Root::Request fields=FIELDS/>
            <details class="selectors"><summary>"More of the request"</summary><Form root=Root::Request fields=MORE/></details>
        </div>
        <p class="hint" hidden=move || !is_review.get()>"A whole review, or a raw request, says all of that itself. It begins at admission."</p>
        <WhatIf/>
        <Texts/>
    }
}

/// The object, the one before it, or a whole review: a button for each, and an editor.
#[component]
fn Texts() -> impl IntoView {
    let store = use_store();
    let names = Memo::new(move |_| parts::names(store.kind()));
    let name = move || names.get().get(store.text.get()).map_or("", |(name, _)| *name);
    let document = Memo::new(move |_| {
        let (name, generation) = (name(), store.generation.get());
        let mut texts = store.workspace.with(parts::texts).into_iter();
        let text = texts.find(|file| file.path == name).map(|file| file.text).unwrap_or_default();
        let language = if text.trim_start().starts_with('{') { "json" } else { "yaml" };
        Document { key: format!("{generation} {name}"), language, text }
    });
    let typed = Callback::new(move |(key, text): (String, String)| {
        store.type_text(key.split_once(' ').map_or("", |(_, name)| name), text);
    });
    let marks = Signal::derive(move || marks_of(store, name()));
    let reveal = Signal::derive(move || {
        let now = name();
        store.reveal.get().filter(|reveal| reveal.file.as_deref() == Some(now))
    });
    let button = move |(index, (_, title)): (usize, &'static (&'static str, &'static str))| {
        view! {
            <button type="button" class="file" aria-pressed=move || (store.text.get() == index).to_string()
                on:click=move |_| store.text.set(index)>{*title}</button>
        }
    };
    let choose = move |event| {
        let chosen = event_target_value(&event);
        if let Some((_, text)) = TEMPLATES.iter().find(|(kind, _)| *kind == chosen) {
            store.use_template(text);
        }
    };
    let option = |(kind, _): (&'static str, &str)| view! { <option value=kind>{kind}</option> };
    view! {
        <div class="files">
            <div class="files__row" role="group" aria-label="Texts">{move || names.get().iter().enumerate().map(button).collect_view()}</div>
            <div class="grow"></div>
            <select aria-label="Template" on:change=choose hidden=move || store.kind() != Kind::Request>
                <option value="">"Template…"</option>
                {TEMPLATES.map(option).into_iter().collect_view()}
            </select>
        </div>
        <Code document=document.into() label="Request editor" on_change=typed marks=marks reveal=reveal/>
    }
}
