//! Where things lie: the clone, the build products, the files that commands write.
//!
//! Refuses to know how anything is built.

use std::path::{Path, PathBuf};

/// The clone that the command was called in.
pub(crate) struct Project {
    /// The clone's top folder.
    pub(crate) root: PathBuf,
    /// Cargo's target folder: `CARGO_TARGET_DIR`, or `target` in the clone.
    pub(crate) target: PathBuf,
}

impl Project {
    /// Finds the clone from what cargo told us, or from the current folder.
    ///
    /// # Errors
    /// When no folder above has a `Trunk.toml`.
    pub(crate) fn find() -> Result<Self, String> {
        // Asked when run, not when compiled: clones may share one target folder.
        let start = std::env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .or_else(|| std::env::current_dir().ok())
            .ok_or("the current folder cannot be read")?;
        let root = start
            .ancestors()
            .find(|folder| folder.join("Trunk.toml").is_file())
            .ok_or_else(|| format!("{} is not inside the project: no Trunk.toml above it", start.display()))?
            .to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// A path inside the clone.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The text of a file inside the clone.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn read(&self, relative: &str) -> Result<String, String> {
        let path = self.path(relative);
        std::fs::read_to_string(&path).map_err(|error| format!("{relative} cannot be read: {error}"))
    }

    /// Where guests are compiled: their own folder, so that their flags do not evict anything.
    pub(crate) fn guests_target(&self) -> PathBuf {
        self.target.join("guests")
    }
}

/// The entries of a folder in the order of their names; none when it does not exist.
///
/// # Errors
/// When it exists and cannot be read.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let unreadable = |error: std::io::Error| format!("{} cannot be read: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}

/// A path's last part as text; empty when there is none.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The bytes of a file.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

/// Writes a file unless it already holds just that, so that watchers and caches see real changes only.
/// Creates its folder.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_changed(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if std::fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let unwritable = |error: std::io::Error| format!("{} cannot be written: {error}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(unwritable)?;
    }
    std::fs::write(path, bytes).map_err(unwritable)
}
