//! Folders that a program is given: copied into memory, and what it changed brought back when that is asked for.
//!
//! A link is copied as a link and never followed, here or on the way back, and nothing is written outside the
//! folder.

mod nearest;
mod write_back;

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use engine::request::{Directory, Entry, Node};
use engine::words;

use crate::{Failure, files};

/// The most that one folder may hold, in bytes: four times the memory that a guest has by default is of no use.
pub const MAX_BYTES: u64 = 256 << 20;

/// The most files, folders and links that one folder may hold.
pub const MAX_ENTRIES: usize = 100_000;

/// What an entry is charged beside its bytes, rounded up: see the engine's limit for files.
const ENTRY_CHARGE: u64 = 1_024;

/// A folder that was copied.
#[derive(Clone, Debug)]
pub struct Copied {
    /// The folder, without links.
    host: PathBuf,
    /// What the guest calls it.
    name: String,
    entries: Vec<Entry>,
    /// What was left out, a sentence each.
    pub notes: Vec<String>,
}

impl Copied {
    /// Copies what `HOST::GUEST`, or just `HOST`, names.
    ///
    /// # Errors
    /// A [`Failure`] that names the folder or the file: it is missing, no folder, too large, or cannot be read.
    pub fn read(text: &str) -> Result<Self, Failure> {
        let (host, name) = text.split_once("::").unwrap_or((text, text));
        let shown = host;
        let host =
            std::fs::canonicalize(host).map_err(|error| files::cannot(Path::new(shown), "read", &error))?;
        if !host.is_dir() {
            return Err(Failure::new(format!("`{shown}` is no folder, which --dir needs"))
                .with_hint("name the folder that the file lies in"));
        }
        let mut copy = Copy { host: host.clone(), entries: Vec::new(), notes: Vec::new(), bytes: 0 };
        copy.all(shown)?;
        Ok(Self { host, name: name.to_owned(), entries: copy.entries, notes: copy.notes })
    }

    /// The same for a request.
    #[must_use]
    pub fn directory(&self, report_changes: bool) -> Directory {
        Directory { name: self.name.clone(), entries: self.entries.clone(), report_changes }
    }

    /// What it takes of the limit for files, in bytes.
    #[must_use]
    pub fn charge(&self) -> u64 {
        let charge = |entry: &Entry| {
            let bytes = match &entry.node {
                Node::File(bytes) => bytes.0.len(),
                Node::Directory => 0,
                Node::Link(target) => target.len(),
            };
            ENTRY_CHARGE + (bytes + entry.path.len()) as u64
        };
        // The folder itself is an entry too.
        2 * ENTRY_CHARGE + self.entries.iter().map(charge).sum::<u64>()
    }
}

struct Copy {
    host: PathBuf,
    entries: Vec<Entry>,
    notes: Vec<String>,
    bytes: u64,
}

impl Copy {
    /// Everything below the folder, a folder before what is in it, sorted.
    fn all(&mut self, shown: &str) -> Result<(), Failure> {
        let mut waiting = vec![String::new()];
        while let Some(above) = waiting.pop() {
            let folder = self.host.join(&above);
            for (name, path) in names(&folder)? {
                let Some(name) = name else {
                    self.notes.push(format!("`{}` is left out: its name is not UTF-8", path.display()));
                    continue;
                };
                let inside = if above.is_empty() { name } else { format!("{above}/{name}") };
                if self.one(&path, &inside)? {
                    waiting.push(inside);
                }
                self.check(shown)?;
            }
        }
        Ok(())
    }

    /// Copies one entry. Whether it is a folder.
    fn one(&mut self, path: &Path, inside: &str) -> Result<bool, Failure> {
        let unreadable = |error: &std::io::Error| files::cannot(path, "read", error);
        let metadata = std::fs::symlink_metadata(path).map_err(|error| unreadable(&error))?;
        let kind = metadata.file_type();
        let node = if kind.is_dir() {
            Node::Directory
        } else if kind.is_symlink() {
            let target = std::fs::read_link(path).map_err(|error| unreadable(&error))?;
            match target.into_os_string().into_string() {
                Ok(target) => Node::Link(target),
                Err(_) => {
                    self.notes.push(format!("`{inside}` is left out: it links to a name that is not UTF-8"));
                    return Ok(false);
                }
            }
        } else if kind.is_file() {
            let room = MAX_BYTES.saturating_sub(self.bytes);
            let bytes = files::read(path, usize::try_from(room).unwrap_or(usize::MAX))?;
            self.bytes += bytes.len() as u64;
            Node::File(bytes.into())
        } else {
            self.notes.push(format!("`{inside}` is left out: it is no file, folder or link"));
            return Ok(false);
        };
        let is_folder = node == Node::Directory;
        self.entries.push(Entry { path: inside.to_owned(), modified: modified(&metadata), node });
        Ok(is_folder)
    }

    fn check(&self, shown: &str) -> Result<(), Failure> {
        if self.entries.len() <= MAX_ENTRIES {
            return Ok(());
        }
        let most = words::grouped(MAX_ENTRIES as u64);
        Err(Failure::new(format!("`{shown}` holds more than {most} files and folders"))
            .with_hint("name a smaller folder"))
    }
}

/// The entries of a folder, sorted by name; a name that is not UTF-8 is none.
fn names(folder: &Path) -> Result<Vec<(Option<String>, PathBuf)>, Failure> {
    let unreadable = |error: std::io::Error| files::cannot(folder, "read", &error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        found.push((entry.file_name().into_string().ok(), entry.path()));
    }
    found.sort();
    Ok(found)
}

/// When a file was modified, in nanoseconds since 1970; 0 for what is older or unknown.
fn modified(metadata: &Metadata) -> u64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or_default()
}
