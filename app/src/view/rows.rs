//! Fields and lists of them, as data: what reads a text and what writes it. One form and one table of rows serve the
//! request, its modules and the selectors of pipelines.
//!
//! Refuses to check: what a field means is the engine's to say when it runs.

use std::collections::BTreeMap;

use engine::workspace::Workspace;
use leptos::prelude::*;

use crate::store::use_store;

/// A text of the workspace, or of the step of an index.
pub(super) struct Field {
    /// Its name.
    pub(super) name: &'static str,
    /// What stands there while it is empty.
    pub(super) empty: &'static str,
    /// What it may be; none: anything.
    pub(super) choices: &'static [&'static str],
    pub(super) read: fn(&Workspace, usize) -> String,
    pub(super) write: fn(&mut Workspace, usize, &str),
}

/// Fields beside each other.
#[component]
pub(super) fn Form(
    /// The fields.
    fields: &'static [Field],
) -> impl IntoView {
    view! { <div class="form">{fields.iter().map(|field| view! { <Input field=field/> }).collect_view()}</div> }
}

/// A field.
#[component]
fn Input(
    /// Which.
    field: &'static Field,
) -> impl IntoView {
    let store = use_store();
    let value = Memo::new(move |_| store.workspace.with(|w| (field.read)(w, store.step.get())));
    let change = move |event| {
        let text = event_target_value(&event);
        let index = store.step.get_untracked();
        store.edit(&format!("Change {}", field.name), |w| (field.write)(w, index, text.trim()));
    };
    let option = move |choice: &&'static str| {
        let choice = *choice;
        let words = if choice.is_empty() { field.empty } else { choice };
        view! { <option value=choice selected=move || value.with(|value| value == choice)>{words}</option> }
    };
    view! {
        <label class="form__field">{field.name}
            {if field.choices.is_empty() {
                view! { <input placeholder=field.empty prop:value=value on:change=change autocomplete="off" spellcheck="false"/> }.into_any()
            } else {
                view! { <select on:change=change>{field.choices.iter().map(option).collect_view()}</select> }.into_any()
            }}
        </label>
    }
}

/// A list of the selected step whose entries have a text for each field.
pub(super) struct Grid {
    /// What the rows are called.
    pub(super) word: &'static str,
    /// What adds one.
    pub(super) add: &'static str,
    /// The fields' names.
    pub(super) fields: &'static [&'static str],
    pub(super) count: fn(&Workspace, usize) -> usize,
    /// The text of a row and a field.
    pub(super) read: fn(&Workspace, usize, (usize, usize)) -> Option<String>,
    pub(super) write: fn(&mut Workspace, usize, (usize, usize), &str) -> Option<()>,
    pub(super) push: fn(&mut Workspace, usize) -> Option<()>,
    pub(super) remove: fn(&mut Workspace, usize, usize) -> Option<()>,
}

/// The rows of a list.
#[component]
pub(super) fn Rows(
    /// The list.
    grid: &'static Grid,
) -> impl IntoView {
    let store = use_store();
    let count = Memo::new(move |_| store.workspace.with(|w| (grid.count)(w, store.step.get())));
    let add = move |_| {
        let index = store.step.get_untracked();
        store.edit(grid.add, |w| _ = (grid.push)(w, index));
    };
    view! {
        {move || (0..count.get()).map(|row| view! { <Row grid=grid row=row/> }).collect_view()}
        <button type="button" class="btn btn--small" on:click=add>{grid.add}</button>
    }
}

/// A row.
#[component]
fn Row(
    /// The list.
    grid: &'static Grid,
    /// The row's index.
    row: usize,
) -> impl IntoView {
    let store = use_store();
    let input = move |(field, name): (usize, &'static &'static str)| {
        let value =
            Memo::new(move |_| store.workspace.with(|w| (grid.read)(w, store.step.get(), (row, field))));
        let change = move |event| {
            let (index, text) = (store.step.get_untracked(), event_target_value(&event));
            store.edit(&format!("Change {name}"), |w| {
                (grid.write)(w, index, (row, field), text.trim());
            });
        };
        view! { <input placeholder=*name aria-label=format!("{} {name}, row {}", grid.word, row + 1) prop:value=value on:change=change/> }
    };
    let remove = move |_| {
        let index = store.step.get_untracked();
        store.edit("Remove a row", |w| _ = (grid.remove)(w, index, row));
    };
    view! {
        <div class="selectors__row">
            <b>{grid.word}</b>
            {grid.fields.iter().enumerate().map(input).collect_view()}
            <button type="button" class="btn btn--small" aria-label=format!("Remove {} row {}", grid.word, row + 1) on:click=remove>"Remove"</button>
        </div>
    }
}

/// Removes an entry that is there.
pub(super) fn take<T>(list: &mut Vec<T>, row: usize) -> Option<()> {
    (row < list.len()).then(|| drop(list.remove(row)))
}

/// A text as something that may be left out.
pub(super) fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Labels as `a=b, c=d`.
pub(super) fn pairs(map: &BTreeMap<String, String>) -> String {
    map.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
}

/// Labels from `a=b, c=d`.
pub(super) fn map(text: &str) -> BTreeMap<String, String> {
    let pair = |part: &str| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        (key.trim().to_owned(), value.trim().to_owned())
    };
    text.split(',').filter(|part| !part.trim().is_empty()).map(pair).collect()
}

/// What stands for an empty text in a list, such as the core API group.
const EMPTY: &str = "\"\"";

/// Texts as `a, b`.
pub(super) fn joined(list: &[String]) -> String {
    let shown = |text: &String| if text.is_empty() { EMPTY.to_owned() } else { text.clone() };
    list.iter().map(shown).collect::<Vec<_>>().join(", ")
}

/// Texts from `a, b`.
pub(super) fn list(text: &str) -> Vec<String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| if part == EMPTY { String::new() } else { part.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_back_as_they_were() {
        for texts in [&[][..], &[""], &["", "apps"], &["a", "b"]] {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(list(&joined(&texts)), texts);
        }
        assert_eq!(pairs(&map("a = b,c")), "a=b, c=");
    }
}
