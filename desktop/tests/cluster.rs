//! Real clusters against an HTTPS server on loopback, which speaks enough of the API and fails in every way:
//! through the library and through the command.
//!
//! Nothing leaves this machine, and no kubeconfig of it is read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "cluster/account.rs"]
mod account;
#[path = "cluster/answers.rs"]
mod answers;
#[path = "cluster/command.rs"]
mod command;
#[path = "cluster/consents.rs"]
mod consents;
#[path = "cluster/folder.rs"]
mod folder;
#[path = "cluster/kubeconfigs.rs"]
mod kubeconfigs;
#[path = "cluster/proxy.rs"]
mod proxy;
#[path = "cluster/server.rs"]
mod server;
#[path = "cluster/trust.rs"]
mod trust;
