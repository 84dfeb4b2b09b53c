//! Where plugins are kept: krew-wasm's store and its folder of links, so that both programs see the same plugins.
//!
//! It removes nothing but what it or krew-wasm put there: no file outside the store, and no program that lies among the
//! links.

use std::path::{Path, PathBuf};

use super::address::{self, Address, plugin_name};
use crate::{Failure, files};

/// The most plugins that are listed: more than anybody remembers.
const MAX_LISTED: usize = 10_000;

/// krew-wasm's store, and the folder of links that belongs on `PATH`.
#[derive(Clone, Debug)]
pub struct Store {
    bin: PathBuf,
    root: PathBuf,
}

/// A plugin that is kept.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Kept {
    /// What it is called.
    pub name: String,
    /// Its address, or the path of a file outside the store.
    pub location: String,
    /// Whether the file is in the store.
    pub in_store: bool,
    /// Why `kubectl NAME` does not run it; nothing when it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

impl Store {
    /// The store of the person who runs this: links in `~/.krew-wasm/bin`, files in the folder of caches.
    ///
    /// # Errors
    /// When there is no home folder.
    pub fn of_person() -> Result<Self, Failure> {
        let home = std::env::home_dir().filter(|home| home.is_absolute()).ok_or_else(|| {
            Failure::new("there is no home folder, where plugins are kept").with_hint("set `$HOME`")
        })?;
        // krew-wasm asks for these with the qualifier `io.krew-wasm` and the name `krew-wasm`.
        let cache = if cfg!(target_os = "macos") {
            home.join("Library/Caches/io.krew-wasm.krew-wasm")
        } else {
            // A relative path is to be ignored: XDG Base Directory Specification.
            let named =
                std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
            named.unwrap_or_else(|| home.join(".cache")).join("krew-wasm")
        };
        Ok(Self { bin: home.join(".krew-wasm").join("bin"), root: cache.join("krew-wasm-store") })
    }

    /// The folder of links, which belongs on `PATH`.
    #[must_use]
    pub fn bin(&self) -> &Path {
        &self.bin
    }

    /// Where what is fetched from an address lies.
    pub(super) fn file(&self, address: &Address) -> PathBuf {
        self.root.join(address.place())
    }

    fn entry(&self, name: &str) -> PathBuf {
        self.root.join("all").join(name)
    }

    /// Where an entry leads.
    fn target(&self, name: &str) -> Option<PathBuf> {
        let entry = self.entry(name);
        let target = std::fs::read_link(&entry).ok()?;
        Some(entry.parent()?.join(target))
    }

    fn link(&self, name: &str) -> PathBuf {
        self.bin.join(format!("kubectl-{name}"))
    }

