//! Storage: what would be kept, and the last things that can refuse it.
//!
//! Nothing is kept, and no schema is checked: the API server's own validation of fields is not asked.

use manifest::{Node, from_json, splice};
use serde_json::Value as Json;

use super::Refused;
use super::admission::changes;
use super::attributes::{Attributes, NAMESPACES_DIFFER, Resource};

use super::status;
use crate::objects::{Objects, identity};
use crate::report::{GateReport, Lane, LaneState, Status};
use crate::request::Verb;

/// Passes a request to storage.
///
/// # Errors
/// The outcome of a request that ends here, with the API server's status.
pub(super) fn run(attributes: &Attributes, objects: &Objects, lane: &mut Lane) -> Result<(), Refused> {
    let Some(resource) = attributes.resource() else {
        lane.end(LaneState::NotAsked, "the path names no resource");
        return Ok(());
    };
    if let Some(refused) = refusal(attributes, resource, objects) {
        lane.end(LaneState::Denied, refused.message.clone());
        return Err(Box::new((status::denied(&refused).at_stage(lane.stage), Some(refused))));
    }
    let what = match attributes.verb {
        Verb::Create => "the object would be created",
        Verb::Update | Verb::Patch => "the object would be stored",
        Verb::Delete => "the object would be deleted",
        Verb::Connect => "the connection would be opened",
        Verb::Get | Verb::List | Verb::Watch => {
            lane.end(LaneState::NotAsked, "it is read, nothing is stored");
            return Ok(());
        }
    };
    let dry = if attributes.dry_run { "; it is a dry run, so nothing is kept" } else { "" };
    lane.end(LaneState::Passed, format!("{what}{dry}"));
    Ok(())
}

fn refusal(attributes: &Attributes, resource: &Resource, objects: &Objects) -> Option<Status> {
    let is_object = resource.subresource.is_empty() && attributes.verb != Verb::Connect;
    let object = attributes.object.as_ref().filter(|_| is_object && attributes.pasted.is_none())?;
    let is = identity("object", object).ok()?;
    let namespace = if resource.is_namespace() { "" } else { &resource.namespace };
    if is.namespace != namespace {
        return Some(status::status(400, "BadRequest", NAMESPACES_DIFFER));
    }
    if is.name != resource.name && attributes.verb != Verb::Create {
        let message = format!(
            "the name of the object ({}) does not match the name on the URL ({})",
            is.name, resource.name
        );
        return Some(status::status(400, "BadRequest", message));
    }
    let stands = objects.find((&resource.group, &resource.kind.kind), namespace, &is.name);
    (attributes.verb == Verb::Create && !is.name.is_empty() && stands.is_some())
        .then(|| status::already_exists(resource))
}

/// What the API server answers to a request that passed.
pub(super) fn stored(attributes: &Attributes) -> Status {
    let code = match attributes.verb {
        Verb::Create if attributes.resource().is_some() => 201,
        Verb::Connect => 101,
        _ => 200,
    };
    status::status(code, "", "")
}

/// Shows the object as it came through, and what differs from the one given.
pub(super) fn show(attributes: &Attributes, report: &mut GateReport) {
    let Some(object) = &attributes.object else { return };
    let mut after = object.clone();
    if attributes.has_namespace_added {
        remove_namespace(&mut after, attributes);
    }
    let after = from_json(&after);
    let Some(typed) = &attributes.typed else {
        let given = attributes.pasted.as_ref().and_then(|pasted| pasted.get("object"));
        let before = from_json(given.unwrap_or(object));
        let emit = |node| manifest::emit(node, manifest::SequenceIndent::Compact);
        report.object = emit(&after);
        (report.changes, report.change_count) = changes(&before, &after);
        report.given = emit(&before);
        return;
    };
    let before = &typed.document.root;
    (report.changes, report.change_count) = changes(before, &after);
    report.object = match report.change_count {
        0 => typed.document.text(&typed.source).to_owned(),
        _ => splice(&typed.source, &typed.document, &ordered(after, before)),
    };
}

/// Keeps comments and the order of keys that JSON dropped.
fn ordered(mut after: Node, before: &Node) -> Node {
    manifest::adopt(&mut after, before);
    after
}

/// What the API server wrote is no change that a person asked about.
fn remove_namespace(object: &mut Json, attributes: &Attributes) {
    let ours = attributes.resource().map(|it| it.namespace.as_str());
    let Some(metadata) = object.get_mut("metadata").and_then(Json::as_object_mut) else { return };
    if metadata.get("namespace").and_then(Json::as_str) == ours {
        metadata.shift_remove("namespace");
    }
}
