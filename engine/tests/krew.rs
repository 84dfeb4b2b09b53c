//! kubectl plugins over their whole width: what they ask over HTTP in each form, what they are told, and what ends them,
//! on every machine. `UPDATE=1` rewrites what the tables expect.
//!
//! The guests are made here as WebAssembly text that calls with given numbers; real ones are tested with the examples.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "krew/cases.rs"]
mod cases;
#[path = "krew/guest.rs"]
mod guest;
#[path = "krew/limits.rs"]
mod limits;
#[path = "machines/list.rs"]
mod list;
#[path = "krew/table.rs"]
mod table;
