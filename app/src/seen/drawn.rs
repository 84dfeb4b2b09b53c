//! Sheets and terminals as trees of elements, which the page only has to draw.
//!
//! Tags and attributes are this file's own; whatever a guest or a person wrote is text.

use engine::visible::{sentence, visible};
use serde_json::{Value as Json, json};

#[cfg(feature = "plugins")]
use super::Span;
use super::node::{attribute, button, chip, node, printed, put, text};
use super::{Group, Lane, Row, Sheet};

/// How many rows there may be before a person can look for some.
const MANY: usize = 4;

/// A sheet; a sentence where it has no rows.
pub(super) fn sheet(sheet: &Sheet, none: &str) -> Json {
    if sheet.groups.is_empty() {
        return none.into();
    }
    let facts =
        sheet.facts.iter().flat_map(|(name, words)| [text("dt", "", name), text("dd", "", &visible(words))]);
    let facts = Some(node("dl", "facts", facts.collect())).filter(|_| !sheet.facts.is_empty());
    let filter = json!({"tag": "input", "attributes": {
        "class": "search", "type": "search", "placeholder": "Filter", "aria-label": "Filter",
    }});
    let rows: usize = sheet.groups.iter().map(|group| group.rows.len()).sum();
    let filter = Some(filter).filter(|_| rows > MANY);
    let groups = sheet.groups.iter().map(group);
    node("div", "", facts.into_iter().chain(filter).chain(groups).collect())
}

/// A terminal.
#[cfg(feature = "plugins")]
pub(super) fn terminal(spans: Vec<Span>, none: &str) -> Json {
    if spans.is_empty() {
        return none.into();
    }
    let spans = spans.iter().map(|span| text("span", &span.style, &span.text)).collect();
    let mut screen = node("pre", "terminal", spans);
    attribute(&mut screen, "tabindex", "0");
    attribute(&mut screen, "aria-label", "Terminal");
    screen
}

fn group(group: &Group) -> Json {
    let Lane { name, sign, summary } = &group.lane;
    let summary = if *summary == sign.word { String::new() } else { sentence(summary) };
    let mut head = vec![text("span", "", &visible(name))];
    head.extend(Some(chip(sign)).filter(|_| !sign.word.is_empty()));
    head.push(text("small", "", &visible(&summary)));
    let rows = group.rows.iter().map(row);
    node("section", "stage", std::iter::once(node("h3", "", head)).chain(rows).collect())
}

/// A line, and what it shows once it is opened.
fn row(row: &Row) -> Json {
    let summary = [
        chip(&row.sign),
        text("b", "", &visible(&row.name)),
        text("span", "grow", &visible(&row.message)),
        text("small", "", &row.cost),
    ];
    let texts = row.texts.iter().flat_map(|(name, words)| printed(name, words)).collect();
    let acts = row.acts.iter().map(button).collect();
    let mut details = node("details", "gatestep", vec![node("summary", "", summary.into())]);
    put(&mut details, "later", vec![node("div", "log", texts), node("div", "group__acts", acts)].into());
    if let Some(step) = row.step {
        attribute(&mut details, "data-step", &step.to_string());
    }
    details
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::Act;

    #[test]
    fn what_others_wrote_is_text_and_no_attribute() {
        let wrote = "<b onclick='x'>\u{202e}";
        let row = Row {
            name: wrote.into(),
            message: wrote.into(),
            texts: vec![("Answer".into(), wrote.into())],
            acts: vec![Act { label: "Copy".into(), value: wrote.into(), ..Act::default() }],
            ..Row::default()
        };
        let lane = Lane { name: wrote.into(), ..Lane::default() };
        let sheet = Sheet {
            facts: vec![("Name".into(), wrote.into())],
            groups: vec![Group { lane, rows: vec![row] }],
        };
        fn look(node: &Json) {
            for (name, value) in node["attributes"].as_object().into_iter().flatten() {
                assert!(!value.to_string().contains("onclick"), "{name}: {value}");
            }
            assert!(!node["text"].to_string().contains('\u{202e}'), "{node}");
            let below = ["children", "later"].map(|key| node[key].as_array().cloned().unwrap_or_default());
            below.iter().flatten().for_each(look);
        }
        look(&self::sheet(&sheet, "none"));
        assert_eq!(self::sheet(&Sheet::default(), "none"), json!("none"));
    }
}
