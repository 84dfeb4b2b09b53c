//! `cargo xtask tidy`: the project's own rules, the ones that no compiler knows.
//!
//! Refuses to guess: every finding names file and line, and what to do instead.

mod boundaries;
mod dependencies;
mod documents;
mod layout;
mod lessons;
mod text;

use std::fmt;
use std::path::Path;

use crate::console::say;
use crate::project::{Project, entries, name_of};

/// Folders that are made, not written.
const MADE: &[&str] =
    &["target", "dist", "node_modules", "built", "artifacts", "gen", "page", "permissions", ".git"];

/// Files with these endings are text that people write.
const TEXT: &[&str] = &[
    "rs", "toml", "md", "yaml", "yml", "json", "html", "css", "js", "mjs", "ts", "go", "c", "h", "wat", "sh",
];

/// Text files without an ending that says so.
const TEXT_NAMES: &[&str] = &["run", "LICENSE", ".gitignore", ".editorconfig", ".npmrc"];

/// A text file of the clone.
pub(crate) struct File {
    /// Its path from the top, with `/`.
    pub(crate) path: String,
    /// What it holds.
    pub(crate) text: String,
}

impl File {
    /// Whether it is a test, or data of one: such files may be long.
    pub(crate) fn is_test(&self) -> bool {
        let is_test_part = |part: &str| {
            matches!(part, "tests" | "test" | "e2e" | "benches" | "tests.rs") || part.contains(".test.")
        };
        self.path.split('/').any(is_test_part)
    }

    /// Whether the path ends like this.
    pub(crate) fn is(&self, endings: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
    }

    /// The text before the unit tests that stand at the end of the file.
    pub(crate) fn without_unit_tests(&self) -> &str {
        self.text.split_once("#[cfg(test)]\nmod ").map_or(self.text.as_str(), |(code, _)| code)
    }

    /// A finding on a line, counted from 1; 0 for the file as a whole.
    pub(crate) fn finding(&self, line: usize, text: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, text: text.into() }
    }
}

/// Something that breaks a rule.
#[derive(Debug, PartialEq)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.path, self.text),
            line => write!(out, "{}:{line}: {}", self.path, self.text),
        }
    }
}

/// Checks everything.
///
/// # Errors
/// When something breaks a rule, or files cannot be read.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<(), String> {
    match arguments.first() {
        Some(argument) => Err(format!("`tidy` takes no arguments, and got `{argument}`")),
        None => check(project),
    }
}

/// As [`run`], for lists of steps.
///
/// # Errors
/// As [`run`].
pub(crate) fn check(project: &Project) -> Result<(), String> {
    let mut files = Vec::new();
    collect(&project.root, "", &mut files)?;
    let machine = text::Machine::this(project);
    let mut findings = Vec::new();
    for file in &files {
        findings.extend(layout::check(file));
        findings.extend(text::check(file, &machine));
        findings.extend(boundaries::check(file));
        findings.extend(documents::check(file, &|path| project.path(path).exists()));
        findings.extend(lessons::check(file));
    }
    findings.extend(dependencies::check(project)?);
    for finding in &findings {
        say(&format!("   {finding}"));
    }
    match findings.len() {
        0 => {
            say(&format!("   {} files are tidy", files.len()));
            Ok(())
        }
        1 => Err("1 place breaks the project's rules".to_owned()),
        several => Err(format!("{several} places break the project's rules")),
    }
}

/// Text files below a folder. Links are not followed, so the walk ends.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<File>) -> Result<(), String> {
    for path in entries(folder)? {
        let name = name_of(&path);
        if MADE.contains(&name.as_str()) || path.is_symlink() {
            continue;
        }
        let shown = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{shown}/"), files)?;
        } else if is_text(&name) {
            let text =
                std::fs::read_to_string(&path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
            files.push(File { path: shown, text });
        }
    }
    Ok(())
}

fn is_text(name: &str) -> bool {
    TEXT_NAMES.contains(&name) || name.rsplit_once('.').is_some_and(|(_, ending)| TEXT.contains(&ending))
}

#[cfg(test)]
pub(crate) fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

/// The findings as text, one a line.
#[cfg(test)]
pub(crate) fn shown(findings: impl IntoIterator<Item = Finding>) -> Vec<String> {
    findings.into_iter().map(|finding| finding.to_string()).collect()
}
