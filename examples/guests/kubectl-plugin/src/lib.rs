//! A small SDK for kubectl plugins in WebAssembly, as krew-wasm runs them: programs that read the kubeconfig of the home
//! directory, ask its cluster over `wasi-outbound-http`, and print. It opens no other file and no connection of its own.
//!
//! A whole plugin is this:
//!
//! ```no_run
//! use kubectl_plugin::{Arguments, Cluster, Failure, text};
//!
//! fn pods(arguments: &mut Arguments) -> Result<String, Failure> {
//!     let scope = arguments.scope()?;
//!     arguments.finish(&[])?;
//!     let cluster = Cluster::connect()?;
//!     let pods = cluster.list(&cluster.path("/api/v1", "pods", &scope))?;
//!     Ok(pods.iter().map(|pod| format!("{}\n", text(pod, "/metadata/name"))).collect())
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     kubectl_plugin::run(pods)
//! }
//! ```
//!
//! Build it with `cargo build --release --target wasm32-wasip1`.

#[cfg(target_family = "wasm")]
mod abi;
mod arguments;
mod cluster;
mod http;
mod kubeconfig;
mod resource;
mod table;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::Value;

pub use ::manifest;
pub use arguments::{Arguments, Scope};
pub use cluster::Cluster;
pub use http::Response;
pub use resource::Resource;
pub use table::{Cell, Colour, Table};

/// Why a plugin gave up. It is printed to stderr, and the exit code is 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(String);

impl<T: Into<String>> From<T> for Failure {
    fn from(message: T) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Runs a plugin as a program: what it returns goes to stdout, a failure to stderr, and the exit code is 0 or 1.
pub fn run(plugin: impl FnOnce(&mut Arguments) -> Result<String, Failure>) -> ExitCode {
    let answer = plugin(&mut Arguments::of_program());
    let written = answer.and_then(|text| {
        io::stdout().lock().write_all(text.as_bytes()).map_err(|error| error.to_string().into())
    });
    let Err(failure) = written else { return ExitCode::SUCCESS };
    // Nothing is left to do when stderr is closed as well.
    let _ = writeln!(io::stderr(), "error: {failure}");
    ExitCode::FAILURE
}

/// The text at a JSON pointer; empty when there is none.
#[must_use]
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The entries of the list at a JSON pointer; none when there is no list.
pub fn items<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}
