//! Inputs that a person names: a file, or `-` for stdin, within a bound.
//!
//! Nothing is read that was not named: without an option stdin stays untouched.

use std::path::{Path, PathBuf};

use engine::abi::krm::Bundle;
use engine::manifest::{Limits, parse};
use engine::report::Outcome;
use engine::request::File;

use crate::{Failure, files};

/// The largest input, in bytes: what the manifest layer reads at most, and a program's stdin.
pub(crate) const MAX_INPUT_BYTES: usize = 64 << 20;

/// What manifests without a name of their own are called.
const UNNAMED: &str = "input.yaml";

/// An input that was named.
pub(crate) struct Input {
    /// What messages call it.
    pub(crate) name: String,
    /// All of it.
    pub(crate) bytes: Vec<u8>,
}

impl Input {
    /// Reads a file, or stdin for `-`.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        if is_stdin(path) {
            return Ok(Self { name: "stdin".into(), bytes: files::read_stdin(MAX_INPUT_BYTES)? });
        }
        let bytes = files::read(path, MAX_INPUT_BYTES)?;
        Ok(Self { name: crate::modules::name(path), bytes })
    }

    /// The same as text.
    pub(crate) fn text(self) -> Result<(String, String), Failure> {
        let text = files::text(&self.name, self.bytes)?;
        Ok((self.name, text))
    }

    /// The same as a function's files, and the configuration of a `ResourceList`.
    pub(crate) fn manifests(self) -> Result<(Vec<File>, String), Failure> {
        let (name, text) = self.text()?;
        if let Some(bundle) = Bundle::read(&name, &text).map_err(|outcome| refused(&outcome))? {
            return Ok((bundle.files, bundle.config));
        }
        // A name that does not say YAML or JSON would hide the manifests from the function.
        let is_named = [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end)) || name == "Kptfile";
        let path = if is_named { name } else { UNNAMED.to_owned() };
        match parse(&text, &Limits::default()) {
            Ok(_) => Ok((vec![File { path, text }], String::new())),
            Err(error) => Err(Failure::new(format!("`{path}` does not parse: {error}"))),
        }
    }
}

fn refused(outcome: &Outcome) -> Failure {
    Failure { message: outcome.message.clone(), hint: outcome.hint.clone() }
}

/// A configuration's text; empty when none was named.
pub(crate) fn config(path: Option<&PathBuf>) -> Result<String, Failure> {
    path.map_or(Ok(String::new()), |path| Input::read(path)?.text().map(|(_, text)| text))
}

/// Whether a name means stdin.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}
