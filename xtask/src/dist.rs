//! `cargo xtask dist`: the release site in `dist`, held against its size budget.
//!
//! Refuses a site that is over: a page that people wait for is a defect like any other.

use std::path::Path;

use miniz_oxide::deflate::compress_to_vec;

use crate::console::{heading, say};
use crate::project::{Project, entries, name_of, read_bytes};
use crate::site;

/// What gzip adds to the compressed bytes: header and checksum.
const GZIP_FRAME: usize = 18;

/// The level that web servers commonly compress with.
const GZIP_LEVEL: u8 = 6;

/// A part of the site that is loaded at its own moment.
struct Part {
    name: &'static str,
    /// Bytes after gzip that it may have at most; none when only shown.
    budget: Option<usize>,
    /// Whether a file of `dist`, named by its path, belongs here. The first part that says yes has it.
    holds: fn(&str) -> bool,
}

/// The budgets are what a person waits for at 10 Mbit/s: a third of a second for the page, half a second more
/// for the worker. The gate's worker has CEL, and Rego's functions with their time zones and regular expressions, besides;
/// it loads when the first request is opened, and the one of plugins with the first of them. The editor, the examples and the fonts come after the page stands.
const PARTS: &[Part] = &[
    Part {
        name: "what is known of Kubernetes",
        budget: None,
        holds: |path| path.starts_with("editor/schema/"),
    },
    Part { name: "editor", budget: None, holds: |path| path.starts_with("editor/") },
    Part { name: "examples", budget: None, holds: |path| path.starts_with("examples/") },
    Part { name: "worker", budget: Some(700_000), holds: |path| path.starts_with("worker") },
    Part { name: "gate", budget: Some(2_000_000), holds: |path| path.starts_with("gate") },
    Part { name: "plugins", budget: Some(1_200_000), holds: |path| path.starts_with("plugins") },
    Part { name: "translator of text", budget: None, holds: |path| path.starts_with("translator") },
    Part { name: "page", budget: Some(400_000), holds: is_code },
    Part { name: "fonts, images and the rest", budget: None, holds: |_| true },
];

/// Builds the site and measures it.
///
/// # Errors
/// When something does not build, or is over its budget.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<(), String> {
    if let Some(argument) = arguments.first() {
        return Err(format!("`dist` takes no arguments, and got `{argument}`"));
    }
    site::build_whole(project)?;
    heading("sizes");
    measure(project)
}

/// Prints the sizes of the parts of `dist`.
///
/// # Errors
/// When a file cannot be read, or a part is over its budget.
pub(crate) fn measure(project: &Project) -> Result<(), String> {
    let dist = project.path("dist");
    let mut files = Vec::new();
    collect(&dist, "", &mut files)?;
    let mut totals = vec![(0, 0); PARTS.len()];
    for (path, plain, zipped) in files {
        let part = PARTS.iter().position(|part| (part.holds)(&path));
        if let Some(total) = part.and_then(|part| totals.get_mut(part)) {
            *total = (total.0 + plain, total.1 + zipped);
        }
    }
    say(&format!("   {:<28}{:>10}{:>12}{:>12}", "", "plain kB", "gzip kB", "budget kB"));
    let mut over = Vec::new();
    for (part, (plain, zipped)) in PARTS.iter().zip(totals) {
        let budget = part.budget.map_or_else(String::new, kilobytes);
        say(&format!("   {:<28}{:>10}{:>12}{budget:>12}", part.name, kilobytes(plain), kilobytes(zipped)));
        if part.budget.is_some_and(|budget| zipped > budget) {
            over.push(format!(
                "the {} has {} kB after gzip, its budget is {budget} kB",
                part.name,
                kilobytes(zipped)
            ));
        }
    }
    if over.is_empty() { Ok(()) } else { Err(over.join("; ")) }
}

/// Files below a folder: path from `dist`, bytes, bytes after gzip. `dist` has few levels, and trunk makes them.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, usize, usize)>) -> Result<(), String> {
    for path in entries(folder)? {
        let name = format!("{prefix}{}", name_of(&path));
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else {
            let bytes = read_bytes(&path)?;
            files.push((name, bytes.len(), compress_to_vec(&bytes, GZIP_LEVEL).len() + GZIP_FRAME));
        }
    }
    Ok(())
}

fn is_code(path: &str) -> bool {
    [".html", ".js", ".mjs", ".wasm", ".css"].iter().any(|suffix| path.ends_with(suffix))
}

fn kilobytes(bytes: usize) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_fall_into_their_part() {
        for (path, part) in [
            ("index.html", "page"),
            ("app_bg.wasm", "page"),
            ("snippets/browser-1/inline0.js", "page"),
            ("worker_bg.wasm", "worker"),
            ("worker.js", "worker"),
            ("gate_bg.wasm", "gate"),
            ("editor/editor.js", "editor"),
            ("editor/schema/newest.json", "what is known of Kubernetes"),
            ("examples/set-namespace.wasm", "examples"),
            ("fonts/inter.woff2", "fonts, images and the rest"),
        ] {
            let found = PARTS.iter().find(|candidate| (candidate.holds)(path)).map(|found| found.name);
            assert_eq!(found, Some(part), "{path}");
        }
    }

    #[test]
    fn sizes_read_well() {
        assert_eq!(kilobytes(399_950), "399.9");
        assert_eq!(kilobytes(50), "0.0");
    }
}
