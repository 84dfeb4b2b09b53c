//! Compiling guests: Rust ones in one cargo call, Go ones each by itself.
//!
//! Refuses to rewrite a module that did not change: watchers, caches and wasm-opt are spared.

use std::path::{Path, PathBuf};

use super::{BUILT, plain_name};
use crate::console::say;
use crate::digest;
use crate::process::{Process, cargo};
use crate::project::{Project, entries, name_of, read_bytes, write_changed};
use crate::tools::{self, go, node};

/// What guests are compiled to.
pub(crate) const TARGET: &str = "wasm32-wasip1";

/// How Rust guests are optimised: for speed, since an interpreter runs them, with the features that rustc
/// turns on for the target and no others.
const WASM_OPT: &[&str] = &[
    "-O2",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// A module in `examples/built`.
pub(crate) struct Module {
    /// The guest's name: the file is `<name>.wasm`.
    pub(crate) name: String,
    /// Its size in bytes.
    pub(crate) bytes: usize,
    /// Its SHA-256.
    pub(crate) sha256: String,
}

/// What came of the guests in Go.
#[derive(Default)]
pub(crate) struct GoGuests {
    /// Those that were built.
    pub(crate) modules: Vec<Module>,
    /// Name and reason of those that were not.
    pub(crate) left_out: Vec<(String, String)>,
}

/// The folders of all Rust guests, libraries included.
///
/// # Errors
/// When a folder cannot be read.
pub(crate) fn rust(project: &Project) -> Result<Vec<PathBuf>, String> {
    with_file(project, "Cargo.toml")
}

/// Builds the Rust guests.
///
/// # Errors
/// When one does not compile, or the folder's name is not the package's.
pub(crate) fn build_rust(project: &Project) -> Result<Vec<Module>, String> {
    let folders = rust(project)?;
    if folders.is_empty() {
        return Ok(Vec::new());
    }
    tools::rust_target(TARGET, "guests are compiled to it")?;
    let target = project.guests_target();
    cargo()
        .args(["build", "--release", "--manifest-path", "examples/Cargo.toml", "--workspace"])
        .args(["--target", TARGET])
        .args(["--target-dir".as_ref(), target.as_os_str()])
        .dir(&project.root)
        .run()?;
    let wasm_opt = node::wasm_opt(project)?.join("wasm-opt");
    let mut modules = Vec::new();
    for folder in &folders {
        let name = plain_name(folder)?;
        let Some(file) = artifact(folder, &name)? else { continue };
        let compiled = target.join(TARGET).join("release").join(&file);
        if !compiled.is_file() {
            return Err(format!(
                "cargo made no {file}: the package in {} must be called {name}",
                folder.display()
            ));
        }
        modules.push(publish(project, name, &optimise(&target, &compiled, &wasm_opt)?)?);
    }
    Ok(modules)
}

/// What cargo calls the module of a guest: a program has the package's name, a library without an entry point, such as
/// a k8s-wasm module, has underscores for its hyphens. None: a library that guests share.
fn artifact(folder: &Path, name: &str) -> Result<Option<String>, String> {
    if folder.join("src/main.rs").is_file() {
        return Ok(Some(format!("{name}.wasm")));
    }
    let manifest = read_bytes(&folder.join("Cargo.toml"))?;
    let is_module = String::from_utf8_lossy(&manifest).contains("crate-type = [\"cdylib\"]");
    Ok(is_module.then(|| format!("{}.wasm", name.replace('-', "_"))))
}

/// Builds the Go guests, or says why it cannot.
///
/// # Errors
/// When one does not compile.
pub(crate) fn build_go(project: &Project) -> Result<GoGuests, String> {
    let folders = with_file(project, "go.mod")?;
    let mut guests = GoGuests::default();
    if folders.is_empty() {
        return Ok(guests);
    }
    let go = match go::toolchain(project) {
        Ok(go) => go,
        Err(why) => {
            guests.left_out = folders.iter().map(|folder| (name_of(folder), why.clone())).collect();
            return Ok(guests);
        }
    };
    for folder in folders {
        let name = plain_name(&folder)?;
        let compiled = project.guests_target().join("go").join(format!("{name}.wasm"));
        compile_go(&go, &folder, &compiled)?;
        guests.modules.push(publish(project, name, &read_bytes(&compiled)?)?);
    }
    Ok(guests)
}

/// Runs the tests of the Go guests natively, or says why it cannot.
///
/// # Errors
/// When one fails.
pub(crate) fn test_go(project: &Project) -> Result<(), String> {
    let folders = with_file(project, "go.mod")?;
    if folders.is_empty() {
        return Ok(());
    }
    let go = match go::toolchain(project) {
        Ok(go) => go,
        Err(why) => {
            say(&format!("   left out: the tests of guests in Go: {why}"));
            return Ok(());
        }
    };
    for folder in folders {
        go_command(&go, &folder).args(["test", "."]).run()?;
    }
    Ok(())
}

fn compile_go(go: &Path, folder: &Path, to: &Path) -> Result<(), String> {
    // What exports functions has no program to run: a host calls the exports.
    let exports = folder.join("export_wasip1.go").is_file();
    let mode = if exports { "-buildmode=c-shared" } else { "-buildmode=default" };
    go_command(go, folder)
        .args(["build", mode, "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o"])
        .args([to.as_os_str(), ".".as_ref()])
        .env("GOOS", "wasip1")
        .env("GOARCH", "wasm")
        .run()
}

fn go_command(go: &Path, folder: &Path) -> Process {
    Process::new(go)
        .dir(folder)
        // Guests use the standard library alone: nothing is fetched, neither modules nor another Go.
        .env("GOPROXY", "off")
        .env("GOTOOLCHAIN", "local")
}

/// The module after wasm-opt, from the target folder when these very bytes were optimised before.
fn optimise(target: &Path, compiled: &Path, wasm_opt: &Path) -> Result<Vec<u8>, String> {
    let input = read_bytes(compiled)?;
    let recipe = [input.as_slice(), WASM_OPT.join(" ").as_bytes()].concat();
    let folder = target.join("optimised").join(name_of(compiled));
    let kept = folder.join(digest::sha256(&recipe));
    if let Ok(bytes) = std::fs::read(&kept) {
        return Ok(bytes);
    }
    say(&format!("   optimising {}", name_of(compiled)));
    // Earlier versions are dropped with the folder.
    let _ = std::fs::remove_dir_all(&folder);
    let scratch = target.join("optimised").join("unfinished");
    let cannot = |error: std::io::Error| format!("{} cannot be written: {error}", kept.display());
    std::fs::create_dir_all(&folder).map_err(cannot)?;
    Process::new(wasm_opt)
        .args(WASM_OPT)
        .args([compiled.as_os_str(), "-o".as_ref(), scratch.as_os_str()])
        .output()?;
    // Renamed at the end, so that an interrupted run leaves nothing that looks finished.
    std::fs::rename(&scratch, &kept).map_err(cannot)?;
    read_bytes(&kept)
}

fn publish(project: &Project, name: String, bytes: &[u8]) -> Result<Module, String> {
    write_changed(&project.path(BUILT).join(format!("{name}.wasm")), bytes)?;
    Ok(Module { name, bytes: bytes.len(), sha256: digest::sha256(bytes) })
}

fn with_file(project: &Project, file: &str) -> Result<Vec<PathBuf>, String> {
    let mut folders = entries(&project.path("examples/guests"))?;
    folders.retain(|folder| folder.join(file).is_file());
    Ok(folders)
}
