//! The tables: what is typed, what is there, what is printed and what remains.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde::Deserialize;

use crate::sandbox::{Sandbox, finish, guest};

/// One invocation.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    name: String,
    /// What is typed after `drydock`. `{set-image}` is an example's guest.
    args: Vec<String>,
    /// What lies in the folder, by path. A text `-> target` is a symbolic link.
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    stdin: String,
    status: i32,
    /// All of stdout.
    stdout: Option<String>,
    /// Parts of stdout.
    #[serde(default)]
    stdout_has: Vec<String>,
    /// Parts of stderr, which is empty where there are none.
    #[serde(default)]
    stderr_has: Vec<String>,
    /// Files as they are afterwards; nothing: gone.
    #[serde(default)]
    after: BTreeMap<String, Option<String>>,
}

#[test]
fn run() {
    check("run.yaml");
}

#[test]
fn directories() {
    check("directories.yaml");
}

#[test]
fn krm() {
    check("krm.yaml");
}

#[test]
fn inspect() {
    check("inspect.yaml");
}

fn check(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run").join(table);
    let cases: Vec<Case> = serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let failures: Vec<String> = cases.iter().filter_map(|case| attempt(case).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn attempt(case: &Case) -> Result<(), String> {
    let sandbox = Sandbox::new();
    for (path, text) in &case.files {
        match text.strip_prefix("-> ") {
            Some(target) => {
                let place = sandbox.0.join(path);
                fs::create_dir_all(place.parent().unwrap()).unwrap();
                std::os::unix::fs::symlink(target, place).unwrap();
            }
            None => drop(sandbox.write(path, text)),
        }
    }
    let mut command = sandbox.drydock();
    command.args(case.args.iter().map(|argument| named(argument))).stdin(Stdio::piped());
    let ended = finish(command.spawn().unwrap(), case.stdin.as_bytes());
    let stdout = ended.stdout();
    let mut missing = Vec::new();
    if ended.status.code() != Some(case.status) {
        missing.push(format!("status {:?}, not {}", ended.status.code(), case.status));
    }
    if case.stdout.as_ref().is_some_and(|expected| *expected != stdout) {
        missing.push("another stdout".to_owned());
    }
    let lacks = |text: &str, parts: &[String], what: &str| {
        let lacking = parts.iter().filter(|part| !text.contains(part.as_str()));
        lacking.map(|part| format!("{what} lacks {part:?}")).collect::<Vec<_>>()
    };
    missing.extend(lacks(&stdout, &case.stdout_has, "stdout"));
    missing.extend(lacks(&ended.stderr, &case.stderr_has, "stderr"));
    if case.stderr_has.is_empty() && !ended.stderr.is_empty() {
        missing.push("stderr is not empty".to_owned());
    }
    for (path, expected) in &case.after {
        let now = sandbox.read(path);
        if now != *expected {
            missing.push(format!("`{path}` holds {now:?}, not {expected:?}"));
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("{}: {}\nstdout:\n{stdout}\nstderr:\n{}", case.name, missing.join("; "), ended.stderr))
}

/// An argument with the guest that it names.
fn named(argument: &str) -> String {
    match argument.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => guest(name).display().to_string(),
        None => argument.to_owned(),
    }
}
