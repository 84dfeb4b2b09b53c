//! Real clusters: contexts of a kubeconfig, a read-only connection to one, and what lives in it.
//!
//! Nothing is sent that changes a cluster, unless a person agreed to that by itself. Nothing is run or read on behalf of a kubeconfig unless a person
//! agreed to it by itself. Credentials stay in here: they are in no type that can be printed.

mod client;
mod connection;
mod consent;
mod credentials;
mod discovery;
mod explain;
mod files;
mod kubeconfig;
mod objects;
mod plugin;
mod read_only;
mod redacted;
mod secret;
mod trouble;

pub use client::{KubeCluster, connect};
pub use consent::{Ask, Consent, Refuse};
pub use discovery::path_of;
pub use explain::{get, problem};
pub use kubeconfig::{Context, Source, contexts};
pub use objects::{LiveObject, MAX_OBJECTS, objects};
pub use read_only::check as check_read;
pub use redacted::{Redacted, redacted};
