//! A sheet: facts, and groups of rows that open. The stages of the gate, the answers of a plugin and the calls of every
//! guest are drawn alike.
//!
//! It reads only what is shown: what is in a row is drawn when it is opened.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::diff::Changes;
use super::logs::Printed;
use super::table::Facts;
use crate::browser::clipboard;
use crate::seen::{Act, Group, Lane, Row, Seen, Sheet, Sign};
use crate::store::use_store;
use crate::visible::{sentence, visible};

/// A sheet of the last run.
#[component]
pub(super) fn Rows(
    /// Which.
    of: fn(&Seen) -> &Sheet,
    /// What is said before a run.
    idle: &'static str,
    /// What is said where there are no rows.
    none: &'static str,
) -> impl IntoView {
    let store = use_store();
    let wanted = RwSignal::new(String::new());
    let empty = |words: &'static str| view! { <p class="empty">{words}</p> }.into_any();
    move || {
        let report = store.shown.with(|shown| shown.as_ref().and_then(|shown| shown.report.clone()));
        let Some(report) = report else { return empty(idle) };
        let sheet = of(&report);
        if sheet.groups.is_empty() {
            return empty(none);
        }
        let facts = sheet.facts.clone();
        let many = sheet.groups.iter().map(|group| group.rows.len()).sum::<usize>() > 4;
        let report = StoredValue::new_local(report);
        let groups = move || {
            let wanted = wanted.get().to_lowercase();
            report.with_value(|report| {
                let groups = of(report).groups.iter();
                groups.map(|group| self::group(report, group, &wanted)).collect_view()
            })
        };
        view! {
            <Facts facts=facts/>
            {many.then(|| view! {
                <input class="search" type="search" placeholder="Filter" aria-label="Filter"
                    on:input=move |event| wanted.set(event_target_value(&event))/>
            })}
            {groups}
        }
        .into_any()
    }
}

fn group(report: &Rc<Seen>, group: &Group, wanted: &str) -> AnyView {
    let Lane { name, sign: Sign { tone, word }, summary } = group.lane.clone();
    let summary = if summary == word { String::new() } else { sentence(&summary) };
    let is_wanted = |row: &&Row| wanted.is_empty() || row.name.to_lowercase().contains(wanted);
    let rows = group.rows.iter().filter(is_wanted);
    let rows = rows.map(|row| view! { <Line report=Rc::clone(report) row=row.clone()/> }).collect_view();
    view! {
        <section class="stage">
            <h3>{name}<span class="chip" data-tone=tone>{word}</span><small>{summary}</small></h3>
            {rows}
        </section>
    }
    .into_any()
}

/// A row: a line, and all of it when that is opened.
#[component]
fn Line(
    /// The report.
    report: Rc<Seen>,
    /// The row.
    row: Row,
) -> impl IntoView {
    let store = use_store();
    let open = RwSignal::new(false);
    let Row { sign, name, message, cost, .. } = row.clone();
    let (name, called) = (visible(&name), name);
    let toggle = move |_| {
        open.update(|open| *open = !*open);
        if let Some(index) = store.step_named(&called) {
            store.step.set(index);
        }
    };
    let kept = StoredValue::new_local((report, row));
    let body = move || open.get().then(|| kept.with_value(|(report, row)| body(report, row)));
    view! {
        <details class="gatestep">
            <summary on:click=toggle>
                <span class="chip" data-tone=sign.tone>{sign.word}</span><b>{name}</b><span class="grow">{message}</span><small>{cost}</small>
            </summary>
            {body}
        </details>
    }
}

fn body(report: &Rc<Seen>, row: &Row) -> AnyView {
    let text = |(name, text): (String, String)| view! { <Printed name=name text=text/> };
    let changed = row.step.filter(|index| report.steps.get(*index).is_some_and(|step| step.change_count > 0));
    let acts = row.acts.iter().cloned().map(|act| view! { <Button act=act/> }).collect_view();
    view! {
        <div class="log">{row.texts.clone().into_iter().map(text).collect_view()}</div>
        <div class="group__acts">{acts}</div>
        {changed.map(|index| view! { <Changes report=Rc::clone(report) index=index/> })}
    }
    .into_any()
}

/// Something to do about a row.
#[component]
fn Button(
    /// What.
    act: Act,
) -> impl IntoView {
    let store = use_store();
    let label = act.label.clone();
    let click = move |_| {
        let Act { label, place, value, whole } = act.clone();
        if place.is_empty() {
            let text = value.as_str().unwrap_or_default().to_owned();
            spawn_local(async move {
                store.say(if clipboard::write(&text).await {
                    "copied"
                } else {
                    "the browser did not let this page copy"
                })
            });
        } else {
            store.put_value(&label, &place, value, whole);
            store.say("it stands in the workspace now, and counts from the next run on");
        }
    };
    view! { <button type="button" class="btn btn--small" on:click=click>{label}</button> }
}
