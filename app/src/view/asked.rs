//! The request: who asks for what, and the object that it carries.

use engine::request::{GateRequest, UserInfo, Verb};
use engine::workspace::Workspace;
use leptos::prelude::*;

use super::code::{Code, Document};
use super::manifests::marks_of;
use super::rows::{Field, Form, joined, list};
use crate::parts;
use crate::store::use_store;
use crate::templates::TEMPLATES;

const VERBS: [(&str, Verb); 8] = [
    ("create", Verb::Create),
    ("update", Verb::Update),
    ("patch", Verb::Patch),
    ("delete", Verb::Delete),
    ("connect", Verb::Connect),
    ("get", Verb::Get),
    ("list", Verb::List),
    ("watch", Verb::Watch),
];

const NO: &[&str] = &[];

/// What most requests differ in.
const FIELDS: &[Field] = &[
    Field {
        name: "Verb",
        empty: "",
        choices: &["create", "update", "patch", "delete", "connect", "get", "list", "watch"],
        read: |w, _| {
            let is = |(word, verb): &(&str, Verb)| of(w, |it| it.verb == *verb).then(|| (*word).to_owned());
            VERBS.iter().find_map(is).unwrap_or_default()
        },
        write: |w, _, text| {
            let verb = VERBS.iter().find(|(word, _)| *word == text).map(|(_, verb)| *verb);
            set(w, |it| it.verb = verb.unwrap_or_default());
        },
    },
    Field {
        name: "Resource",
        empty: "by the object's kind",
        choices: NO,
        read: |w, _| of(w, |it| it.resource.clone()),
        write: |w, _, text| set(w, |it| text.clone_into(&mut it.resource)),
    },
    Field {
        name: "Namespace",
        empty: "the object's",
        choices: NO,
        read: |w, _| of(w, |it| it.namespace.clone()),
        write: |w, _, text| set(w, |it| text.clone_into(&mut it.namespace)),
    },
    Field {
        name: "Name",
        empty: "the object's",
        choices: NO,
        read: |w, _| of(w, |it| it.name.clone()),
        write: |w, _, text| set(w, |it| text.clone_into(&mut it.name)),
    },
    Field {
        name: "Subresource",
        empty: "none",
        choices: NO,
        read: |w, _| of(w, |it| it.subresource.clone()),
        write: |w, _, text| set(w, |it| text.clone_into(&mut it.subresource)),
    },
    Field {
        name: "User",
        empty: "system:anonymous",
        choices: NO,
        read: |w, _| user(w).username,
        write: |w, _, text| set_user(w, |user| text.clone_into(&mut user.username)),
    },
    Field {
        name: "Groups",
        empty: "none",
        choices: NO,
        read: |w, _| joined(&user(w).groups),
        write: |w, _, text| set_user(w, |user| user.groups = list(text)),
    },
    Field {
        name: "Token",
        empty: "none",
        choices: NO,
        read: |w, _| of(w, |it| it.who.token.clone()),
        write: |w, _, text| set(w, |it| text.clone_into(&mut it.who.token)),
    },
];

