//! A folder that is too large to be copied whole: as much of it as fits, the nearest first.
//!
//! What is left out is never written over: see [`Copied::write_back_nearest`].

use std::collections::VecDeque;
use std::path::Path;

use engine::report::{Changed, EntryChange};
use engine::words;

use super::{Copied, Copy, names};
use crate::{Failure, files};

/// The most that is copied, in bytes, with the most of one file: what a program reads of somebody's home is settings.
const MAX_BYTES: u64 = 64 << 20;
const MAX_FILE_BYTES: u64 = 4 << 20;

/// The most files, folders and links that are copied: read within a second.
const MAX_ENTRIES: usize = 20_000;

/// The folder that comes before others: what a kubectl plugin looks for.
const FIRST: &str = ".kube";

impl Copied {
    /// Copies a folder under its own path, as far as it fits: what is in it first, then what is in its folders, and so
    /// on. What cannot be read is left out.
    ///
    /// # Errors
    /// A [`Failure`] when it is missing, or no folder.
    pub fn nearest(folder: &Path) -> Result<Self, Failure> {
        let host = std::fs::canonicalize(folder).map_err(|error| files::cannot(folder, "read", &error))?;
        let name = folder.to_str().filter(|_| host.is_dir()).ok_or_else(|| {
            Failure::new(format!("`{}` is no folder that a plugin could be given", folder.display()))
        })?;
        let mut copy = Copy { host: host.clone(), entries: Vec::new(), notes: Vec::new(), bytes: 0 };
        let left_out = copy.nearest();
        let mut notes = Vec::new();
        if left_out > 0 {
            let count = words::count(left_out, "entry");
            notes.push(format!("of `{name}` only what is nearest was copied: {count} or more are left out"));
        }
        Ok(Self { host, name: name.to_owned(), entries: copy.entries, notes })
    }

    /// As [`Copied::write_back`], without what would take the place of something that was left out.
    ///
    /// # Errors
    /// As [`Copied::write_back`].
    pub fn write_back_nearest(&self, changes: &[EntryChange]) -> Result<Vec<String>, Failure> {
        let is_hidden = |change: &&EntryChange| {
            change.change == Changed::Created
                && std::fs::symlink_metadata(self.host.join(&change.path)).is_ok()
        };
        let (hidden, kept): (Vec<_>, Vec<_>) = changes.iter().partition(is_hidden);
        let mut notes = self.write_back(kept.into_iter())?;
        notes.extend(hidden.into_iter().map(|change| {
            format!("`{}` is not written back: one is there that the plugin was not given", change.path)
        }));
        Ok(notes)
    }
}

impl Copy {
    /// Copies what fits; how many entries are left out, as far as they were looked at.
    fn nearest(&mut self) -> u64 {
        let mut left_out = 0;
        let mut waiting = VecDeque::from([String::new()]);
        while let Some(above) = waiting.pop_front() {
            let Ok(names) = names(&self.host.join(&above)) else { continue };
            for (name, path) in names {
                let Some(name) = name else { continue };
                let inside = if above.is_empty() { name } else { format!("{above}/{name}") };
                let is_folder = match self.fits(&path).then(|| self.one(&path, &inside)) {
                    Some(Ok(is_folder)) => is_folder,
                    _ => {
                        left_out += 1;
                        continue;
                    }
                };
                match is_folder {
                    true if inside == FIRST => waiting.push_front(inside),
                    true => waiting.push_back(inside),
                    false => {}
                }
            }
            if self.entries.len() >= MAX_ENTRIES {
                return left_out + waiting.len() as u64;
            }
        }
        left_out
    }

    fn fits(&self, path: &Path) -> bool {
        let bytes = std::fs::symlink_metadata(path).map_or(0, |metadata| match metadata.is_file() {
            true => metadata.len(),
            false => 0,
        });
        bytes <= MAX_FILE_BYTES.min(MAX_BYTES.saturating_sub(self.bytes)) && self.entries.len() < MAX_ENTRIES
    }
}

#[cfg(test)]
mod tests {
    use engine::request::Node;

    use super::*;

    #[test]
    fn what_is_left_out_is_not_written_over() {
        let folder = std::env::temp_dir().join(format!("drydock-nearest-{}", std::process::id()));
        std::fs::create_dir_all(folder.join(".kube/cache")).unwrap();
        std::fs::write(folder.join(".kube/config"), "kind: Config").unwrap();
        std::fs::write(folder.join(".kube/cache/a"), "a").unwrap();
        std::fs::write(folder.join(".a"), "a").unwrap();
        std::fs::File::create(folder.join("large")).unwrap().set_len(MAX_FILE_BYTES + 1).unwrap();
        let copied = Copied::nearest(&folder).unwrap();
        let paths: Vec<&str> = copied.entries.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, [".a", ".kube", ".kube/cache", ".kube/config", ".kube/cache/a"]);
        assert!(copied.notes[0].contains("1 entry or more are left out"), "{:?}", copied.notes);
        let change = |path: &str, change, text: &str| EntryChange {
            directory: 0,
            path: path.to_owned(),
            change,
            node: Some(Node::File(text.as_bytes().to_vec().into())),
        };
        let changes = [
            change("large", Changed::Created, "small"),
            change("new", Changed::Created, "new"),
            change(".a", Changed::Changed, "b"),
        ];
        let notes = copied.write_back_nearest(&changes).unwrap();
        assert_eq!(notes.len(), 1);
        assert!(notes[0].contains("`large` is not written back"), "{notes:?}");
        assert_eq!(std::fs::metadata(folder.join("large")).unwrap().len(), MAX_FILE_BYTES + 1);
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!((read("new"), read(".a")), ("new".into(), "b".into()));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
