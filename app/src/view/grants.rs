//! What the module of the selected step may call: every import in plain words, granted or denied one by one; and after
//! a run, what was called and what would have been enough.
//!
//! It grants nothing that a scenario does not offer: an import that nobody provides stays missing.

use std::rc::Rc;

use leptos::prelude::*;
use serde_json::Value as Json;

use super::logs::Printed;
use crate::draft::path;
use crate::parts;
use crate::seen::Seen;
use crate::store::{Slot, Store, use_store};
use crate::visible::visible;

/// What is denied.
fn denied(store: Store) -> Vec<Json> {
    store.workspace.with(|draft| path::list(&draft.rest, "deny").to_vec())
}

/// The grants.
#[component]
pub(super) fn Grants() -> impl IntoView {
    let store = use_store();
    let info = move || {
        let index = store.step.get();
        let name = store.workspace.with(|w| parts::part(w, index).map(|part| part.module))?;
        store.modules.with(|slots| match slots.get(&name) {
            Some(Slot::Here { info: Some(Ok(info)), .. }) => Some(Rc::clone(info)),
            _ => None,
        })
    };
    let report = move || store.shown.with(|shown| shown.as_ref().and_then(|shown| shown.report.clone()));
    move || {
        let Some(info) = info() else {
            return view! { <p class="empty">"What a module asks for stands here once it is open."</p> }
                .into_any();
        };
        let (report, denied) = (report(), denied(store));
        let functions = info.imports.iter().filter(|import| import.kind.starts_with("func"));
        let rows = functions.map(|import| {
            let name = format!("{}.{}", import.module, import.name);
            let called = report.as_ref().map_or(String::new(), |report| count(report, &name));
            row(store, name, import.purpose.clone(), called, &denied)
        });
        let rows = rows.collect_view();
        view! {
            <table class="grants">
                <thead><tr><th>"May it?"</th><th>"It asks for"</th><th>"Which is for"</th><th class="r">"Called"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
            {report.map(|report| enough(store, &report))}
        }
        .into_any()
    }
}

/// How often a function was called.
fn count(report: &Seen, name: &str) -> String {
    let calls = report.steps.iter().flat_map(|step| &step.host_calls);
    calls.filter(|call| call.function == name).map(|call| call.count).sum::<u64>().to_string()
}

fn row(store: Store, name: String, purpose: String, called: String, denied: &[Json]) -> AnyView {
    let is_denied = denied.iter().any(|it| it == name.as_str());
    let (kept, shown) = (denied.to_vec(), visible(&name));
    let label = format!("Grant {shown}");
    let toggle = move |_| {
        let mut now = kept.clone();
        if is_denied {
            now.retain(|it| it != name.as_str());
        } else {
            now.push(name.clone().into());
        }
        store.put_value(
            if is_denied { "Grant a function" } else { "Deny a function" },
            "deny",
            now.into(),
            true,
        );
    };
    let word = if is_denied { "denied" } else { "granted" };
    view! {
        <tr>
            <td><button type="button" class="btn btn--small" aria-label=label aria-pressed=(!is_denied).to_string() on:click=toggle>{word}</button></td>
            <th scope="row"><code>{shown}</code></th>
            <td>{purpose}</td>
            <td class="r">{called}</td>
        </tr>
    }
    .into_any()
}

/// The smallest grant that the run would have needed.
fn enough(store: Store, report: &Seen) -> AnyView {
    let unused: Vec<Json> = report.unused.iter().cloned().map(Json::from).collect();
    let deny = move |_| store.put_value("Deny what was not called", "deny", unused.clone().into(), true);
    view! {
        <p class="hint" hidden=report.unused.is_empty()>
            <button type="button" class="btn btn--small" on:click=deny>"Deny what was not called"</button>
        </p>
        <Printed name="The smallest role that would have been enough" text=report.role.clone()/>
    }
    .into_any()
}
