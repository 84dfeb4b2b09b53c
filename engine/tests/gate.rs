//! The gate over its whole width: requests, guests that answer what a table says, and what must come of it, on every
//! machine. `UPDATE=1` rewrites what the tables expect.
//!
//! The guests are made here as WebAssembly text that prints an answer; real ones are tested with the examples.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "gate/bad_input.rs"]
mod bad_input;
#[path = "gate/cases.rs"]
mod cases;
#[path = "gate/configuration.rs"]
mod configuration;
#[path = "machines/list.rs"]
mod list;
#[path = "gate/policies.rs"]
mod policies;
#[path = "gate/rego.rs"]
mod rego;
#[path = "gate/table.rs"]
mod table;
