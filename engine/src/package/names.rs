//! The names of an archive's entries: which are taken, and what they come to.
//!
//! A name that another program would read as another place is refused, though nothing is ever written.

/// The longest name, in bytes: what file systems take of a path in a package.
const MAX_NAME_BYTES: usize = 512;

/// The most folders in one another.
const MAX_DEPTH: usize = 16;

/// A name as a relative path, without `.` and empty parts.
///
/// # Errors
/// What is wrong with it, as a predicate.
pub(super) fn clean(name: &[u8]) -> Result<String, String> {
    if name.len() > MAX_NAME_BYTES {
        return Err(format!("has a name of {} bytes, more than {MAX_NAME_BYTES}", name.len()));
    }
    let Ok(name) = str::from_utf8(name) else { return Err("has a name that is not UTF-8".into()) };
    if name.contains(char::is_control) {
        return Err("has a control character in its name".into());
    }
    if name.contains('\\') {
        return Err("has a backslash in its name".into());
    }
    let is_drive = name.as_bytes().get(1) == Some(&b':');
    if name.starts_with('/') || is_drive {
        return Err("has an absolute name".into());
    }
    let mut parts = Vec::new();
    for part in name.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            return Err("leads out of the package".into());
        }
        parts.push(part);
    }
    if parts.len() > MAX_DEPTH {
        return Err(format!("lies {} folders deep, more than {MAX_DEPTH}", parts.len()));
    }
    Ok(parts.join("/"))
}

/// The last part of a path.
pub(super) fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The media type of a file by the end of its name.
pub(super) fn media_type(path: &str) -> &'static str {
    let end = last(path).rsplit_once('.').map_or("", |(_, end)| end);
    match end.to_ascii_lowercase().as_str() {
        "css" => "text/css",
        "gif" => "image/gif",
        "html" | "htm" => "text/html",
        "ico" => "image/x-icon",
        "jpeg" | "jpg" => "image/jpeg",
        "js" | "mjs" => "text/javascript",
        "json" | "map" => "application/json",
        "md" => "text/markdown",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        "yaml" | "yml" => "application/yaml",
        _ => "application/octet-stream",
    }
}
