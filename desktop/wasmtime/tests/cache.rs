//! The cache of compiled code: used where it can be, and in nobody's way where it cannot.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use engine::host::Host;
use engine::machine::{Machine, Step};
use engine::module::to_binary;
use engine::request::{Budget, World};
use wasmtime_machine::{Metering, WasmtimeMachine};

/// A directory of this test's own, with nothing in it.
fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache").join(name);
    let _ = fs::remove_dir_all(&path);
    path
}

/// Compiles and runs a guest on a new machine.
fn runs(cache: &Path) {
    let module = to_binary(b"(module (func (export \"_start\") (result i32) (i32.const 7)))").unwrap();
    let machine = WasmtimeMachine::new(Metering::On, Some(cache)).unwrap();
    let budget = Budget::default();
    let prepared = machine.prepare(&module, &[]).unwrap();
    let host = Host::new(&budget, &World::default());
    let mut instance = prepared.instantiate(host, &budget).map_err(|(trap, _)| trap).unwrap();
    let mut step = instance.call("_start", &[]);
    while step == Step::Paused {
        step = instance.resume();
    }
    assert_eq!(step, Step::Returned(Some(engine::machine::Value::I32(7))));
}

/// The files of compiled code.
fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        match path.is_dir() {
            true => found.extend(files(&path)),
            false if path.extension().is_none() => found.push(path),
            false => {}
        }
    }
    found
}

#[test]
fn code_outlives_the_machine() {
    let directory = directory("lasting");
    runs(&directory);
    let [file] = &files(&directory)[..] else { panic!("not one file: {:?}", files(&directory)) };
    let written = fs::metadata(file).unwrap().modified().unwrap();
    runs(&directory);
    assert_eq!(files(&directory).len(), 1);
    assert_eq!(fs::metadata(file).unwrap().modified().unwrap(), written, "it was compiled again");
}

#[test]
fn broken_files_are_compiled_again() {
    let directory = directory("broken");
    runs(&directory);
    for content in [&b""[..], b"no code", &[0xFF; 4096]] {
        files(&directory).iter().for_each(|file| fs::write(file, content).unwrap());
        runs(&directory);
    }
}

#[test]
fn a_directory_that_cannot_be_is_done_without() {
    let file = directory("in-the-way");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "a file").unwrap();
    runs(&file);
    runs(&file.join("below"));
    assert_eq!(fs::read(&file).unwrap(), b"a file");
    fs::remove_file(&file).unwrap();
}
