//! The right side: the verdict in words first, then what is behind it.

use leptos::prelude::*;
use serde_json::Value as Json;

use super::cases::Matrix;
use super::diff::DiffPanel;
use super::drawn::Drawn;
use super::grants::Grants;
use super::module::ModulePanel;
use super::output::Output;
use super::tabs::Tabs;
use super::verdict::Verdict;
use crate::draft::Kind;
use crate::seen::Seen;
use crate::store::{Panel, Store, use_store};

/// The right side.
#[component]
pub(super) fn ReportPane() -> impl IntoView {
    let store = use_store();
    let count = move |read: fn(&Seen) -> usize| {
        Signal::derive(move || {
            let report = store.shown.with(|shown| shown.as_ref().and_then(|shown| shown.report.clone()));
            let count = report.map_or(0, |report| read(&report));
            if count == 0 { String::new() } else { count.to_string() }
        })
    };
    let none = || Signal::derive(String::new);
    let kind = Memo::new(move |_| store.kind());
    let tabs = move || {
        let kind = kind.get();
        let results = (Panel::Results, "Results", count(|report| report.result_count));
        let tabs = [
            first(kind).map(|name| (Panel::Gate, name, none())),
            (kind != Kind::Pipeline).then(|| (Panel::Calls, "Calls", count(|report| report.call_count))),
            (!kind.is_plugin()).then(|| (Panel::Output, "Output", none())),
            (!kind.is_plugin()).then(|| (Panel::Diff, "Diff", count(super::diff::changed_files))),
            (kind == Kind::Pipeline).then_some(results),
            Some((Panel::Logs, "Logs", count(|report| report.log_count))),
            Some((Panel::Grants, "Grants", none())),
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
                    Panel::Gate => {
                        let name = first(kind.get()).unwrap_or_default().to_ascii_lowercase();
                        return panel(&name, of_report(store, |seen| seen.answers.clone()));
                    }
                    Panel::Calls => ("calls", of_report(store, |seen| seen.calls.clone())),
                    Panel::Grants => ("grants", view! { <Grants/> }.into_any()),
                    Panel::Cases => ("cases", view! { <Matrix/> }.into_any()),
                    Panel::Output => ("output", view! { <Output/> }.into_any()),
                    Panel::Diff => ("diff", view! { <DiffPanel/> }.into_any()),
                    Panel::Results => ("results", of_report(store, |seen| seen.results.clone())),
                    Panel::Logs => ("logs", of_report(store, |seen| seen.logs.clone())),
                    Panel::Cost => ("cost", of_report(store, |seen| seen.cost.clone())),
                    Panel::Module => ("module", view! { <ModulePanel/> }.into_any()),
                };
                panel(name, body)
            }}
        </section>
    }
}

/// What the first panel is called; a pipeline has none.
fn first(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Pipeline => None,
        Kind::Request => Some("Gate"),
        Kind::Krew => Some("Terminal"),
        _ => Some("Answers"),
    }
}

fn panel(name: &str, body: AnyView) -> AnyView {
    view! {
        <div class="right__body" role="tabpanel" tabindex="0" id=format!("panel-{name}") aria-labelledby=format!("tab-{name}")>{body}</div>
    }
    .into_any()
}

/// A tree of the last run's report.
fn of_report(store: Store, read: fn(&Seen) -> Json) -> AnyView {
    let tree = move || {
        let report = store.shown.with(|shown| shown.as_ref().and_then(|shown| shown.report.clone()));
        report.map_or_else(|| "It stands here after a run.".into(), |report| read(&report))
    };
    view! { <Drawn tree=Box::new(tree)/> }.into_any()
}

/// How many cases there are; none are not counted.
fn cases(store: Store) -> String {
    let count = store.workspace.with(|workspace| workspace.cases.len());
    if count == 0 { String::new() } else { count.to_string() }
}
