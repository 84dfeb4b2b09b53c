//! A part of a manifest, and where it stands: read as Go's decoder reads into its types.
//!
//! A scalar is text however it is written, null is a field that is left out, and any other shape is refused.

use manifest::{Node, Value};
use serde_json::Value as Json;

use crate::workspace::yaml;

/// What is wrong with a field, and where; 0 where that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A value that may be missing.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    node: Option<&'a Node>,
    path: String,
}

impl<'a> Part<'a> {
    /// The whole.
    pub(super) fn of(root: &'a Node) -> Self {
        Self { node: Some(root), path: String::new() }
    }

    pub(super) fn is_there(&self) -> bool {
        self.node.is_some()
    }

    /// Whether a field stands there, even without a value.
    pub(super) fn has(&self, key: &str) -> bool {
        self.node.is_some_and(|node| node.get(key).is_some())
    }

    /// A field, where this is a mapping.
    fn child(&self, key: &str) -> Result<Self, Fault> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        let node = match self.node {
            Some(node) if !node.is_mapping() => return Err(self.is_not("an object")),
            Some(node) => node.get(key).filter(|node| !node.is_null()),
            None => None,
        };
        Ok(Self { node, path })
    }

    /// A field that is a mapping.
    pub(super) fn map(&self, key: &str) -> Result<Self, Fault> {
        let child = self.child(key)?;
        match child.node {
            Some(node) if !node.is_mapping() => Err(child.is_not("an object")),
            _ => Ok(child),
        }
    }

    /// A field that is text; empty when it is left out.
    pub(super) fn text(&self, key: &str) -> Result<String, Fault> {
        self.child(key)?.scalar()
    }

    fn scalar(&self) -> Result<String, Fault> {
        let Some(node) = self.node else { return Ok(String::new()) };
        node.scalar_text().map(str::to_owned).ok_or_else(|| self.is_not("text"))
    }

    /// A field that is a boolean; false when it is left out.
    pub(super) fn flag(&self, key: &str) -> Result<bool, Fault> {
        let child = self.child(key)?;
        let Some(node) = child.node else { return Ok(false) };
        node.as_bool().ok_or_else(|| child.is_not("a boolean"))
    }

    /// A field that is a list; empty when it is left out.
    pub(super) fn list(&self, key: &str) -> Result<Vec<Self>, Fault> {
        let child = self.child(key)?;
        let Some(node) = child.node else { return Ok(Vec::new()) };
        let items = node.as_sequence().ok_or_else(|| child.is_not("a list"))?;
        let part = |(index, node): (usize, &'a Node)| Self {
            node: Some(node).filter(|node| !node.is_null()),
            path: format!("{}[{index}]", child.path),
        };
        Ok(items.iter().enumerate().map(part).collect())
    }

    /// A field that is a list of texts; empty when it is left out.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, Fault> {
        self.list(key)?.iter().map(Self::scalar).collect()
    }

    /// A field of any shape; null when it is left out.
    pub(super) fn any(&self, key: &str) -> Json {
        self.node.and_then(|node| node.get(key)).map_or(Json::Null, yaml::to_json)
    }

    fn is_not(&self, wanted: &str) -> Fault {
        let is = match self.node.map(|node| &node.value) {
            Some(Value::Scalar(_)) => "text",
            Some(Value::Sequence(_)) => "a list",
            Some(Value::Mapping(_)) => "an object",
            None => "missing",
        };
        let message = match self.path.as_str() {
            "" => format!("the manifest is {is}, not {wanted}"),
            path => format!("`{path}` is {is}, not {wanted}"),
        };
        let span = self.node.and_then(|node| node.span);
        Fault { message, line: span.map_or(0, |span| span.line), column: span.map_or(0, |span| span.column) }
    }
}
