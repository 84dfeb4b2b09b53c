//! A dashboard plugin's package, `<name>.tar.gz`: its manifest and its module, out of an archive that nobody vouches for.
//!
//! Everything stays in memory, and nothing of an archive is written, followed or run: of its front end only names and
//! sizes are told. Links, devices, absolute paths, `..`, names that stand twice and bombs are refused with the cause. So
//! is what two readers of archives would read in two ways.

mod gzip;
mod names;

use std::collections::BTreeSet;

use tar::{Archive, Entry, EntryType};

use crate::abi::kubestellar::manifest;
use crate::module::MAX_MODULE_BYTES;
use crate::visible::bytes;
use crate::words;

/// The largest package that is read, in bytes: a large module of Go is some 10 MiB compressed.
pub const MAX_PACKAGE_BYTES: usize = 32 << 20;

/// The largest archive that a package may hold, in bytes: the largest module, and a front end beside it.
pub const MAX_UNPACKED_BYTES: usize = MAX_MODULE_BYTES + (32 << 20);

/// How many times larger than the package the archive may be, beyond [`MIN_RATIO_BYTES`]: WebAssembly compresses to a
/// third, and text to a tenth.
pub const MAX_RATIO: usize = 100;

/// The size up to which any ratio is taken, in bytes: an archive is padded with zeros, and small ones hold little else.
pub const MIN_RATIO_BYTES: usize = 1 << 20;

/// The most entries of an archive: a front end that is built has some hundred files.
pub const MAX_ENTRIES: usize = 2_000;

/// The most notes that are kept.
const MAX_NOTES: usize = 100;

/// A package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// The text of its `plugin.yml`.
    pub manifest: String,
    /// The plugin's name, as the manifest says it.
    pub name: String,
    /// The name of the file that its module is in, as the manifest says it; default: `<name>.wasm`.
    pub file: String,
    /// The module's bytes, unread.
    pub module: Vec<u8>,
    /// All other files, as they stand in the archive. They are listed and never run.
    pub assets: Vec<Asset>,
    /// What was passed over, a sentence each.
    pub notes: Vec<String>,
}

/// A file of a package that nothing here needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asset {
    /// Its path in the archive, such as `frontend/dist/index.js`.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its media type by the end of its name; `application/octet-stream` when that says nothing.
    pub media_type: &'static str,
}

/// Why a package is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// It is larger than a limit, or becomes so.
    #[error("the package is too large: {0}")]
    TooLarge(String),
    /// It is no gzip'd tar archive, or a broken one.
    #[error("the package is damaged: {0}")]
    Damaged(String),
    /// It holds something that no package may hold.
    #[error("the package is refused: `{name}` {cause}")]
    Forbidden {
        /// The entry.
        name: String,
        /// What is wrong with it.
        cause: String,
    },
    /// It lacks something.
    #[error("the package holds no `{0}`")]
    Missing(String),
    /// Its manifest cannot be read.
    #[error("{0}")]
    Manifest(String),
}

impl PackageError {
    /// The way out.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "leave out what the plugin does not need, such as sources and maps",
            Self::Damaged(_) => "get it again, or make it with `tar czf`",
            Self::Forbidden { .. } => {
                "pack plain files with relative names only: `tar czf NAME.tar.gz plugin.yml NAME.wasm frontend`"
            }
            Self::Missing(_) => {
                "`plugin.yml` and the module lie at the root of the archive: pack them from their own folder"
            }
            Self::Manifest(_) => "correct `plugin.yml` and pack it again",
        }
    }
}

/// Whether bytes begin as a package does.
#[must_use]
pub fn is_package(bytes: &[u8]) -> bool {
    bytes.starts_with(&gzip::MAGIC)
}

/// Opens a package.
///
/// # Errors
/// [`PackageError`], which names the entry and the cause.
pub fn open(package: &[u8]) -> Result<Package, PackageError> {
    if package.len() > MAX_PACKAGE_BYTES {
        let (is, most) = (bytes(package.len() as u64), bytes(MAX_PACKAGE_BYTES as u64));
        return Err(PackageError::TooLarge(format!("it has {is}, and {most} are read")));
    }
    let mut opened = Package::default();
    let archive = gzip::inflate(package, &mut opened.notes)?;
    let files = files(&archive, &mut opened.notes)?;
    opened.manifest = match files.iter().find(|file| file.path == manifest::FILE) {
        Some(file) => text(file)?,
        None => return Err(missing(manifest::FILE, &files)),
    };
    let facts =
        manifest::read(&opened.manifest).map_err(|outcome| PackageError::Manifest(outcome.message))?.facts;
    (opened.name, opened.file) = (facts.name, facts.file);
    let wanted = names::clean(opened.file.as_bytes()).map_err(|cause| {
        forbidden(opened.file.as_bytes(), format!("is what `plugin.yml` names as its module, and {cause}"))
    })?;
    for file in files {
        if file.path == wanted {
            opened.module = file.bytes.to_vec();
        } else if file.path != manifest::FILE {
            let (size, media_type) = (file.bytes.len() as u64, names::media_type(&file.path));
            opened.assets.push(Asset { path: file.path, bytes: size, media_type });
        }
    }
    if opened.module.is_empty() {
        return Err(PackageError::Missing(words::sentence(&opened.file)));
    }
    Ok(opened)
}

