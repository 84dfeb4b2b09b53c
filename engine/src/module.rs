//! A guest's bytes: told apart from what is not WebAssembly, measured, digested and looked into.
//!
//! It runs nothing and validates nothing but structure: a machine validates what it prepares.

pub mod inspect;
pub mod metadata;
pub mod purpose;
mod sort;

use sha2::{Digest, Sha256};

use self::inspect::ModuleInfo;

/// The largest module that is looked at, in bytes. The largest real guests (Go with its runtime and a
/// scripting language) are below 40 MiB; a page's tab holds this several times over.
pub const MAX_MODULE_BYTES: usize = 64 << 20;

/// A module, looked into.
#[derive(Clone, Debug)]
pub struct Module {
    /// The binary.
    pub bytes: Vec<u8>,
    /// What is known of it.
    pub info: ModuleInfo,
}

/// Why bytes are not a module that can be run. The messages say what the bytes are instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModuleError {
    /// Something else than WebAssembly.
    #[error("{0}")]
    NotWasm(String),
    /// A WebAssembly component.
    #[error("this is a WebAssembly component; a core module is needed")]
    Component,
    /// More than [`MAX_MODULE_BYTES`].
    #[error("{0} bytes are more than the {MAX_MODULE_BYTES} that a module may have")]
    TooLarge(usize),
    /// Broken structure or a rule of WebAssembly broken.
    #[error("at byte {offset}: {message}")]
    Malformed {
        /// Where, from the start of the binary.
        offset: usize,
        /// What is wrong.
        message: String,
    },
    /// WebAssembly text with a mistake.
    #[error("line {line}, column {column} of the WebAssembly text: {message}")]
    Text {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
}

impl ModuleError {
    /// The way out.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotWasm(_) => {
                "open a .wasm file, such as `cargo build --target wasm32-wasip1` makes, or WebAssembly text (.wat)"
            }
            Self::Component => {
                "build for wasm32-wasip1 instead of wasm32-wasip2, or without `cargo component` or `jco`"
            }
            Self::TooLarge(_) => "strip it (`wasm-opt -Os --strip-debug`, `lto = true`, `strip = true`)",
            Self::Malformed { .. } => {
                "build or download it again; `wasm-tools validate` says the same of a whole file"
            }
            Self::Text { .. } => "correct the text; `wat2wasm` checks the same grammar",
        }
    }
}

impl Module {
    /// Looks into a binary module. Text is translated before: see [`to_binary`].
    ///
    /// # Errors
    /// [`ModuleError`] when it is something else, a component, too large, or cut off.
    pub fn load(input: &[u8]) -> Result<Self, ModuleError> {
        if input.len() > MAX_MODULE_BYTES {
            return Err(ModuleError::TooLarge(input.len()));
        }
        match sort::sort(input)? {
            sort::Sorted::Binary => Ok(Self { bytes: input.to_vec(), info: inspect::inspect(input)? }),
            sort::Sorted::Text(_) => {
                Err(ModuleError::NotWasm("this is WebAssembly text, not the binary".into()))
            }
        }
    }
}

/// Whether bytes are WebAssembly text, to be translated by [`to_binary`] before they are run.
#[must_use]
pub fn is_text(input: &[u8]) -> bool {
    input.len() <= MAX_MODULE_BYTES && matches!(sort::sort(input), Ok(sort::Sorted::Text(_)))
}

/// The binary of WebAssembly text; anything else as it is. Stands apart from [`Module::load`], so that a page
/// loads the translator only when somebody brings text.
///
/// # Errors
/// [`ModuleError::Text`] with the place of the mistake, and [`ModuleError::TooLarge`].
pub fn to_binary(input: &[u8]) -> Result<Vec<u8>, ModuleError> {
    if input.len() > MAX_MODULE_BYTES {
        return Err(ModuleError::TooLarge(input.len()));
    }
    match sort::sort(input) {
        Ok(sort::Sorted::Text(text)) => translate(text),
        _ => Ok(input.to_vec()),
    }
}

/// `sha256:` and 64 hexadecimal digits: a module's name wherever its bytes are not at hand.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

fn translate(text: &str) -> Result<Vec<u8>, ModuleError> {
    wat::parse_str(text).map_err(|error| {
        // wat gives its place only in its text: `message\n     --> <anon>:LINE:COLUMN\n…`.
        let whole = error.to_string();
        let message = whole.lines().next().unwrap_or("malformed").to_owned();
        let numbers = whole.lines().nth(1).and_then(|place| {
            let mut parts = place.rsplit(':').map(|part| part.trim().parse::<usize>());
            let column = parts.next()?.ok()?;
            Some((parts.next()?.ok()?, column))
        });
        let (line, column) = numbers.unwrap_or((0, 0));
        ModuleError::Text { line, column, message }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn load(input: &[u8]) -> Result<Module, ModuleError> {
        Module::load(&to_binary(input)?)
    }

    #[track_caller]
    fn check(input: &[u8], expected: &str) {
        assert_eq!(load(input).unwrap_err().to_string(), expected);
    }

    #[test]
    fn says_what_the_bytes_are_instead() {
        check(b"", "the file is empty");
        check(b"\x7fELF\x02\x01\x01\0", "this is a Linux program (ELF), not WebAssembly");
        check(b"\x1f\x8b\x08\0", "this is a gzip archive, not WebAssembly");
        check(b"<!doctype html>", "this is an HTML page, not WebAssembly");
        check(b"hello\n", "this is text, not WebAssembly: it begins with \"hello\"");
        check(b"\xff\xfe\x01\x02", "this is not WebAssembly: it begins with the bytes ff fe 01 02");
        check(b"\0asm\x0d\0\x01\0", "this is a WebAssembly component; a core module is needed");
        check(
            b"\0asm\x02\0\0\0",
            "at byte 4: this is version 2 of WebAssembly's binary format; only version 1 exists",
        );
        check(b"\0as", "at byte 3: the file is cut off in its first 8 bytes");
    }

    #[test]
    fn names_the_place_in_text() {
        check(
            b"(module\n  (func (export 1)))",
            "line 2, column 10 of the WebAssembly text: unknown operator or unexpected token",
        );
    }

    #[test]
    fn says_that_a_file_is_cut_off() {
        let whole = load(b"(module (memory 1) (data (i32.const 0) \"0123456789\"))").unwrap().bytes;
        let cut = whole.get(..whole.len() - 4).unwrap();
        let message = Module::load(cut).unwrap_err().to_string();
        assert!(message.contains("cut off"), "{message}");
    }

    #[test]
    fn digests_the_binary() {
        let module = load(b"(module)").unwrap();
        assert_eq!(module.info.digest, digest(b"\0asm\x01\0\0\0"));
    }
}
