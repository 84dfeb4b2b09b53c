//! The engine: runs WebAssembly guests that extend Kubernetes, and says what happened and why.
//!
//! A pure library: no browser, no window, no cluster client, no clock, no files. It takes a request and the
//! modules' bytes, and gives a report.

pub mod abi;
pub mod bytes;
pub mod cluster;
#[cfg(feature = "commands")]
mod command;
mod ending;
#[cfg(feature = "gate")]
pub mod gate;
pub mod host;
pub mod json;
pub mod link;
pub mod machine;
pub mod module;
#[cfg(any(feature = "gate", feature = "plugins"))]
mod objects;
#[cfg(feature = "plugins")]
pub mod package;
mod pipeline;
#[cfg(feature = "plugins")]
mod plugin;
pub mod report;
pub mod request;
pub mod run;
pub mod secrets;
#[cfg(any(feature = "gate", feature = "plugins"))]
mod uid;
pub mod visible;
pub mod wasi;
pub mod words;
pub mod workspace;

pub use manifest;
