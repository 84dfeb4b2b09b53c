//! The module of the selected step: what it is, what it imports and exports, what made it.

use std::rc::Rc;

use engine::module::inspect::ModuleInfo;
use engine::module::metadata;
use engine::words;
use leptos::prelude::*;

use super::table::{Cell, Facts, Table};
use crate::parts;
use crate::store::{Slot, use_store};
use crate::visible::{bytes, sentence, visible};

/// The module.
#[component]
pub(super) fn ModulePanel() -> impl IntoView {
    let store = use_store();
    let name = Memo::new(move |_| {
        let index = store.step.get();
        store.workspace.with(|w| parts::part(w, index).map(|part| part.module))
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
        (None, _) => view! { <p class="empty">"No step is selected: add a module, or open one."</p> }.into_any(),
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
    let says = info.policy.as_ref().map(|policy| metadata::lines(policy).join("\n"));
    let facts = vec![
        ("Module", visible(&name)),
        ("Spoken to as", info.abi.abi.title().to_owned()),
        ("Because it", visible(&evidence)),
        ("Metadata", says.unwrap_or_default()),
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
    let pair = |name: String, kind: &String| vec![Cell::Code(name), Cell::Code(kind.clone())];
    let imports = info.imports.iter().map(|i| pair(format!("{}.{}", i.module, i.name), &i.kind)).collect();
    let exports = info.exports.iter().map(|e| pair(e.name.clone(), &e.kind)).collect();
    let sections = info.sections.iter().map(|s| pair(s.name.clone(), &bytes(s.bytes))).collect();
    let listing = |title, total, rows: Vec<Vec<Cell>>| {
        let caption = format!("{title} · {}", words::grouped(total));
        view! { <Table caption=caption heads=Vec::new() rows=rows total=total/> }
    };
    let facts = facts.into_iter().map(|(name, words): (&str, String)| (name.to_owned(), words)).collect();
    view! {
        <div class="table">
            <Facts facts=facts/>
            {listing("Imports", info.import_count, imports)}
            {listing("Exports", info.export_count, exports)}
            {listing("Custom sections", info.section_count, sections)}
        </div>
    }
}
