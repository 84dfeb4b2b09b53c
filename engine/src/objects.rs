//! The objects of a cluster as a person typed them: read as kubectl reads them, with the place of what is wrong.
//!
//! It checks no schema: what the API server would say of a field's type is not asked.

use manifest::{Document, Limits, Node, ParseError};
use serde_json::Value as Json;

use crate::abi::fields::Fields;
#[cfg(feature = "gate")]
use crate::cluster::kinds::split;
use crate::report::{Outcome, OutcomeKind, Place};
use crate::request::File;

/// What an object says it is. Everything may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) generate_name: String,
}

/// Reads what an object says it is.
pub(crate) fn identity(field: &str, object: &Json) -> Result<Identity, Outcome> {
    let read = || {
        let fields = Fields::of(object, "")?;
        let metadata = fields.object("metadata")?;
        Ok(Identity {
            api_version: fields.text("apiVersion")?,
            kind: fields.text("kind")?,
            namespace: metadata.text("namespace")?,
            name: metadata.text("name")?,
            generate_name: metadata.text("generateName")?,
        })
    };
    read().map_err(|cause: String| {
        let is_scalar = cause.ends_with("not text");
        let outcome = Outcome::new(OutcomeKind::Invalid, format!("`{field}` cannot be taken: {cause}"));
        match is_scalar {
            true => outcome.with_hint("put it in quotes: without, it reads as something else"),
            false => outcome,
        }
    })
}

/// What the cluster holds.
#[derive(Debug, Default)]
pub(crate) struct Objects {
    objects: Vec<(Identity, Json)>,
}

impl Objects {
    /// Reads files of objects. A `List` stands for its items.
    pub(crate) fn load(files: &[File]) -> Result<Self, Outcome> {
        let mut all = Self::default();
        for file in files {
            for document in documents(&file.path, &file.text)? {
                let value = manifest::to_json(&document.root);
                all.add(&file.path, value).map_err(|outcome| match outcome.place {
                    None => outcome.at(place(&file.path, &document.root)),
                    Some(_) => outcome,
                })?;
            }
        }
        Ok(all)
    }

    fn add(&mut self, path: &str, value: Json) -> Result<(), Outcome> {
        let items = value.get("items").and_then(Json::as_array);
        if let (Some("List"), Some(items)) = (value.get("kind").and_then(Json::as_str), items) {
            return items.iter().try_for_each(|item| self.one(path, item.clone()));
        }
        self.one(path, value)
    }

    fn one(&mut self, path: &str, value: Json) -> Result<(), Outcome> {
        let identity = identity(path, &value)?;
        if identity.kind.is_empty() || identity.name.is_empty() {
            let message = format!("`{path}` holds an object without `kind` or `metadata.name`");
            return Err(Outcome::new(OutcomeKind::Invalid, message).with_hint(
                "give what the cluster holds as whole objects, as `kubectl get -o yaml` prints them",
            ));
        }
        self.objects.push((identity, value));
        Ok(())
    }

    /// All objects.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Json> {
        self.objects.iter().map(|(_, value)| value)
    }
}

/// What the gate looks up.
#[cfg(feature = "gate")]
impl Objects {
    /// An object of a group and kind, in any version.
    pub(crate) fn find(&self, (group, kind): (&str, &str), namespace: &str, name: &str) -> Option<&Json> {
        let is = |it: &&(Identity, Json)| {
            let (identity, _) = it;
            let of_group = split(&identity.api_version).0;
            let in_namespace = match identity.namespace.as_str() {
                "" => namespace.is_empty() || namespace == "default",
                other => other == namespace,
            };
            (of_group, identity.kind.as_str(), identity.name.as_str()) == (group, kind, name) && in_namespace
        };
        self.objects.iter().find(is).map(|(_, value)| value)
    }

    /// All objects of a kind of a group.
    pub(crate) fn of_kind<'a>(&'a self, group: &'a str, kind: &'a str) -> impl Iterator<Item = &'a Json> {
        self.objects
            .iter()
            .filter(move |(identity, _)| split(&identity.api_version).0 == group && identity.kind == kind)
            .map(|(_, value)| value)
    }
}

/// The documents of a text that are not empty.
pub(crate) fn documents(field: &str, text: &str) -> Result<Vec<Document>, Outcome> {
    let documents = manifest::parse(text, &Limits::default()).map_err(|error| unread(field, &error))?;
    Ok(documents.into_iter().filter(|document| !document.is_empty).collect())
}

fn unread(field: &str, error: &ParseError) -> Outcome {
    let ParseError { line, column, message, snippet, .. } = error;
    let message =
        format!("`{field}` does not parse: line {line}, column {column}: {message}: {}", snippet.trim());
    let place = Place { file: field.to_owned(), step: None, line: number(*line), column: number(*column) };
    let outcome = Outcome::new(OutcomeKind::Invalid, message).at(place);
    match &error.hint {
        Some(hint) => outcome.with_hint(hint),
        None => outcome,
    }
}

/// Where a node stands.
pub(crate) fn place(field: &str, node: &Node) -> Place {
    let (line, column) = node.span.map_or((1, 1), |span| (span.line, span.column));
    Place { file: field.to_owned(), step: None, line: number(line), column: number(column) }
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
