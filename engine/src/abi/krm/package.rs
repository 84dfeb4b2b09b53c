//! A package: the manifests between steps, and how they came from the input's files.
//!
//! It is a value. A step's answer is taken whole or not at all, and nothing outside ever sees half of one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use manifest::{Document, Limits, Node, SequenceIndent};

use super::config::{cause, number};
use super::{document, path, write_back};
use crate::report::{FileReport, FileState, Outcome, OutcomeKind, Place, ResourceRef};
use crate::request::File;

/// The manifests between the steps of a pipeline. Copies are cheap.
#[derive(Clone, Debug)]
pub struct Package {
    /// The input's files, in their order.
    pub(super) sources: Arc<[Source]>,
    /// The resources, in the order in which the next function sees them.
    pub(super) resources: Vec<Arc<Resource>>,
    /// Every file as it stands, by path.
    pub(super) texts: BTreeMap<String, Arc<str>>,
}

/// A file of the input.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: Arc<str>,
    /// Empty for a file that holds no manifests by its name.
    pub(super) documents: Vec<Document>,
}

/// One resource as the last step left it.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub(super) reference: ResourceRef,
    pub(super) path: String,
    /// Where it stands in its file. Functions may leave it out for what they add.
    pub(super) index: Option<i64>,
    pub(super) node: Node,
    /// The document of the input that it is.
    pub(super) origin: Option<Origin>,
    pub(super) indent: SequenceIndent,
    /// The document's text.
    pub(super) text: String,
}

/// A document of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) source: usize,
    pub(super) document: usize,
}

impl Package {
    /// Reads files as kpt reads a package: `*.yaml`, `*.yml`, `*.json` and `Kptfile`. Any other file stays as
    /// it is and no function sees it. A `List` in a file is not unwrapped.
    ///
    /// # Errors
    /// [`OutcomeKind::Invalid`] with its place: a path that is absolute, leads out of the package, is not in
    /// its shortest form or is given twice; text that does not parse; a document that is no object or lacks
    /// `apiVersion`, `kind` or `metadata.name` (kustomization files are exempt).
    pub fn load(files: &[File]) -> Result<Self, Outcome> {
        check_paths(files)?;
        let mut sources = Vec::with_capacity(files.len());
        let mut resources = Vec::new();
        for file in files {
            let source = read(file)?;
            for resource in resources_of(&source, sources.len())? {
                resources.push(Arc::new(resource));
            }
            sources.push(source);
        }
        let texts = sources.iter().map(|source| (source.path.clone(), Arc::clone(&source.text))).collect();
        Ok(Self { sources: sources.into(), resources, texts })
    }

    /// Every file of the input in its order, then those that were added, sorted.
    #[must_use]
    pub fn files(&self) -> Vec<FileReport> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for resource in &self.resources {
            *counts.entry(&resource.path).or_default() += 1;
        }
        let report = |path: &str, state, text: &Arc<str>| FileReport {
            path: path.to_owned(),
            state,
            text: text.to_string(),
            resources: counts.get(path).copied().unwrap_or_default(),
        };
        let known: BTreeSet<_> = self.sources.iter().map(|source| source.path.as_str()).collect();
        let given = self.sources.iter().map(|Source { path, text, .. }| match self.texts.get(path) {
            None => report(path, FileState::Removed, text),
            Some(now) if now == text => report(path, FileState::Unchanged, now),
            Some(now) => report(path, FileState::Changed, now),
        });
        let added = self.texts.iter().filter(|(path, _)| !known.contains(path.as_str()));
        given.chain(added.map(|(path, text)| report(path, FileState::Added, text))).collect()
    }

    /// The files that differ from `before`, sorted. One that is gone has an empty text.
    #[must_use]
    pub fn changed_since(&self, before: &Self) -> Vec<File> {
        let changed = self.texts.iter().filter(|(path, text)| before.texts.get(*path) != Some(*text));
        let gone = before.texts.keys().filter(|path| !self.texts.contains_key(*path));
        let mut files: Vec<_> =
            changed.map(|(path, text)| File { path: path.clone(), text: text.to_string() }).collect();
        files.extend(gone.map(|path| File { path: path.clone(), text: String::new() }));
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    /// The same files with other resources.
    pub(super) fn with(&self, resources: Vec<Arc<Resource>>) -> Self {
        let mut by_path: BTreeMap<&str, Vec<&Resource>> = BTreeMap::new();
        for resource in &resources {
            by_path.entry(&resource.path).or_default().push(resource);
        }
        let mut texts = BTreeMap::new();
        for (index, source) in self.sources.iter().enumerate() {
            let mut found = by_path.remove(source.path.as_str()).unwrap_or_default();
            let is_removed = found.is_empty() && source.holds_resources();
            if !is_removed {
                texts.insert(source.path.clone(), write_back::existing(source, index, &mut found).into());
            }
        }
        for (path, mut found) in by_path {
            texts.insert(path.to_owned(), write_back::new(&mut found).into());
        }
        Self { sources: Arc::clone(&self.sources), resources, texts }
    }
}

