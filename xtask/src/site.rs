//! Building the page: what must be there before trunk runs, and trunk itself.
//!
//! Refuses to let trunk download anything: what it would fetch is installed beforehand, by name and version.

use crate::console::{heading, say};
use crate::process::{Process, cargo};
use crate::project::Project;
use crate::tools::{self, node};
use crate::{examples, schema};

/// Makes present whatever the page is built with.
///
/// # Errors
/// When something is missing and cannot be installed.
pub(crate) fn prepare(project: &Project) -> Result<(), String> {
    tools::rust_target("wasm32-unknown-unknown", "the page is compiled to it")?;
    tools::trunk(project)?;
    tools::wasm_bindgen(project)?;
    node::wasm_opt(project).map(|_| ())
}

/// Bundles the editor into `app/editor/dist`, with what it knows of Kubernetes.
///
/// # Errors
/// When its packages cannot be installed, the schemas cannot be made, or the bundler fails.
pub(crate) fn bundle_editor(project: &Project) -> Result<(), String> {
    node::editor_packages(project)?;
    schema::build(project)?;
    node::npm(project, node::EDITOR, &["run", "--silent", "build"])
}

/// Builds the release site into `dist`, with the examples and the editor that it needs, as [`build`] does not.
///
/// # Errors
/// When something does not build.
pub(crate) fn build_whole(project: &Project) -> Result<(), String> {
    heading("examples");
    examples::build(project)?;
    heading("editor");
    bundle_editor(project)?;
    heading("page");
    build(project)
}

/// Builds the release site into `dist`.
///
/// # Errors
/// When trunk or something it needs fails.
pub(crate) fn build(project: &Project) -> Result<(), String> {
    prepare(project)?;
    fetch(project)?;
    say("   building the page and its worker; minutes from nothing, seconds afterwards");
    trunk(project)?.args(["build", "--release", "--offline"]).run()
}

/// Builds the page's program as the window shows it, with files and clusters, into `desktop/window/page`. The rest
/// of the page is what [`build`] left in `dist`. It is read from a disk, so nothing makes it smaller.
///
/// # Errors
/// When cargo or wasm-bindgen fails.
pub(crate) fn build_for_window(project: &Project) -> Result<(), String> {
    const TARGET: &str = "wasm32-unknown-unknown";
    cargo()
        .args(["build", "--release", "--target", TARGET, "--package", "drydock-app", "--bin", "app"])
        .args(["--features", "window"])
        .dir(&project.root)
        .env("CARGO_TARGET_DIR", &project.target)
        .run()?;
    Process::new("wasm-bindgen")
        .args(["--target", "web", "--no-typescript", "--out-dir", "desktop/window/page"])
        .args([project.target.join(TARGET).join("release/app.wasm")])
        .dir(&project.root)
        .run()
}

/// Downloads the page's crates: trunk is then run offline.
///
/// # Errors
/// When cargo fails.
pub(crate) fn fetch(project: &Project) -> Result<(), String> {
    cargo().args(["fetch", "--quiet", "--target", "wasm32-unknown-unknown"]).dir(&project.root).run()
}

/// Trunk, with wasm-opt on its PATH.
///
/// # Errors
/// When wasm-opt cannot be installed.
pub(crate) fn trunk(project: &Project) -> Result<Process, String> {
    let process = Process::new("trunk")
        .dir(&project.root)
        .path_first(&node::wasm_opt(project)?)
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // This trunk reads NO_COLOR as a flag that must be `true` or `false`, and stops at `1`.
        .without("NO_COLOR");
    Ok(process)
}
