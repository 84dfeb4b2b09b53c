//! Compiled code on disk, by content: the second run of a module does not compile it.
//!
//! Never fails a run: without a usable directory, or with broken files in it, the module is compiled again.

use std::path::Path;

use wasmtime::{Cache, CacheConfig};

/// What the directory may hold before the entries that were not used longest are removed: some two hundred
/// modules of a few MiB.
const MAX_BYTES: u64 = 512 << 20;

/// The most files, by the same rule.
const MAX_FILES: u64 = 2_000;

/// A cache in this directory, which is made when it is missing.
pub(crate) fn open(directory: &Path) -> Option<Cache> {
    let mut config = CacheConfig::new();
    config
        .with_directory(std::path::absolute(directory).ok()?)
        .with_files_total_size_soft_limit(MAX_BYTES)
        .with_file_count_soft_limit(MAX_FILES);
    Cache::new(config).ok()
}
