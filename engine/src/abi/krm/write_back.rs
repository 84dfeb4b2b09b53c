//! Puts documents back into files: what was not touched byte for byte, the rest beside it.
//!
//! It knows documents as text only; what changed inside one was written by [`manifest::splice`].

use std::borrow::Cow;

use super::package::{Resource, Source};
use super::path;

/// A document on its way into a file.
struct Piece<'a> {
    text: Cow<'a, str>,
    /// Which document of the file's input it is.
    document: Option<usize>,
}

/// The text of a file of the input with the resources that it holds now.
pub(super) fn existing(source: &Source, position: usize, resources: &mut [&Resource]) -> String {
    sort(resources);
    let pieces = with_comment_documents(
        source,
        resources.iter().map(|resource| {
            let own = resource.origin.filter(|origin| origin.source == position);
            let document = own.map(|origin| origin.document);
            let is_foreign =
                document.is_none() && source.text.contains("\r\n") && !resource.text.contains("\r\n");
            let text = match is_foreign {
                true => Cow::Owned(resource.text.replace('\n', "\r\n")),
                false => Cow::Borrowed(resource.text.as_str()),
            };
            Piece { text, document }
        }),
    );
    join(Some(source), &pieces)
}

/// The text of a new file.
pub(super) fn new(resources: &mut [&Resource]) -> String {
    sort(resources);
    let piece = |resource: &&Resource| Piece { text: Cow::Owned(resource.text.clone()), document: None };
    join(None, &resources.iter().map(piece).collect::<Vec<_>>())
}

/// The text of a document that stands in no file yet.
pub(super) fn fresh(node: &manifest::Node, indent: manifest::SequenceIndent, path: &str) -> String {
    match path::is_json(path) {
        true => manifest::emit_json(node, true) + "\n",
        false => manifest::emit(node, indent),
    }
}

/// By their positions. One without a position counts as being at the last one, as in kpt: before it or behind
/// it, as the function ordered them.
fn sort(resources: &mut [&Resource]) {
    let last = resources.iter().filter_map(|resource| resource.index).max().unwrap_or_default();
    resources.sort_by_key(|resource| resource.index.unwrap_or(last));
}

/// Documents of comments only stay behind the document that they followed.
fn with_comment_documents<'a>(
    source: &'a Source,
    resources: impl Iterator<Item = Piece<'a>>,
) -> Vec<Piece<'a>> {
    let resources: Vec<_> = resources.collect();
    let mut is_kept = vec![false; source.documents.len()];
    for document in resources.iter().filter_map(|piece| piece.document) {
        if let Some(kept) = is_kept.get_mut(document) {
            *kept = true;
        }
    }
    let mut leading = Vec::new();
    let mut following: Vec<Vec<Piece<'_>>> = is_kept.iter().map(|_| Vec::new()).collect();
    let mut last = None;
    for (index, (document, is_kept)) in source.documents.iter().zip(&is_kept).enumerate() {
        if *is_kept {
            last = Some(index);
        } else if document.is_empty {
            let piece = Piece { text: Cow::Borrowed(document.text(&source.text)), document: Some(index) };
            match last.and_then(|last| following.get_mut(last)) {
                Some(list) => list.push(piece),
                None => leading.push(piece),
            }
        }
    }
    for piece in resources {
        let own = piece.document.and_then(|document| following.get_mut(document)).map(std::mem::take);
        leading.push(piece);
        leading.extend(own.unwrap_or_default());
    }
    leading
}

/// Neighbours of the input keep what stood between them; others get a plain separator.
fn join(source: Option<&Source>, pieces: &[Piece<'_>]) -> String {
    let between = |from: Option<usize>, to: Option<usize>| {
        let source = source?;
        let start = from.map_or(Some(0), |from| Some(source.documents.get(from)?.span.end))?;
        let end = match to {
            Some(to) => source.documents.get(to)?.span.start,
            None => source.text.len(),
        };
        source.text.get(start..end)
    };
    let is_windows = source.is_some_and(|source| source.text.contains("\r\n"));
    let line_end = if is_windows { "\r\n" } else { "\n" };
    let last_document = source.and_then(|source| source.documents.len().checked_sub(1));
    let mut text = String::new();
    if let Some(source) = source {
        let first = if source.documents.is_empty() { None } else { Some(0) };
        text.push_str(between(None, first).unwrap_or_default());
    }
    let mut before: Option<&Piece<'_>> = None;
    for piece in pieces {
        if let Some(before) = before {
            let is_next = matches!((before.document, piece.document), (Some(a), Some(b)) if a + 1 == b);
            match between(before.document, piece.document).filter(|_| is_next) {
                Some(gap) => text.push_str(gap),
                None => {
                    end_line(&mut text, line_end);
                    text.push_str("---");
                    text.push_str(line_end);
                }
            }
        }
        text.push_str(&piece.text);
        before = Some(piece);
    }
    match before.map(|piece| piece.document) {
        Some(document) if document.is_some() && document == last_document => {
            text.push_str(between(document, None).unwrap_or_default());
        }
        Some(_) => end_line(&mut text, line_end),
        None => {}
    }
    text
}

fn end_line(text: &mut String, line_end: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(line_end);
    }
}
