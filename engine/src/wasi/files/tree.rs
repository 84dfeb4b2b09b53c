//! Whole trees: a directory filled from a list of entries before a guest runs, and listed again after.
//!
//! It reaches no disk; who copies files in has read them, and who takes changes out writes them.

use std::sync::Arc;

use super::{Errno, Files, FilesError, Kind, Last, NodeId, PATH_LIMIT, Times, join};
use crate::request::{Entry, Node};

impl Files {
    /// Fills a directory, which is made if it is not there.
    ///
    /// # Errors
    /// [`FilesError`] for the first entry whose path is there already, leaves the directory or leads through
    /// something that is no directory, or when the budget for files is used up.
    pub fn fill(&mut self, directory: &str, entries: &[Entry]) -> Result<(), FilesError> {
        let fail = |path: &str| {
            let path = path.to_owned();
            move |cause| FilesError { path, cause }
        };
        let start = self.make_directories(directory).map_err(fail(directory))?;
        for entry in entries {
            self.add(start, entry).map_err(fail(&entry.path))?;
        }
        // Filling a directory counts as modifying it: times come last, from the innermost on.
        for entry in entries.iter().rev() {
            self.date(start, entry).map_err(fail(&entry.path))?;
        }
        Ok(())
    }

    fn add(&mut self, start: NodeId, entry: &Entry) -> Result<(), Errno> {
        let now = entry.modified;
        let found = self.find(start, &entry.path, Last::Name, &mut 0)?;
        match &entry.node {
            Node::Directory => self.create_directory(&found, now).map(|_| ()),
            Node::Link(target) => self.create_link(&found, target, now),
            Node::File(bytes) => {
                let id = self.create_file(&found, now)?;
                let written = self.write_at(id, 0, &bytes.0, now)?;
                if written == bytes.0.len() { Ok(()) } else { Err(Errno::Nospc) }
            }
        }
    }

    fn date(&mut self, start: NodeId, entry: &Entry) -> Result<(), Errno> {
        let id = self.find(start, &entry.path, Last::Name, &mut 0)?.existing()?;
        self.node_mut(id)?.times = Times::all(entry.modified);
        Ok(())
    }

    /// What a directory holds, sorted by path, a directory before what is in it. Paths that no guest could open
    /// are left out, as is everything when there is no such directory.
    #[must_use]
    pub fn entries(&self, directory: &str) -> Vec<Entry> {
        let mut listed = Vec::new();
        let start = self.find(super::ROOT, super::relative(directory), Last::Follow, &mut 0);
        let Some(start) = start.ok().and_then(|found| found.node()) else { return listed };
        // A stack and not recursion: a guest chooses the depth.
        let mut waiting = vec![(String::new(), start)];
        while let Some((above, id)) = waiting.pop() {
            let Ok(directory) = self.directory(id) else { continue };
            for (name, id) in directory.by_name() {
                let path = join(&above, name);
                if path.len() > PATH_LIMIT {
                    continue;
                }
                if let Some(entry) = self.entry(&path, id) {
                    if entry.node == Node::Directory {
                        waiting.push((path, id));
                    }
                    listed.push(entry);
                }
            }
        }
        listed.sort_by(|a, b| a.path.split('/').cmp(b.path.split('/')));
        listed
    }

    fn entry(&self, path: &str, id: NodeId) -> Option<Entry> {
        let node = self.node(id).ok()?;
        let held = match &node.kind {
            Kind::File(bytes) => Node::File(bytes.clone().into()),
            Kind::Directory(_) => Node::Directory,
            Kind::Link(target) => Node::Link(Arc::as_ref(target).to_owned()),
        };
        Some(Entry { path: path.to_owned(), modified: node.times.modified, node: held })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn entry(path: &str, node: Node) -> Entry {
        Entry { path: path.into(), modified: 7, node }
    }

    fn file(text: &str) -> Node {
        Node::File(text.as_bytes().to_vec().into())
    }

    #[test]
    fn a_tree_comes_back_as_it_was() {
        let entries = [
            entry("a", Node::Directory),
            entry("a/b", Node::Directory),
            entry("a/b/deep.txt", file("deep")),
            entry("a/link", Node::Link("../../outside".into())),
            entry("a.txt", file("")),
        ];
        let mut files = Files::new(1 << 20, 0);
        files.fill("dir/0", &entries).unwrap();
        assert_eq!(files.entries("/dir/0"), entries);
        assert_eq!(files.entries("elsewhere"), []);
    }

    #[test]
    fn bad_entries_are_named() {
        for (path, node, limit, cause) in [
            ("../a", Node::Directory, 1 << 20, Errno::Perm),
            ("/a", file("x"), 1 << 20, Errno::Perm),
            ("there", file("x"), 1 << 20, Errno::Exist),
            ("there/below", file("x"), 1 << 20, Errno::Notdir),
            ("missing/a", file("x"), 1 << 20, Errno::Noent),
            ("large", file("0123456789"), 3_220, Errno::Nospc),
        ] {
            let mut files = Files::new(limit, 0);
            let filler = entry("there", file(&"x".repeat(900)));
            let error = files.fill("d", &[filler, entry(path, node)]).unwrap_err();
            assert_eq!((error.path.as_str(), error.cause), (path, cause));
        }
    }
}
