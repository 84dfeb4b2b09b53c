//! What is no ordinary file: FIFOs, huge files, closed and full outputs, a disk that is full when saving.

use std::fs::{self, File};
use std::process::{Command, Stdio};

use crate::sandbox::{Ended, Sandbox, finish, guest};

fn drydock(sandbox: &Sandbox, args: &[&str]) -> Ended {
    finish(sandbox.drydock().args(args).spawn().unwrap(), b"")
}

#[track_caller]
fn refused(ended: &Ended, part: &str) {
    assert_eq!(ended.status.code(), Some(2), "{ended:?}");
    assert!(ended.stderr.contains(part), "{ended:?}");
}

#[test]
fn a_fifo_is_named_and_not_waited_for() {
    let sandbox = Sandbox::new();
    sandbox.write("ok.wat", "(module (func (export \"_start\")))");
    assert!(Command::new("mkfifo").arg(sandbox.0.join("pipe.wasm")).status().unwrap().success());
    let sentence = "`pipe.wasm` is a named pipe (FIFO), not a file";
    refused(&drydock(&sandbox, &["run", "pipe.wasm"]), sentence);
    refused(&drydock(&sandbox, &["krm", "pipe.wasm"]), sentence);
    refused(&drydock(&sandbox, &["inspect", "pipe.wasm"]), sentence);
    refused(&drydock(&sandbox, &["run", "ok.wat", "--input", "pipe.wasm"]), sentence);
    fs::rename(sandbox.0.join("pipe.wasm"), sandbox.0.join("drydock.yaml")).unwrap();
    refused(&drydock(&sandbox, &["run", "drydock.yaml"]), "`drydock.yaml` is a named pipe (FIFO)");
    refused(&drydock(&sandbox, &["run", "/dev/null"]), "`/dev/null` is a device, not a file");
}

#[test]
fn two_gibibytes_are_not_read() {
    let sandbox = Sandbox::new();
    sandbox.write("ok.wat", "(module (func (export \"_start\")))");
    File::create(sandbox.0.join("large.wasm")).unwrap().set_len(2 << 30).unwrap();
    refused(&drydock(&sandbox, &["run", "large.wasm"]), "`large.wasm` has 2048.0 MiB or more");
    refused(&drydock(&sandbox, &["run", "ok.wat", "--input", "large.wasm"]), "at most 64.0 MiB");
    fs::create_dir(sandbox.0.join("folder")).unwrap();
    fs::rename(sandbox.0.join("large.wasm"), sandbox.0.join("folder/large")).unwrap();
    refused(&drydock(&sandbox, &["run", "ok.wat", "--dir", "folder"]), "at most 256.0 MiB");
}

/// Prints 64 KiB sixteen times, more than a pipe holds.
const TALKER: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 2)
  (func (export "_start") (local $left i32)
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 65536))
    (local.set $left (i32.const 16))
    (loop $again
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (call $exit (i32.const 7))))"#;

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let sandbox = Sandbox::new();
    sandbox.write("talker.wat", TALKER);
    let mut child = sandbox.drydock().args(["run", "talker.wat"]).spawn().unwrap();
    drop(child.stdout.take());
    let ended = finish(child, b"");
    assert_eq!((ended.status.code(), ended.stderr.as_str()), (Some(7), ""), "{ended:?}");
    // Help, too, ends quietly.
    let mut child = sandbox.drydock().args(["run", "--help"]).spawn().unwrap();
    drop(child.stdout.take());
    let ended = finish(child, b"");
    assert_eq!((ended.status.code(), ended.stderr.as_str()), (Some(0), ""), "{ended:?}");
}

#[test]
fn output_that_is_lost_is_told() {
    let sandbox = Sandbox::new();
    sandbox.write("talker.wat", TALKER);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let child = sandbox.drydock().args(["run", "talker.wat"]).stdout(Stdio::from(full)).spawn().unwrap();
    refused(&finish(child, b""), "stdout cannot be written");
}

