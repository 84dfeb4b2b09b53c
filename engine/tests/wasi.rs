//! WASI preview 1, called through its table as a machine would call it, on a guest that is only a memory.
//!
//! What real guests do with it is in `wasi_guests.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

#[path = "wasi/clocks.rs"]
mod clocks;
#[path = "wasi/descriptors.rs"]
mod descriptors;
#[path = "wasi/directories.rs"]
mod directories;
#[path = "wasi/fake.rs"]
mod fake;
#[path = "wasi/host_files.rs"]
mod host_files;
#[path = "wasi/limits.rs"]
mod limits;
#[path = "wasi/paths.rs"]
mod paths;
#[path = "wasi/pointers.rs"]
mod pointers;
#[path = "wasi/process.rs"]
mod process;
#[path = "wasi/rights.rs"]
mod rights;
#[path = "wasi/storm.rs"]
mod storm;
#[path = "wasi/transfer.rs"]
mod transfer;
