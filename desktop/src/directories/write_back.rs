//! What a program changed in its copy, brought to the folder it was copied from.
//!
//! Each file is written whole or not at all. Nothing is written through a link, and no link is made that leads out
//! of the folder.

use std::path::{Component, Path, PathBuf};

use engine::report::EntryChange;
use engine::request::Node;

use super::Copied;
use crate::{Failure, files};

impl Copied {
    /// Writes what is different, and gives what was left out, a sentence each.
    ///
    /// # Errors
    /// A [`Failure`] for the first change that cannot be made; those before it stand.
    pub fn write_back<'a>(
        &self,
        changes: impl Iterator<Item = &'a EntryChange>,
    ) -> Result<Vec<String>, Failure> {
        let (removed, kept): (Vec<_>, Vec<_>) = changes.partition(|change| change.node.is_none());
        let mut notes = Vec::new();
        // What is in a folder goes before the folder.
        for change in removed.into_iter().rev() {
            let place = self.place(&change.path)?;
            remove(&place)?;
        }
        for change in kept {
            let Some(node) = &change.node else { continue };
            let place = self.place(&change.path)?;
            match node {
                Node::Link(target) if leads_out(&change.path, target) => {
                    notes.push(format!("`{}` is not written back: it links out of the folder", change.path));
                }
                node => put(&place, node)?,
            }
        }
        Ok(notes)
    }

    /// Where a path of the copy lies. Everything above it must be a real folder.
    fn place(&self, inside: &str) -> Result<PathBuf, Failure> {
        let path = Path::new(inside);
        let is_plain = path.components().all(|part| matches!(part, Component::Normal(_)));
        if !is_plain || inside.is_empty() {
            return Err(Failure::new(format!(
                "`{inside}` cannot be written back: it names no place in the folder"
            )));
        }
        let mut above = self.host.clone();
        for part in path.parent().into_iter().flat_map(Path::components) {
            above.push(part);
            let is_folder = std::fs::symlink_metadata(&above).is_ok_and(|metadata| metadata.is_dir());
            if !is_folder {
                let above = above.display();
                return Err(Failure::new(format!(
                    "`{inside}` cannot be written back: `{above}` is no folder"
                )));
            }
        }
        Ok(self.host.join(path))
    }
}

/// Makes a place hold what the copy holds.
fn put(place: &Path, node: &Node) -> Result<(), Failure> {
    let there = std::fs::symlink_metadata(place).ok().map(|metadata| metadata.file_type());
    let is_same_kind = there.is_some_and(|kind| match node {
        Node::File(_) => kind.is_file(),
        Node::Directory => kind.is_dir(),
        Node::Link(_) => false,
    });
    if there.is_some() && !is_same_kind {
        remove(place)?;
    }
    match node {
        Node::File(bytes) => files::write(place, &bytes.0),
        Node::Directory if is_same_kind => Ok(()),
        Node::Directory => std::fs::create_dir(place).map_err(|error| files::cannot(place, "made", &error)),
        Node::Link(target) => link(target, place).map_err(|error| files::cannot(place, "made", &error)),
    }
}

/// Removes a file, a link or an empty folder. What is not there is gone already; a folder that holds what the
/// copy left out stays.
fn remove(place: &Path) -> Result<(), Failure> {
    let Ok(metadata) = std::fs::symlink_metadata(place) else { return Ok(()) };
    let removed = if metadata.is_dir() { std::fs::remove_dir(place) } else { std::fs::remove_file(place) };
    removed.map_err(|error| files::cannot(place, "removed", &error))
}

/// Whether a link at a path leads out of the folder, by its text alone.
fn leads_out(path: &str, target: &str) -> bool {
    let mut depth = path.split('/').count() - 1;
    for part in Path::new(target).components() {
        match part {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            _ => return true,
        }
    }
    false
}

#[cfg(unix)]
fn link(target: &str, place: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, place)
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path) -> std::io::Result<()> {
    Err(std::io::Error::other("links are written back on Unix only"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_out_is_known_by_its_text() {
        for (path, target, expected) in [
            ("a", "b", false),
            ("a", "../b", true),
            ("a/b", "../c", false),
            ("a/b", "../../c", true),
            ("a/b", "c/../../../d", true),
            ("a", "/etc/passwd", true),
        ] {
            assert_eq!(leads_out(path, target), expected, "{path} -> {target}");
        }
    }
}
