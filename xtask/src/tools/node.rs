//! Node, the npm packages of a folder, and wasm-opt, which comes as one of them.
//!
//! Refuses packages' install scripts: nothing that is fetched runs before it is called.

use std::path::{Path, PathBuf};

use crate::console::say;
use crate::digest;
use crate::process::Process;
use crate::project::{Project, name_of, read_bytes, write_changed};
use crate::versions;

/// The oldest Node that the packages of `app/editor` and `e2e` run on.
const NODE_MAJOR: u32 = 20;

/// The npm package of the editor, whose `node_modules` also holds wasm-opt.
pub(crate) const EDITOR: &str = "app/editor";

/// Checks that Node and npm are there.
///
/// # Errors
/// When one is missing or too old, saying how to get it.
pub(crate) fn present() -> Result<(), String> {
    let get = format!(
        "install Node {NODE_MAJOR} or later with npm, from nodejs.org or your system's packages \
         (Debian: apt-get install nodejs npm; macOS: brew install node)"
    );
    let version =
        Process::new("node").args(["--version"]).output().ok().as_deref().and_then(versions::printed);
    match version {
        Some(version) if versions::at_least(&version, NODE_MAJOR, 0) => {}
        Some(version) => return Err(format!("Node {version} is too old: {get}")),
        None => return Err(format!("Node is missing: {get}")),
    }
    Process::new("npm").args(["--version"]).output().map(|_| ()).map_err(|_| format!("npm is missing: {get}"))
}

/// Installs the packages of a folder when they are not those of its lock file.
///
/// # Errors
/// When Node is missing or npm fails.
pub(crate) fn packages(project: &Project, folder: &str, why: &str) -> Result<(), String> {
    let stamp = project.path(folder).join("node_modules/.lock-digest");
    let lock = read_bytes(&project.path(folder).join("package-lock.json"))?;
    let digest = digest::sha256(&lock);
    if std::fs::read_to_string(&stamp).is_ok_and(|old| old == digest) {
        return Ok(());
    }
    present()?;
    say(&format!("   installing the npm packages of {folder}: {why}"));
    npm(project, folder, &["ci", "--ignore-scripts", "--no-fund", "--no-audit"])?;
    write_changed(&stamp, digest.as_bytes())
}

/// Installs the packages of the editor.
///
/// # Errors
/// As [`packages`].
pub(crate) fn editor_packages(project: &Project) -> Result<(), String> {
    packages(project, EDITOR, "they bring the editor and wasm-opt")
}

/// Runs npm in a folder of the clone.
///
/// # Errors
/// When it fails.
pub(crate) fn npm(project: &Project, folder: &str, arguments: &[&str]) -> Result<(), String> {
    npm_command(project, folder, arguments).run()
}

/// Prepares npm in a folder of the clone.
pub(crate) fn npm_command(project: &Project, folder: &str, arguments: &[&str]) -> Process {
    Process::new("npm").args(arguments).dir(&project.path(folder))
}

/// The folder that holds wasm-opt, having installed it, and given trunk its own copy.
///
/// # Errors
/// When it cannot be installed.
pub(crate) fn wasm_opt(project: &Project) -> Result<PathBuf, String> {
    editor_packages(project)?;
    let folder = project.path(EDITOR).join("node_modules/.bin");
    let printed = Process::new(folder.join("wasm-opt")).args(["--version"]).output()?;
    let version = versions::setting(&project.read("Trunk.toml")?, "Trunk.toml", "wasm_opt")?;
    if !printed.contains(&format!("({version})")) {
        return Err(format!(
            "Trunk.toml asks for wasm-opt {version}, but {EDITOR}/package.json brings {}: make them agree",
            printed.trim()
        ));
    }
    hand_to_trunk(project, &version)?;
    Ok(folder)
}

/// Puts wasm-opt where trunk keeps the tools that it fetched itself, so that plain `trunk serve` finds it
/// without a download.
fn hand_to_trunk(project: &Project, version: &str) -> Result<(), String> {
    let Some(cache) = trunk_cache() else { return Ok(()) };
    let folder = cache.join(format!("wasm-opt-{version}")).join("bin");
    if folder.join("wasm-opt").is_file() {
        return Ok(());
    }
    say(&format!("   giving wasm-opt to trunk ({}): plain `trunk serve` needs it", folder.display()));
    let package = project.path(EDITOR).join("node_modules/binaryen/bin");
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
    for file in ["package.json", "wasm-opt"] {
        copy(&package.join(file), &folder.join(file))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    std::fs::copy(from, to)
        .map(|_| ())
        .map_err(|error| format!("{} cannot be copied to {}: {error}", name_of(from), to.display()))
}

/// Where trunk 0.21 keeps tools. None on Windows, where it runs only programs of its own format.
fn trunk_cache() -> Option<PathBuf> {
    let home = std::env::home_dir()?;
    if cfg!(target_os = "macos") {
        Some(home.join("Library/Caches/dev.trunkrs.trunk"))
    } else if cfg!(unix) {
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        Some(cache.unwrap_or_else(|| home.join(".cache")).join("trunk"))
    } else {
        None
    }
}
