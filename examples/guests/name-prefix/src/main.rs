//! The other of the first two KRM functions in WebAssembly (kpt's proof of concept of 2022), written anew: in
//! every line that holds `name: `, what follows gets the prefix `pre-`.
//!
//! It reads lines, not YAML: containers and templates have a `name: ` too, and are renamed with the rest. See
//! `ensure-name-substring` for a function that knows which names are a resource's.

use std::io::{self, BufRead, Write};

use regex_lite::Regex;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pattern = Regex::new("name: (.*)")?;
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        writeln!(output, "{}", pattern.replace(&line?, "name: pre-$1"))?;
    }
    Ok(())
}
