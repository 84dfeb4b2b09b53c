//! Objects of the chosen cluster, read into the workspace's files.

use leptos::prelude::*;

use super::keys::Frame;
use crate::store::{Dialog, use_store};

/// The dialog.
#[component]
pub(super) fn Bring() -> impl IntoView {
    view! { <Frame dialog=Dialog::Bring title="Bring objects"><Body/></Frame> }
}

#[component]
fn Body() -> impl IntoView {
    let store = use_store();
    let (kind, namespace) = (RwSignal::new("deployments".to_owned()), RwSignal::new("default".to_owned()));
    let field = |name: &'static str, value: RwSignal<String>| {
        view! {
            <label>{name}<input aria-label=name prop:value=value on:input=move |event| value.set(event_target_value(&event))/></label>
        }
    };
    let cluster = move || store.at_desk.contexts.with(|contexts| contexts.chosen.clone());
    let bring = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        store.bring(kind.get_untracked(), namespace.get_untracked());
    };
    let is_asking = move || store.at_desk.asking.get() || kind.with(|kind| kind.trim().is_empty());
    view! {
        <p>"Objects are read from "<b>{cluster}</b>" into this workspace's files. Nothing is changed there."</p>
        <form on:submit=bring>
            <div class="fields">{field("Kind", kind)}{field("Namespace", namespace)}</div>
            <p class="hint">"An empty namespace means all of them. Kinds as kubectl takes them: deploy, configmaps, Ingress."</p>
            <div class="dialog__acts">
                <button type="submit" class="btn btn--primary" disabled=is_asking>"Bring"</button>
            </div>
        </form>
    }
}