/// What few requests differ in.
const MORE: &[Field] = &[
    Field {
        name: "User's uid",
        empty: "none",
        choices: NO,
        read: |w, _| user(w).uid,
        write: |w, _, text| set_user(w, |user| text.clone_into(&mut user.uid)),
    },
    Field {
        name: "User's extra",
        empty: "key=value, key=value",
        choices: NO,
        read: |w, _| {
            let pairs = user(w).extra;
            let pair = |(key, values): (&String, &Vec<String>)| {
                values.iter().map(|value| format!("{key}={value}")).collect::<Vec<_>>()
            };
            pairs.iter().flat_map(pair).collect::<Vec<_>>().join(", ")
        },
        write: |w, _, text| {
            set_user(w, |user| {
                user.extra.clear();
                for part in list(text) {
                    let (key, value) = part.split_once('=').unwrap_or((&part, ""));
                    user.extra.entry(key.trim().to_owned()).or_default().push(value.trim().to_owned());
                }
            });
        },
    },
    Field {
        name: "Token's audiences",
        empty: "not asked for",
        choices: NO,
        read: |w, _| of(w, |it| joined(&it.who.audiences)),
        write: |w, _, text| set(w, |it| it.who.audiences = list(text)),
    },
    Field {
        name: "Path without a resource",
        empty: "such as /healthz",
        choices: NO,
        read: |w, _| of(w, |it| it.path.clone()),
        write: |w, _, text| set(w, |it| text.clone_into(&mut it.path)),
    },
    Field {
        name: "Dry run",
        empty: "no",
        choices: &["", "yes"],
        read: |w, _| of(w, |it| if it.options.dry_run { "yes".to_owned() } else { String::new() }),
        write: |w, _, text| set(w, |it| it.options.dry_run = !text.is_empty()),
    },
    Field {
        name: "Field manager",
        empty: "none",
        choices: NO,
        read: |w, _| of(w, |it| it.options.field_manager.clone()),
        write: |w, _, text| set(w, |it| text.clone_into(&mut it.options.field_manager)),
    },
    Field {
        name: "Field validation",
        empty: "none",
        choices: &["", "Ignore", "Warn", "Strict"],
        read: |w, _| of(w, |it| it.options.field_validation.clone()),
        write: |w, _, text| set(w, |it| text.clone_into(&mut it.options.field_validation)),
    },
];

fn of<T: Default>(w: &Workspace, read: impl FnOnce(&GateRequest) -> T) -> T {
    w.request.as_deref().map(read).unwrap_or_default()
}

fn set(w: &mut Workspace, change: impl FnOnce(&mut GateRequest)) {
    w.request.as_deref_mut().map(change);
}

fn user(w: &Workspace) -> UserInfo {
    of(w, |it| it.who.user.clone()).unwrap_or_default()
}

fn set_user(w: &mut Workspace, change: impl FnOnce(&mut UserInfo)) {
    set(w, |it| {
        let mut user = it.who.user.take().unwrap_or_default();
        change(&mut user);
        it.who.user = (user != UserInfo::default()).then_some(user);
    });
}

/// The request.
#[component]
pub(super) fn Asked() -> impl IntoView {
    let store = use_store();
    let is_review = Memo::new(move |_| {
        store.workspace.with(|w| of(w, |it| !it.review.trim().is_empty() || !it.raw.trim().is_empty()))
    });
    view! {
        <div class="asked" hidden=is_review>
            <Form fields=FIELDS/>
            <details class="selectors"><summary>"More of the request"</summary><Form fields=MORE/></details>
        </div>
        <p class="hint" hidden=move || !is_review.get()>"A whole review, or a raw request, says all of that itself. It begins at admission."</p>
        <Texts/>
    }
}

/// The object, the one before it, or a whole review: a button for each, and an editor.
#[component]
fn Texts() -> impl IntoView {
    let store = use_store();
    let name = move || parts::TEXTS.get(store.text.get()).map_or("", |(name, _)| *name);
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
    let button = move |(index, (_, title)): (usize, (&'static str, &'static str))| {
        view! {
            <button type="button" class="file" aria-pressed=move || (store.text.get() == index).to_string()
                on:click=move |_| store.text.set(index)>{title}</button>
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
            <div class="files__row" role="group" aria-label="Texts">{parts::TEXTS.into_iter().enumerate().map(button).collect_view()}</div>
            <div class="grow"></div>
            <select aria-label="Template" on:change=choose>
                <option value="">"Template…"</option>
                {TEMPLATES.map(option).into_iter().collect_view()}
            </select>
        </div>
        <Code document=document.into() label="Request editor" on_change=typed marks=marks reveal=reveal/>
    }
}
