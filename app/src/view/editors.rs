//! The middle: the steps, and editors for what goes into them.

use leptos::prelude::*;

use super::asked::Asked;
use super::configuration::Configuration;
use super::manifests::Manifests;
use super::settings::Settings;
use super::steps::Steps;
use super::tabs::Tabs;
use super::whole::Whole;
use crate::draft::Kind;
use crate::store::{Pane, use_store};

/// The middle.
#[component]
pub(super) fn Editors() -> impl IntoView {
    let store = use_store();
    let kind = Memo::new(move |_| store.kind());
    let files = Signal::derive(move || store.workspace.with(|w| w.files.len().to_string()));
    let none = Signal::derive(String::new);
    let tabs = move || {
        let tabs = match kind.get() {
            Kind::Request => vec![
                (Pane::Request, "Request", none),
                (Pane::Configuration, "Settings", none),
                (Pane::Manifests, "Cluster", files),
                (Pane::File, "File", none),
            ],
            Kind::Pipeline => vec![
                (Pane::Manifests, "Manifests", files),
                (Pane::Configuration, "Configuration", none),
                (Pane::File, "File", none),
            ],
            _ => vec![
                (Pane::Request, "Plugin", none),
                (Pane::Manifests, "Cluster", files),
                (Pane::File, "File", none),
            ],
        };
        view! { <Tabs label="Editors" tabs=tabs selected=store.pane/> }
    };
    view! {
        <section class="pane" id="editors" aria-label="Editors" tabindex="-1">
            {tabs}
            <Steps/>
            {move || {
                let (name, body) = match (store.pane.get(), kind.get()) {
                    (Pane::Manifests, Kind::Pipeline) => ("manifests", view! { <Manifests/> }.into_any()),
                    (Pane::Configuration, Kind::Pipeline) => ("configuration", view! { <Configuration/> }.into_any()),
                    (Pane::Manifests, _) => ("cluster", view! { <Manifests/> }.into_any()),
                    (Pane::Configuration, Kind::Request) => ("settings", view! { <Settings/> }.into_any()),
                    (Pane::File, _) => ("file", view! { <Whole/> }.into_any()),
                    (_, kind) => {
                        (if kind == Kind::Request { "request" } else { "plugin" }, view! { <Asked/> }.into_any())
                    }
                };
                view! {
                    <div class="pane__body" id=format!("panel-{name}") role="tabpanel" aria-labelledby=format!("tab-{name}")>{body}</div>
                }
            }}
        </section>
    }
}
