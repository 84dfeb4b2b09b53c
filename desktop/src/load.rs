//! A workspace from a file, a folder or a share link, with the bytes of its modules.
//!
//! It reads the workspace, the files inside its folder that its modules name, and built guests by name; nothing
//! else, whatever a workspace says. It runs nothing.

mod bytes;

use std::path::{Path, PathBuf};

use engine::link;
use engine::run::Modules;
use engine::workspace::{MAX_WORKSPACE_BYTES, Workspace};

use crate::{Failure, files};

/// What a workspace file is called in its folder.
pub const WORKSPACE_FILE: &str = "drydock.yaml";

/// The most that the modules of one workspace may have together, in bytes: eight of the largest.
pub const MAX_MODULES_BYTES: usize = 8 * engine::module::MAX_MODULE_BYTES;

/// A workspace as it was read, before its modules are.
#[derive(Clone, Debug)]
pub struct Read {
    /// What it was read from, as a person knows it: the file's path, or `the link`.
    pub name: String,
    /// What it says.
    pub workspace: Workspace,
    /// The folder it lies in; none for a link.
    pub folder: Option<PathBuf>,
}

/// A workspace with its modules' bytes: what a runner needs.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// As in [`Read`].
    pub name: String,
    /// As in [`Read`].
    pub workspace: Workspace,
    /// The binaries, by the names that steps use.
    pub modules: Modules,
}

/// The fragment of a share link: what follows `#` in an address, or the argument itself where it begins like one.
/// None for what names a file: a file that exists is never taken for a link.
#[must_use]
pub fn fragment(argument: &str) -> Option<&str> {
    if Path::new(argument).exists() {
        return None;
    }
    match argument.split_once('#') {
        Some((address, fragment)) if address.is_empty() || address.contains("://") => Some(fragment),
        _ => is_fragment(argument).then_some(argument),
    }
}

/// `v` and a version and a point, and nothing that only a path has.
fn is_fragment(text: &str) -> bool {
    let version = text.strip_prefix('v').and_then(|rest| rest.split_once('.'));
    version.is_some_and(|(number, body)| {
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        digits && !body.contains(['.', '/', '\\']) && !matches!(body, "yaml" | "yml" | "wasm" | "wat")
    })
}

/// Reads a workspace from a file, from the [`WORKSPACE_FILE`] of a folder, or from a share link.
///
/// # Errors
/// A [`Failure`] that names the file or the link and what is wrong with it.
pub fn read(argument: &str) -> Result<Read, Failure> {
    match fragment(argument) {
        Some(fragment) => read_link(fragment),
        None => read_file(Path::new(argument)),
    }
}

fn read_link(fragment: &str) -> Result<Read, Failure> {
    let workspace =
        link::decode(fragment).map_err(|error| Failure::new(error.to_string()).with_hint(error.hint()))?;
    Ok(Read { name: "the link".into(), workspace, folder: None })
}

/// Reads a workspace from a file, or from the [`WORKSPACE_FILE`] of a folder.
///
/// # Errors
/// As [`read`].
pub fn read_file(path: &Path) -> Result<Read, Failure> {
    let file = if path.is_dir() { path.join(WORKSPACE_FILE) } else { path.to_path_buf() };
    if path.is_dir() && !file.exists() {
        return Err(Failure::new(format!("the folder `{}` holds no {WORKSPACE_FILE}", path.display()))
            .with_hint("name a workspace file, or a folder that has one"));
    }
    let name = file.display().to_string();
    let text = files::read_text(&file, MAX_WORKSPACE_BYTES)?;
    let workspace = Workspace::from_yaml(&text).map_err(|error| {
        Failure::new(format!("`{name}`: {error}"))
            .with_hint("`docs/report.md` lists what a workspace file holds")
    })?;
    Ok(Read { name, workspace, folder: Some(folder_of(&file)) })
}

/// The folder of a file; `.` for a bare name.
fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// Reads a workspace as [`read`] does, and its modules. Built guests of the examples are looked for in `guests`,
/// or else in the folder `built` beside the workspace's own.
///
/// # Errors
/// As [`read`], and a [`Failure`] that names the module whose bytes are missing, too many, or other than its
/// digest says.
pub fn load(argument: &str, guests: Option<&Path>) -> Result<Loaded, Failure> {
    read(argument)?.load(guests)
}

impl Read {
    /// Reads the modules of this workspace: see [`load`].
    ///
    /// # Errors
    /// As [`load`].
    pub fn load(self, guests: Option<&Path>) -> Result<Loaded, Failure> {
        let mut modules = Modules::new();
        let mut room = MAX_MODULES_BYTES;
        for module in &self.workspace.modules {
            let binary = self.binary(module, guests)?;
            room = room.checked_sub(binary.len()).ok_or_else(|| self.too_many())?;
            modules.insert(module.name.clone(), binary);
        }
        Ok(Loaded { name: self.name, workspace: self.workspace, modules })
    }

    fn too_many(&self) -> Failure {
        let most = engine::visible::bytes(MAX_MODULES_BYTES as u64);
        Failure::new(format!("the modules of {} have more than {most} together", self.name))
            .with_hint("split the workspace")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_told_from_a_path() {
        for (argument, expected) in [
            ("v1.abc", Some("v1.abc")),
            ("#v1.abc", Some("v1.abc")),
            ("https://example.org/play/#v1.abc", Some("v1.abc")),
            ("https://example.org/#example/x", Some("example/x")),
            ("v2.abc", Some("v2.abc")),
            ("v1.yaml", None),
            ("v1.2.wasm", None),
            ("v1.d/drydock.yaml", None),
            ("drydock.yaml", None),
            ("a#b/drydock.yaml", None),
            ("version.x", None),
        ] {
            assert_eq!(fragment(argument), expected, "{argument}");
        }
    }
}
