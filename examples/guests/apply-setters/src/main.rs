//! Writes values where comments ask for them, as apply-setters of the krm-functions-catalog does:
//! `image: nginx:1.2 # kpt-set: nginx:${tag}`.
//!
//! A setter in a comment for which no value is given keeps the value that the field's text implies. Nothing
//! but comments is a pattern here: a field without one is never touched.

mod pattern;

use std::process::ExitCode;

use function::{Failure, KrmResult, ResourceList, Visitor, quoted, replace_text, text_map, visit};
use manifest::{Comments, Entry, Limits, Node, Style, parse};

use crate::pattern::{Pattern, Setters};

fn main() -> ExitCode {
    function::run(process)
}

/// Reads the configuration, sets the fields, and reports each.
fn process(list: &mut ResourceList) -> Result<(), Failure> {
    match apply(list) {
        Ok(results) if results.is_empty() => {
            list.report(KrmResult::warning("no matches for input setter(s)"))
        }
        Ok(results) => list.results.extend(results),
        Err(failure) => {
            list.report(KrmResult::error(format!("failed to apply setters: {failure}")));
            return Err(failure);
        }
    }
    Ok(())
}

/// Sets the fields of every resource; gives a result for each field.
fn apply(list: &mut ResourceList) -> Result<Vec<KrmResult>, Failure> {
    let setters: Setters<'_> =
        text_map(list.config.as_ref().and_then(|config| config.get("data"))).into_iter().collect();
    if setters.is_empty() {
        return Err("input setters list cannot be empty".into());
    }
    let mut results = Vec::new();
    for item in &mut list.items {
        let mut setting = Setting { setters: &setters, set: Vec::new() };
        visit(item, &mut setting)?;
        results.extend(setting.set.into_iter().map(|(path, value)| {
            KrmResult::info(format!("set field value to {}", quoted(&value))).field(&path).in_file_of(item)
        }));
    }
    Ok(results)
}

/// The work on one resource: the setters, and the fields that were set with their paths and values.
struct Setting<'a> {
    setters: &'a Setters<'a>,
    set: Vec<(String, String)>,
}

impl Visitor for Setting<'_> {
    fn scalar(&mut self, node: &mut Node, path: &str) -> Result<(), Failure> {
        let Some(pattern) = pattern_of(&node.comments).filter(|pattern| pattern.uses(self.setters)) else {
            return Ok(());
        };
        let value = pattern.fill(self.setters, node.scalar_text().unwrap_or_default())?;
        replace_text(node, &value);
        self.set.push((path.to_owned(), value));
        Ok(())
    }

    /// A list is set as a whole. Its comment stands beside its key, or beside a list in brackets.
    fn list(&mut self, entry: &mut Entry, path: &str) -> Result<(), Failure> {
        let is_flow = entry.value.style == Style::Flow;
        let holder = if is_flow { &entry.value } else { &entry.key };
        let Some(pattern) = pattern_of(&holder.comments).filter(|pattern| pattern.uses(self.setters)) else {
            return Ok(());
        };
        let comment = holder.comments.line.clone();
        let name = pattern
            .only_setter()
            .ok_or_else(|| format!("invalid setter pattern for array node: {}", quoted(pattern.as_str())))?;
        let value = self.setters.get(name).copied().unwrap_or_default();
        let elements = read_list(value)?;
        let is_empty = elements.is_empty();
        entry.value =
            Node { style: if is_empty { Style::Flow } else { Style::Block }, ..Node::sequence(elements) };
        // Where the comment stands follows from how the list is written now.
        let (to, other) =
            if is_empty { (&mut entry.value, &mut entry.key) } else { (&mut entry.key, &mut entry.value) };
        to.comments.line = comment;
        other.comments.line = None;
        self.set.push((path.to_owned(), value.to_owned()));
        Ok(())
    }
}

/// The pattern in a line comment, if it is a setter's.
fn pattern_of(comments: &Comments) -> Option<Pattern> {
    comments.line.as_deref()?.strip_prefix(" kpt-set: ").map(|pattern| Pattern::new(pattern.trim()))
}

/// The elements of a list that a setter gives as YAML; none for an empty text.
fn read_list(value: &str) -> Result<Vec<Node>, Failure> {
    if value.is_empty() {
        return Ok(Vec::new());
    }
    let wrong = || {
        Failure::from(format!(
            "input to array setter must be an array of values, but found {}",
            quoted(value)
        ))
    };
    let documents = parse(value, &Limits::default()).map_err(|_| wrong())?;
    let root = documents.into_iter().next().map(|document| document.root).ok_or_else(wrong)?;
    root.as_sequence().map(<[Node]>::to_vec).ok_or_else(wrong)
}
