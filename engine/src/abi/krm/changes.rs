//! Says what a step changed: field by field, and in sentences where a person should look twice.
//!
//! It decides nothing. Deletions and moves are always put into words.

use std::sync::Arc;

use manifest::Change;

use super::document::title;
use super::draft::Draft;
use super::list::Request;
use super::package::{Package, Resource};
use crate::report::{FieldChange, MAX_CHANGES};
use crate::words;

/// The most characters of a value that a change shows: about a line.
const MAX_VALUE: usize = 200;

/// What a step changed.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// At most [`MAX_CHANGES`].
    pub(super) listed: Vec<FieldChange>,
    /// All of them.
    pub(super) count: u64,
    /// Deletions and moves in words.
    pub(super) notes: Vec<String>,
}

impl Changes {
    fn push(
        &mut self,
        file: &str,
        resource: &Resource,
        path: String,
        before: Option<&str>,
        after: Option<&str>,
    ) {
        self.count += 1;
        if self.listed.len() < MAX_CHANGES {
            self.listed.push(FieldChange {
                file: file.to_owned(),
                resource: resource.reference.clone(),
                path,
                before: before.map(one_line),
                after: after.map(one_line),
            });
        }
    }

    fn removed(&mut self, resource: &Resource) {
        let title = title(&resource.reference);
        self.push(&resource.path, resource, String::new(), Some(&title), None);
        self.notes.push(format!("removes {title} from `{}`", resource.path));
    }

    fn added(&mut self, resource: &Resource) {
        self.push(&resource.path, resource, String::new(), None, Some(&title(&resource.reference)));
    }

    fn moved(&mut self, before: &Resource, draft: &Draft) {
        let after = &draft.resource;
        if before.path == after.path && (before.index == after.index || draft.is_placed) {
            return;
        }
        let place = |resource: &Resource| match resource.index {
            Some(index) => format!("index {index} of `{}`", resource.path),
            None => format!("`{}`", resource.path),
        };
        self.push(&after.path, before, String::new(), Some(&place(before)), Some(&place(after)));
        let why = if draft.is_placed { ": it came back without its path annotation" } else { "" };
        let title = title(&before.reference);
        self.notes.push(format!("moves {title} from {} to {}{why}", place(before), place(after)));
    }

    fn fields(&mut self, before: &Resource, after: &Resource) {
        if before.text == after.text {
            return;
        }
        let changes = manifest::diff(&before.node, &after.node);
        if changes.is_empty() {
            // Only comments or the way of writing differ.
            self.push(&after.path, before, String::new(), None, None);
        }
        for Change { path, old, new, .. } in changes {
            self.push(&after.path, before, path.to_string(), old.as_deref(), new.as_deref());
        }
    }
}

/// What the drafts change of the package, in the order of the answer, deletions first.
pub(super) fn between(package: &Package, request: &Request, drafts: &[Draft]) -> Changes {
    let mut changes = Changes::default();
    let mut is_back = vec![false; package.resources.len()];
    for at in drafts.iter().filter(|draft| draft.is_successor).filter_map(|draft| draft.input) {
        if let Some(is_back) = is_back.get_mut(at) {
            *is_back = true;
        }
    }
    let gone: Vec<&Arc<Resource>> = request
        .sent
        .iter()
        .filter(|at| is_back.get(**at) == Some(&false))
        .filter_map(|at| package.resources.get(*at))
        .collect();
    if drafts.is_empty() && !gone.is_empty() {
        let count = words::count(gone.len() as u64, "resource");
        changes.notes.push(format!("its answer holds no item: everything it was given is removed, {count}"));
    }
    for resource in gone {
        changes.removed(resource);
    }
    for draft in drafts {
        match draft.input.filter(|_| draft.is_successor).and_then(|at| package.resources.get(at)) {
            Some(before) => {
                changes.moved(before, draft);
                changes.fields(before, &draft.resource);
            }
            None => changes.added(&draft.resource),
        }
    }
    changes
}

/// The files of the input that hold no resource any more.
pub(super) fn emptied(before: &Package, after: &Package) -> Vec<String> {
    let paths = before.sources.iter().map(|source| &source.path);
    let gone = paths.filter(|path| before.texts.contains_key(*path) && !after.texts.contains_key(*path));
    gone.map(|path| format!("`{path}` holds no resource any more: kpt would delete the file")).collect()
}

fn one_line(text: &str) -> String {
    let mut line: String =
        text.chars().take(MAX_VALUE).map(|it| if it.is_control() { ' ' } else { it }).collect();
    if line.len() < text.len() && text.chars().nth(MAX_VALUE).is_some() {
        line.push('…');
    }
    line
}
