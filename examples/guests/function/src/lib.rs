//! A small SDK for KRM functions: reads a `ResourceList` from stdin, lets a function change it, writes it to
//! stdout. It behaves as the official Go SDK does; it opens no file, no connection and reads no clock.
//!
//! A whole function is this:
//!
//! ```no_run
//! use function::{Failure, KrmResult, Object, ResourceList};
//!
//! fn process(list: &mut ResourceList) -> Result<(), Failure> {
//!     for item in &mut list.items {
//!         item.set_annotation("example.com/seen", "yes");
//!     }
//!     list.report(KrmResult::info(format!("saw {} resources", list.items.len())));
//!     Ok(())
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     function::run(process)
//! }
//! ```
//!
//! Build it with `cargo build --release --target wasm32-wasip1`.

mod config;
mod field_spec;
mod list;
mod object;
mod result;
mod walk;

use std::fmt;
use std::io::{self, Read, Write};
use std::process::ExitCode;

pub use config::{Config, GroupKind, text_map};
pub use field_spec::FieldSpec;
pub use list::ResourceList;
pub use object::{DEPENDS_ON, Gvk, Object, group_and_version, replace_string, replace_text};
pub use result::{KrmResult, Severity, quoted};
pub use walk::{Visitor, visit};

/// Why a function gave up. The host sees it on stderr, and as exit code 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    /// The failure whose reasons stand in the list's results already.
    #[must_use]
    pub fn reported() -> Self {
        Self("error: function failure".to_owned())
    }
}

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

/// Runs a function as a program: stdin to stdout, reasons of a failure to stderr, exit code 0 or 1.
///
/// The list is written even when the function failed, because its results say why.
pub fn run(process: impl FnOnce(&mut ResourceList) -> Result<(), Failure>) -> ExitCode {
    let answer = read_stdin().map_or_else(
        |failure| Answer { output: String::new(), failure: Some(failure) },
        |input| evaluate(&input, process),
    );
    let written = io::stdout().lock().write_all(answer.output.as_bytes());
    let failure = answer.failure.or_else(|| written.err().map(|error| error.to_string().into()));
    let Some(failure) = failure else { return ExitCode::SUCCESS };
    // Nothing is left to do when stderr is closed as well.
    let _ = writeln!(io::stderr(), "failed to evaluate function: {failure}");
    ExitCode::FAILURE
}

/// What a function answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The `ResourceList` as YAML; empty when the input was none.
    pub output: String,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
}

/// Runs a function over the text of a `ResourceList`, without the outside world.
pub fn evaluate(input: &str, process: impl FnOnce(&mut ResourceList) -> Result<(), Failure>) -> Answer {
    match ResourceList::read(input) {
        Ok(mut list) => {
            let failure = process(&mut list).err();
            Answer { output: list.write(), failure }
        }
        Err(failure) => Answer { output: String::new(), failure: Some(failure) },
    }
}

/// All of stdin.
fn read_stdin() -> Result<String, Failure> {
    let mut input = Vec::new();
    io::stdin().lock().read_to_end(&mut input).map_err(|error| format!("failed to read stdin: {error}"))?;
    String::from_utf8(input).map_err(|error| Failure::from(format!("stdin is not UTF-8: {error}")))
}
