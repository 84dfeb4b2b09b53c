//! Programs in Rust, C and Go, compiled and run on every machine; what they print is in `wasi/guests/*.out`.
//!
//! A language whose compiler is missing is passed over with a notice. `UPDATE=1` rewrites what is expected.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "tests stop at the first surprise"
)]

#[path = "machines/list.rs"]
mod list;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use engine::host::Host;
use engine::machine::{Machine, Step, Trap};
use engine::report::Limit;
use engine::request::{Budget, World};
use engine::wasi::{Grant, functions};

use self::list::machines;

fn guests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wasi/guests")
}

/// What was compiled, by source: two tests that use one guest must not write its files at once.
static COMPILED: Mutex<BTreeMap<String, Option<Vec<u8>>>> = Mutex::new(BTreeMap::new());

/// A guest; nothing when its compiler is not here.
fn compile(source: &str) -> Option<Vec<u8>> {
    let mut compiled = COMPILED.lock().unwrap();
    compiled.entry(source.to_owned()).or_insert_with(|| build(source)).clone()
}

fn build(source: &str) -> Option<Vec<u8>> {
    let (stem, language) = source.rsplit_once('.').unwrap();
    let output = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{stem}-{language}.wasm"));
    let mut command = match language {
        "rs" => {
            let mut command = Command::new("rustc");
            command.args(["--edition", "2024", "-O", "--target", "wasm32-wasip1"]);
            command
        }
        "c" => {
            let mut command = Command::new("clang");
            command.args(["--target=wasm32-wasi", "-O1"]);
            command
        }
        "go" => {
            let mut command = Command::new("go");
            command.args(["build"]).env("GOOS", "wasip1").env("GOARCH", "wasm").env("GO111MODULE", "off");
            command
        }
        _ => panic!("no compiler for {source}"),
    };
    command.arg("-o").arg(&output).arg(guests().join(source));
    match command.output() {
        Ok(built) if built.status.success() => Some(std::fs::read(&output).unwrap()),
        Ok(built) if language == "rs" => panic!("{source}: {}", String::from_utf8_lossy(&built.stderr)),
        // A clang without the libraries of its target, a Go without WASI: not here either.
        other => {
            eprintln!(
                "notice: {source} is passed over, its compiler is missing or does not build it: {other:?}"
            );
            None
        }
    }
}

/// Runs a guest to its end, on every machine.
fn run(wasm: &[u8], budget: Budget) -> Vec<(Step, Host)> {
    machines().iter().map(|machine| run_on(machine.as_ref(), wasm, budget)).collect()
}

fn run_on(machine: &dyn Machine, wasm: &[u8], budget: Budget) -> (Step, Host) {
    let mut host = Host::new(&budget, &World::default());
    host.wasi.set_args(vec!["guest".into(), "--flag".into(), "zwölf".into()]);
    host.wasi.set_env(vec![("NAME".into(), "value".into())]);
    host.wasi.set_stdin(b"the input".to_vec());
    host.wasi.files_mut().write("fixed/given", b"by the host").unwrap();
    host.wasi.preopen("/work", "work", Grant::ReadWrite).unwrap();
    host.wasi.preopen("/fixed", "fixed", Grant::ReadOnly).unwrap();
    let prepared = machine.prepare(wasm, functions()).unwrap();
    let mut instance = prepared.instantiate(host, &budget).map_err(|(trap, _)| trap).unwrap();
    let mut step = instance.call("_start", &[]);
    while step == Step::Paused {
        step = instance.resume();
    }
    (step, instance.into_host())
}

fn check(source: &str) {
    let Some(wasm) = compile(source) else { return };
    for (step, host) in run(&wasm, Budget::default()) {
        let (stdout, stderr) = (host.wasi.stdout(), host.wasi.stderr());
        let (stdout, stderr) = (String::from_utf8_lossy(stdout), String::from_utf8_lossy(stderr));
        let seen = format!("{stdout}--- stderr\n{stderr}--- end\n{step:?}\n");
        let expected = guests().join(format!("{source}.out"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&expected, &seen).unwrap();
        }
        assert_eq!(seen, std::fs::read_to_string(&expected).unwrap_or_default(), "{source}");
    }
}

#[test]
fn a_rust_program_uses_files() {
    check("files.rs");
}

#[test]
fn a_rust_program_uses_its_process() {
    check("process.rs");
}

#[test]
fn a_c_program_uses_files() {
    check("files.c");
}

#[test]
fn a_go_program_uses_files_and_timers() {
    check("files.go");
}

#[test]
fn a_sleeper_meets_the_time_limit() {
    let Some(wasm) = compile("process.rs") else { return };
    for (step, host) in run(&wasm, Budget { time_ms: 1_000, ..Budget::default() }) {
        let Step::Trapped(Trap::Stopped(stopped)) = step else { panic!("it went on: {step:?}") };
        assert_eq!(stopped.limit, Limit::Time);
        assert_eq!(stopped.detail, "asked to sleep for 1.5 s in all; the time limit is 1 s");
        assert!(host.wasi.stdout().starts_with(b"args: "), "what it printed before is kept");
    }
}

#[test]
fn two_runs_are_the_same_to_the_byte() {
    let Some(wasm) = compile("process.rs") else { return };
    let print = || {
        let ran = run(&wasm, Budget::default()).into_iter();
        ran.map(|(_, mut host)| host.wasi.take_stdout()).collect::<Vec<_>>()
    };
    let first = print();
    assert_eq!(first, print());
    assert!(first.iter().zip(first.iter().skip(1)).all(|(one, next)| one == next), "machines differ");
}