/// Writes 1 MiB to `kept.txt` of its first directory.
const WRITER: &str = r#"(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 20)
  (data (i32.const 100) "kept.txt")
  (func (export "_start")
    (drop (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 8) (i32.const 1)
      (i64.const 64) (i64.const 64) (i32.const 0) (i32.const 16)))
    (i32.store (i32.const 0) (i32.const 200))
    (i32.store (i32.const 4) (i32.const 1048576))
    (drop (call $write (i32.load (i32.const 16)) (i32.const 0) (i32.const 1) (i32.const 8)))))"#;

#[test]
fn a_full_disk_keeps_the_old_file() {
    let sandbox = Sandbox::new();
    sandbox.write("writer.wat", WRITER);
    sandbox.write("data/kept.txt", "old");
    // As on a full disk, a write beyond the limit fails half way.
    let ended =
        sandbox.shell("trap '' XFSZ; ulimit -f 64; exec drydock run writer.wat --dir data --write-back");
    refused(&ended, "kept.txt` cannot be written");
    assert!(ended.stderr.contains("nothing was changed"), "{ended:?}");
    assert_eq!(sandbox.read("data/kept.txt").as_deref(), Some("old"));
    let names: Vec<_> =
        fs::read_dir(sandbox.0.join("data")).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names, ["kept.txt"]);
}

#[test]
fn a_full_disk_keeps_the_old_figures() {
    let sandbox = Sandbox::new();
    sandbox.write("end.wat", "(module (func (export \"_start\")))");
    sandbox.write("saved/figures.json", "old");
    // Not one byte more: the file beside it cannot be written.
    let bench = "drydock bench end.wat --engine wasmi --runs 1";
    let ended = sandbox.shell(&format!("trap '' XFSZ; ulimit -f 0; exec {bench} --save saved/figures.json"));
    refused(&ended, "`saved/figures.json` cannot be written");
    assert!(ended.stderr.contains("nothing was changed"), "{ended:?}");
    assert_eq!(sandbox.read("saved/figures.json").as_deref(), Some("old"));
    assert_eq!(fs::read_dir(sandbox.0.join("saved")).unwrap().count(), 1);
    // A device is no place to save in, whether it is full or not.
    refused(&sandbox.shell(&format!("{bench} --save /dev/full")), "`/dev/full` is a device, not a file");
}

#[test]
fn a_closed_stdout_is_no_failure_and_no_crash() {
    let sandbox = Sandbox::new();
    sandbox.write("talker.wat", TALKER);
    for (command, status) in [("run talker.wat", 7), ("inspect talker.wat", 0), ("run talker.wat -o json", 7)]
    {
        let ended = sandbox.shell(&format!("exec drydock {command} >&-"));
        assert_eq!((ended.status.code(), ended.stderr.as_str()), (Some(status), ""), "{command}: {ended:?}");
    }
    // Nothing that is opened may be taken for stdout.
    sandbox.write("data/kept.txt", "old");
    let ended = sandbox.shell("exec drydock run talker.wat --dir data >&- <&-");
    assert_eq!(ended.status.code(), Some(7), "{ended:?}");
    assert_eq!(sandbox.read("data/kept.txt").as_deref(), Some("old"));
}

#[test]
fn colours_respect_pipes_and_no_color() {
    let sandbox = Sandbox::new();
    let module = guest("noop");
    let module = module.to_str().unwrap();
    let escape = "\u{1b}[";
    assert!(!drydock(&sandbox, &["inspect", module]).stdout().contains(escape));
    let always = ["inspect", module, "--color", "always"];
    assert!(drydock(&sandbox, &always).stdout().contains(escape));
    let mut command = sandbox.drydock();
    let ended = finish(command.args(["inspect", module]).env("NO_COLOR", "1").spawn().unwrap(), b"");
    assert!(!ended.stdout().contains(escape));
}
