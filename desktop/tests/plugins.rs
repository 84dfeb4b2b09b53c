//! `drydock plugin` as a person types it, and plugins as kubectl calls them: the real program in a home folder of its
//! own, against a registry and an API server on loopback.
//!
//! Nothing leaves this machine. What needs a program that is not installed is passed over, and the test says so.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking and says what it skipped"
)]

#[path = "plugins/called.rs"]
mod called;
#[path = "../../engine/tests/krew/guest.rs"]
mod guest;
#[path = "plugins/home.rs"]
mod home;
#[path = "plugins/pulls.rs"]
mod pulls;
#[path = "plugins/registry.rs"]
mod registry;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "run/sandbox.rs"]
mod sandbox;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "cluster/server.rs"]
mod server;
#[path = "plugins/store.rs"]
mod store;
#[path = "plugins/terminal.rs"]
mod terminal;
