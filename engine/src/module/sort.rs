//! Tells WebAssembly from what people open by mistake, and names the latter.

use super::ModuleError;

const MAGIC: &[u8] = b"\0asm";

pub(super) enum Sorted<'a> {
    Binary,
    Text(&'a str),
}

/// First bytes of what people have at hand, and its name.
const OTHERS: [(&[u8], &str); 12] = [
    (b"\x7fELF", "a Linux program (ELF)"),
    (b"MZ", "a Windows program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a macOS program or a Java class"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PK\x03\x04", "a zip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"!<arch>", "a static library"),
    (b"BC\xc0\xde", "LLVM bitcode"),
    (b"\x89PNG", "a picture"),
];

pub(super) fn sort(input: &[u8]) -> Result<Sorted<'_>, ModuleError> {
    if input.is_empty() {
        return Err(ModuleError::NotWasm("the file is empty".into()));
    }
    if input.starts_with(MAGIC) || MAGIC.starts_with(input) {
        return header(input).map(|()| Sorted::Binary);
    }
    if let Some((_, name)) = OTHERS.iter().find(|(first, _)| input.starts_with(first)) {
        return Err(ModuleError::NotWasm(format!("this is {name}, not WebAssembly")));
    }
    match std::str::from_utf8(input) {
        Ok(text) if is_wat(text) => Ok(Sorted::Text(text)),
        Ok(text) if !text.contains('\0') => Err(ModuleError::NotWasm(name_text(text))),
        _ => {
            let first: Vec<String> = input.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            let message = format!("this is not WebAssembly: it begins with the bytes {}", first.join(" "));
            Err(ModuleError::NotWasm(message))
        }
    }
}

fn header(input: &[u8]) -> Result<(), ModuleError> {
    let malformed = |offset, message: String| Err(ModuleError::Malformed { offset, message });
    match input.get(4..8) {
        Some([1, 0, 0, 0]) => Ok(()),
        Some([_, _, 1, 0]) => Err(ModuleError::Component),
        Some([version, ..]) => malformed(
            4,
            format!("this is version {version} of WebAssembly's binary format; only version 1 exists"),
        ),
        _ => malformed(input.len(), "the file is cut off in its first 8 bytes".into()),
    }
}

/// WebAssembly text begins with a parenthesis, after comments.
fn is_wat(text: &str) -> bool {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    while let Some(comment) = rest.strip_prefix(";;") {
        rest = comment.split_once('\n').map_or("", |(_, after)| after).trim_start();
    }
    rest.starts_with('(')
}

fn name_text(text: &str) -> String {
    let trimmed = text.trim_start();
    let lower: String = trimmed.chars().take(16).collect::<String>().to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return "this is an HTML page, not WebAssembly".into();
    }
    if lower.starts_with("version https://git-") {
        return "this is a Git LFS pointer, not the module it points to".into();
    }
    let first: String = trimmed.lines().next().unwrap_or_default().chars().take(40).collect();
    format!("this is text, not WebAssembly: it begins with {first:?}")
}
