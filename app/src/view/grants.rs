//! What the module of the selected step may call: every import in plain words, granted or denied one by one; and after
//! a run, what was called and what would have been enough.
//!
//! It grants nothing that a scenario does not offer: an import that nobody provides stays missing.

use std::rc::Rc;

use engine::words;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::drawn::Drawn;
use crate::draft::{Draft, Kind, path};
use crate::parts;
use crate::seen::Seen;
use crate::store::{Slot, use_store};
use crate::visible::visible;

/// The grants.
#[component]
pub(super) fn Grants() -> impl IntoView {
    let store = use_store();
    let tree = move || {
        let index = store.step.get();
        let name =
            store.workspace.with(|w| parts::part(w, index).map(|part| part.module)).unwrap_or_default();
        let info = store.modules.with(|slots| match slots.get(&name) {
            Some(Slot::Here { info: Some(Ok(info)), .. }) => Some(Rc::clone(info)),
            _ => None,
        });
        let Some(info) = info else { return "What a module asks for stands here once it is open.".into() };
        let report = store.shown.with(|shown| shown.as_ref().and_then(|shown| shown.report.clone()));
        let denied = store.workspace.with(|draft| path::list(&draft.rest, "deny").to_vec());
        let functions = info.imports.iter().filter(|import| import.kind.starts_with("func"));
        let rows = functions.map(|import| {
            let name = format!("{}.{}", import.module, import.name);
            let count = |report: &Rc<Seen>| report.called.get(&name).copied().unwrap_or(0).to_string();
            let called = report.as_ref().map(count).unwrap_or_default();
            row(&name, &import.purpose, called, &denied)
        });
        let head =
            ["May it?", "It asks for", "Which is for", "Called"].map(|name| node("th", name.into())).to_vec();
        let table = node("table", std::iter::once(node("tr", head.into())).chain(rows).collect());
        let after = report.map(|report| enough(&report)).unwrap_or_default();
        let mut reach = node("p", store.workspace.with(reach).into());
        path::set(&mut reach, "attributes.class", "hint".into());
        node("div", [reach, table].into_iter().chain(after).collect())
    };
    view! { <Drawn tree=Box::new(tree)/> }
}

/// What is behind the functions.
fn reach(draft: &Draft) -> String {
    let names = |place| {
        let all = path::list(&draft.body, place).iter().map(|it| path::text(it, "name"));
        let all = all.collect::<Vec<_>>().join(", ");
        if all.is_empty() { "none".to_owned() } else { all }
    };
    let (directories, variables) = (names("command.directories"), names("command.env"));
    let files = words::count(draft.files.len() as u64, "file");
    match draft.kind {
        Kind::Pipeline => "Files: none. Variables: none. Cluster: none. Network: none.".into(),
        _ => format!(
            "Directories: {directories}. Variables: {variables}. Cluster: {files} of objects. Network: none."
        ),
    }
}

/// An element with a text, or with children.
fn node(tag: &str, holds: Json) -> Json {
    let key = if holds.is_array() { "children" } else { "text" };
    json!({"tag": tag, key: holds})
}

fn row(name: &str, purpose: &str, called: String, denied: &[Json]) -> Json {
    let is_denied = denied.iter().any(|it| it == name);
    let others = denied.iter().filter(|it| *it != name).cloned();
    let deny: Vec<Json> = others.chain((!is_denied).then(|| name.into())).collect();
    let (word, does) =
        if is_denied { ("denied", "Grant a function") } else { ("granted", "Deny a function") };
    let mut button = button(word, does, deny.into());
    let label = format!("{word}: {}", visible(name));
    path::set(&mut button, "attributes.aria-label", label.into());
    path::set(&mut button, "attributes.data-tone", if is_denied { "bad" } else { "good" }.into());
    let cells = [vec![button].into(), visible(name).into(), purpose.into(), called.into()];
    node("tr", cells.into_iter().map(|cell| node("td", cell)).collect())
}

/// A button that changes what is denied.
fn button(word: &str, does: &str, deny: Json) -> Json {
    json!({
        "tag": "button",
        "attributes": {"type": "button", "class": "btn btn--small"},
        "text": word,
        "act": {"label": does, "place": "deny", "value": deny, "whole": true},
    })
}

/// The smallest grant that the run would have needed.
fn enough(report: &Seen) -> Vec<Json> {
    let words = "Deny what was not called";
    let deny = (!report.unused.is_empty()).then(|| button(words, words, report.unused.clone().into()));
    let name = "The smallest role that would have been enough";
    let mut role = node("pre", report.role.clone().into());
    path::set(&mut role, "attributes.aria-label", name.into());
    let role = (!report.role.is_empty()).then(|| [node("h3", name.into()), role]);
    let mut after = node("div", deny.into_iter().chain(role.into_iter().flatten()).collect());
    path::set(&mut after, "attributes.class", "log".into());
    vec![after]
}
