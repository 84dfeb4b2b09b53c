//! The middle: the pipeline, and editors for what goes into it.

use leptos::prelude::*;

use super::configuration::Configuration;
use super::manifests::Manifests;
use super::steps::Steps;
use super::tabs::Tabs;
use crate::store::{Pane, use_store};

/// The middle.
#[component]
pub(super) fn Editors() -> impl IntoView {
    let store = use_store();
    let files = Signal::derive(move || store.workspace.with(|w| w.pipeline.files.len().to_string()));
    let tabs = vec![
        (Pane::Manifests, "Manifests", files),
        (Pane::Configuration, "Configuration", Signal::derive(String::new)),
    ];
    view! {
        <section class="pane" id="editors" aria-label="Editors" tabindex="-1">
            <Tabs label="Editors" tabs=tabs selected=store.pane/>
            <Steps/>
            {move || match store.pane.get() {
                Pane::Manifests => view! {
                    <div class="pane__body" id="panel-manifests" role="tabpanel" aria-labelledby="tab-manifests"><Manifests/></div>
                }.into_any(),
                Pane::Configuration => view! {
                    <div class="pane__body" id="panel-configuration" role="tabpanel" aria-labelledby="tab-configuration"><Configuration/></div>
                }.into_any(),
            }}
        </section>
    }
}
