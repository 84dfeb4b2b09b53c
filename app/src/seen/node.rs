//! Elements as data: a tag, attributes, a text or children, what is drawn later, and what a button does.
//!
//! Tags and attributes are this page's own; whatever a guest or a person wrote goes into texts.

use engine::visible::visible;
use engine::words;
use serde_json::{Value as Json, json};

use super::{Act, Sign};

/// How much of a text is shown, in bytes: more makes the page slow and is not read.
const SHOWN: usize = 256 << 10;

/// An element with children.
pub(super) fn node(tag: &str, class: &str, children: Vec<Json>) -> Json {
    let mut node = json!({"tag": tag, "children": children});
    if !class.is_empty() {
        attribute(&mut node, "class", class);
    }
    node
}

/// An element with a text.
pub(super) fn text(tag: &str, class: &str, text: &str) -> Json {
    let mut node = node(tag, class, Vec::new());
    put(&mut node, "text", text.into());
    node
}

/// Puts a field into an element.
pub(super) fn put(node: &mut Json, key: &str, value: Json) {
    if let Some(fields) = node.as_object_mut() {
        fields.insert(key.into(), value);
    }
}

/// Gives an element an attribute.
pub(super) fn attribute(node: &mut Json, name: &str, value: &str) {
    let given = node.as_object_mut().map(|fields| fields.entry("attributes").or_insert_with(|| json!({})));
    given.and_then(Json::as_object_mut).map(|given| given.insert(name.into(), value.into()));
}

/// A word with a tone.
pub(super) fn chip(sign: &Sign) -> Json {
    let mut chip = text("span", "chip", &sign.word);
    attribute(&mut chip, "data-tone", &sign.tone);
    chip
}

/// A text under its name, cut where it is too long to be read.
pub(super) fn printed(name: &str, words: &str) -> Vec<Json> {
    let end = words.floor_char_boundary(SHOWN);
    let mut block = text("pre", "", &visible(words.get(..end).unwrap_or_default()));
    attribute(&mut block, "tabindex", "0");
    attribute(&mut block, "aria-label", name);
    let cut = words.len() - end;
    let rest = format!("{} more bytes are in the report and not shown here.", words::grouped(cut as u64));
    let rest = Some(text("p", "hint", &rest)).filter(|_| cut > 0);
    [text("h4", "", name), block].into_iter().chain(rest).collect()
}

/// A button that does something.
pub(super) fn button(act: &Act) -> Json {
    let mut button = text("button", "btn btn--small", &act.label);
    attribute(&mut button, "type", "button");
    put(&mut button, "act", json!(act));
    button
}

/// A table: the names of its columns, of which one that begins with `#` is of numbers, and its rows.
pub(super) fn table(caption: &str, heads: &[&str], rows: Vec<Vec<Json>>) -> Json {
    let head = |name: &&str| cell("th", name.strip_prefix('#').unwrap_or(name).into(), name.starts_with('#'));
    let row = |row: Vec<Json>| {
        let cells = row.into_iter().zip(heads).map(|(value, name)| cell("td", value, name.starts_with('#')));
        node("tr", "", cells.collect())
    };
    let caption = Some(text("caption", "", caption)).filter(|_| !caption.is_empty());
    let heads = node("thead", "", vec![node("tr", "", heads.iter().map(head).collect())]);
    let body = node("tbody", "", rows.into_iter().map(row).collect());
    node("table", "", caption.into_iter().chain([heads, body]).collect())
}

/// A cell of a text, an element or several.
fn cell(tag: &str, value: Json, is_number: bool) -> Json {
    let class = if is_number { "r" } else { "" };
    match value {
        Json::String(words) => text(tag, class, &words),
        Json::Array(children) => node(tag, class, children),
        child => node(tag, class, vec![child]),
    }
}
