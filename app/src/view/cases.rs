//! The workspace's cases, and whether they hold.

use leptos::prelude::*;

use super::icon::{CROSS, Icon};
use crate::store::{CaseState, use_store};

/// The cases.
#[component]
pub(super) fn Cases() -> impl IntoView {
    let store = use_store();
    let names = Memo::new(move |_| {
        store.workspace.with(|w| w.cases.iter().map(|case| case.name.clone()).collect::<Vec<_>>())
    });
    let summary = move || {
        let total = names.with(Vec::len);
        let holding =
            store.cases.with(|cases| cases.iter().filter(|case| **case == CaseState::Holds).count());
        if store.cases.with(Vec::is_empty) { total.to_string() } else { format!("{holding} of {total} hold") }
    };
    let row = move |(index, name): (usize, String)| view! { <CaseRow index=index name=name/> };
    view! {
        <section class="group" aria-label="Cases">
            <h2>"Cases"<span role="status">{summary}</span></h2>
            <ul>{move || names.get().into_iter().enumerate().map(row).collect_view()}</ul>
            <div class="group__acts">
                <button type="button" class="btn btn--small" disabled=move || names.with(Vec::is_empty) || store.is_busy()
                    on:click=move |_| store.check_cases()>"Check cases"</button>
                <button type="button" class="btn btn--small" disabled=move || store.shown.with(Option::is_none)
                    on:click=move |_| store.add_case()>"Keep as case"</button>
            </div>
        </section>
    }
}

/// A case.
#[component]
fn CaseRow(
    /// Its index.
    index: usize,
    /// Its name.
    name: String,
) -> impl IntoView {
    let store = use_store();
    let state = move || store.cases.with(|cases| cases.get(index).cloned());
    let tone = move || match state() {
        Some(CaseState::Holds) => "good",
        Some(CaseState::Fails(_)) => "bad",
        _ => "none",
    };
    let word = move || match state() {
        Some(CaseState::Holds) => "holds",
        Some(CaseState::Fails(_)) => "fails",
        Some(CaseState::Waiting) => "…",
        None => "",
    };
    let why = move || match state() {
        Some(CaseState::Fails(sentences)) => sentences.join("\n"),
        _ => String::new(),
    };
    let label = format!("Remove case: {name}");
    view! {
        <li class="case" data-state=tone>
            <div class="row">
                <span class="item item--plain"><i class="dot" data-tone=tone></i><span class="case__name">{name}</span><small>{word}</small></span>
                <button type="button" class="row__act" aria-label=label title="Remove" on:click=move |_| store.remove_case(index)>
                    <Icon path=CROSS size=12/>
                </button>
            </div>
            <p class="case__why" hidden=move || why().is_empty()>{why}</p>
        </li>
    }
}
