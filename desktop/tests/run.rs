//! `drydock run`, `krm` and `inspect` as a person types them: the real program in a folder of its own, against
//! tables of arguments, files, output and exit status.
//!
//! Needs the guests in `examples/built`: `cargo xtask examples` builds them. What needs a program that is not
//! installed is passed over, and the test says so.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking and says what it skipped"
)]

#[path = "run/dashboard.rs"]
mod dashboard;
#[path = "run/kpt.rs"]
mod kpt;
#[path = "run/sandbox.rs"]
mod sandbox;
#[path = "run/signals.rs"]
mod signals;
#[path = "run/streams.rs"]
mod streams;
#[path = "run/table.rs"]
mod table;
