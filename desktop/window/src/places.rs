//! Files that a person opened, by number: the page never names a path. And what stands beside them.
//!
//! It reads what was opened and what lies in the folder of an opened workspace; nothing else, whatever a
//! workspace says.

use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use desktop::load::{self, WORKSPACE_FILE};
use desktop::{Failure, files};
use engine::module::MAX_MODULE_BYTES;
use engine::workspace::MAX_WORKSPACE_BYTES;
use wire::{Opened, Whose};

/// What was opened, and what the window was started with.
pub(crate) struct Places {
    paths: Mutex<Vec<PathBuf>>,
    link: Option<String>,
    file: Mutex<Option<PathBuf>>,
}

impl Places {
    /// Nothing is opened yet. `open` is the file, the folder with a workspace, or the link that the window was
    /// started with.
    pub(crate) fn new(open: Option<&str>) -> Self {
        let link = open.and_then(load::fragment).map(str::to_owned);
        let file = open.filter(|_| link.is_none()).map(PathBuf::from);
        let file = file.map(|file| if file.is_dir() { file.join(WORKSPACE_FILE) } else { file });
        Self { paths: Mutex::default(), link, file: Mutex::new(file) }
    }

    /// The link that the window was started with, and whether it was with a file.
    pub(crate) fn started(&self) -> (Option<String>, bool) {
        (self.link.clone(), self.file.lock().unwrap_or_else(PoisonError::into_inner).is_some())
    }

    /// The file that the window was started with, once: a page that begins anew has it already.
    pub(crate) fn take_started(&self) -> Option<PathBuf> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The path of an opened file.
    pub(crate) fn path(&self, place: u32) -> Option<PathBuf> {
        let paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        paths.get(usize::try_from(place).ok()?).cloned()
    }

    /// Opens a file.
    ///
    /// # Errors
    /// When it cannot be read, is no file, or is larger than any workspace or module.
    pub(crate) fn open(&self, path: PathBuf) -> Result<(Opened, Vec<u8>), Failure> {
        let path = std::path::absolute(&path).unwrap_or(path);
        let most = if is_module(&path) { MAX_MODULE_BYTES } else { MAX_WORKSPACE_BYTES };
        let bytes = files::read(&path, most)?;
        Ok((self.number(path), bytes))
    }

    /// Writes a workspace, whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written; what was there stands.
    pub(crate) fn save(&self, path: PathBuf, text: &[u8]) -> Result<Opened, Failure> {
        files::write(&path, text)?;
        Ok(self.number(path))
    }

    /// Reads a module that stands beside a workspace or below.
    ///
    /// # Errors
    /// When it stands elsewhere, or cannot be read.
    pub(crate) fn beside(&self, place: u32, path: &str) -> Result<Vec<u8>, Failure> {
        let workspace =
            self.path(place).ok_or_else(|| Failure::new("that workspace is not open any more"))?;
        let folder = workspace.parent().unwrap_or(Path::new("."));
        let leaves = || {
            Failure::new(format!("`{path}` is outside the workspace's folder"))
                .with_hint("move the module beside the workspace, and name it from there")
        };
        let named = Path::new(path);
        if !named.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(leaves());
        }
        let file = folder.join(named);
        // A link may lead out; a file that is not there is named by what reads it.
        if let (Ok(real), Ok(folder)) = (file.canonicalize(), folder.canonicalize())
            && !real.starts_with(folder)
        {
            return Err(leaves());
        }
        files::read(&file, MAX_MODULE_BYTES)
    }

    /// Under what a workspace's choices are kept.
    pub(crate) fn key(&self, whose: &Whose) -> String {
        let path = whose.place.and_then(|place| self.path(place));
        path.map_or_else(|| format!("title:{}", whose.title), |path| path.display().to_string())
    }

    fn number(&self, path: PathBuf) -> Opened {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        let place = paths.iter().position(|known| *known == path).unwrap_or_else(|| {
            paths.push(path);
            paths.len() - 1
        });
        Opened { name, place: u32::try_from(place).unwrap_or(u32::MAX) }
    }
}

/// Whether a file holds a module, by its name.
pub(crate) fn is_module(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "wasm" || ending == "wat")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("drydock-window-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("inner")).unwrap();
        folder
    }

    #[test]
    fn what_the_window_is_started_with_is_a_link_or_a_file() {
        for (argument, link) in [
            ("https://example.org/drydock/#v1.abc", Some("v1.abc")),
            ("#v1.abc", Some("v1.abc")),
            ("v1.abc", Some("v1.abc")),
            ("#example/the-first", Some("example/the-first")),
            ("drydock.yaml", None),
            ("some/fn.wasm", None),
        ] {
            let places = Places::new(Some(argument));
            assert_eq!(places.started(), (link.map(str::to_owned), link.is_none()), "{argument}");
        }
        assert_eq!(Places::new(None).started(), (None, false));
    }

    #[test]
    fn files_are_opened_saved_and_known_by_number() {
        let folder = folder("files");
        let path = folder.join("drydock.yaml");
        std::fs::write(&path, "drydock: 1").unwrap();
        let places = Places::new(Some(folder.to_str().unwrap()));
        assert_eq!(places.started(), (None, true));
        let (opened, bytes) = places.open(places.take_started().unwrap()).unwrap();
        assert_eq!((opened.name.as_str(), bytes.as_slice()), ("drydock.yaml", b"drydock: 1".as_slice()));
        assert_eq!(places.take_started(), None);
        let saved = places.save(places.path(opened.place).unwrap(), b"drydock: 1 # new").unwrap();
        assert_eq!(saved, opened);
        assert_eq!(std::fs::read(&path).unwrap(), b"drydock: 1 # new");
        assert_eq!(places.path(opened.place + 1), None);
        let failure = places.open(folder.join("inner")).unwrap_err();
        assert!(failure.message.contains("folder"), "{failure}");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_workspace_reaches_no_further_than_its_folder() {
        let folder = folder("beside");
        std::fs::write(folder.join("drydock.yaml"), "drydock: 1").unwrap();
        std::fs::write(folder.join("inner/fn.wasm"), b"\0asm").unwrap();
        let places = Places::new(None);
        let (opened, _) = places.open(folder.join("drydock.yaml")).unwrap();
        assert_eq!(places.beside(opened.place, "inner/fn.wasm").unwrap(), b"\0asm");
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc/passwd", folder.join("inner/link.wasm")).unwrap();
        for path in ["../fn.wasm", "/etc/passwd", "inner/../../x", "inner/link.wasm", "inner/missing.wasm"] {
            assert!(places.beside(opened.place, path).is_err(), "{path}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
