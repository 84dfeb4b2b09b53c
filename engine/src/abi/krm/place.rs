//! Finds the place in the input that a result speaks of, so that a person can be taken there.
//!
//! It looks into the input as it was typed, not into what earlier steps made of it.

use std::collections::HashMap;
use std::sync::Arc;

use super::config::number;
use super::list::Request;
use super::package::{Package, Resource};
use crate::report::{Place, ResourceRef};

/// What a result says about its place.
pub(super) struct Wanted<'a> {
    /// Empty when it names none.
    pub(super) file: &'a str,
    /// `None` when it does not know.
    pub(super) index: Option<i64>,
    pub(super) resource: Option<&'a ResourceRef>,
    /// Empty when it speaks of the whole resource.
    pub(super) field: &'a str,
}

/// The resources that a function was given, by where they stand and by what they are called.
pub(super) struct Places<'a> {
    package: &'a Package,
    by_file: HashMap<&'a str, Vec<&'a Resource>>,
    by_name: HashMap<(&'a str, &'a str), Vec<&'a Resource>>,
}

/// How many resources of one kind and name are looked through: a result names one, and a list of thousands
/// for each of a thousand results would take seconds.
const MAX_CANDIDATES: usize = 100;

impl<'a> Places<'a> {
    pub(super) fn new(package: &'a Package, request: &Request) -> Self {
        let mut places = Self { package, by_file: HashMap::new(), by_name: HashMap::new() };
        for resource in request.sent.iter().filter_map(|at| package.resources.get(*at)).map(Arc::as_ref) {
            places.by_file.entry(&resource.path).or_default().push(resource);
            let ResourceRef { kind, name, .. } = &resource.reference;
            places.by_name.entry((kind, name)).or_default().push(resource);
        }
        places
    }

    /// The field's place; the resource's when no field is wanted; the file alone, with line 0, when the file is
    /// known and the rest is not.
    pub(super) fn find(&self, wanted: &Wanted<'_>) -> Option<Place> {
        let found = self.resource(wanted).and_then(|resource| self.inside(resource, wanted.field));
        found.or_else(|| {
            let is_known = self.package.sources.iter().any(|source| source.path == wanted.file);
            is_known.then(|| Place { file: wanted.file.to_owned(), step: None, line: 0, column: 0 })
        })
    }

    fn resource(&self, wanted: &Wanted<'_>) -> Option<&'a Resource> {
        if wanted.file.is_empty() {
            return self.named(wanted.resource?);
        }
        let in_file = self.by_file.get(wanted.file)?;
        let at_index =
            || in_file.iter().find(|it| wanted.index.is_some() && it.index == wanted.index).copied();
        match wanted.resource {
            None => at_index(),
            Some(reference) => at_index()
                .filter(|it| fits(reference, &it.reference))
                .or_else(|| in_file.iter().find(|it| fits(reference, &it.reference)).copied()),
        }
    }

    /// Only if one alone answers to the name.
    fn named(&self, reference: &ResourceRef) -> Option<&'a Resource> {
        let candidates = self.by_name.get(&(reference.kind.as_str(), reference.name.as_str()))?;
        let mut fitting = candidates.iter().take(MAX_CANDIDATES).filter(|it| fits(reference, &it.reference));
        let first = fitting.next()?;
        fitting.next().is_none().then_some(*first)
    }

    fn inside(&self, resource: &Resource, field: &str) -> Option<Place> {
        let origin = resource.origin?;
        let source = self.package.sources.get(origin.source)?;
        let root = &source.documents.get(origin.document)?.root;
        let node = if field.is_empty() { Some(root) } else { manifest::locate(root, field) };
        let span = node?.span?;
        Some(Place {
            file: source.path.clone(),
            step: None,
            line: number(span.line),
            column: number(span.column),
        })
    }
}

/// Whether a resource is the one that is meant; what the reference leaves out may be anything.
fn fits(wanted: &ResourceRef, found: &ResourceRef) -> bool {
    let fits = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
    fits(&wanted.api_version, &found.api_version)
        && fits(&wanted.kind, &found.kind)
        && fits(&wanted.name, &found.name)
        && fits(&wanted.namespace, &found.namespace)
}
