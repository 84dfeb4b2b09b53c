//! The examples, by group, with a search.

use leptos::prelude::*;

use super::desk::RecentFiles;
use crate::gallery::{Card, Group};
use crate::store::use_store;

/// The gallery.
#[component]
pub(super) fn GalleryList() -> impl IntoView {
    let store = use_store();
    let query = RwSignal::new(String::new());
    let groups = move || {
        store.gallery.with(|gallery| {
            gallery.as_ref().map(|gallery| gallery.search(&query.get())).map_err(Clone::clone)
        })
    };
    view! {
        <input class="search" type="search" placeholder="Search examples" aria-label="Search examples"
            prop:value=query on:input=move |event| query.set(event_target_value(&event))/>
        <RecentFiles/>
        <div class="group">
            <div class="group__acts">
                <button type="button" class="btn btn--small" on:click=move |_| store.new_request()>"New request"</button>
            </div>
        </div>
        {move || match groups() {
            Ok(groups) if groups.is_empty() => view! { <p class="empty">"No example matches."</p> }.into_any(),
            Ok(groups) => {
                let mut scenario = String::new();
                let group = |group: Group| {
                    let heading = (group.scenario != scenario).then(|| heading(&group.scenario));
                    scenario.clone_from(&group.scenario);
                    view! { <p class="rail__part" hidden=heading.is_none()>{heading}</p><Cards group=group/> }
                };
                groups.into_iter().map(group).collect_view().into_any()
            }
            Err(error) => view! { <p class="empty" role="alert">{error.message}". "{error.hint}"."</p> }.into_any(),
        }}
    }
}

/// A group of examples.
#[component]
fn Cards(
    /// The group.
    group: Group,
) -> impl IntoView {
    let Group { name, cards, .. } = group;
    let count = cards.len();
    view! {
        <section class="group">
            <h2>{name}<span>{count}</span></h2>
            <ul>{cards.into_iter().map(|card| view! { <CardLink card=card/> }).collect_view()}</ul>
        </section>
    }
}

/// An example: a link, so that it can be copied, opened in another tab, and gone back from.
#[component]
fn CardLink(
    /// The example.
    card: Card,
) -> impl IntoView {
    let store = use_store();
    let name = card.name.clone();
    let is_open = move || store.example.with(|open| open.as_deref() == Some(name.as_str()));
    let again = card.name.clone();
    let open = move |event: leptos::ev::MouseEvent| {
        // The address stays the same when an example is opened again, and then nobody would hear of it.
        if crate::browser::hash::read() == format!("example/{again}") {
            event.prevent_default();
            store.open_example(again.clone());
        }
    };
    view! {
        <li>
            <a class="item" href=format!("#example/{}", card.name) aria-current=move || is_open().then_some("true") on:click=open>
                <span class="item__title">{card.title}<small>{card.tags.first().cloned()}</small></span>
                <span class="item__teaches">{card.teaches}</span>
            </a>
        </li>
    }
}

/// What stands over the groups of a scenario.
fn heading(scenario: &str) -> &'static str {
    match scenario {
        "pipeline" => "Pipelines of KRM functions",
        "request" => "API requests",
        "krew" => "Plugins of kubectl",
        "dashboard" => "Plugins of a dashboard",
        _ => "Services",
    }
}
