//! The workspace as its file. Whatever has no field of its own is written here: groups of policies, tables of answers,
//! cases, limits.
//!
//! What cannot be read is said under the editor, and changes nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;

use super::code::{Code, Document};
use crate::protocol::{Form, Mark, WireError};
use crate::store::use_store;
use crate::visible::sentence;

/// The file.
#[component]
pub(super) fn Whole() -> impl IntoView {
    let store = use_store();
    let written = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<WireError>);
    Effect::new(move |_| {
        store.generation.track();
        problem.set(None);
        store.write(Form::File, store.workspace.get_untracked(), move |result| match result {
            Ok(file) => drop(written.try_set(Some(file.text))),
            Err(error) => drop(problem.try_set(Some(error))),
        });
    });
    let document = Memo::new(move |_| Document {
        key: format!("{} drydock.yaml", store.generation.get()),
        language: "yaml",
        text: written.get().unwrap_or_default(),
    });
    // Outlives this pane: what was typed last is still being read when it closes.
    let turn = Arc::new(AtomicU32::new(0));
    let typed = Callback::new(move |(_, text): (String, String)| {
        let (turn, mine) = (Arc::clone(&turn), turn.fetch_add(1, Ordering::Relaxed) + 1);
        store.type_workspace(text, move |error| {
            let is_last = turn.load(Ordering::Relaxed) == mine;
            if is_last {
                drop(problem.try_set(error));
            }
            is_last
        });
    });
    let marks = Signal::derive(move || problem.get().as_ref().and_then(mark).into_iter().collect::<Vec<_>>());
    let says = move || match problem.get() {
        Some(error) => format!("Not taken over: {}", sentence(&error.message)),
        None => "The whole workspace, as Share and `drydock run` have it. What is typed counts at once."
            .to_owned(),
    };
    view! {
        <p class="hint" role="status" data-tone=move || problem.with(Option::is_some).then_some("bad")>{says}</p>
        {move || written.with(Option::is_some).then(|| view! {
            <Code document=document.into() label="Workspace editor" on_change=typed marks=marks/>
        })}
    }
}

/// The line that an error names.
fn mark(error: &WireError) -> Option<Mark> {
    let (_, after) = error.message.rsplit_once("line ")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    let (line, message) = (digits.parse().ok()?, sentence(&error.message));
    Some(Mark { file: String::new(), line, column: 1, severity: "error".into(), message })
}
