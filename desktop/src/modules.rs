//! Modules from files: binary or text, looked into before anything else is done with them.
//!
//! It runs nothing, and reads only the file that is named.

use std::path::Path;

use engine::module::{MAX_MODULE_BYTES, Module, ModuleError, to_binary};

use crate::{Failure, files};

/// Reads a module, and translates WebAssembly text.
///
/// # Errors
/// A [`Failure`] that names the file: it cannot be read, is too large, or holds something else.
pub fn read(path: &Path) -> Result<Module, Failure> {
    let bytes = files::read(path, MAX_MODULE_BYTES)?;
    let broken =
        |error: ModuleError| Failure::new(format!("`{}`: {error}", path.display())).with_hint(error.hint());
    Module::load(&to_binary(&bytes).map_err(broken)?).map_err(broken)
}

/// What a module is called: the name of its file.
#[must_use]
pub fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
