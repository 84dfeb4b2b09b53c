//! Values that a person typed into a field, with the place of what is wrong.
//!
//! It checks no schema: what the API server would say of a field's type is not asked.

use manifest::Document;
use serde_json::Value as Json;

use crate::abi::fields::{Fields, shape};
use crate::objects::{documents, place};
use crate::report::{Outcome, OutcomeKind, Place};

/// A document and the text it stands in.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    /// The whole text.
    pub(crate) source: String,
    /// Its only document.
    pub(crate) document: Document,
    /// What it holds.
    pub(crate) value: Json,
}

impl Typed {
    /// The place of the field that a module's message names first, such as `spec.containers[0].image`, when the object
    /// has it as it was typed: where a person looks for the cause.
    pub(crate) fn named_in(&self, message: &str) -> Option<Place> {
        let parts = message.split(|c: char| c.is_whitespace() || "`\"',;()=".contains(c));
        let paths =
            parts.map(|part| part.trim_end_matches([':', '.'])).filter(|part| part.contains(['.', '[']));
        let node = paths.filter_map(|path| manifest::locate(&self.document.root, path)).next()?;
        Some(place("object", node))
    }
}

/// The object of a field; none when nothing but white space and comments was typed.
pub(crate) fn object(field: &str, text: &str) -> Result<Option<Typed>, Outcome> {
    let typed = value(field, text)?;
    match &typed {
        Some(typed) if !typed.value.is_object() => {
            let message = format!("`{field}` is {}, not an object", shape(&typed.value));
            Err(Outcome::new(OutcomeKind::Invalid, message).at(place(field, &typed.document.root)))
        }
        _ => Ok(typed),
    }
}

/// The value of a field; none when nothing but white space and comments was typed.
pub(crate) fn value(field: &str, text: &str) -> Result<Option<Typed>, Outcome> {
    let mut documents = documents(field, text)?.into_iter();
    let Some(document) = documents.next() else { return Ok(None) };
    if let Some(second) = documents.next() {
        let message = format!("`{field}` holds several documents, and a request has one object");
        return Err(Outcome::new(OutcomeKind::Invalid, message)
            .with_hint("remove the others, or put them among the cluster's objects")
            .at(place(field, &second.root)));
    }
    let value = manifest::to_json(&document.root);
    Ok(Some(Typed { source: text.to_owned(), document, value }))
}

/// The labels of an object, where they are what labels must be.
pub(crate) fn labels(object: &Json) -> Result<std::collections::BTreeMap<String, String>, String> {
    Fields::of(object, "")?.object("metadata")?.pairs("labels")
}