/// What is not at the root, and where it was found instead.
fn missing(name: &str, files: &[File<'_>]) -> PackageError {
    let end = format!("/{name}");
    let elsewhere = files.iter().find(|file| file.path.ends_with(&end));
    PackageError::Missing(match elsewhere {
        Some(file) => format!("{name}` at its root, but `{}", file.path),
        None => name.to_owned(),
    })
}

/// A file of an archive.
struct File<'a> {
    path: String,
    bytes: &'a [u8],
}

/// The files of an archive, in its order.
fn files<'a>(archive: &'a [u8], notes: &mut Vec<String>) -> Result<Vec<File<'a>>, PackageError> {
    let mut reader = Archive::new(archive);
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, entry) in reader.entries().map_err(broken)?.enumerate() {
        if index >= MAX_ENTRIES {
            let most = words::grouped(MAX_ENTRIES as u64);
            return Err(PackageError::TooLarge(format!("it has more than the {most} entries that are read")));
        }
        let Some(file) = file(&mut entry.map_err(broken)?, archive, notes)? else { continue };
        if !seen.insert(file.path.to_lowercase()) {
            return Err(forbidden(
                file.path.as_bytes(),
                "stands in it twice, so nobody knows which is meant".into(),
            ));
        }
        files.push(file);
    }
    let rest = reader.into_inner();
    if rest.iter().any(|byte| *byte != 0) {
        note(
            notes,
            format!(
                "{} behind the end of the archive are passed over",
                words::count(rest.len() as u64, "byte")
            ),
        );
    }
    Ok(files)
}

/// A file; nothing for a folder, and for what an archive says of itself.
fn file<'a>(
    entry: &mut Entry<'_, &'a [u8]>,
    archive: &'a [u8],
    notes: &mut Vec<String>,
) -> Result<Option<File<'a>>, PackageError> {
    let name = entry.path_bytes().into_owned();
    let kind = entry.header().entry_type();
    match kind {
        EntryType::Regular | EntryType::Continuous | EntryType::Directory => {}
        EntryType::XGlobalHeader => return Ok(None),
        other => {
            return Err(forbidden(
                &name,
                format!("is {}, and only files and folders are taken", called(other)),
            ));
        }
    }
    let path = names::clean(&name).map_err(|cause| forbidden(&name, cause))?;
    let declared = entry.header().entry_size().map_err(broken)?;
    if declared != entry.size() {
        let (one, other) = (words::grouped(declared), words::grouped(entry.size()));
        return Err(forbidden(&name, format!("has two sizes, {one} and {other} bytes")));
    }
    if kind == EntryType::Directory {
        return Ok(None);
    }
    if names::last(&path).starts_with("._") {
        note(notes, format!("`{path}` is passed over: macOS keeps a file's attributes in it"));
        return Ok(None);
    }
    if path.is_empty() {
        return Err(forbidden(&name, "names no file".into()));
    }
    // The archive lies in memory whole: a file is a part of it.
    let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let begin = place(entry.raw_file_position());
    let end = begin.saturating_add(place(declared));
    let bytes = archive
        .get(begin..end)
        .ok_or_else(|| PackageError::Damaged(format!("the archive ends in the middle of `{path}`")))?;
    Ok(Some(File { path, bytes }))
}

fn note(notes: &mut Vec<String>, note: String) {
    if notes.len() < MAX_NOTES {
        notes.push(note);
    }
}

fn text(file: &File<'_>) -> Result<String, PackageError> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec());
    if file.bytes.len() > manifest::MAX_MANIFEST_BYTES {
        let most = words::grouped(manifest::MAX_MANIFEST_BYTES as u64);
        return Err(PackageError::TooLarge(format!("`{}` has more than {most} bytes", file.path)));
    }
    text(file.bytes).map_err(|error| {
        PackageError::Manifest(format!("`{}` is not UTF-8: {}", file.path, error.utf8_error()))
    })
}

fn forbidden(name: &[u8], cause: String) -> PackageError {
    let name = crate::visible::visible(&words::sentence(&String::from_utf8_lossy(name)));
    PackageError::Forbidden { name, cause }
}

fn broken(error: std::io::Error) -> PackageError {
    PackageError::Damaged(format!("its archive cannot be read: {error}"))
}

/// What an entry is that is no file.
fn called(kind: EntryType) -> &'static str {
    match kind {
        EntryType::Link => "a hard link",
        EntryType::Symlink => "a symbolic link",
        EntryType::Char | EntryType::Block => "a device",
        EntryType::Fifo => "a named pipe",
        EntryType::GNUSparse => "a sparse file",
        _ => "of a kind that is not known here",
    }
}
