//! The module of the selected step: what it is, what it imports and exports, what made it.

use std::rc::Rc;

use engine::module::inspect::ModuleInfo;
use engine::words;
use leptos::prelude::*;

use crate::store::{Slot, use_store};
use crate::visible::{bytes, sentence, visible};

/// How many lines of a table are shown; the rest is counted.
const LISTED: usize = 200;

/// The module.
#[component]
pub(super) fn ModulePanel() -> impl IntoView {
    let store = use_store();
    let name = Memo::new(move |_| {
        let index = store.step.get();
        store.workspace.with(|w| w.pipeline.steps.get(index).map(|step| step.module.clone()))
    });
    let slot = move || store.modules.with(|slots| name.get().and_then(|name| slots.get(&name).cloned()));
    move || {
        match (name.get(), slot()) {
        (Some(name), Some(Slot::Here { info: Some(Ok(info)), .. })) => view! { <Info name=name info=info/> }.into_any(),
        (Some(name), Some(Slot::Here { info: Some(Err(error)), .. })) => {
            let words = format!("module `{name}`: {}", error.message);
            view! { <p class="empty" role="alert">{sentence(&words)}" "{error.hint.map(|hint| sentence(&hint))}</p> }.into_any()
        }
        (Some(_), Some(Slot::Missing(error))) => {
            view! { <p class="empty" role="alert">{sentence(&error.message)}" "{error.hint.map(|hint| sentence(&hint))}</p> }.into_any()
        }
        (Some(name), _) => view! { <p class="empty">"Looking into "{name}"…"</p> }.into_any(),
        (None, _) => view! { <p class="empty">"No function is selected: add one, or open a module."</p> }.into_any(),
    }
    }
}

/// What is known of a module.
#[component]
fn Info(
    /// Its name.
    name: String,
    /// What is known.
    info: Rc<ModuleInfo>,
) -> impl IntoView {
    let memories: Vec<String> = info
        .memories
        .iter()
        .map(|memory| match memory.maximum {
            Some(maximum) => {
                format!("{} to {}", bytes(memory.initial << 16), bytes(maximum.saturating_mul(65_536)))
            }
            None => format!("{} at first", bytes(memory.initial << 16)),
        })
        .collect();
    let made_by: Vec<String> =
        info.producers.iter().map(|p| visible(&format!("{} {}", p.name, p.version))).collect();
    let evidence = info.abi.evidence.join("; ");
    let facts = [
        ("Module", visible(&name)),
        ("Spoken to as", info.abi.abi.title().to_owned()),
        ("Because it", visible(&evidence)),
        ("Size", format!("{} ({} bytes)", bytes(info.bytes), words::grouped(info.bytes))),
        ("Digest", info.digest.clone()),
        (
            "Functions",
            format!("{}, {} named", words::grouped(info.functions), words::grouped(info.named_functions)),
        ),
        ("Memory", memories.join(", ")),
        (
            "Start function",
            if info.start { "runs when the module is instantiated".into() } else { "none".into() },
        ),
        ("Made by", made_by.join(", ")),
    ];
    let fact = |(name, value): (&'static str, String)| {
        (!value.is_empty()).then(|| view! { <dt>{name}</dt><dd>{value}</dd> })
    };
    let imports = info.imports.iter().map(|i| [format!("{}.{}", i.module, i.name), i.kind.clone()]).collect();
    let exports = info.exports.iter().map(|e| [e.name.clone(), e.kind.clone()]).collect();
    let sections = info.sections.iter().map(|s| [s.name.clone(), bytes(s.bytes)]).collect();
    view! {
        <div class="table">
            <dl class="facts">{facts.map(fact).collect_view()}</dl>
            <Listing title="Imports" total=info.import_count rows=imports/>
            <Listing title="Exports" total=info.export_count rows=exports/>
            <Listing title="Custom sections" total=info.section_count rows=sections/>
        </div>
    }
}

/// A table of names and what they are.
#[component]
fn Listing(
    /// Its title.
    title: &'static str,
    /// How many there are.
    total: u64,
    /// The first of them.
    rows: Vec<[String; 2]>,
) -> impl IntoView {
    let more = total.saturating_sub(rows.len().min(LISTED) as u64);
    let row = |[name, kind]: [String; 2]| view! { <tr><td><code>{visible(&name)}</code></td><td><code>{visible(&kind)}</code></td></tr> };
    view! {
        <table>
            <caption>{title}" · "{words::grouped(total)}</caption>
            <tbody>{rows.into_iter().take(LISTED).map(row).collect_view()}</tbody>
        </table>
        {(more > 0).then(|| view! { <p class="hint">"and "{words::grouped(more)}" more"</p> })}
    }
}