impl Source {
    fn holds_resources(&self) -> bool {
        self.documents.iter().any(|document| !document.is_empty)
    }
}

fn check_paths(files: &[File]) -> Result<(), Outcome> {
    let refuse = |path: &str, message: String| {
        let place = Place { file: path.to_owned(), step: None, line: 0, column: 0 };
        Outcome::new(OutcomeKind::Invalid, message).at(place)
    };
    let mut seen = BTreeSet::new();
    for File { path, .. } in files {
        let clean = path::clean(path).map_err(|cause| {
            refuse(path, format!("a file of the input cannot be used: {cause}"))
                .with_hint("name it by a relative path such as `app/web.yaml`")
        })?;
        if clean != *path {
            return Err(refuse(path, format!("the path `{path}` is not in its shortest form"))
                .with_hint(format!("rename the file to `{clean}`")));
        }
        if !seen.insert(path.as_str()) {
            return Err(refuse(path, format!("two files of the input have the path `{path}`"))
                .with_hint("rename one of them"));
        }
    }
    match path::file_and_folder(&seen) {
        None => Ok(()),
        Some((folder, path)) => {
            Err(refuse(&folder, format!("`{folder}` is a file, and the folder of `{path}`"))
                .with_hint("rename one of them"))
        }
    }
}

fn read(file: &File) -> Result<Source, Outcome> {
    let documents = match path::is_manifest(&file.path) {
        false => Vec::new(),
        true => manifest::parse(&file.text, &Limits::default()).map_err(|error| {
            let message = format!("`{}` does not parse: {}", file.path, cause(&error));
            let place = Place {
                file: file.path.clone(),
                step: None,
                line: number(error.line),
                column: number(error.column),
            };
            let outcome = Outcome::new(OutcomeKind::Invalid, message).at(place);
            match error.hint {
                Some(hint) => outcome.with_hint(hint),
                None => outcome,
            }
        })?,
    };
    Ok(Source { path: file.path.clone(), text: file.text.as_str().into(), documents })
}

fn resources_of(source: &Source, position: usize) -> Result<Vec<Resource>, Outcome> {
    let documents = source.documents.iter().enumerate().filter(|(_, document)| !document.is_empty);
    let read = |(index, (at, document)): (i64, (usize, &Document))| {
        let reference = document::identify(&document.root, &source.path)
            .map_err(|cause| no_resource(source, document, &cause))?;
        Ok(Resource {
            reference,
            path: source.path.clone(),
            index: Some(index),
            indent: document::sequence_indent(&document.root),
            node: document.root.clone(),
            origin: Some(Origin { source: position, document: at }),
            text: document.text(&source.text).to_owned(),
        })
    };
    (0..).zip(documents).map(read).collect()
}

fn no_resource(source: &Source, document: &Document, cause: &str) -> Outcome {
    let (line, column) = document.root.span.map_or((0, 0), |span| (span.line, span.column));
    let offending = source.text.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim();
    let message = format!("`{}`, line {line}: the document {cause}: {offending}", source.path);
    let place = Place { file: source.path.clone(), step: None, line: number(line), column: number(column) };
    let kind = document.root.get("kind").and_then(Node::scalar_text).unwrap_or_default();
    let hint = match kind {
        kind if kind.ends_with("List") && document.root.get("items").is_some() => {
            format!(
                "a {kind} in a file is not unwrapped, as in kpt; make each of its items a document of its own"
            )
        }
        _ => "every document needs `apiVersion`, `kind` and `metadata.name`; text that is none belongs in \
              a file of another name, such as `notes.txt`"
            .into(),
    };
    Outcome::new(OutcomeKind::Invalid, message).at(place).with_hint(hint)
}
