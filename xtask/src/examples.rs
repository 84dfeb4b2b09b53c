//! `cargo xtask examples`: guests from source and workspaces, gathered in `examples/built`, where the page and
//! the tests read them.
//!
//! Refuses committed binaries: every module is built here from the source beside it.

mod gallery;
pub(crate) mod guests;

use crate::console::say;
use crate::project::{Project, name_of};

/// The folder that the page serves and the tests read. Not committed.
pub(crate) const BUILT: &str = "examples/built";

/// Builds everything.
///
/// # Errors
/// When a guest does not compile or a file cannot be written.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<(), String> {
    match arguments.first() {
        Some(argument) => Err(format!("`examples` takes no arguments, and got `{argument}`")),
        None => build(project),
    }
}

/// Builds the guests, copies the workspaces, writes the gallery's index, and removes what is no longer made.
///
/// # Errors
/// When a guest does not compile or a file cannot be written.
pub(crate) fn build(project: &Project) -> Result<(), String> {
    let mut modules = guests::build_rust(project)?;
    let go = guests::build_go(project)?;
    modules.extend(go.modules);
    let workspaces = gallery::copy_workspaces(project)?;
    gallery::write_index(project, &workspaces, &modules, &go.left_out)?;
    gallery::sweep(project, &workspaces, &modules)?;
    say(&format!("   {} modules and {} workspaces in {BUILT}", modules.len(), workspaces.len()));
    for (name, why) in &go.left_out {
        say(&format!("   left out: {name}: {why}"));
    }
    Ok(())
}

/// Checks that a name can stand in file names, addresses and JSON as it is.
///
/// # Errors
/// When it holds anything but lower-case letters, digits and hyphens.
fn plain_name(path: &std::path::Path) -> Result<String, String> {
    let name = name_of(path);
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.is_empty() && name.chars().all(is_plain) {
        Ok(name)
    } else {
        Err(format!("{}: names of examples and guests hold a-z, 0-9 and hyphens only", path.display()))
    }
}
