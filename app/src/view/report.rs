//! The right side: the verdict in words first, then what is behind it.

use leptos::prelude::*;

use super::cases::Matrix;
use super::cost::Cost;
use super::diff::DiffPanel;
use super::grants::Grants;
use super::logs::Logs;
use super::module::ModulePanel;
use super::output::Output;
use super::results::Results;
use super::sheet::Rows;
use super::tabs::Tabs;
use super::terminal::Terminal;
use super::verdict::Verdict;
use crate::draft::Kind;
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
    let kind = Memo::new(move |_| store.kind());
    let tabs = move || {
        let kind = kind.get();
        let first = match kind {
            Kind::Pipeline => None,
            Kind::Request => Some("Gate"),
            Kind::Krew => Some("Terminal"),
            _ => Some("Answers"),
        };
        let results = (Panel::Results, "Results", count(super::results::count));
        let tabs = [
            first.map(|name| (Panel::Gate, name, none())),
            (kind != Kind::Pipeline).then(|| (Panel::Calls, "Calls", count(calls))),
            (!kind.is_plugin()).then(|| (Panel::Output, "Output", none())),
            (!kind.is_plugin()).then(|| (Panel::Diff, "Diff", count(super::diff::changed_files))),
            (kind == Kind::Pipeline).then_some(results),
            Some((Panel::Logs, "Logs", count(super::logs::count))),
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
                    Panel::Gate if kind.get() == Kind::Krew => ("terminal", view! { <Terminal/> }.into_any()),
                    Panel::Gate => {
                        let is_gate = kind.get() == Kind::Request;
                        let (name, none) = if is_gate {
                            ("gate", "The request did not come to the gate.")
                        } else {
                            ("answers", "Nothing was answered.")
                        };
                        let idle = "What is said to the request stands here after a run.";
                        (name, view! { <Rows of=|seen| &seen.answers idle=idle none=none/> }.into_any())
                    }
                    Panel::Calls => {
                        let idle = "What guests ask their host for stands here after a run.";
                        let none = "No guest asked its host for anything.";
                        ("calls", view! { <Rows of=|seen| &seen.calls idle=idle none=none/> }.into_any())
                    }
                    Panel::Grants => ("grants", view! { <Grants/> }.into_any()),
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

/// How many calls are listed.
fn calls(shown: &Shown) -> usize {
    let groups = shown.report.iter().flat_map(|report| &report.calls.groups);
    groups.map(|group| group.rows.len()).sum()
}

/// How many cases there are; none are not counted.
fn cases(store: crate::store::Store) -> String {
    let count = store.workspace.with(|workspace| workspace.cases.len());
    if count == 0 { String::new() } else { count.to_string() }
}
