//! Writes the `ResourceList` that a function is given, as kpt writes it.
//!
//! It changes nothing in the package; the annotations of kpt's orchestrator are on the copy only.

use manifest::{Node, SequenceIndent, Value};

use super::package::{Package, Resource};
use super::{annotations, config, select};
use crate::report::Outcome;
use crate::request::{ListVersion, PipelineStep, Wire};

/// What a step's function is given, and what is needed to understand its answer.
#[derive(Debug)]
pub struct Request {
    /// All of its stdin.
    pub stdin: String,
    /// How many resources it is given.
    pub items: u64,
    /// The positions in the package of the resources it is given, in their order.
    pub(super) sent: Vec<usize>,
    /// Whether some were left out.
    pub(super) is_partial: bool,
    /// The step's index.
    pub(super) step: usize,
    /// What to say about the configuration.
    pub(super) notes: Vec<String>,
}

impl Package {
    /// Writes the `ResourceList` for the step at `index`. The configuration is given as it is; no
    /// `functionConfig` when there is none.
    ///
    /// # Errors
    /// [`crate::report::OutcomeKind::Invalid`] with its place, when the configuration is no KRM object.
    pub fn request(&self, step: &PipelineStep, index: usize) -> Result<Request, Outcome> {
        let (config, notes) = config::read(step, index)?;
        let is_seen = |resource: &Resource| select::is_selected(step, &resource.reference, &resource.node);
        let sent: Vec<_> =
            (0..).zip(&self.resources).filter(|(_, resource)| is_seen(resource)).map(|(at, _)| at).collect();
        let given = sent.iter().filter_map(|at| self.resources.get(*at));
        let items = given.enumerate().map(|(number, resource)| item(resource, number)).collect();
        let list = resource_list(step.list_version, items, config);
        let stdin = match step.wire {
            Wire::Yaml => manifest::emit(&list, SequenceIndent::Compact),
            Wire::Json => manifest::emit_json(&list, false) + "\n",
        };
        Ok(Request {
            stdin,
            items: sent.len() as u64,
            is_partial: sent.len() < self.resources.len(),
            sent,
            step: index,
            notes,
        })
    }
}

/// The list around items.
pub(super) fn resource_list(version: ListVersion, items: Vec<Node>, config: Option<Node>) -> Node {
    let mut list = Node::mapping();
    list.set("apiVersion", Node::string(version.api_version()));
    list.set("kind", Node::string("ResourceList"));
    list.set("items", Node::sequence(items));
    if let Some(config) = config {
        list.set("functionConfig", config);
    }
    list
}

/// A resource with the annotations that say where it stands, in kpt's order. `number` counts from 0.
///
/// Comments above the whole document and at its very end stay behind, and are put back later: in a list nobody
/// can tell whether such a comment belongs to the item above it or below it.
fn item(resource: &Resource, number: usize) -> Node {
    let mut node = resource.node.clone();
    node.comments.head.clear();
    drop_comments_at_end(&mut node);
    let index = resource.index.map(|index| index.to_string());
    let indent = match resource.indent {
        SequenceIndent::Compact => "compact",
        SequenceIndent::Wide => "wide",
    };
    let (migration, id) = (number.to_string(), (number + 1).to_string());
    let pairs = [
        (annotations::LEGACY_INDEX, index.as_deref()),
        (annotations::LEGACY_PATH, Some(resource.path.as_str())),
        (annotations::INDEX, index.as_deref()),
        (annotations::PATH, Some(resource.path.as_str())),
        (annotations::SEQUENCE_INDENT, Some(indent)),
        (annotations::MIGRATION_ID, Some(migration.as_str())),
        (annotations::ID, Some(id.as_str())),
        (annotations::LEGACY_ID, Some(id.as_str())),
    ];
    for (key, text) in pairs {
        if let Some(text) = text {
            annotations::set(&mut node, key, text);
        }
    }
    node
}

/// Comments at the very end of a document.
pub(super) fn drop_comments_at_end(node: &mut Node) {
    let mut last = Some(node);
    while let Some(node) = last {
        node.comments.foot.clear();
        last = match &mut node.value {
            Value::Scalar(_) => None,
            Value::Sequence(items) => items.last_mut(),
            Value::Mapping(entries) => entries.last_mut().map(|entry| {
                entry.key.comments.foot.clear();
                &mut entry.value
            }),
        };
    }
}
