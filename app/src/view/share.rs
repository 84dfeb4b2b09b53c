//! Sharing: a link that holds the workspace, or a file; with a choice of what goes in, and a warning.

use leptos::prelude::*;

use super::keys::Frame;
use crate::protocol::{Form, WireError, Written};
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
    let link = RwSignal::new(None::<Result<Written, WireError>>);
    Effect::new(move |_| {
        let workspace = shared.with(|(workspace, _)| workspace.clone());
        // The dialog may be closed by the time the worker has written the link.
        store.write(Form::Link, workspace, move |written| drop(link.try_set(Some(written))));
    });
    let warnings =
        move || link.get().and_then(Result::ok).map(|written| written.warnings).unwrap_or_default();
    let part = move |(name, read, set): Part| {
        let change = move |event| choice.update(|choice| set(choice, event_target_checked(&event)));
        view! { <label class="check"><input type="checkbox" prop:checked=move || read(&choice.get()) on:change=change/>{name}</label> }
    };
    let copy = move |_| {
        if let Some(Ok(written)) = link.get_untracked() {
            store.copy_link(written.text);
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
            None => view! { <p class="hint">"Writing the link…"</p> }.into_any(),
            Some(Ok(written)) => view! {
                <label class="link">"Link"<input readonly aria-label="Link" prop:value=written.text.clone()/></label>
                <p class="hint">{engine::words::grouped(written.text.len() as u64)}" characters"</p>
            }.into_any(),
            Some(Err(error)) => view! {
                <p class="warnings" role="alert">{sentence(&error.message)}" "{error.hint.map(|hint| sentence(&hint))}</p>
            }.into_any(),
        }}
        <div class="dialog__acts">
            <button type="button" class="btn" on:click=move |_| shared.with_untracked(|(workspace, _)| store.download(workspace.clone()))>"Download file"</button>
            <button type="button" class="btn btn--primary" disabled=move || !matches!(link.get(), Some(Ok(_))) on:click=copy>"Copy link"</button>
        </div>
    }
}
