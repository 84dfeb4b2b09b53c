//! Trees of elements that were made where a run ended, drawn as they are: lines that open, texts, and buttons whose acts
//! are data.
//!
//! It knows no scenario. Tags and attributes come from this page's own code; what others wrote is text in a text node.

use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value as Json, json};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, HtmlElement, MouseEvent};

use crate::browser::clipboard;
use crate::draft::path;
use crate::store::{Store, use_store};

/// What is behind a drawn tree: what is drawn later, and what its buttons do.
#[derive(Default)]
struct Behind {
    later: Vec<Json>,
    acts: Vec<Json>,
}

/// A tree; a text is a sentence in its place.
#[component]
pub(super) fn Drawn(
    /// Gives the tree, and again when something that it reads changes.
    tree: Box<dyn Fn() -> Json>,
) -> impl IntoView {
    let store = use_store();
    let host = NodeRef::<Div>::new();
    let behind = StoredValue::new_local(Behind::default());
    Effect::new(move |_| {
        let mut tree = tree();
        let Some(host) = host.get() else { return };
        if tree.is_string() {
            tree = json!({"tag": "p", "attributes": {"class": "empty"}, "text": tree});
        }
        behind.set_value(Behind::default());
        host.set_text_content(None);
        if !tree.is_null() {
            behind.update_value(|behind| append(&host, &tree, behind));
        }
    });
    let click = move |event: MouseEvent| {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        let near = |selector| target.closest(selector).ok().flatten();
        if let Some(act) = near("[data-act]").and_then(|it| number(&it, "data-act")) {
            let act = behind.with_value(|behind| behind.acts.get(act).cloned());
            act.into_iter().for_each(|act| do_it(store, act));
        } else if let Some(line) = near("summary").and_then(|summary| summary.parent_element()) {
            number(&line, "data-step").into_iter().for_each(|step| store.step.set(step));
            let later = number(&line, "data-later");
            let _ = line.remove_attribute("data-later");
            behind.update_value(|behind| {
                let later = later.and_then(|later| behind.later.get(later).cloned());
                let nodes = later.as_ref().and_then(Json::as_array);
                nodes.into_iter().flatten().for_each(|node| append(&line, node, behind));
            });
        }
    };
    let input = move |event: Event| {
        let wanted = event_target_value(&event).to_ascii_lowercase();
        let lines = host.get_untracked().and_then(|host| host.query_selector_all("details").ok());
        let Some(lines) = lines else { return };
        for line in (0..lines.length()).filter_map(|index| lines.item(index)?.dyn_into::<HtmlElement>().ok())
        {
            let words = line.first_element_child().and_then(|summary| summary.text_content());
            line.set_hidden(!words.unwrap_or_default().to_ascii_lowercase().contains(&wanted));
        }
    };
    view! { <div node_ref=host on:click=click on:input=input></div> }
}

fn number(element: &Element, name: &str) -> Option<usize> {
    element.get_attribute(name)?.parse().ok()
}

fn append(parent: &Element, node: &Json, behind: &mut Behind) {
    let document = parent.owner_document();
    let drawn = document.and_then(|document| draw(&document, node, behind));
    drawn.into_iter().for_each(|drawn| _ = parent.append_child(&drawn));
}

fn draw(document: &Document, node: &Json, behind: &mut Behind) -> Option<Element> {
    let element = document.create_element(path::text(node, "tag")).ok()?;
    let set = |name: &str, value: &str| _ = element.set_attribute(name, value);
    for (name, value) in path::get(node, "attributes").as_object().into_iter().flatten() {
        set(name, value.as_str().unwrap_or_default());
    }
    element.set_text_content(Some(path::text(node, "text")));
    for (name, key, kept) in
        [("data-later", "later", &mut behind.later), ("data-act", "act", &mut behind.acts)]
    {
        let value = path::get(node, key);
        if !value.is_null() {
            set(name, &kept.len().to_string());
            kept.push(value.clone());
        }
    }
    path::list(node, "children").iter().for_each(|child| append(&element, child, behind));
    Some(element)
}

/// A place is shown, a text goes into the clipboard, and anything else into the workspace.
fn do_it(store: Store, act: Json) {
    let place = path::text(&act, "place");
    let file = path::text(&act, "file");
    let value = path::get(&act, "value").clone();
    if !file.is_empty() {
        let number = |key| path::get(&act, key).as_u64().and_then(|it| u32::try_from(it).ok()).unwrap_or(1);
        store.show_place(Some(file.to_owned()), number("line"), number("column"));
    } else if place.is_empty() {
        spawn_local(async move {
            let is_copied = clipboard::write(value.as_str().unwrap_or_default()).await;
            store.say(if is_copied { "copied" } else { "the browser did not let this page copy" });
        });
    } else {
        store.put_value(
            path::text(&act, "label"),
            place,
            value,
            path::get(&act, "whole") == &Json::Bool(true),
        );
        store.say("it stands in the workspace now, and counts from the next run on");
    }
}
