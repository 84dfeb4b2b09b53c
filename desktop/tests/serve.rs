//! `drydock plugin serve` as a person types it, asked by a client of its own over TCP on loopback.
//!
//! Nothing leaves this machine, and every port is one that the system chose.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "serve/answers.rs"]
mod answers;
#[path = "serve/clusters.rs"]
mod clusters;
#[path = "serve/ends.rs"]
mod ends;
#[path = "serve/guests.rs"]
mod guests;
#[path = "serve/harness.rs"]
mod harness;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "run/sandbox.rs"]
mod sandbox;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "cluster/server.rs"]
mod server;
