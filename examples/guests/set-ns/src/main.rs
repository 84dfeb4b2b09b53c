//! One of the first two KRM functions in WebAssembly (kpt's proof of concept of 2022), written anew: in every
//! line that holds `namespace: `, what follows becomes `test`.
//!
//! It reads lines, not YAML, and ignores its configuration. That it works at all is the lesson: a module that
//! reads stdin and writes stdout is a KRM function.

use std::io::{self, BufRead, Write};

use regex_lite::Regex;

/// The namespace it sets, and always sets.
const NAMESPACE: &str = "namespace: test";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pattern = Regex::new("namespace: .*$")?;
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        writeln!(output, "{}", pattern.replace(&line?, NAMESPACE))?;
    }
    Ok(())
}
