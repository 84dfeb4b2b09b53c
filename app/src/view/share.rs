//! Sharing: a link that holds the workspace, or a file; with a choice of what goes in, and a warning.

use leptos::prelude::*;

use super::keys::Frame;
use crate::secrets;
use crate::store::{Choice, Dialog, use_store};
use crate::visible::sentence;

/// Sharing.
#[component]
pub(super) fn Share() -> impl IntoView {
    view! { <Frame dialog=Dialog::Share title="Share this workspace"><Body/></Frame> }
}

/// A part that can be left out: its name, how it is read, how it is set.
type Part = (&'static str, fn(&Choice) -> bool, fn(&mut Choice, bool));

const PARTS: [Part; 4] = [
    ("Manifests", |c| c.files, |c, on| c.files = on),
    ("Configurations", |c| c.configs, |c, on| c.configs = on),
    ("Cases", |c| c.cases, |c, on| c.cases = on),
    ("Small modules that were opened here", |c| c.modules, |c, on| c.modules = on),
];

#[component]
fn Body() -> impl IntoView {
    let store = use_store();
    let choice = RwSignal::new(Choice::default());
    let shared = Memo::new(move |_| store.shared(choice.get()));
    let link = Memo::new(move |_| shared.with(|(workspace, _)| store.link(workspace)));
    let warnings = move || shared.with(|(workspace, _)| secrets::find(workspace));
    let part = move |(name, read, set): Part| {
        let change = move |event| choice.update(|choice| set(choice, event_target_checked(&event)));
        view! { <label class="check"><input type="checkbox" prop:checked=move || read(&choice.get()) on:change=change/>{name}</label> }
    };
    let copy = move |_| {
        if let Ok(address) = link.get_untracked() {
            store.copy_link(address);
            store.dialog.set(None);
        }
    };
    let list = |class: &'static str, items: Vec<String>| {
        (!items.is_empty()).then(|| view! { <ul class=class>{items.into_iter().map(|item| view! { <li>{sentence(&item)}</li> }).collect_view()}</ul> })
    };
    view! {
        <p>"The link holds the workspace itself, behind the #, which browsers do not send to any server. Opening it runs nothing."</p>
        <fieldset><legend>"What goes in"</legend>{PARTS.map(part).collect_view()}</fieldset>
        {move || list("warnings", warnings())}
        {move || shared.with(|(_, missing)| list("missing", missing.clone()))}
        {move || match link.get() {
            Ok(address) => view! {
                <label class="link">"Link"<input readonly aria-label="Link" prop:value=address.clone()/></label>
                <p class="hint">{engine::words::grouped(address.len() as u64)}" characters"</p>
            }.into_any(),
            Err(error) => view! {
                <p class="warnings" role="alert">{sentence(&error.message)}" "{error.hint.map(|hint| sentence(&hint))}</p>
            }.into_any(),
        }}
        <div class="dialog__acts">
            <button type="button" class="btn" on:click=move |_| shared.with_untracked(|(workspace, _)| store.download(workspace))>"Download file"</button>
            <button type="button" class="btn btn--primary" disabled=move || link.with(Result::is_err) on:click=copy>"Copy link"</button>
        </div>
    }
}
