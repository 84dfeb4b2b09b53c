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
    let copied = RwSignal::new("");
    let copy = move |address: String| store.copy_link(address, move |sentence| _ = copied.try_set(sentence));
    // Share copies at once, unless something should be looked at first; a change of the choice does not.
    Effect::new(move |before: Option<bool>| {
        let written = link.get().and_then(Result::ok);
        let first = !before.unwrap_or_default();
        if let Some(written) = written.as_ref().filter(|written| first && written.warnings.is_empty()) {
            copy(written.text.clone());
        }
        before.unwrap_or_default() || written.is_some()
    });
    let warnings =
        move || link.get().and_then(Result::ok).map(|written| written.warnings).unwrap_or_default();
    let part = move |(name, read, set): Part| {
        let change = move |event| {
            copied.set("");
            choice.update(|choice| set(choice, event_target_checked(&event)));
        };
        view! { <label class="check"><input type="checkbox" prop:checked=move || read(&choice.get()) on:change=change/>{name}</label> }
    };
    let copy_now = move |_| {
        if let Some(Ok(written)) = link.get_untracked() {
            copy(written.text);
        }
    };
    let list = |class: &'static str, items: Vec<String>| {
        (!items.is_empty()).then(|| view! { <ul class=class>{items.into_iter().map(|item| view! { <li>{sentence(&item)}</li> }).collect_view()}</ul> })
    };
    view! {
        <p>"The link holds the workspace itself, behind the #, which browsers do not send to any server. Opening it runs nothing."</p>
        {store.desk().is_some().then(|| view! { <p>"Put it behind the address of any Drydock page, or give it to the command line as it is."</p> })}
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
        <p class="hint" role="status" aria-label="Copied">{copied}</p>
        <div class="dialog__acts">
            <button type="button" class="btn" on:click=move |_| shared.with_untracked(|(workspace, _)| store.download(workspace.clone()))>"Download file"</button>
            <button type="button" class="btn btn--primary" disabled=move || !matches!(link.get(), Some(Ok(_))) on:click=copy_now>"Copy link"</button>
        </div>
    }
}
