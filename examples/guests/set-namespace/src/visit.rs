//! The places where an object holds a namespace.
//!
//! A place that is missing is left missing. (The catalog's code creates the service of an APIService that has
//! none; its documents say it does not.)

use function::{KrmResult, Object, quoted};
use manifest::Node;

use crate::Moves;
use crate::origin;
use crate::scope::{Scope, scope};

/// Visits the cluster-scoped objects that name a namespace somewhere else than in their metadata.
pub(crate) fn cluster_scoped(items: &mut [&mut Node], moves: &mut Moves<'_>) {
    for item in items.iter_mut().filter(|item| scope(item) == Scope::Cluster) {
        match (item.api_version(), item.kind()) {
            ("v1", "Namespace") => {
                let origin = origin::of(item).map(|(_, name)| name);
                change(item, &["metadata", "name"], origin.as_deref(), moves);
            }
            ("apiextensions.k8s.io/v1", "CustomResourceDefinition") => {
                change(
                    item,
                    &["spec", "conversion", "webhook", "clientConfig", "service", "namespace"],
                    None,
                    moves,
                );
            }
            ("apiregistration.k8s.io/v1", "APIService") => {
                change(item, &["spec", "service", "namespace"], None, moves);
            }
            (_, "ClusterRoleBinding") => subjects(item, moves),
            _ => {}
        }
    }
}

/// Visits what lives in a namespace, which afterwards always says so.
pub(crate) fn namespaced(items: &mut [&mut Node], moves: &mut Moves<'_>) {
    for item in items.iter_mut().filter(|item| scope(item) == Scope::Namespaced) {
        if item.namespace().is_empty() {
            item.set_at(&["metadata", "namespace"], Node::string(crate::DEFAULT_NAMESPACE));
        }
        let origin = origin::of(item).map(|(namespace, _)| namespace);
        note_origin(item, origin.as_deref(), moves);
        change(item, &["metadata", "namespace"], origin.as_deref(), moves);
    }
}

/// Says that an object is meant because of where it came from.
fn note_origin(item: &Node, origin: Option<&str>, moves: &mut Moves<'_>) {
    let Some(origin) = origin.filter(|origin| moves.settings.matcher.as_deref() == Some(*origin)) else {
        return;
    };
    let message = format!("{} {} has matching origin {}", item.kind(), quoted(item.name()), quoted(origin));
    moves.results.push(KrmResult::info(message).about(item));
}

/// Visits the subjects of a ClusterRoleBinding, whatever their kind.
fn subjects(item: &mut Node, moves: &mut Moves<'_>) {
    let subjects = item.get_mut("subjects").and_then(Node::as_sequence_mut);
    for subject in subjects.into_iter().flatten() {
        change(subject, &["namespace"], None, moves);
    }
}

/// Visits the namespace at a path, if there is one.
fn change(node: &mut Node, path: &[&str], origin: Option<&str>, moves: &mut Moves<'_>) {
    if node.at(path).is_some()
        && let Some(target) = moves.next(node.text(path), origin)
    {
        node.set_at(path, Node::string(target));
    }
}
