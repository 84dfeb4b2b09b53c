//! Runs a guest natively over frozen inputs and compares what it prints. It never runs
//! WebAssembly: the engine's tests do that with the same guests.
//!
//! A case is one file: the input, then a line `=== exit N` with what the guest must write to stdout under it,
//! then, where it writes any, a line `=== stderr` with that. `UPDATE=1` rewrites everything but the input.

#![allow(clippy::panic, reason = "a library for tests reports by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

mod kustomize;

pub use kustomize::check_kustomize;

/// The line that ends a case's input.
const EXIT: &str = "=== exit ";
/// The line that ends a case's stdout.
const STDERR: &str = "=== stderr\n";

/// Runs every case of a folder (every `.yaml` and `.json` file) through a program.
///
/// # Panics
/// When a case answers otherwise than it must, naming every such case; when the folder holds no case.
pub fn check(program: &str, folder: impl AsRef<Path>) {
    let folder = folder.as_ref();
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "json"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} holds no case", folder.display());
    let failures: Vec<String> = paths.iter().filter_map(|path| check_one(program, path)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What is wrong with one case.
fn check_one(program: &str, path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (input, expected) = match text.find(EXIT) {
        Some(at) => text.split_at(at),
        None => (text.as_str(), ""),
    };
    let actual = answer(program, input);
    if actual == expected {
        return None;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, format!("{input}{actual}"))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return None;
    }
    Some(format!("{}: expected\n{expected}\nbut got\n{actual}\n(UPDATE=1 accepts it)", path.display()))
}

/// What a program does with an input, as a case writes it down.
fn answer(program: &str, input: &str) -> String {
    let output = run(program, input);
    let code = output.status.code().map_or_else(|| "signal".to_owned(), |code| code.to_string());
    let mut text = format!("{EXIT}{code}\n");
    push_lines(&mut text, &String::from_utf8_lossy(&output.stdout));
    if !output.stderr.is_empty() {
        text.push_str(STDERR);
        push_lines(&mut text, &String::from_utf8_lossy(&output.stderr));
    }
    text
}

/// Runs a program on an input.
fn run(program: &str, input: &str) -> Output {
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends without reading closes the pipe: that is its answer, not our failure.
        let _ = stdin.write_all(input.as_bytes());
    }
    child.wait_with_output().unwrap_or_else(|error| panic!("{program}: {error}"))
}

/// Appends a text, and the end of its last line where the program left it out.
fn push_lines(text: &mut String, lines: &str) {
    if lines.is_empty() || lines.ends_with('\n') {
        text.push_str(lines);
    } else {
        let _ = writeln!(text, "{lines}");
    }
}
