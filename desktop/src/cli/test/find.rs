//! The workspaces that paths name: files and links as they are, folders searched.
//!
//! It follows no symbolic link, so that a search always ends inside the folder that was named.

use std::path::{Path, PathBuf};

use crate::Failure;
use crate::load::{self, WORKSPACE_FILE};

/// Folders of tools, which hold copies of what lies elsewhere.
const PASSED_OVER: &[&str] = &["target", "node_modules"];

/// How deep folders are searched: no project nests deeper, and a search must end.
const MAX_DEPTH: usize = 64;

/// The workspaces, in the order of the paths and below each in the order of names; each once.
pub(super) fn workspaces(paths: &[String]) -> Vec<Result<String, Failure>> {
    let mut found = Vec::new();
    for path in paths {
        let is_folder = load::fragment(path).is_none() && Path::new(path).is_dir();
        if !is_folder {
            found.push(Ok(path.clone()));
            continue;
        }
        let before = found.len();
        search(Path::new(path), MAX_DEPTH, &mut found);
        if found.len() == before {
            found.push(Err(Failure::new(format!("no {WORKSPACE_FILE} is in `{path}` or below"))
                .with_hint("name a workspace file, or a folder that has some")));
        }
    }
    let mut seen = Vec::new();
    found.retain(|entry| {
        let is_new = !matches!(entry, Ok(path) if seen.contains(path));
        seen.extend(entry.as_ref().ok().cloned());
        is_new
    });
    found
}

fn search(folder: &Path, depth: usize, found: &mut Vec<Result<String, Failure>>) {
    let entries = match entries(folder) {
        Ok(entries) => entries,
        Err(error) => {
            found.push(Err(Failure::new(format!(
                "the folder `{}` cannot be read: {error}",
                folder.display()
            ))));
            return;
        }
    };
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_folder = path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
        if is_folder && depth > 0 && !name.starts_with('.') && !PASSED_OVER.contains(&name.as_ref()) {
            search(&path, depth - 1, found);
        } else if name == WORKSPACE_FILE && !is_folder {
            found.push(Ok(path.display().to_string()));
        }
    }
}

/// What is in a folder, by name. `.` is left out of what is shown.
fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut entries = std::fs::read_dir(folder)?
        .map(|entry| {
            let path = entry?.path();
            Ok(path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path))
        })
        .collect::<std::io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}
