//! The KRM functions ABI against tables: what a function is given, what becomes of its answer, and what kpt does
//! with the same answer.
//!
//! No guest runs here: answers are prepared. `UPDATE=1` rewrites what the cases expect.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking and says what it skipped"
)]

#[path = "krm/bundle.rs"]
mod bundle;
#[path = "krm/case.rs"]
mod case;
#[path = "krm/golden.rs"]
mod golden;
#[path = "krm/hostile.rs"]
mod hostile;
#[path = "krm/kpt.rs"]
mod kpt;
