//! `docs/cli.md` is what the command line says of itself; `UPDATE=1` writes it anew.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

#[test]
fn the_document_is_written_from_the_definition() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cli.md");
    let now = desktop::cli::reference();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == now, "docs/cli.md is behind: UPDATE=1 cargo test -p drydock-desktop --test docs");
}

/// Every command that the document lists, by its name.
fn commands() -> Vec<String> {
    let text = desktop::cli::reference();
    text.lines().filter_map(|line| line.strip_prefix("## drydock ")).map(str::to_owned).collect()
}

fn drydock(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_drydock")).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn every_command_shows_examples() {
    let commands = commands();
    assert!(commands.len() >= 8, "{commands:?}");
    for name in commands {
        let (status, help, _) = drydock(&[&name, "--help"]);
        assert!(status == 0 && help.contains("Usage: drydock"), "{name}: {help}");
        assert!(help.contains("Example"), "`drydock {name} --help` shows no example");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    for name in commands() {
        let (status, page, _) = drydock(&["manual", &name]);
        assert!(status == 0 && page.contains(&format!(".TH drydock-{name} 1")), "{name}: {page}");
        assert!(page.contains(".SH EXAMPLES"), "the page of {name} shows no example");
    }
    let (status, page, _) = drydock(&["manual"]);
    assert!(status == 0 && page.contains(".TH drydock 1"), "{page}");
    let (status, _, error) = drydock(&["manual", "gone"]);
    assert!(status == 2 && error.contains("there is no command `gone`"), "{error}");
}

#[test]
fn every_shell_is_given_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (status, script, _) = drydock(&["completions", shell]);
        assert_eq!(status, 0, "{shell}");
        for name in commands() {
            assert!(script.contains(&name), "{shell} does not know {name}");
        }
    }
}