    /// All plugins by their names.
    ///
    /// # Errors
    /// When the store is there and cannot be read.
    pub fn list(&self) -> Result<Vec<Kept>, Failure> {
        let all = self.root.join("all");
        let entries = match std::fs::read_dir(&all) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|error| files::cannot(&all, "read", &error))?,
        };
        let mut kept = Vec::new();
        for entry in entries.take(MAX_LISTED) {
            let entry = entry.map_err(|error| files::cannot(&all, "read", &error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Some(target) = self.target(&name) {
                kept.push(self.kept(name, &target));
            }
        }
        kept.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(kept)
    }

    fn kept(&self, name: String, target: &Path) -> Kept {
        let inside = target.strip_prefix(&self.root).ok().and_then(address::shown);
        let link = self.link(&name);
        let trouble = if !target.is_file() {
            Some("its file is gone")
        } else if std::fs::symlink_metadata(&link).is_err() {
            Some("it has no link")
        } else if !link.exists() {
            Some("its link leads nowhere")
        } else {
            None
        };
        Kept {
            in_store: inside.is_some(),
            location: inside.unwrap_or_else(|| target.display().to_string()),
            trouble: trouble.map(str::to_owned),
            name,
        }
    }

    /// The file of a plugin.
    ///
    /// # Errors
    /// A [`Failure`] when there is no such plugin; it names those that are there.
    pub fn find(&self, name: &str) -> Result<PathBuf, Failure> {
        if is_entry(name)
            && let Some(target) = self.target(name)
        {
            return Ok(target);
        }
        let known: Vec<String> = self.list()?.into_iter().map(|kept| format!("`{}`", kept.name)).collect();
        let known = match known.len() {
            0 => "none is kept yet: `drydock plugin pull ADDRESS` fetches one".to_owned(),
            _ => format!("there is {}", known.join(", ")),
        };
        Err(Failure::new(format!("there is no plugin `{name}`")).with_hint(known))
    }

    /// Makes a plugin known: its entry, and the link that kubectl finds. What was there before is replaced.
    ///
    /// # Errors
    /// A [`Failure`] when a link cannot be made, or a program of its own lies where one belongs.
    pub(super) fn add(&self, name: &str, module: &Path) -> Result<(), Failure> {
        plugin_name(name).map_err(Failure::new)?;
        let program = std::env::current_exe().map_err(|error| {
            Failure::new(format!(
                "the path of this program, which the link leads to, cannot be told: {error}"
            ))
        })?;
        relink(&self.link(name), &program)?;
        relink(&self.entry(name), module)
    }

    /// Forgets a plugin: its link, its entry, and its file with the folders that become empty. Its file outside the
    /// store stays.
    ///
    /// # Errors
    /// A [`Failure`] when there is no such plugin, or something of it cannot be removed.
    pub fn remove(&self, name: &str) -> Result<Option<PathBuf>, Failure> {
        let target = self.find(name)?;
        unlink(&self.link(name))?;
        unlink(&self.entry(name))?;
        self.discard(&target)
    }

    /// Removes a file of the store, and gives it when it lies elsewhere and stays.
    pub(super) fn discard(&self, file: &Path) -> Result<Option<PathBuf>, Failure> {
        let is_inside = file.strip_prefix(&self.root).is_ok_and(|place| address::shown(place).is_some());
        if !is_inside {
            return Ok(Some(file.to_path_buf()));
        }
        match std::fs::remove_file(file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(files::cannot(file, "removed", &error));
            }
            _ => {}
        }
        for folder in file.ancestors().skip(1).take_while(|folder| *folder != self.root) {
            // One that holds something else stays.
            if std::fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(None)
    }
}

/// Whether a name is one of an entry: krew-wasm's own are taken too, such as `x@sha256`.
fn is_entry(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\', '\0'])
}

/// Puts a link where none or another was, in one step.
fn relink(place: &Path, target: &Path) -> Result<(), Failure> {
    let folder = place.parent().unwrap_or(place);
    std::fs::create_dir_all(folder).map_err(|error| files::cannot(folder, "made", &error))?;
    check_link(place)?;
    let beside = place.with_file_name(format!(
        ".{}.{}.part",
        place.file_name().unwrap_or_default().to_string_lossy(),
        std::process::id()
    ));
    let made = symlink(target, &beside).and_then(|()| std::fs::rename(&beside, place));
    made.map_err(|error| {
        // The link is ours alone.
        let _ = std::fs::remove_file(&beside);
        files::cannot(place, "made", &error)
    })
}

fn unlink(place: &Path) -> Result<(), Failure> {
    if std::fs::symlink_metadata(place).is_err() {
        return Ok(());
    }
    check_link(place)?;
    std::fs::remove_file(place).map_err(|error| files::cannot(place, "removed", &error))
}

/// Nothing but links is replaced or removed.
fn check_link(place: &Path) -> Result<(), Failure> {
    match std::fs::symlink_metadata(place) {
        Ok(metadata) if !metadata.is_symlink() => {
            Err(Failure::new(format!("`{}` is no link, and is left as it is", place.display()))
                .with_hint("move it away if it is not needed there"))
        }
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn symlink(target: &Path, place: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, place)
}

#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::Error::other("plugins are linked on Unix only"))
}
