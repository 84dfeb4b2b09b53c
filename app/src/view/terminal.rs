//! What a kubectl plugin printed, as a terminal shows it. All of it is text in elements of its own.

use leptos::prelude::*;

use crate::seen::Span;
use crate::store::use_store;

/// The terminal of the last run.
#[component]
pub(super) fn Terminal() -> impl IntoView {
    let store = use_store();
    move || {
        let report = store.shown.with(|shown| shown.as_ref().and_then(|shown| shown.report.clone()));
        let empty = |words: &'static str| view! { <p class="empty">{words}</p> }.into_any();
        match report {
            None => empty("What the plugin prints stands here after a run."),
            Some(report) if report.terminal.is_empty() => empty("The plugin printed nothing."),
            Some(report) => {
                let span = |Span { style, text }: Span| view! { <span class=style>{text}</span> }.into_any();
                let spans = report.terminal.iter().cloned().map(span).collect_view();
                view! { <pre class="terminal" tabindex="0" aria-label="Terminal">{spans}</pre> }.into_any()
            }
        }
    }
}
