//! The gate: a lane for each stage under the verdict.

use leptos::prelude::*;

use super::icon::{CHECK, CROSS, Icon};
use crate::seen::Lane;
use crate::store::{Panel, use_store};
use crate::visible::visible;

/// The lanes of the last run's request.
#[component]
pub(super) fn Lanes() -> impl IntoView {
    let store = use_store();
    let lanes = move || {
        let lanes: Option<Vec<Lane>> =
            store.shown.with(|shown| Some(shown.as_ref()?.report.as_ref()?.gate.as_ref()?.lanes.clone()));
        lanes.filter(|lanes| !lanes.is_empty() && !store.is_busy())
    };
    let lane = move |Lane { name, sign, summary }: Lane| {
        let icon = match sign.tone.as_str() {
            "good" => Some(CHECK),
            "bad" => Some(CROSS),
            _ => None,
        };
        let summary = visible(&summary);
        let title = summary.clone();
        view! {
            <li class="lane" data-tone=sign.tone title=title>
                <button type="button" on:click=move |_| store.panel.set(Panel::Gate)>
                    <b>{icon.map(|path| view! { <Icon path=path size=12/> })}{name}</b>
                    <small>{summary}</small>
                </button>
            </li>
        }
        .into_any()
    };
    view! { {move || lanes().map(|lanes| view! { <ol class="lanes" aria-label="Lanes">{lanes.into_iter().map(lane).collect_view()}</ol> })} }
}
