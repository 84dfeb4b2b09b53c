//! Reads what a function printed, as kyaml reads it: a `ResourceList` or `List`, or bare objects.
//!
//! It judges the frame only; the items are judged one by one later. `apiVersion` is not checked, as in kyaml.

use manifest::{Limits, Node, Style, Value};

use super::config::cause;
use super::document::{identify, shape};
use crate::words;

/// What a function answered.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) items: Vec<Node>,
    pub(super) results: Option<Node>,
    pub(super) notes: Vec<String>,
}

/// Why an answer cannot be used. The cause is a predicate: `step 2, x, ` stands before it.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) cause: String,
    pub(super) hint: String,
}

impl Refusal {
    pub(super) fn new(cause: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { cause: cause.into(), hint: hint.into() }
    }
}

/// How much deeper than a file an answer may be nested: a resource stands in an item of the list's `items`.
pub(super) const LIST_DEPTH: usize = 2;

/// How many characters of an answer that is none are quoted.
const QUOTED: usize = 60;

/// Reads an answer; `None` when nothing was printed but white space and comments.
pub(super) fn read(stdout: &[u8]) -> Result<Option<List>, Refusal> {
    let text = std::str::from_utf8(stdout).map_err(|error| {
        let at = words::grouped(error.valid_up_to() as u64);
        Refusal::new(format!("did not answer in UTF-8: byte {at} of its output is no text"), STDOUT)
    })?;
    let usual = Limits::default();
    // How long an answer may be is the budget's to say.
    let limits = Limits { max_bytes: text.len(), max_depth: usual.max_depth + LIST_DEPTH, ..usual };
    let documents = manifest::parse(text, &limits).map_err(|error| {
        let hint = error.hint.as_ref().map_or(String::new(), |hint| format!("{hint}; "));
        let hint = format!("{hint}its output begins with {}; {STDOUT}", beginning(text));
        Refusal::new(format!("did not answer with a ResourceList: {}", cause(&error)), hint)
    })?;
    let mut roots: Vec<_> =
        documents.into_iter().filter(|document| !document.is_empty).map(|document| document.root).collect();
    match roots.len() {
        0 => Ok(None),
        1 if is_list(roots.first()) => roots.pop().map(unwrap).transpose(),
        _ => bare(roots, text).map(Some),
    }
    .map(|list| list.map(settle))
}

/// Where messages belong.
const STDOUT: &str = "stdout is for the ResourceList alone, messages go to stderr";

/// An object's kind; empty when it has none.
pub(super) fn kind(node: &Node) -> &str {
    node.get("kind").and_then(Node::scalar_text).unwrap_or_default()
}

/// Whether an object is a list of objects.
pub(super) fn is_list(node: Option<&Node>) -> bool {
    node.is_some_and(|node| {
        matches!(kind(node), "ResourceList" | "List")
            && (node.get("items").is_some() || node.get("functionConfig").is_some())
    })
}

fn unwrap(mut list: Node) -> Result<List, Refusal> {
    let results = list.remove("results");
    let Some(items) = list.remove("items") else { return Ok(List { results, ..List::default() }) };
    match items.value {
        Value::Sequence(items) => Ok(List { items, results, notes: Vec::new() }),
        _ if items.is_null() => Ok(List { results, ..List::default() }),
        _ => Err(Refusal::new(
            format!("answered with `items` that are {}, not a list", shape(&items)),
            "write `items` as a list of resources",
        )),
    }
}

/// Objects without a list around them are the whole answer, as in kyaml.
fn bare(items: Vec<Node>, text: &str) -> Result<List, Refusal> {
    let count = items.len() as u64;
    for item in &items {
        let kind = kind(item);
        let cause = match identify(item, "") {
            Err(_) if !item.is_mapping() => {
                format!("did not answer with a ResourceList but with {}: {}", shape(item), beginning(text))
            }
            _ if kind == "ResourceList" && count > 1 => {
                format!("answered with a ResourceList among {}", words::count(count, "document"))
            }
            Err(_) if kind == "ResourceList" => "answered with a ResourceList that has no `items`".to_owned(),
            Err(_) if kind.is_empty() => "answered with an object that has no `kind`".to_owned(),
            Err(cause) => {
                format!("answered with kind `{kind}`, not with a ResourceList, and the object {cause}")
            }
            Ok(_) => continue,
        };
        return Err(Refusal::new(cause, "answer with one object of kind ResourceList that has `items`"));
    }
    let subject = if count == 1 { "a bare object".to_owned() } else { format!("{count} bare objects") };
    let note = format!("it answered with {subject}, not a ResourceList; as in kpt, that is the whole output");
    Ok(List { items, results: None, notes: vec![note] })
}

/// The first characters of an output, in quotes.
fn beginning(text: &str) -> String {
    let start: String = text.trim_start().chars().take(QUOTED).collect();
    format!("{start:?}")
}

fn settle(mut list: List) -> List {
    list.items = list.items.into_iter().map(settled).collect();
    list
}

/// Undoes what standing in a list did to an item.
pub(super) fn settled(mut item: Node) -> Node {
    // Brackets and quotes of JSON are the wire's, not the author's: they are not written into YAML.
    if is_json(&item) {
        restyle(&mut item);
    }
    lower_head(&mut item);
    item
}

/// A comment above an item's dash is one above its first key.
fn lower_head(item: &mut Node) {
    if item.style != Style::Block {
        return;
    }
    let mut head = std::mem::take(&mut item.comments.head);
    if let Some(first) = item.as_mapping_mut().and_then(|entries| entries.first_mut()) {
        head.append(&mut first.key.comments.head);
        first.key.comments.head = head;
    }
}

fn is_json(item: &Node) -> bool {
    item.style == Style::Flow
        && item
            .as_mapping()
            .is_some_and(|entries| entries.iter().all(|entry| entry.key.style == Style::DoubleQuoted))
}

/// As deep as the parser allows.
fn restyle(node: &mut Node) {
    match &mut node.value {
        Value::Scalar(text) if node.style == Style::DoubleQuoted => {
            let fitting = Node::string(std::mem::take(text));
            node.value = fitting.value;
            node.style = fitting.style;
        }
        Value::Scalar(_) => {}
        Value::Sequence(items) => {
            items.iter_mut().for_each(restyle);
            node.style = Style::Block;
        }
        Value::Mapping(entries) => {
            for entry in entries {
                restyle(&mut entry.key);
                restyle(&mut entry.value);
            }
            node.style = Style::Block;
        }
    }
}
