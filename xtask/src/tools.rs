//! The Rust tools that the commands need: looked for first, installed when missing or of another version,
//! saying what and why.
//!
//! Refuses to install anything whose version the project does not name.

pub(crate) mod chromium;
pub(crate) mod debian;
pub(crate) mod go;
pub(crate) mod node;
pub(crate) mod webkit;

use crate::console::say;
use crate::process::{Process, cargo, find};
use crate::project::Project;
use crate::versions;

/// Checks licences and bans; a later version may read `deny.toml` differently.
const CARGO_DENY: &str = "0.20.2";

/// Makes the standard library of a compilation target present.
///
/// # Errors
/// When it is missing and there is no rustup, or rustup fails.
pub(crate) fn rust_target(target: &str, why: &str) -> Result<(), String> {
    let library = Process::new("rustc").args(["--print", "target-libdir", "--target", target]).output()?;
    if std::path::Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    rustup("target", target, why)
}

/// Makes rustfmt or clippy present.
///
/// # Errors
/// When it is missing and rustup is too, or rustup fails.
pub(crate) fn rust_component(component: &str) -> Result<(), String> {
    let subcommand = if component == "rustfmt" { "fmt" } else { component };
    if cargo().args([subcommand, "--version"]).output().is_ok() {
        return Ok(());
    }
    rustup("component", component, "it looks over the code")
}

fn rustup(kind: &str, name: &str, why: &str) -> Result<(), String> {
    if find("rustup").is_none() {
        return Err(format!(
            "Rust's {name} is missing and there is no rustup to add it: install Rust with rustup, or your \
             system's package of {name}"
        ));
    }
    say(&format!("   adding Rust's {name}: {why}"));
    Process::new("rustup").args([kind, "add", name]).run()
}

/// Makes trunk present, in the version that `Trunk.toml` asks for.
///
/// # Errors
/// When it cannot be installed.
pub(crate) fn trunk(project: &Project) -> Result<(), String> {
    let asked = versions::setting(&project.read("Trunk.toml")?, "Trunk.toml", "trunk-version")?;
    let version = asked.trim_start_matches('=');
    cargo_tool("trunk", "trunk", version, "it builds and serves the page", &["--locked"])
}

/// Makes wasm-bindgen's command present, in exactly the version of the library.
///
/// # Errors
/// When it cannot be installed.
pub(crate) fn wasm_bindgen(project: &Project) -> Result<(), String> {
    let version = versions::locked(&project.read("Cargo.lock")?, "wasm-bindgen")?;
    let why = "trunk calls it, and it must be of the library's version";
    // Not --locked: the lock file inside the package names a version that was withdrawn.
    cargo_tool("wasm-bindgen", "wasm-bindgen-cli", &version, why, &[])
}

/// Makes cargo-deny present.
///
/// # Errors
/// When it cannot be installed.
pub(crate) fn cargo_deny() -> Result<(), String> {
    let why = "it checks licences and banned dependencies";
    cargo_tool("cargo-deny", "cargo-deny", CARGO_DENY, why, &["--locked"])
}

fn cargo_tool(
    program: &str,
    package: &str,
    version: &str,
    why: &str,
    arguments: &[&str],
) -> Result<(), String> {
    let found =
        Process::new(program).args(["--version"]).output().ok().as_deref().and_then(versions::printed);
    let state = match found.as_deref() {
        Some(present) if present == version => return Ok(()),
        Some(present) => format!("version {present} is here"),
        None => "it is not here".to_owned(),
    };
    say(&format!("   installing {package} {version} ({state}): {why}; this takes minutes, once"));
    install(cargo().args(["install", package, "--version", version, "--force"]).args(arguments)).run()?;
    match present_version(program) {
        Some(present) if present == version => Ok(()),
        Some(present) => {
            Err(format!("an older {program} ({present}) stands before the new one on PATH: remove it"))
        }
        None => Err(format!("{program} is installed, but cargo's bin folder is not on PATH: add it")),
    }
}

fn present_version(program: &str) -> Option<String> {
    Process::new(program).args(["--version"]).output().ok().as_deref().and_then(versions::printed)
}

/// Settings that save minutes of compilation where the tool's own speed hardly matters, in a folder that
/// cargo throws away afterwards.
fn install(process: Process) -> Process {
    process
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .without("CARGO_TARGET_DIR")
}
