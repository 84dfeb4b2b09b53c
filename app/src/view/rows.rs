//! Fields and lists of them, as data: where a text stands, and in which form. One form and one table of rows serve the
//! request, its modules and the functions of pipelines.
//!
//! Refuses to check: what a field means is the engine's to say when it runs.

use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::draft::{Draft, path};
use crate::parts;
use crate::store::{Store, use_store};

/// Where paths begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// At the selected step.
    Step,
    /// At the request, or the plugin.
    Request,
    /// At the workspace, beside what it runs.
    Workspace,
}

/// A field.
pub(super) struct Field {
    /// Its name.
    pub(super) name: &'static str,
    /// What stands there while it is empty.
    pub(super) empty: &'static str,
    /// What it may be; none: anything. An empty one stands for its absence.
    pub(super) choices: &'static [&'static str],
    /// Where it stands.
    pub(super) path: &'static str,
    pub(super) form: Written,
}

/// How a value is written as a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// As it is.
    Text,
    /// True as `yes`.
    Yes,
    /// Texts as `a, b`.
    List,
    /// A map of texts as `a=b, c=d`.
    Pairs,
    /// A map of lists as `a=b, a=c`.
    Lists,
    /// Kinds as `v1/Pod, apps/v1/Deployment`.
    Kinds,
    /// Texts as `a b \"c d\"`.
    Words,
    /// Anything as JSON, such as a number; what is no JSON is a text.
    Json,
}

/// What stands for an empty text in a list, such as the core API group.
const EMPTY: &str = "\"\"";

impl Written {
    /// A value as a text.
    pub(super) fn read(self, value: &Json) -> String {
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        let shown = |value: &Json| if text(value).is_empty() { EMPTY.to_owned() } else { text(value) };
        let items = || value.as_array().map(Vec::as_slice).unwrap_or_default().iter();
        let fields = || value.as_object().into_iter().flatten();
        let parts: Vec<String> = match self {
            Self::Text => return text(value),
            Self::Yes => return if value == &Json::Bool(true) { "yes".to_owned() } else { String::new() },
            Self::List => items().map(shown).collect(),
            Self::Pairs => fields().map(|(key, value)| format!("{key}={}", text(value))).collect(),
            Self::Lists => fields()
                .flat_map(|(key, values)| {
                    let values = values.as_array().map(Vec::as_slice).unwrap_or_default();
                    values.iter().map(move |value| format!("{key}={}", text(value)))
                })
                .collect(),
            Self::Words => return items().map(|word| quoted(&text(word))).collect::<Vec<_>>().join(" "),
            Self::Json => return if value.is_null() { String::new() } else { value.to_string() },
            Self::Kinds => items()
                .map(|kind| format!("{}/{}", path::text(kind, "apiVersion"), path::text(kind, "kind")))
                .collect(),
        };
        parts.join(", ")
    }

    /// A text as a value; null for an empty one.
    pub(super) fn write(self, text: &str) -> Json {
        if text.is_empty() {
            return Json::Null;
        }
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let pair = |part: &str| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (key.trim().to_owned(), Json::from(value.trim()))
        };
        match self {
            Self::Text => text.into(),
            Self::Yes => true.into(),
            Self::List => parts.map(|part| Json::from(if part == EMPTY { "" } else { part })).collect(),
            Self::Pairs => parts.map(pair).collect::<Map<_, _>>().into(),
            Self::Lists => {
                let mut all = json!({});
                for (key, value) in parts.map(pair) {
                    let list = all.as_object_mut().map(|all| all.entry(key).or_insert_with(|| json!([])));
                    list.and_then(Json::as_array_mut).into_iter().for_each(|list| list.push(value.clone()));
                }
                all
            }
            Self::Words => words(text).into(),
            Self::Json => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
            Self::Kinds => parts
                .map(|part| {
                    let (version, kind) = part.rsplit_once('/').unwrap_or(("v1", part));
                    json!({"apiVersion": version, "kind": kind})
                })
                .collect(),
        }
    }
}

/// A word as it is written among others.
fn quoted(word: &str) -> String {
    let is_plain = !word.is_empty() && !word.contains([' ', '"']);
    if is_plain { word.to_owned() } else { format!("\"{}\"", word.replace('"', "")) }
}

/// Words with spaces between them; in quotes, spaces are part of a word.
fn words(text: &str) -> Vec<Json> {
    let pieces = text.split('"').enumerate();
    let of = |(index, piece): (usize, &str)| -> Vec<Json> {
        if index % 2 == 1 { vec![piece.into()] } else { piece.split_whitespace().map(Json::from).collect() }
    };
    pieces.flat_map(of).collect()
}

/// What paths begin at.
fn root(root: Root, draft: &Draft, step: usize) -> &Json {
    match root {
        Root::Workspace => &draft.rest,
        Root::Request => &draft.body,
        Root::Step => parts::step(draft, step).unwrap_or(&Json::Null),
    }
}

fn root_mut(root: Root, draft: &mut Draft, step: usize) -> Option<&mut Json> {
    match root {
        Root::Workspace => Some(&mut draft.rest),
        Root::Request => Some(&mut draft.body),
        Root::Step => parts::step_mut(draft, step),
    }
}

