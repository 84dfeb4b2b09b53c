//! The workspace's cases, and whether they hold.

use leptos::prelude::*;

use super::icon::{CROSS, Icon};
use super::table::{Cell, Table};
use crate::draft::path;
use crate::parts;
use crate::seen::Sign;
use crate::store::{CaseRun, CaseState, use_store};

/// The cases.
#[component]
pub(super) fn Cases() -> impl IntoView {
    let store = use_store();
    let names = Memo::new(move |_| {
        store
            .workspace
            .with(|w| w.cases.iter().map(|case| path::text(case, "name").to_owned()).collect::<Vec<_>>())
    });
    let summary = move || {
        let total = names.with(Vec::len);
        store.cases.with(|cases| if cases.is_empty() { total.to_string() } else { tally(cases) })
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
    let verdict = Memo::new(move |_| store.cases.with(|cases| verdict(cases.get(index))));
    let tone = move || verdict.with(|(sign, _)| sign.tone.clone());
    let word = move || verdict.with(|(sign, _)| sign.word.clone());
    let why = move || verdict.with(|(_, why)| why.clone());
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

/// Cases and steps in a table: what each step came to in each case.
#[component]
pub(super) fn Matrix() -> impl IntoView {
    let store = use_store();
    let cases = Memo::new(move |_| {
        let runs = store.cases.get();
        let case = |(index, case): (usize, &serde_json::Value)| {
            (path::text(case, "name").to_owned(), runs.get(index).cloned())
        };
        store.workspace.with(|w| w.cases.iter().enumerate().map(case).collect::<Vec<_>>())
    });
    let titles = Memo::new(move |_| {
        store.workspace.with(|w| parts::steps(w).into_iter().map(|step| step.title).collect::<Vec<_>>())
    });
    let row = move |(name, run): (String, Option<CaseRun>)| {
        let (sign, why) = verdict(run.as_ref());
        let mut signs = run.map(|run| run.signs).unwrap_or_default();
        signs.resize(titles.with_untracked(Vec::len), Sign::default());
        let cells = [Cell::Name(name, why), Cell::Sign(sign)].into_iter();
        cells.chain(signs.into_iter().map(Cell::Sign)).collect()
    };
    let table = move || {
        let heads = ["Case".to_owned(), "Holds".to_owned()].into_iter().chain(titles.get()).collect();
        view! { <Table heads=heads rows=cases.get().into_iter().map(row).collect()/> }
    };
    view! {
        <div class="panelbar">
            <button type="button" class="btn btn--small" disabled=move || cases.with(Vec::is_empty) || store.is_busy()
                on:click=move |_| store.check_cases()>"Check all cases"</button>
            <button type="button" class="btn btn--small" disabled=move || store.shown.with(Option::is_none)
                on:click=move |_| store.add_case()>"Make a case of this run"</button>
            <span role="status" aria-label="Cases checked">{move || store.cases.with(|cases| tally(cases))}</span>
        </div>
        <p class="empty" hidden=move || !cases.with(Vec::is_empty)>"A case is an input with what must come of it. There is none yet."</p>
        <div class="table matrix" hidden=move || cases.with(Vec::is_empty)>{table}</div>
    }
}

/// How many cases hold, of all or of those that were checked so far; nothing when none was.
fn tally(runs: &[CaseRun]) -> String {
    let count = |wanted: fn(&CaseState) -> bool| runs.iter().filter(|run| wanted(&run.state)).count();
    let holding = count(|state| *state == CaseState::Holds);
    match (runs.len(), count(|state| *state == CaseState::Waiting)) {
        (0, _) => String::new(),
        (all, 0) => format!("{holding} of {all} hold"),
        (all, waiting) => format!("{holding} of {} hold, {waiting} to go", all - waiting),
    }
}

/// Whether a case holds, and why not.
fn verdict(run: Option<&CaseRun>) -> (Sign, String) {
    let (tone, word, why) = match run.map(|run| &run.state) {
        Some(CaseState::Holds) => ("good", "holds", String::new()),
        Some(CaseState::Fails(sentences)) => ("bad", "fails", sentences.join("\n")),
        Some(CaseState::Waiting) => ("none", "…", String::new()),
        None => ("none", "", String::new()),
    };
    (Sign::new(tone, word), why)
}
