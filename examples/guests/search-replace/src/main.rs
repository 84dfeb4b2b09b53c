//! Finds fields by value, by path or by file, and replaces their values or comments, as search-replace of the
//! krm-functions-catalog does. Without something to put, it only reports what it found.

mod file_pattern;
mod path_pattern;
mod settings;

use std::process::ExitCode;

use function::{Failure, KrmResult, Object, ResourceList, Visitor, quoted, replace_text, visit};
use manifest::{Comments, Entry, Node, SequenceIndent, Style, emit};

use crate::path_pattern::PathPattern;
use crate::settings::Settings;

fn main() -> ExitCode {
    function::run(process)
}

/// Reads the configuration, searches, and reports.
fn process(list: &mut ResourceList) -> Result<(), Failure> {
    let found = Settings::read(list.config.as_ref()).and_then(|settings| search(&settings, &mut list.items));
    match found {
        Ok(results) if results.is_empty() => list.report(KrmResult::plain("no matches")),
        Ok(results) => list.results.extend(results),
        Err(failure) => {
            let cause = quoted(&failure.to_string());
            list.report(KrmResult::error(format!("failed to perform search-replace operation: {cause}")));
            return Err(failure);
        }
    }
    Ok(())
}

/// Searches every resource; gives a result for each match.
fn search(settings: &Settings, items: &mut [Node]) -> Result<Vec<KrmResult>, Failure> {
    let mut results = Vec::new();
    for item in items {
        if !settings.takes_file(item.file_path()) {
            continue;
        }
        let mut search = Search { settings, matches: Vec::new() };
        match settings.field_to_create() {
            Some((path, value)) => search.put_at(item, path, value)?,
            None => visit(item, &mut search)?,
        }
        results.extend(search.matches.into_iter().map(|found| settings.result(&found).in_file_of(item)));
    }
    Ok(results)
}

/// A field that was found.
struct Match {
    /// Its path.
    path: String,
    /// Its value as it stands now.
    value: String,
}

/// The search of one resource.
struct Search<'a> {
    settings: &'a Settings,
    matches: Vec<Match>,
}

impl Search<'_> {
    /// Sets the field at a plain path, creating what is missing on the way.
    fn put_at(&mut self, item: &mut Node, path: &str, value: &str) -> Result<(), Failure> {
        let keys: Vec<&str> = path.split('.').collect();
        let blocked = (1..keys.len())
            .filter_map(|length| keys.get(..length))
            .find(|path| item.at(path).is_some_and(|node| !node.is_mapping() && !node.is_null()));
        if let Some(blocked) = blocked {
            return Err(
                format!("{} of {} {} is no object", blocked.join("."), item.kind(), item.name()).into()
            );
        }
        match item.at_mut(&keys).filter(|node| node.scalar_text().is_some()) {
            Some(node) => replace_text(node, value),
            None => item.set_at(&keys, Node::plain(value)),
        }
        self.matches.push(Match { path: path.to_owned(), value: value.to_owned() });
        Ok(())
    }
}

impl Visitor for Search<'_> {
    fn scalar(&mut self, node: &mut Node, path: &str) -> Result<(), Failure> {
        let Some(value) = node.scalar_text().map(str::to_owned) else { return Ok(()) };
        if !self.settings.takes(&value, path) {
            return Ok(());
        }
        if let Some(comment) = self.settings.comment_for(&value)? {
            node.comments.line = Some(format!(" {comment}"));
        }
        if let Some(next) = self.settings.value_for(&value)? {
            replace_text(node, &next);
        }
        self.matches.push(Match { path: path.to_owned(), value: written(node) });
        Ok(())
    }

    /// A comment for a whole list goes to its key.
    fn list(&mut self, entry: &mut Entry, path: &str) -> Result<(), Failure> {
        let Some(comment) = self.settings.list_comment() else { return Ok(()) };
        let is_empty = entry.value.as_sequence().is_none_or(<[Node]>::is_empty);
        if is_empty || !self.settings.path.as_ref().is_some_and(|pattern| pattern.matches(path)) {
            return Ok(());
        }
        let value = Node { style: Style::Flow, comments: Comments::default(), ..entry.value.clone() };
        let value = written(&value);
        // A comment beside the key needs its elements below it.
        entry.key.comments.line = Some(format!(" {comment}"));
        entry.value.comments.line = None;
        entry.value.style = Style::Block;
        let pattern = self.settings.path.as_ref().map(PathPattern::as_str).unwrap_or_default();
        self.matches.push(Match { path: format!("{pattern} # {comment}"), value });
        Ok(())
    }
}

/// A value as YAML writes it, its comment included.
fn written(node: &Node) -> String {
    emit(node, SequenceIndent::Compact).trim().to_owned()
}