/// Fields beside each other.
#[component]
pub(super) fn Form(
    /// Where their paths begin.
    root: Root,
    /// The fields.
    fields: &'static [Field],
) -> impl IntoView {
    let field = |field: &'static Field| {
        view! { <label class="form__field">{field.name}<Input root=root field=field/></label> }
    };
    view! { <div class="form">{fields.iter().map(field).collect_view()}</div> }
}

/// The control of a field, without its name.
#[component]
pub(super) fn Input(
    /// Where its path begins.
    root: Root,
    /// Which.
    field: &'static Field,
) -> impl IntoView {
    let store = use_store();
    let value = Memo::new(move |_| {
        store
            .workspace
            .with(|draft| field.form.read(path::get(self::root(root, draft, store.step.get()), field.path)))
    });
    let change = move |event| {
        let text = event_target_value(&event);
        let index = store.step.get_untracked();
        store.edit(&format!("Change {}", field.name), |draft| {
            if let Some(root) = root_mut(root, draft, index) {
                path::set(root, field.path, field.form.write(text.trim()));
            }
        });
    };
    let option = move |choice: &&'static str| {
        let choice = *choice;
        let words = if choice.is_empty() { field.empty } else { choice };
        view! { <option value=choice selected=move || value.with(|value| value == choice)>{words}</option> }
    };
    if field.choices.is_empty() {
        view! { <input placeholder=field.empty prop:value=value on:change=change autocomplete="off" spellcheck="false"/> }
            .into_any()
    } else {
        view! { <select aria-label=field.name on:change=change>{field.choices.iter().map(option).collect_view()}</select> }
            .into_any()
    }
}

/// A list whose entries have a text for each field.
pub(super) struct Grid {
    /// Where its path begins.
    pub(super) root: Root,
    /// What the rows are called.
    pub(super) word: &'static str,
    /// What adds one.
    pub(super) add: &'static str,
    /// Where the list stands.
    pub(super) path: &'static str,
    /// The fields: name, place in an entry, form.
    pub(super) fields: &'static [(&'static str, &'static str, Written)],
    /// A new entry.
    pub(super) new: fn() -> Json,
}

impl Grid {
    fn edit(&self, store: Store, what: &str, change: impl FnOnce(&mut Vec<Json>)) {
        let step = store.step.get_untracked();
        store.edit(what, |draft| {
            root_mut(self.root, draft, step).and_then(|root| path::list_mut(root, self.path)).map(change);
        });
    }

    /// Something of the list.
    fn read<T>(&self, store: Store, read: impl FnOnce(&[Json]) -> T) -> T {
        let step = store.step.get();
        store.workspace.with(|draft| read(path::list(root(self.root, draft, step), self.path)))
    }
}

/// The rows of a list.
#[component]
pub(super) fn Rows(
    /// The list.
    grid: &'static Grid,
) -> impl IntoView {
    let store = use_store();
    let count = Memo::new(move |_| grid.read(store, <[Json]>::len));
    let add = move |_| grid.edit(store, grid.add, |rows| rows.push((grid.new)()));
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
    let input = move |(name, place, form): &'static (&'static str, &'static str, Written)| {
        let value = Memo::new(move |_| {
            grid.read(store, |rows| {
                rows.get(row).map(|entry| form.read(path::get(entry, place))).unwrap_or_default()
            })
        });
        let change = move |event| {
            let text = event_target_value(&event);
            grid.edit(store, &format!("Change {name}"), |rows| {
                rows.get_mut(row)
                    .into_iter()
                    .for_each(|entry| path::set(entry, place, form.write(text.trim())));
            });
        };
        view! { <input placeholder=*name aria-label=format!("{} {name}, row {}", grid.word, row + 1) prop:value=value on:change=change/> }
    };
    let remove = move |_| {
        grid.edit(store, "Remove a row", |rows| {
            if row < rows.len() {
                rows.remove(row);
            }
        });
    };
    view! {
        <div class="selectors__row">
            <b>{grid.word}</b>
            {grid.fields.iter().map(input).collect_view()}
            <button type="button" class="btn btn--small" aria-label=format!("Remove {} row {}", grid.word, row + 1) on:click=remove>"Remove"</button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were() {
        for (form, value, text) in [
            (Written::Text, json!("a, b"), "a, b"),
            (Written::Yes, json!(true), "yes"),
            (Written::List, json!(["", "apps"]), "\"\", apps"),
            (Written::Pairs, json!({"a": "b", "c": ""}), "a=b, c="),
            (Written::Lists, json!({"a": ["b", "c"], "d": ["e"]}), "a=b, a=c, d=e"),
            (Written::Kinds, json!([{"apiVersion": "apps/v1", "kind": "Deployment"}]), "apps/v1/Deployment"),
            (Written::Words, json!(["kubectl-x", "-n", "a b", ""]), "kubectl-x -n \"a b\" \"\""),
            (Written::Json, json!({"a": [1]}), "{\"a\":[1]}"),
            (Written::List, Json::Null, ""),
        ] {
            assert_eq!(form.read(&value), text);
            assert_eq!(form.write(text), value);
        }
        assert_eq!(Written::Pairs.write("a = b,c"), json!({"a": "b", "c": ""}));
        assert_eq!(Written::Kinds.write("Pod"), json!([{"apiVersion": "v1", "kind": "Pod"}]));
    }
}
