//! The left side: the gallery, or the workspace's parts.

use leptos::prelude::*;

use super::gallery::GalleryList;
use super::parts::Parts;
use super::tabs::Tabs;
use crate::store::{Rail as Side, use_store};

/// The left side.
#[component]
pub(super) fn Rail() -> impl IntoView {
    let store = use_store();
    let tabs = vec![
        (Side::Gallery, "Gallery", Signal::derive(String::new)),
        (Side::Workspace, "Workspace", Signal::derive(String::new)),
    ];
    view! {
        <nav class="rail" id="rail" aria-label="Examples and workspace">
            <Tabs label="Left side" tabs=tabs selected=store.rail class="seg"/>
            {move || match store.rail.get() {
                Side::Gallery => view! {
                    <div id="panel-gallery" role="tabpanel" aria-labelledby="tab-gallery"><GalleryList/></div>
                }.into_any(),
                Side::Workspace => view! {
                    <div id="panel-workspace" role="tabpanel" aria-labelledby="tab-workspace"><Parts/></div>
                }.into_any(),
            }}
        </nav>
    }
}
