//! What the editor knows of Kubernetes: one file for each version, made from the crate `k8s-openapi` into
//! `app/editor/built`.
//!
//! Refuses to compile that crate, which takes minutes for each version: the schemas stand in its source as literals,
//! and a literal of an unknown form is an error and not a gap.

mod literal;
mod prose;
mod tree;
mod values;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::console::say;
use crate::process::cargo;
use crate::project::{Project, entries, name_of, read_bytes, write_changed};

/// Where the files are put for the editor's bundler. Not committed.
const BUILT: &str = "app/editor/built";

/// The crate whose source has the schemas of all its versions. The desktop is built with it too, so it is downloaded
/// anyhow and `Cargo.lock` has its version.
const CRATE: &str = "k8s-openapi";

/// The crate's licence, beside what is made from it.
const LICENCE: &str = "k8s-openapi-LICENSE";

/// The versions, newest first.
const INDEX: &str = "index.json";

/// How deep the crate's folders are searched; its modules are seven deep.
const DEEPEST: usize = 12;

/// Writes a file for every version of Kubernetes that the crate has, and a list of the versions.
///
/// # Errors
/// When the crate cannot be found or read, or has a form that is not understood.
pub(crate) fn build(project: &Project) -> Result<(), String> {
    let folder = crate_folder(project)?;
    let source = folder.join("src");
    let mut versions = Vec::new();
    for folder in entries(&source)?.into_iter().rev() {
        let Some(version) = version_of(&name_of(&folder)) else { continue };
        let types = types_in(&folder)?;
        if versions.is_empty() {
            values::check(&types)?;
        }
        let compact = tree::compact(&version, &types)?;
        write_changed(&project.path(BUILT).join(format!("{version}.json")), compact.to_string().as_bytes())?;
        versions.push(version);
    }
    if versions.is_empty() {
        return Err(format!("{} has no folder for a version of Kubernetes", source.display()));
    }
    say(&format!("   Kubernetes {} for the editor, in {BUILT}", versions.join(", ")));
    sweep(project, &versions)?;
    write_changed(&project.path(BUILT).join(LICENCE), &read_bytes(&folder.join("LICENSE"))?)?;
    write_changed(&project.path(BUILT).join(INDEX), Value::from(versions).to_string().as_bytes())
}

/// Removes what was made from an earlier crate.
fn sweep(project: &Project, versions: &[String]) -> Result<(), String> {
    for path in entries(&project.path(BUILT))? {
        let name = name_of(&path);
        let is_kept = name.strip_suffix(".json").is_some_and(|stem| versions.iter().any(|one| one == stem));
        if !is_kept && name != INDEX && name != LICENCE {
            std::fs::remove_file(&path)
                .map_err(|error| format!("{BUILT}/{name} cannot be removed: {error}"))?;
        }
    }
    Ok(())
}

/// `1.37` for a folder called `v1_37`.
fn version_of(folder: &str) -> Option<String> {
    let (major, minor) = folder.strip_prefix('v')?.split_once('_')?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(major) && is_number(minor)).then(|| format!("{major}.{minor}"))
}

/// The folder that cargo keeps the crate's source in.
fn crate_folder(project: &Project) -> Result<PathBuf, String> {
    let printed = cargo()
        .args(["metadata", "--quiet", "--locked", "--format-version", "1"])
        // Of the packages of other systems, nothing is downloaded.
        .args(["--filter-platform", "host-tuple"])
        .dir(&project.root)
        .output()?;
    let metadata: Value =
        serde_json::from_str(&printed).map_err(|error| format!("cargo metadata is no JSON: {error}"))?;
    let packages = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    packages
        .filter(|package| package.get("name").and_then(Value::as_str) == Some(CRATE))
        .find_map(|package| {
            Path::new(package.get("manifest_path")?.as_str()?).parent().map(Path::to_path_buf)
        })
        .ok_or_else(|| format!("Cargo.lock has no {CRATE}: the editor's schemas are made from it"))
}

/// Every type of a version's folder that has a schema.
fn types_in(folder: &Path) -> Result<Vec<literal::Type>, String> {
    let mut types = Vec::new();
    let mut waiting = vec![(folder.to_path_buf(), 0)];
    while let Some((path, depth)) = waiting.pop() {
        if path.is_dir() && depth < DEEPEST {
            waiting.extend(entries(&path)?.into_iter().map(|entry| (entry, depth + 1)));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path)
                .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
            types.extend(literal::read(&text).map_err(|why| format!("{}: {why}", path.display()))?);
        }
    }
    Ok(types)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_versions_are_told_from_modules() {
        assert_eq!(version_of("v1_37").as_deref(), Some("1.37"));
        for other in ["v1", "api", "v1_", "v_1", "v1_beta", "lib.rs"] {
            assert_eq!(version_of(other), None, "{other}");
        }
    }
}
