//! Gives an item that came back from a function what its serializer dropped: comments, the order of keys,
//! and quotes.
//!
//! It changes no value that the function changed, and deletes nothing.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::align::align;
use crate::node::{Comments, Entry, Node, Style, Value};
use crate::quote;
use crate::scalar::Scalar;

/// Does for `output` what kpt does with an item that came back: copies comments from `input` where the
/// output has none, and puts keys into the input's order, new ones last.
///
/// Beyond kpt: a scalar whose text did not change keeps the input's quotes, so that `"on"` written back as
/// `on` stays a string; and a new plain `on`, `yes` or `1_000`, which YAML 1.2 writers write for a string,
/// becomes a quoted string. Writers on go-yaml quote these strings and write booleans as `true` and `false`.
pub fn adopt(output: &mut Node, input: &Node) {
    restore(output, Some(input));
    copy_comments(output, input);
}

/// Copies comments from `input` to wherever `output` has the same element without one.
pub(crate) fn copy_comments(output: &mut Node, input: &Node) {
    fill(&mut output.comments, &input.comments);
    match (&mut output.value, &input.value) {
        (Value::Sequence(items), Value::Sequence(before)) => {
            for (item, partner) in partners(items, before) {
                if let Some(partner) = partner
                    && (item.scalar_text().is_none() || item.same(partner))
                {
                    copy_comments(item, partner);
                }
            }
        }
        (Value::Mapping(entries), Value::Mapping(before)) => {
            let mut names = None;
            for (index, entry) in entries.iter_mut().enumerate() {
                // Most often the order is the same too.
                let in_order = before.get(index).filter(|it| it.name() == entry.name());
                let partner = match in_order {
                    Some(partner) => Some(partner),
                    None => names.get_or_insert_with(|| by_name(before)).get(&*entry.name()).copied(),
                };
                if let Some(partner) = partner {
                    fill(&mut entry.key.comments, &partner.key.comments);
                    copy_comments(&mut entry.value, &partner.value);
                }
            }
        }
        _ => {}
    }
}

fn fill(comments: &mut Comments, from: &Comments) {
    if comments.head.is_empty() {
        comments.head.clone_from(&from.head);
    }
    if comments.line.is_none() {
        comments.line.clone_from(&from.line);
    }
    if comments.foot.is_empty() {
        comments.foot.clone_from(&from.foot);
    }
}

/// Every item with the element of the other list it corresponds to.
fn partners<'a, 'b>(items: &'a mut [Node], before: &'b [Node]) -> Vec<(&'a mut Node, Option<&'b Node>)> {
    let mut partners = vec![None; items.len()];
    for pair in align(before, items) {
        if let (Some(old), Some(new)) = (pair.old, pair.new)
            && let Some(partner) = partners.get_mut(new)
        {
            *partner = before.get(old);
        }
    }
    items.iter_mut().zip(partners).collect()
}

/// Entries by name.
fn by_name(entries: &[Entry]) -> HashMap<Cow<'_, str>, &Entry> {
    entries.iter().map(|entry| (entry.name(), entry)).collect()
}

/// Restores quotes and the order of keys.
fn restore(output: &mut Node, input: Option<&Node>) {
    match &mut output.value {
        Value::Scalar(_) => restore_scalar(output, input),
        Value::Sequence(items) => {
            let before = input.and_then(Node::as_sequence).unwrap_or_default();
            // Lost quotes change what an item reads as, so items of the same text at the same place come first.
            let is_same_shape = before.len() == items.len();
            let partners = if is_same_shape && before.iter().all(|it| it.scalar_text().is_some()) {
                items.iter_mut().zip(before.iter().map(Some)).collect()
            } else {
                partners(items, before)
            };
            for (item, partner) in partners {
                restore(item, partner);
            }
        }
        Value::Mapping(entries) => {
            restore_entries(entries, input.and_then(Node::as_mapping).unwrap_or_default())
        }
    }
}

fn restore_entries(entries: &mut [Entry], before: &[Entry]) {
    // By text, because a key that lost its quotes reads as another key.
    let texts: HashMap<&str, (usize, &Entry)> = before
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| Some((entry.key.scalar_text()?, (index, entry))))
        .collect();
    let place = |entry: &Entry| entry.key.scalar_text().and_then(|text| texts.get(text)).copied();
    for entry in entries.iter_mut() {
        let partner = place(entry).map(|(_, partner)| partner);
        restore_scalar(&mut entry.key, partner.map(|it| &it.key));
        restore(&mut entry.value, partner.map(|it| &it.value));
    }
    // A stable sort: new keys stay in their order behind the others.
    entries.sort_by_key(|entry| place(entry).map_or(usize::MAX, |(index, _)| index));
}

fn restore_scalar(output: &mut Node, input: Option<&Node>) {
    if output.style != Style::Plain || output.tag.is_some() {
        return;
    }
    let Some(text) = output.scalar_text() else { return };
    match input {
        Some(input) if input.scalar_text() == Some(text) => {
            output.style = input.style;
            output.tag.clone_from(&input.tag);
        }
        _ if is_string_in_yaml_1_2(text) => output.style = quote::string_style(text),
        _ => {}
    }
}

/// True for text that kubectl reads as a boolean or number and a YAML 1.2 reader as a string.
fn is_string_in_yaml_1_2(text: &str) -> bool {
    match crate::scalar::resolve_plain(text) {
        Scalar::Bool(_) => !matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE"),
        Scalar::Int(_) | Scalar::Float(_) => {
            let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
            text.contains('_')
                || digits.starts_with("0b")
                || digits.starts_with("0B")
                || digits.starts_with("0X")
                || digits.starts_with("0O")
        }
        Scalar::Null | Scalar::String(_) => false,
    }
}
