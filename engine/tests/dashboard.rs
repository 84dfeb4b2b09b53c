//! Dashboard plugins over their whole width: manifests, routes, handlers, host functions and what ends them, on every
//! machine. `UPDATE=1` rewrites what the tables expect.
//!
//! The guests are made here as WebAssembly text; real ones are tested with the examples.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "dashboard/cases.rs"]
mod cases;
#[path = "dashboard/guest.rs"]
mod guest;
#[path = "dashboard/limits.rs"]
mod limits;
#[path = "machines/list.rs"]
mod list;
#[path = "dashboard/table.rs"]
mod table;
