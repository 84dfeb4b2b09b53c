//! The right side: the verdict in words first, then what is behind it.

use leptos::prelude::*;

use super::cases::Matrix;
use super::cost::Cost;
use super::diff::DiffPanel;
use super::lanes::GatePanel;
use super::logs::Logs;
use super::module::ModulePanel;
use super::output::Output;
use super::results::Results;
use super::tabs::Tabs;
use super::verdict::Verdict;
use crate::store::{Panel, Shown, use_store};

/// The right side.
#[component]
pub(super) fn ReportPane() -> impl IntoView {
    let store = use_store();
    let count = move |read: fn(&Shown) -> usize| {
        Signal::derive(move || {
            let count = store.shown.with(|shown| shown.as_ref().map_or(0, read));
            if count == 0 { String::new() } else { count.to_string() }
        })
    };
    let none = || Signal::derive(String::new);
    let is_request = Memo::new(move |_| store.is_request());
    let tabs = move || {
        let (gate, results) =
            ((Panel::Gate, "Gate", none()), (Panel::Results, "Results", count(super::results::count)));
        let (first, third) = if is_request.get() { (Some(gate), None) } else { (None, Some(results)) };
        let tabs = [
            first,
            Some((Panel::Output, "Output", none())),
            Some((Panel::Diff, "Diff", count(super::diff::changed_files))),
            third,
            Some((Panel::Logs, "Logs", count(super::logs::count))),
            Some((Panel::Cost, "Cost", none())),
            Some((Panel::Cases, "Cases", Signal::derive(move || cases(store)))),
            Some((Panel::Module, "Module", none())),
        ];
        let tabs = tabs.into_iter().flatten().collect();
        view! { <Tabs label="Report" tabs=tabs selected=store.panel/> }
    };
    view! {
        <section class="right" aria-label="Report">
            <Verdict/>
            {tabs}
            {move || {
                let (name, body) = match store.panel.get() {
                    Panel::Gate => ("gate", view! { <GatePanel/> }.into_any()),
                    Panel::Cases => ("cases", view! { <Matrix/> }.into_any()),
                    Panel::Output => ("output", view! { <Output/> }.into_any()),
                    Panel::Diff => ("diff", view! { <DiffPanel/> }.into_any()),
                    Panel::Results => ("results", view! { <Results/> }.into_any()),
                    Panel::Logs => ("logs", view! { <Logs/> }.into_any()),
                    Panel::Cost => ("cost", view! { <Cost/> }.into_any()),
                    Panel::Module => ("module", view! { <ModulePanel/> }.into_any()),
                };
                view! {
                    <div class="right__body" role="tabpanel" tabindex="0" id=format!("panel-{name}") aria-labelledby=format!("tab-{name}")>{body}</div>
                }
            }}
        </section>
    }
}

/// How many cases there are; none are not counted.
fn cases(store: crate::store::Store) -> String {
    let count = store.workspace.with(|workspace| workspace.cases.len());
    if count == 0 { String::new() } else { count.to_string() }
}
