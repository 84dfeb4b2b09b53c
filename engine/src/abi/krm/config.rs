//! A step's `functionConfig`: read from what a person typed, comments kept.
//!
//! It takes one KRM object and adds nothing to it; there is no shorthand that only some tools understand.

use manifest::{Limits, Node, ParseError};

use super::document::shape;
use crate::report::{Outcome, OutcomeKind, Place};
use crate::request::PipelineStep;
use crate::words;

/// The object, and what to say about it. No object when nothing was typed: kpt then leaves the field out.
///
/// # Errors
/// [`OutcomeKind::Invalid`] with the place in the step's configuration.
pub(super) fn read(step: &PipelineStep, index: usize) -> Result<(Option<Node>, Vec<String>), Outcome> {
    let refuse = |line: usize, column: usize, cause: &str| {
        let message = format!("the functionConfig of step {}, `{}`, {cause}", index + 1, step.title());
        let place = Place {
            file: String::new(),
            step: u32::try_from(index).ok(),
            line: number(line),
            column: number(column),
        };
        Outcome::new(OutcomeKind::Invalid, message).at(place)
    };
    let documents = manifest::parse(&step.config, &Limits::default()).map_err(|error| {
        let outcome = refuse(error.line, error.column, &format!("does not parse: {}", cause(&error)));
        match error.hint {
            Some(hint) => outcome.with_hint(hint),
            None => outcome,
        }
    })?;
    let mut documents = documents.into_iter().filter(|document| !document.is_empty);
    let Some(config) = documents.next().map(|document| document.root) else { return Ok((None, Vec::new())) };
    let start = |node: &Node| node.span.map_or((1, 1), |span| (span.line, span.column));
    if let Some(second) = documents.next() {
        let (line, column) = start(&second.root);
        return Err(refuse(line, column, &format!("holds a second document at line {line}"))
            .with_hint("a function takes one object; remove the others"));
    }
    let (line, column) = start(&config);
    if !config.is_mapping() {
        return Err(refuse(line, column, &format!("is {}, not an object", shape(&config))).with_hint(EXAMPLE));
    }
    if let Some(field) = ["apiVersion", "kind"].into_iter().find(|key| is_blank(config.get(key))) {
        return Err(refuse(line, column, &format!("has no `{field}`")).with_hint(EXAMPLE));
    }
    let notes = untyped_data(&config).into_iter().collect();
    Ok((Some(config), notes))
}

/// The way out of a configuration that is no KRM object.
const EXAMPLE: &str = "start with `apiVersion: v1`, `kind: ConfigMap`, `metadata: {name: config}`, `data:`";

/// `line 3, column 5: the cause: the offending line`.
pub(super) fn cause(error: &ParseError) -> String {
    let ParseError { line, column, message, snippet, .. } = error;
    format!("line {line}, column {column}: {message}: {}", snippet.trim())
}

/// A line or column as places hold them.
pub(super) fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn is_blank(node: Option<&Node>) -> bool {
    node.and_then(Node::scalar_text).is_none_or(str::is_empty)
}

/// A ConfigMap holds strings. kpt passes other values on as they are, and functions read them differently.
fn untyped_data(config: &Node) -> Option<String> {
    if config.get("kind").and_then(Node::scalar_text) != Some("ConfigMap") {
        return None;
    }
    let entries = config.get("data")?.as_mapping()?;
    let wrong: Vec<_> = entries.iter().filter(|entry| entry.value.as_str().is_none()).collect();
    let first = wrong.first()?;
    let key = first.key.scalar_text().unwrap_or_default();
    let rest = match wrong.len() {
        1 => String::new(),
        more => format!(" (and {})", words::count(more as u64 - 1, "other value")),
    };
    Some(format!(
        "the functionConfig is a ConfigMap, whose values are strings, but `data.{key}` is {}{rest}: put it in quotes",
        shape(&first.value)
    ))
}
