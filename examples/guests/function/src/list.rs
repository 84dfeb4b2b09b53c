//! The `ResourceList` of the KRM functions specification, read and written.
//!
//! It accepts YAML and JSON, and any version of the list; it writes YAML, and version v1.

use manifest::{Limits, Node, SequenceIndent, Value, emit, from_json, parse};

use crate::{Failure, KrmResult, Object};

/// The version that is written.
const API_VERSION: &str = "config.kubernetes.io/v1";
/// The kind that must be given.
const KIND: &str = "ResourceList";

/// What a function is given, and gives back.
#[derive(Clone, Debug)]
pub struct ResourceList {
    /// The resources, with their comments. Change, add, remove.
    pub items: Vec<Node>,
    /// The `functionConfig`, when there is one.
    pub config: Option<Node>,
    /// The results of this function.
    pub results: Vec<KrmResult>,
    /// The results that came with the input, which are written before them.
    earlier: Vec<Node>,
}

impl ResourceList {
    /// Reads a list.
    ///
    /// # Errors
    /// When the text is no YAML, no single document, not of kind `ResourceList`, or its items are no list.
    pub fn read(text: &str) -> Result<Self, Failure> {
        let root = read_json(text).map_or_else(|| read_yaml(text), Ok)?;
        let kind = root.kind();
        if kind != KIND {
            return Err(format!("input was of unexpected kind {kind:?}; expected {KIND}").into());
        }
        Self::take(root)
    }

    /// Takes a list's parts out of its node.
    fn take(root: Node) -> Result<Self, Failure> {
        let mut list = Self { items: Vec::new(), config: None, results: Vec::new(), earlier: Vec::new() };
        let Value::Mapping(entries) = root.value else { return Ok(list) };
        for entry in entries {
            match entry.key.as_str() {
                Some("items") => list.items = take_sequence("items", entry.value)?,
                Some("results") => list.earlier = take_sequence("results", entry.value)?,
                Some("functionConfig") if !entry.value.is_null() => list.config = Some(entry.value),
                _ => {}
            }
        }
        Ok(list)
    }

    /// Appends a result.
    pub fn report(&mut self, result: KrmResult) {
        self.results.push(result);
    }

    /// Reports an error and gives the failure to return with it.
    pub fn fail(&mut self, message: impl Into<String>) -> Failure {
        self.report(KrmResult::error(message));
        Failure::reported()
    }

    /// Writes the list: its keys in the order of the Go SDK, its items sorted as the Go SDK sorts them.
    #[must_use]
    pub fn write(mut self) -> String {
        self.items.sort_by_cached_key(|item| {
            format!("{} {} {} {}", item.api_version(), item.kind(), item.namespace(), item.name())
        });
        let mut root = Node::mapping();
        root.set("apiVersion", Node::string(API_VERSION));
        root.set("kind", Node::string(KIND));
        root.set("items", Node::sequence(self.items));
        if let Some(config) = self.config {
            root.set("functionConfig", config);
        }
        let results: Vec<Node> =
            self.earlier.into_iter().chain(self.results.into_iter().map(KrmResult::into_node)).collect();
        if !results.is_empty() {
            root.set("results", Node::sequence(results));
        }
        emit(&root, SequenceIndent::Compact)
    }
}

/// The root of a text that is JSON: several times faster than reading it as YAML, which JSON is too. None when
/// it is not JSON after all.
fn read_json(text: &str) -> Option<Node> {
    let json = text.trim_start().starts_with('{').then(|| serde_json::from_str(text).ok())??;
    Some(from_json(&json))
}

/// The root of a text that is one YAML document.
fn read_yaml(text: &str) -> Result<Node, Failure> {
    let documents =
        parse(text, &Limits::default()).map_err(|error| format!("failed to parse input: {error}"))?;
    let mut roots = documents.into_iter().map(|document| document.root).filter(|root| !root.is_null());
    let root = roots.next().ok_or("the input is empty; expected a ResourceList")?;
    match roots.next() {
        Some(_) => Err("the input holds several documents; expected one ResourceList".into()),
        None => Ok(root),
    }
}

/// The elements of a sequence; none when it is null.
fn take_sequence(name: &str, node: Node) -> Result<Vec<Node>, Failure> {
    if node.is_null() {
        return Ok(Vec::new());
    }
    match node.value {
        Value::Sequence(elements) => Ok(elements),
        _ => Err(format!("{name} of the ResourceList must be a list").into()),
    }
}
