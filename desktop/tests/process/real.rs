//! The real program, run in folders of a test's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A KRM function that gives back what it was given.
pub(crate) const SAME: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func (export "_start")
    (loop $more
      (i32.store (i32.const 0) (i32.const 1024))
      (i32.store (i32.const 4) (i32.const 60000))
      (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (i32.store (i32.const 4) (i32.load (i32.const 8)))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12)))
      (br_if $more (i32.load (i32.const 8))))))
"#;

/// A function that fails with a line on stderr that no XML and no terminal should see as it is.
pub(crate) const FAILS: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00\15\00\00\00")
  (data (i32.const 16) "\1b[31m<no> & \"never\"\00\n")
  (func (export "_start")
    (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $exit (i32.const 3))))
"#;

/// A function that never ends.
pub(crate) const ENDLESS: &str =
    "(module (memory (export \"memory\") 1) (func (export \"_start\") (loop (br 0))))";

/// An empty folder for one test of one file.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes a file, and the folders above it.
pub(crate) fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The program, to be run in a folder and with a cache there.
pub(crate) fn drydock(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drydock"));
    command.args(arguments).current_dir(folder).env("XDG_CACHE_HOME", folder.join(".cache"));
    command
}

/// What a run came to: status, stdout, stderr.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    told(&drydock(folder, arguments).output().unwrap())
}

/// The same of an output.
pub(crate) fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// Fails unless every part stands in the text.
#[track_caller]
pub(crate) fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

/// Text as a block below `key: |` in YAML.
pub(crate) fn block(text: &str, indent: usize) -> String {
    text.lines().map(|line| format!("{:indent$}{line}\n", "")).collect()
}

/// A workspace with one ConfigMap and one module of this text, and these cases below it.
pub(crate) fn workspace(wat: &str, cases: &str) -> String {
    let wat = block(wat, 4);
    format!(
        "drydock: 1\nmodules:\n- name: fn\n  wat: |\n{wat}pipeline:\n  files:\n  - path: a.yaml\n    text: |\n      \
         apiVersion: v1\n      kind: ConfigMap\n      metadata:\n        name: a\n  steps:\n  - module: fn\n{cases}"
    )
}
