//! Finds out which input an item of an answer was.
//!
//! First by the id that the item carries. What came back without one is matched by its identity when that is
//! unambiguous; kpt does not, and loses its comments.

use std::collections::{HashMap, HashSet};

use manifest::Node;

use super::list::Request;
use super::package::Package;
use super::{annotations, document};
use crate::report::ResourceRef;
use crate::words;

/// For each item the position in the package of the input that it was, and what to say about it.
pub(super) fn inputs(
    items: &[Node],
    package: &Package,
    request: &Request,
) -> (Vec<Option<usize>>, Vec<String>) {
    let ids: Vec<_> = items.iter().map(|item| id(item).map(|id| (id, input(id, request)))).collect();
    let mut found: Vec<_> = ids.iter().map(|id| id.and_then(|(_, input)| input)).collect();
    let unknown = ids.iter().flatten().filter(|(_, input)| input.is_none()).map(|(id, _)| *id);
    let matched = match_by_identity(items, &mut found, package, request);
    let notes = [unknown_ids(unknown), without_ids(matched)];
    (found, notes.into_iter().flatten().collect())
}

fn id(item: &Node) -> Option<&str> {
    annotations::get(item, annotations::ID).or_else(|| annotations::get(item, annotations::LEGACY_ID))
}

/// Ids count from 1.
fn input(id: &str, request: &Request) -> Option<usize> {
    let number: usize = id.parse().ok()?;
    request.sent.get(number.checked_sub(1)?).copied()
}

fn match_by_identity(
    items: &[Node],
    found: &mut [Option<usize>],
    package: &Package,
    request: &Request,
) -> u64 {
    if found.iter().all(Option::is_some) {
        return 0;
    }
    let claimed: HashSet<_> = found.iter().flatten().copied().collect();
    let mut free: HashMap<Key<'_>, Option<usize>> = HashMap::new();
    for at in request.sent.iter().filter(|at| !claimed.contains(at)) {
        if let Some(resource) = package.resources.get(*at) {
            free.entry(key(&resource.reference)).and_modify(|other| *other = None).or_insert(Some(*at));
        }
    }
    let mut matched = 0;
    for (item, found) in items.iter().zip(found).filter(|(_, found)| found.is_none()) {
        let identity = document::identify(item, "").ok();
        *found = identity.and_then(|identity| free.get(&key(&identity)).copied().flatten());
        matched += u64::from(found.is_some());
    }
    matched
}

type Key<'a> = [&'a str; 4];

fn key(resource: &ResourceRef) -> Key<'_> {
    let ResourceRef { api_version, kind, name, namespace } = resource;
    [api_version, kind, name, namespace]
}

fn unknown_ids<'a>(mut ids: impl Iterator<Item = &'a str>) -> Option<String> {
    let first: String = ids.next()?.chars().take(20).collect();
    let more = match ids.count() {
        0 => String::new(),
        more => format!(", and {}", words::count(more as u64, "other")),
    };
    Some(format!("an item carries the id `{first}`{more}, which it was not given: it is taken as new"))
}

fn without_ids(count: u64) -> Option<String> {
    (count > 0).then(|| {
        let count = words::count(count, "item");
        format!(
            "{count} came back without an id: matched by kind and name, so that comments stay; kpt drops them"
        )
    })
}
