//! `cargo xtask test`: everything that can fail, cheapest first. What automation runs is this and nothing else.
//!
//! Refuses to pass over a failure: every step that still makes sense runs, and the end says which failed.

use crate::check;
use crate::console::say;
use crate::dist;
use crate::examples::{self, guests};
use crate::process::cargo;
use crate::project::{Project, entries, name_of};
use crate::site;
use crate::steps::{self, Step};
use crate::tools::{chromium, node};
use crate::window;

/// The test that runs every example on every machine: a step of its own, so that a shortfall is named as one.
const EXAMPLES_TEST: &str = "examples";

/// Where the journeys are.
const JOURNEYS: &str = "e2e";

/// What follows the steps of `check`.
const STEPS: &[Step] = &[
    Step { name: "examples", needs: &[], run: examples::build },
    // The hostile tests mutate a built guest.
    Step { name: "rust tests", needs: &["headers", "examples"], run: rust_tests },
    Step { name: "doc tests", needs: &["headers"], run: doc_tests },
    Step { name: "editor", needs: &[], run: editor },
    Step { name: "guest tests", needs: &[], run: guest_tests },
    Step { name: "examples on every machine", needs: &["examples"], run: examples_on_machines },
    Step { name: "page", needs: &["editor", "examples"], run: site::build },
    Step { name: "sizes", needs: &["page"], run: dist::measure },
    Step { name: "journeys", needs: &["page"], run: journeys },
    Step { name: "window", needs: &["headers", "page"], run: window::test },
];

/// Runs all steps, or those that the filter names with what they need, or else the Rust tests that it names.
///
/// # Errors
/// Names the steps that failed.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<(), String> {
    let (filter, more) = match arguments {
        [] => ("", None),
        [filter] => (filter.as_str(), None),
        [filter, more, ..] => (filter.as_str(), Some(more)),
    };
    if let Some(more) = more {
        return Err(format!("`test` takes one filter, and got `{more}` too: quote names with spaces"));
    }
    let all = [check::STEPS, STEPS].concat();
    let chosen = steps::select(&all, filter);
    if chosen.is_empty() {
        return named_rust_tests(project, filter);
    }
    steps::run_all(project, &chosen)
}

fn named_rust_tests(project: &Project, filter: &str) -> Result<(), String> {
    say(&format!("   no step is called `{filter}`: running the Rust tests that are"));
    cargo().args(["test", "--workspace", "--lib", "--bins", "--tests", "--", filter]).dir(&project.root).run()
}

/// Unit tests and integration tests of all packages, in one command that shares one build.
fn rust_tests(project: &Project) -> Result<(), String> {
    let mut process = cargo().args(["test", "--quiet", "--workspace", "--lib", "--bins"]);
    for name in integration_tests(project)? {
        if name != EXAMPLES_TEST {
            process = process.args(["--test", &name]);
        }
    }
    process.dir(&project.root).run()
}

fn doc_tests(project: &Project) -> Result<(), String> {
    cargo().args(["test", "--quiet", "--workspace", "--doc"]).dir(&project.root).run()
}

/// In the whole workspace, as [`rust_tests`]: a package by itself would have its dependencies compiled once more, with
/// other features.
fn examples_on_machines(project: &Project) -> Result<(), String> {
    cargo().args(["test", "--quiet", "--workspace", "--test", EXAMPLES_TEST]).dir(&project.root).run()
}

/// The tests that guests carry, run natively.
fn guest_tests(project: &Project) -> Result<(), String> {
    if guests::rust(project)?.is_empty() {
        return Ok(());
    }
    cargo()
        .args(["test", "--quiet", "--manifest-path", "examples/Cargo.toml", "--workspace"])
        .args(["--target-dir".as_ref(), project.guests_target().as_os_str()])
        .dir(&project.root)
        .run()?;
    guests::test_go(project)
}

fn editor(project: &Project) -> Result<(), String> {
    node::editor_packages(project)?;
    node::npm(project, node::EDITOR, &["run", "--silent", "check"])?;
    node::npm(project, node::EDITOR, &["test", "--silent"])?;
    site::bundle_editor(project)
}

fn journeys(project: &Project) -> Result<(), String> {
    node::packages(project, JOURNEYS, "they drive the browser")?;
    let browser = chromium::browser()?;
    node::npm_command(project, JOURNEYS, &["test", "--silent"]).env("CHROMIUM", browser).run()
}

/// The names of all integration tests of the workspace.
fn integration_tests(project: &Project) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    for member in workspace_members(&project.read("Cargo.toml")?) {
        for path in entries(&project.path(&member).join("tests"))? {
            let name = name_of(&path);
            match name.strip_suffix(".rs") {
                Some(stem) => names.push(stem.to_owned()),
                None if path.join("main.rs").is_file() => names.push(name),
                None => {}
            }
        }
    }
    Ok(names)
}

/// The members of the workspace: the quoted names on the line `members = [...]`.
fn workspace_members(manifest: &str) -> Vec<String> {
    manifest
        .lines()
        .find_map(|line| line.strip_prefix("members = "))
        .map(|list| list.split('"').skip(1).step_by(2).map(str::to_owned).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read() {
        let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"engine\", \"engine/manifest\"]\n";
        assert_eq!(workspace_members(manifest), ["engine", "engine/manifest"]);
    }

    #[test]
    fn what_a_step_needs_stands_before_it() {
        let all = [check::STEPS, STEPS].concat();
        for (place, step) in all.iter().enumerate() {
            for needed in step.needs {
                assert!(all.iter().take(place).any(|earlier| earlier.name == *needed), "{}", step.name);
            }
        }
    }
}
