//! The bytes of one module of a workspace, from wherever it says: inline, beside the workspace, or a built guest.
//!
//! It never leaves the workspace's folder, whatever the path or a symbolic link says.

use std::path::{Component, Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::module::{MAX_MODULE_BYTES, digest, to_binary};
use engine::workspace::{ModuleRef, Source};

use super::Read;
use crate::{Failure, files};

/// What the folder of built guests says of itself.
const INDEX: &str = "index.json";

/// How much of an index is read: the project's own has 20 kB.
const MAX_INDEX_BYTES: usize = 4 << 20;

impl Read {
    /// The binary of a module, held against its digest where one is given.
    pub(super) fn binary(&self, module: &ModuleRef, guests: Option<&Path>) -> Result<Vec<u8>, Failure> {
        let named = |failure: Failure| self.of_module(module, failure);
        let bytes = self.bytes(module, guests).map_err(named)?;
        let binary = to_binary(&bytes)
            .map_err(|error| named(Failure::new(error.to_string()).with_hint(error.hint())))?;
        match &module.digest {
            // Its author saw the text or the binary of it.
            Some(seen) if *seen != digest(&binary) && *seen != digest(&bytes) => {
                Err(named(other_bytes(seen, &digest(&binary))))
            }
            _ => Ok(binary),
        }
    }

    /// A module's bytes as its source holds them: binary or text.
    pub(crate) fn bytes(&self, module: &ModuleRef, guests: Option<&Path>) -> Result<Vec<u8>, Failure> {
        match module.source().map_err(Failure::new)? {
            Source::Wat(text) => Ok(text.as_bytes().to_vec()),
            Source::Base64(text) => STANDARD
                .decode(text.split_ascii_whitespace().collect::<String>())
                .map_err(|error| Failure::new(format!("its base64 cannot be read: {error}"))),
            Source::File(path) => self.beside(path),
            Source::Example(name) => self.guest(name, guests),
            Source::Digest(digest) => Err(Failure::new(format!("only its digest is known, {digest}"))
                .with_hint("links carry small modules only: ask for the module, save the workspace as a file, and name the module there with `file:`")),
        }
    }

    /// The sentence with the module and the workspace in front.
    pub(crate) fn of_module(&self, module: &ModuleRef, failure: Failure) -> Failure {
        let hint = failure.hint.unwrap_or_else(|| "correct the module's source in the workspace".into());
        Failure::new(format!("module `{}` of {}: {}", module.name, self.name, failure.message))
            .with_hint(hint)
    }

    /// A file inside the workspace's folder.
    fn beside(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let Some(folder) = &self.folder else {
            return Err(Failure::new(format!("it is the file `{path}`, which a link cannot carry"))
                .with_hint("save the workspace as a file beside it"));
        };
        if let Some(cause) = leaves(path) {
            return Err(Failure::new(format!("`file: {path}` {cause}"))
                .with_hint("name a file in the workspace's folder, with `/` between folders"));
        }
        let file = folder.join(path);
        if escapes(folder, &file) {
            return Err(Failure::new(format!(
                "`file: {path}` is a symbolic link out of the workspace's folder"
            ))
            .with_hint("copy the file into the folder"));
        }
        files::read(&file, MAX_MODULE_BYTES)
    }

    /// A built guest of the examples.
    fn guest(&self, name: &str, guests: Option<&Path>) -> Result<Vec<u8>, Failure> {
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
            return Err(Failure::new(format!("`{name}` is no name of an example's guest")));
        }
        let beside = self.folder.as_ref().map(|folder| folder.join("../built"));
        let Some(folder) = guests.map(Path::to_path_buf).or(beside) else {
            return Err(Failure::new(format!(
                "it is the guest `{name}` of the examples, and no folder of guests is named"
            ))
            .with_hint(BUILD));
        };
        let file = folder.join(format!("{name}.wasm"));
        if file.exists() {
            return files::read(&file, MAX_MODULE_BYTES);
        }
        let why = left_out(&folder, name).unwrap_or_default();
        Err(Failure::new(format!("the guest `{name}` of the examples is not in `{}`{why}", folder.display()))
            .with_hint(BUILD))
    }
}

const BUILD: &str =
    "`cargo xtask examples` builds the guests into `examples/built`; name their folder with --guests";

fn other_bytes(seen: &str, now: &str) -> Failure {
    Failure::new(format!("its digest is {now}, and the workspace says {seen}"))
        .with_hint("it is another build than its author's: bring that one, or correct `digest`")
}

/// Why a path cannot be inside the workspace's folder.
fn leaves(path: &str) -> Option<&'static str> {
    let mut components = Path::new(path).components();
    if path.is_empty() {
        return Some("names no file");
    }
    if path.contains('\\') || Path::new(path).is_absolute() {
        return Some("is not a relative path");
    }
    components
        .any(|component| !matches!(component, Component::Normal(_) | Component::CurDir))
        .then_some("leaves the workspace's folder")
}

/// Whether a file that exists is really elsewhere. What cannot be resolved is left to whoever reads it.
fn escapes(folder: &Path, file: &Path) -> bool {
    let real = |path: &Path| -> Option<PathBuf> { std::fs::canonicalize(path).ok() };
    matches!((real(folder), real(file)), (Some(folder), Some(file)) if !file.starts_with(&folder))
}

/// Why a guest was not built, where the build has said so.
fn left_out(folder: &Path, name: &str) -> Option<String> {
    let text = files::read_text(&folder.join(INDEX), MAX_INDEX_BYTES).ok()?;
    let index: serde_json::Value = serde_json::from_str(&text).ok()?;
    let entry = index
        .get("missing")?
        .as_array()?
        .iter()
        .find(|entry| entry.get("name").is_some_and(|known| known == name))?;
    Some(format!(": {}", entry.get("why")?.as_str()?))
}
