//! `cargo xtask check`: everything that can be wrong without running the program.
//!
//! Refuses to change a file: `cargo fmt` and `cargo clippy --fix` are the reader's to call.

use crate::examples::guests;
use crate::process::cargo;
use crate::project::Project;
use crate::steps::{self, Step};
use crate::{tidy, tools};

/// What `test` begins with, cheapest first.
pub(crate) const STEPS: &[Step] = &[
    Step { name: "tidy", needs: &[], run: tidy::check },
    Step { name: "format", needs: &[], run: format },
    Step { name: "headers", needs: &[], run: headers },
    Step { name: "clippy", needs: &["headers"], run: clippy },
    Step { name: "clippy page", needs: &[], run: clippy_page },
    Step { name: "clippy guests", needs: &[], run: clippy_guests },
    Step { name: "licences", needs: &[], run: licences },
];

/// The workspace of the guests, which has its own lock file.
const GUESTS: &str = "examples/Cargo.toml";

/// Runs the steps.
///
/// # Errors
/// Names the steps that failed.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<(), String> {
    match arguments.first() {
        Some(argument) => Err(format!("`check` takes no arguments, and got `{argument}`")),
        None => steps::run_all(project, STEPS),
    }
}

fn format(project: &Project) -> Result<(), String> {
    tools::rust_component("rustfmt")?;
    cargo().args(["fmt", "--all", "--check"]).dir(&project.root).run()?;
    if guests::rust(project)?.is_empty() {
        return Ok(());
    }
    cargo().args(["fmt", "--manifest-path", GUESTS, "--all", "--check"]).dir(&project.root).run()
}

/// What the system must bring before the workspace compiles.
fn headers(_: &Project) -> Result<(), String> {
    tools::webkit::headers()
}

fn clippy(project: &Project) -> Result<(), String> {
    tools::rust_component("clippy")?;
    cargo()
        .args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])
        .dir(&project.root)
        .run()
}

fn clippy_page(project: &Project) -> Result<(), String> {
    tools::rust_component("clippy")?;
    tools::rust_target("wasm32-unknown-unknown", "the page is compiled to it")?;
    cargo()
        .args(["clippy", "--quiet", "--package", "drydock-app"])
        .args(["--target", "wasm32-unknown-unknown", "--", "-D", "warnings"])
        .dir(&project.root)
        .run()
}

fn clippy_guests(project: &Project) -> Result<(), String> {
    if guests::rust(project)?.is_empty() {
        return Ok(());
    }
    tools::rust_component("clippy")?;
    tools::rust_target(guests::TARGET, "guests are compiled to it")?;
    cargo()
        .args(["clippy", "--quiet", "--manifest-path", GUESTS, "--workspace", "--all-targets"])
        .args(["--target", guests::TARGET])
        .args(["--target-dir".as_ref(), project.guests_target().as_os_str()])
        .args(["--", "-D", "warnings"])
        .dir(&project.root)
        .run()
}

fn licences(project: &Project) -> Result<(), String> {
    tools::cargo_deny()?;
    deny(project, &["--manifest-path", "Cargo.toml"])?;
    if guests::rust(project)?.is_empty() {
        return Ok(());
    }
    // What their tests link natively goes nowhere.
    deny(project, &["--manifest-path", GUESTS, "--target", guests::TARGET])
}

fn deny(project: &Project, graph: &[&str]) -> Result<(), String> {
    cargo()
        .args(["deny", "--config", "deny.toml"])
        .args(graph)
        .args(["check", "--hide-inclusion-graph", "licenses", "bans", "sources"])
        .dir(&project.root)
        .run()
}
