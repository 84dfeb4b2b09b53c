//! The right side: the verdict in words first, then what is behind it.

use leptos::prelude::*;

use super::cost::Cost;
use super::diff::DiffPanel;
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
    let tabs = vec![
        (Panel::Output, "Output", none()),
        (Panel::Diff, "Diff", count(super::diff::changed_files)),
        (Panel::Results, "Results", count(super::results::count)),
        (Panel::Logs, "Logs", count(super::logs::count)),
        (Panel::Cost, "Cost", none()),
        (Panel::Module, "Module", none()),
    ];
    view! {
        <section class="right" aria-label="Report">
            <Verdict/>
            <Tabs label="Report" tabs=tabs selected=store.panel/>
            {move || {
                let (name, body) = match store.panel.get() {
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
