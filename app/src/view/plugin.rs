//! A plugin: what it is given and asked, by its system, as data.
//!
//! Refuses to check: what a field means is the engine's to say when it runs.

use leptos::prelude::*;
use serde_json::json;

use super::rows::{Field, Form, Grid, Root, Rows, Written};
use crate::draft::Kind;
use crate::store::use_store;

const fn field(name: &'static str, empty: &'static str, path: &'static str, form: Written) -> Field {
    Field { name, empty, choices: &[], path, form }
}

/// A kubectl plugin's.
const KREW: &[Field] = &[
    field("Command line", "kubectl-NAME arguments", "command.args", Written::Words),
    field("Kubeconfig in", "no directory", "kubeconfig.directory", Written::Text),
    field("Its namespace", "none", "kubeconfig.namespace", Written::Text),
    Field {
        name: "Its user has",
        empty: "a certificate",
        choices: &["", "token"],
        path: "kubeconfig.user",
        form: Written::Text,
    },
];

const ENV: Grid = Grid {
    root: Root::Request,
    word: "Variable",
    add: "Grant a variable",
    path: "command.env",
    fields: &[("name", "name", Written::Text), ("value", "value", Written::Text)],
    new: || json!({"name": "HOME", "value": "/home/me"}),
};

const DIRECTORIES: Grid = Grid {
    root: Root::Request,
    word: "Directory",
    add: "Grant a directory",
    path: "command.directories",
    fields: &[("path", "name", Written::Text)],
    new: || json!({"name": "/home/me"}),
};

/// A dashboard plugin's.
const DASHBOARD: &[Field] = &[
    field("Configuration", "as plugin.yml has it", "config", Written::Json),
    field("Stored before", "nothing", "storage", Written::Json),
];

const REQUESTS: Grid = Grid {
    root: Root::Request,
    word: "Request",
    add: "Add a request",
    path: "requests",
    fields: &[
        ("method", "method", Written::Text),
        ("path", "path", Written::Text),
        ("body", "body", Written::Text),
    ],
    new: || json!({"method": "GET", "path": "/status"}),
};

/// A service's.
const SERVICE: &[Field] = &[
    field("Service", "the only one", "service", Written::Text),
    field("Version", "as the messages say", "version", Written::Json),
];

const CALLS: Grid = Grid {
    root: Root::Request,
    word: "Call",
    add: "Add a call",
    path: "calls",
    fields: &[
        ("method", "method", Written::Text),
        ("message as JSON", "message", Written::Json),
        ("or fields as JSON", "fields", Written::Json),
    ],
    new: || json!({"method": "", "message": {}}),
};

const HOSTS: Grid = Grid {
    root: Root::Request,
    word: "Host function",
    add: "Add a host function",
    path: "hosts",
    fields: &[
        ("module", "module", Written::Text),
        ("name", "name", Written::Text),
        ("answer as JSON", "answer", Written::Json),
        ("error", "error", Written::Text),
    ],
    new: || json!({"module": "env", "name": "log"}),
};

const WHAT_IF: Grid = Grid {
    root: Root::Workspace,
    word: "Answer to call",
    add: "Change an answer",
    path: "whatIf",
    fields: &[
        ("number", "call", Written::Json),
        ("lost: yes", "drop", Written::Yes),
        ("ms later", "delayMs", Written::Json),
        ("status", "status", Written::Json),
        ("body", "body", Written::Text),
    ],
    new: || json!({"call": 1, "status": 500}),
};

/// The forms of the plugin.
#[component]
pub(super) fn PluginForm() -> impl IntoView {
    let store = use_store();
    let kind = Memo::new(move |_| store.kind());
    move || {
        let (fields, lists): (_, &'static [&'static Grid]) = match kind.get() {
            Kind::Krew => (KREW, &[&ENV, &DIRECTORIES]),
            Kind::Dashboard => (DASHBOARD, &[&REQUESTS]),
            Kind::Service => (SERVICE, &[&CALLS, &HOSTS]),
            _ => return ().into_any(),
        };
        view! {
            <div class="asked">
                <Form root=Root::Request fields=fields/>
                <div class="selectors">{lists.iter().map(|grid| view! { <Rows grid=grid/> }).collect_view()}</div>
            </div>
        }
        .into_any()
    }
}

/// Answers of the cluster that shall be others than they are.
#[component]
pub(super) fn WhatIf() -> impl IntoView {
    let store = use_store();
    let count = Memo::new(move |_| {
        store.workspace.with(|draft| crate::draft::path::list(&draft.rest, "whatIf").len())
    });
    view! {
        <details class="selectors">
            <summary>"What if the cluster answered otherwise: "{move || match count.get() {
                0 => "it does not".to_owned(),
                count => engine::words::count(count as u64, "changed answer"),
            }}</summary>
            <Rows grid=&WHAT_IF/>
            <p class="hint">"Calls are numbered in the Calls panel, which can change them too. The run is made twice, and both verdicts stand side by side."</p>
        </details>
    }
}
