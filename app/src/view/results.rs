//! What the functions reported, each leading to its place.

use engine::report::{KrmResult, Severity};
use engine::words;
use leptos::prelude::*;

use crate::store::{Shown, use_store};
use crate::visible::visible;

/// How many results are listed: a table of more is not read, and slow.
const LISTED: usize = 500;

/// How many results there are.
pub(super) fn count(shown: &Shown) -> usize {
    shown.report.as_ref().map_or(0, |report| report.steps.iter().map(|step| step.results.len()).sum())
}

/// A severity's word, which is also the editor's.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

fn tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warning => "warn",
        Severity::Info => "info",
    }
}

/// The results.
#[component]
pub(super) fn Results() -> impl IntoView {
    let store = use_store();
    let rows = move || {
        store.shown.with(|shown| {
            let report = shown.as_ref()?.report.as_ref()?;
            let of_step = |step: &engine::report::StepReport| {
                step.results.iter().map(|result| (step.name.clone(), result.clone())).collect::<Vec<_>>()
            };
            Some(report.steps.iter().flat_map(of_step).collect::<Vec<_>>())
        })
    };
    move || match rows() {
        None => {
            view! { <p class="empty">"What the functions report stands here after a run."</p> }.into_any()
        }
        Some(rows) if rows.is_empty() => {
            view! { <p class="empty">"The functions reported nothing."</p> }.into_any()
        }
        Some(rows) => {
            let more = rows.len().saturating_sub(LISTED) as u64;
            view! {
                <div class="table">
                    <table>
                        <thead><tr><th>"Severity"</th><th>"Message"</th><th>"Where"</th><th>"Step"</th></tr></thead>
                        <tbody>{rows.into_iter().take(LISTED).map(|(step, result)| view! { <ResultRow step=step result=result/> }).collect_view()}</tbody>
                    </table>
                    {(more > 0).then(|| view! { <p class="hint">"and "{words::grouped(more)}" more"</p> })}
                </div>
            }
            .into_any()
        }
    }
}

/// A result.
#[component]
fn ResultRow(
    /// The step that reported it.
    step: String,
    /// The result.
    result: KrmResult,
) -> impl IntoView {
    let store = use_store();
    let resource = result.resource.as_ref().map(|r| format!("{}/{}", r.kind, r.name)).unwrap_or_default();
    let words = [resource, result.field.clone()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let words = visible(&words);
    let place = result.place.clone().filter(|place| place.line > 0);
    let values = match (&result.current, &result.proposed) {
        (Some(current), Some(proposed)) => format!("is {current}, should be {proposed}"),
        (None, Some(proposed)) => format!("should be {proposed}"),
        (Some(current), None) => format!("is {current}"),
        (None, None) => String::new(),
    };
    let where_to = match place {
        Some(place) => {
            let words = if words.is_empty() { format!("{}:{}", place.file, place.line) } else { words };
            let show = move |_| store.show_place(Some(place.file.clone()), place.line, place.column);
            view! { <button type="button" class="jump" on:click=show>{words}</button> }.into_any()
        }
        None => view! { <span>{words}</span> }.into_any(),
    };
    view! {
        <tr>
            <td><span class="chip" data-tone=tone(result.severity)>{severity(result.severity)}</span></td>
            <td class="wrap">{visible(&result.message)}<small>{visible(&values)}</small></td>
            <td>{where_to}</td>
            <td>{step}</td>
        </tr>
    }
}
