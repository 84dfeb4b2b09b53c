//! Makes resources of the items that came back, or refuses them: where each goes, and which input it was.
//!
//! Nothing is merged here. Every item is judged before the first one counts.

use std::collections::HashMap;

use manifest::{Node, SequenceIndent};

use super::answer::Refusal;
use super::list::Request;
use super::package::{Package, Resource};
use super::{annotations, document, matching, path, write_back};
use crate::words;

/// An item of an answer that can become a resource.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) resource: Resource,
    /// The position in the package of the input that it was.
    pub(super) input: Option<usize>,
    /// Whether it goes on as that input. Of several items with one id only one does; the others are new.
    pub(super) is_successor: bool,
    /// Whether it came without a path and was given one.
    pub(super) is_placed: bool,
}

/// Reads the items, with what to say about them.
///
/// # Errors
/// The first item that is no resource, or whose path is not allowed.
pub(super) fn read(
    items: Vec<Node>,
    package: &Package,
    request: &Request,
) -> Result<(Vec<Draft>, Vec<String>), Refusal> {
    let (inputs, mut notes) = matching::inputs(&items, package, request);
    let mut drafts = Vec::with_capacity(items.len());
    let mut bad_indexes = 0;
    for ((position, item), input) in items.into_iter().enumerate().zip(inputs) {
        drafts.push(draft(item, position, input, package, &mut bad_indexes)?);
    }
    let copies = name_successors(&mut drafts, package);
    if bad_indexes > 0 {
        let count = words::count(bad_indexes, "item");
        notes.push(format!("{count} came back with an index that is no number: taken as none"));
    }
    if copies > 0 {
        let count = words::count(copies, "item");
        notes.push(format!("{count} came back with the id of another item: taken as new"));
    }
    for draft in &mut drafts {
        draft.resource.text = text(draft, package);
    }
    Ok((drafts, notes))
}

fn draft(
    mut item: Node,
    position: usize,
    input: Option<usize>,
    package: &Package,
    bad_indexes: &mut u64,
) -> Result<Draft, Refusal> {
    let before = input.and_then(|at| package.resources.get(at));
    let name = |item: &Node| {
        let line = item.span.map_or(String::new(), |span| format!(", line {} of its output,", span.line));
        format!("item {}{line}", position + 1)
    };
    let get = |key| annotations::get(&item, key);
    let old_index = before.and_then(|before| before.index).map(|index| index.to_string());
    let found_path = annotations::reconcile(
        before.map(|before| before.path.as_str()),
        get(annotations::PATH),
        get(annotations::LEGACY_PATH),
    )
    .map_err(|pair| mismatch(&name(&item), "path", pair))?;
    let found_index =
        annotations::reconcile(old_index.as_deref(), get(annotations::INDEX), get(annotations::LEGACY_INDEX))
            .map_err(|pair| mismatch(&name(&item), "index", pair))?;
    let reference = document::identify(&item, found_path.unwrap_or_default()).map_err(|cause| {
        let hint = "every item needs `apiVersion`, `kind` and `metadata.name`";
        Refusal::new(format!("gave back {} which {cause}", name(&item)), hint)
    })?;
    let is_placed = found_path.is_none();
    let wanted = found_path.map_or_else(|| path::generated(&reference), str::to_owned);
    let path = path::clean(&wanted).map_err(|cause| {
        let title = document::title(&reference);
        Refusal::new(
            format!("gives {title} a path that is not allowed: {cause}"),
            "a function may name relative paths inside the package only",
        )
    })?;
    let index = found_index.and_then(|text| text.parse().ok());
    *bad_indexes += u64::from(found_index.is_some() && index.is_none());
    let indent = match (get(annotations::SEQUENCE_INDENT), before) {
        (Some("wide"), _) => SequenceIndent::Wide,
        (None, Some(before)) => before.indent,
        _ => SequenceIndent::Compact,
    };
    annotations::strip(&mut item, before.map(|before| &before.node));
    match before {
        Some(before) => manifest::adopt(&mut item, &before.node),
        // Against nothing, adopting still quotes what only a writer of YAML 1.2 leaves bare.
        None => manifest::adopt(&mut item, &Node::mapping()),
    }
    let resource = Resource { reference, path, index, node: item, origin: None, indent, text: String::new() };
    Ok(Draft { resource, input, is_successor: false, is_placed })
}

fn mismatch(item: &str, what: &str, (internal, legacy): (&str, &str)) -> Refusal {
    Refusal::new(
        format!("gave back {item} with two different {what} annotations, `{internal}` and `{legacy}`"),
        format!(
            "set `{}` and `{}` to the same value, or leave one of them alone",
            if what == "path" { annotations::PATH } else { annotations::INDEX },
            if what == "path" { annotations::LEGACY_PATH } else { annotations::LEGACY_INDEX },
        ),
    )
}

/// Decides which item goes on as an input: the one at its place, else the first. Counts the others.
fn name_successors(drafts: &mut [Draft], package: &Package) -> u64 {
    let mut chosen: HashMap<usize, (usize, bool)> = HashMap::new();
    let mut copies = 0;
    for (position, draft) in drafts.iter().enumerate() {
        let Some((input, before)) = draft.input.and_then(|at| Some((at, package.resources.get(at)?))) else {
            continue;
        };
        let is_in_place = before.path == draft.resource.path && before.index == draft.resource.index;
        let entry = chosen.entry(input).or_insert((position, is_in_place));
        if entry.0 != position {
            copies += 1;
            if is_in_place && !entry.1 {
                *entry = (position, true);
            }
        }
    }
    for (position, _) in chosen.into_values() {
        if let Some(draft) = drafts.get_mut(position) {
            draft.is_successor = true;
            draft.resource.origin =
                draft.input.and_then(|at| package.resources.get(at)).and_then(|before| before.origin);
        }
    }
    copies
}

/// The text of a document: what the input's author wrote, with what changed.
fn text(draft: &Draft, package: &Package) -> String {
    let node = &draft.resource.node;
    let origin = draft.input.and_then(|at| package.resources.get(at)).and_then(|before| before.origin);
    let written = origin.and_then(|origin| {
        let source = package.sources.get(origin.source)?;
        Some(manifest::splice(&source.text, source.documents.get(origin.document)?, node))
    });
    written.unwrap_or_else(|| write_back::fresh(node, draft.resource.indent, &draft.resource.path))
}
