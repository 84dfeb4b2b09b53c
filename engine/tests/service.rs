//! go-plugin services over their whole width: what is found of them, how they are called, what they ask, what they are
//! told, and what ends them, on every machine. `UPDATE=1` rewrites what the tables expect.
//!
//! The guests are WebAssembly text made here; real ones are tested with the examples.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "service/cases.rs"]
mod cases;
#[path = "service/guest.rs"]
mod guest;
#[path = "service/limits.rs"]
mod limits;
#[path = "machines/list.rs"]
mod list;
#[path = "service/table.rs"]
mod table;
#[path = "service/vectors.rs"]
mod vectors;
