//! The desktop window: built with the command line into one package, and the package opened and driven.
//!
//! Refuses to drive anything but what is packaged: a window that only its own build folder can open is none.

use std::path::PathBuf;

use crate::console::{heading, say};
use crate::process::{Process, cargo};
use crate::project::{Project, entries, name_of};
use crate::site;
use crate::tools::{node, webkit};

/// The window's crate, where the bundler looks for its configuration.
const WINDOW: &str = "desktop/window";

/// Where the journeys are, and the bundler among their packages.
const JOURNEYS: &str = "e2e";

/// The cargo profile of what is packaged.
const PROFILE: &str = "native";

/// The screen that the window opens on where there is none.
const SCREEN: &str = "-screen 0 1280x800x24";

/// Builds the window from the sources as they are, and opens it.
///
/// # Errors
/// When something does not build, or the window cannot be opened.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<(), String> {
    webkit::headers()?;
    site::build_whole(project)?;
    site::build_for_window(project)?;
    heading("window");
    cargo()
        .args(["build", "--profile", PROFILE, "--package", "drydock-desktop", "--package", "drydock-window"])
        .dir(&project.root)
        .run()?;
    Process::new(project.target.join(PROFILE).join("drydock-window")).args(arguments).run()
}

/// Builds the package and drives what is in it.
///
/// # Errors
/// When it does not build, or a journey fails.
pub(crate) fn test(project: &Project) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        say("   left out: the journeys drive WebKitGTK, which is Linux's");
        return Ok(());
    }
    site::build_for_window(project)?;
    let package = package(project)?;
    webkit::programs()?;
    Process::new("xvfb-run")
        .args(["-a", "-s", SCREEN, "dbus-run-session", "--", "npm", "run", "--silent", "window"])
        .dir(&project.path(JOURNEYS))
        .env("DRYDOCK_PACKAGE", package)
        .run()
}

/// Builds the Debian package from the page in `dist`; gives its path.
fn package(project: &Project) -> Result<PathBuf, String> {
    webkit::headers()?;
    node::packages(project, JOURNEYS, "they bundle and drive the window")?;
    let built = project.target.join(PROFILE);
    let bundles = built.join("bundle/deb");
    // A package of an earlier version must not be taken for this one.
    if bundles.exists() {
        std::fs::remove_dir_all(&bundles)
            .map_err(|error| format!("{} cannot be removed: {error}", bundles.display()))?;
    }
    let command = built.join("drydock");
    let files = format!(
        r#"{{"bundle":{{"linux":{{"deb":{{"files":{{"/usr/bin/drydock":{:?}}}}}}}}}}}"#,
        command.display().to_string()
    );
    // One build for both programs, so that they share what they are linked with.
    Process::new(project.path(JOURNEYS).join("node_modules/.bin/tauri"))
        .args(["build", "--ci", "--bundles", "deb", "--config", &files])
        .args(["--", "--profile", PROFILE, "--package", "drydock-desktop", "--package", "drydock-window"])
        .dir(&project.path(WINDOW))
        .env("CARGO_TARGET_DIR", &project.target)
        .run()?;
    let package = entries(&bundles)?.into_iter().find(|path| name_of(path).ends_with(".deb"));
    package.ok_or_else(|| format!("the bundler left no package in {}", bundles.display()))
}
