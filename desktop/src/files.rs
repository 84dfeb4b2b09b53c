//! Files of the machine: read whole within a bound, written whole or not at all.
//!
//! It waits for nobody: what is no regular file is named and refused, and only `-`, stdin, may be a pipe.

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::Failure;

/// Reads a regular file of at most `limit` bytes.
///
/// # Errors
/// A [`Failure`] that names the file: it is missing, no regular file, too large, or cannot be read.
pub fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    let unreadable = |error: &std::io::Error| cannot(path, "read", error);
    // Before it is opened: opening a FIFO would wait for a writer.
    regular(path, &std::fs::metadata(path).map_err(|error| unreadable(&error))?)?;
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let metadata = file.metadata().map_err(|error| unreadable(&error))?;
    regular(path, &metadata)?;
    if metadata.len() > limit as u64 {
        return Err(too_large(&shown.to_string(), metadata.len(), limit));
    }
    bounded(file, limit)
        .map_err(|error| unreadable(&error))?
        .ok_or_else(|| too_large(&shown.to_string(), limit as u64 + 1, limit))
}

/// Reads a file as [`read`] does, as UTF-8 text.
///
/// # Errors
/// As [`read`], and when it is not UTF-8.
pub fn read_text(path: &Path, limit: usize) -> Result<String, Failure> {
    text(&path.display().to_string(), read(path, limit)?)
}

/// Somebody waits for the end of stdin now.
static READS_STDIN: AtomicBool = AtomicBool::new(false);

/// Whether somebody waits for the end of stdin now, which cannot be hurried.
#[must_use]
pub fn reads_stdin() -> bool {
    READS_STDIN.load(Ordering::SeqCst)
}

/// Reads all of stdin, at most `limit` bytes. It waits for its end.
///
/// # Errors
/// When it cannot be read or is too large.
pub fn read_stdin(limit: usize) -> Result<Vec<u8>, Failure> {
    READS_STDIN.store(true, Ordering::SeqCst);
    let read = bounded(std::io::stdin().lock(), limit);
    READS_STDIN.store(false, Ordering::SeqCst);
    read.map_err(|error| Failure::new(format!("stdin cannot be read: {error}")))?
        .ok_or_else(|| too_large("stdin", limit as u64 + 1, limit))
}

/// Bytes as text; `name` is what they were read from.
///
/// # Errors
/// When they are not UTF-8.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("`{name}` is not UTF-8: byte {at} is no text")).with_hint("save it as UTF-8")
    })
}

/// Writes a file whole: beside its place first, flushed to the disk, then moved over what was there. Whatever
/// fails, the old file stands. A symbolic link is followed, and permissions are kept.
///
/// # Errors
/// A [`Failure`] that names the file and says that nothing was changed.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if let Ok(metadata) = std::fs::metadata(&place) {
        regular(path, &metadata)?;
    }
    let beside = beside(&place);
    let written = write_beside(&place, &beside, bytes);
    written.map_err(|error| {
        // The half-written file is ours alone.
        let _ = std::fs::remove_file(&beside);
        cannot(path, "written", &error).with_hint("nothing was changed; what was there is as it was")
    })
}

fn write_beside(place: &Path, beside: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(beside)?;
    if let Ok(metadata) = std::fs::metadata(place) {
        file.set_permissions(metadata.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(beside, place)
}

/// A name in the same folder, so that moving it is one step, and of this process, so that two do not meet.
fn beside(place: &Path) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

fn bounded(reader: impl Read, limit: usize) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}

fn regular(path: &Path, metadata: &Metadata) -> Result<(), Failure> {
    let kind = match metadata.file_type() {
        kind if kind.is_file() => return Ok(()),
        kind if kind.is_dir() => "a folder",
        kind => special(kind),
    };
    Err(Failure::new(format!("`{}` is {kind}, not a file", path.display()))
        .with_hint("name a regular file, or pipe it in and name `-` where that is allowed"))
}

#[cfg(unix)]
fn special(kind: std::fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match kind {
        kind if kind.is_fifo() => "a named pipe (FIFO)",
        kind if kind.is_socket() => "a socket",
        kind if kind.is_block_device() || kind.is_char_device() => "a device",
        _ => "something else",
    }
}

#[cfg(not(unix))]
fn special(_: std::fs::FileType) -> &'static str {
    "something else"
}

fn too_large(name: &str, bytes: u64, limit: usize) -> Failure {
    let (bytes, limit) = (engine::visible::bytes(bytes), engine::visible::bytes(limit as u64));
    Failure::new(format!("`{name}` has {bytes} or more; at most {limit} are read here"))
}

/// The sentence of a system's error. `done` is what was to be done: `read`, `written`.
pub(crate) fn cannot(path: &Path, done: &str, error: &std::io::Error) -> Failure {
    let shown = path.display();
    Failure::new(match error.kind() {
        ErrorKind::NotFound if done == "written" => {
            format!("`{shown}` cannot be written: its folder does not exist")
        }
        ErrorKind::NotFound => format!("`{shown}` does not exist"),
        ErrorKind::PermissionDenied => format!("`{shown}` may not be {done}: permission denied"),
        ErrorKind::StorageFull => format!("`{shown}` cannot be {done}: the disk is full"),
        _ => format!("`{shown}` cannot be {done}: {error}"),
    })
}
