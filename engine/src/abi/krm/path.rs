//! Paths of files in a package: which are allowed, which hold manifests, and which one a new resource gets.
//!
//! Paths are text with `/`. It touches no file system.

use std::collections::BTreeSet;

use crate::report::ResourceRef;

/// The longest path, in bytes: what Linux takes, so that a downloaded workspace can be written anywhere there.
const MAX_PATH: usize = 4_096;

/// A path without `.`, `..` and doubled slashes.
///
/// # Errors
/// In words, when the path names no file inside the package.
pub(super) fn clean(path: &str) -> Result<String, String> {
    if path.len() > MAX_PATH {
        return Err(format!("the path is {} bytes long, the most is {MAX_PATH}", path.len()));
    }
    if let Some(found) = path.chars().find(|it| it.is_control()) {
        return Err(format!("the path `{}` holds {}", path.escape_debug(), found.escape_unicode()));
    }
    if path.starts_with('/') {
        return Err(format!("the path `{path}` is absolute"));
    }
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => {
                return Err(format!("the path `{path}` leads out of the package"));
            }
            ".." => {}
            part => parts.push(part),
        }
    }
    if parts.is_empty() || path.ends_with('/') {
        return Err(format!("the path `{path}` names no file"));
    }
    Ok(parts.join("/"))
}

/// Whether kpt reads the file as manifests: by its name, so that a README may lie beside them.
pub(super) fn is_manifest(path: &str) -> bool {
    let name = file_name(path);
    name == "Kptfile" || [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end))
}

/// Whether it is kustomize's own file, which needs no `metadata.name`, nor any `apiVersion` and `kind`.
pub(super) fn is_kustomization(path: &str) -> bool {
    matches!(file_name(path), "kustomization.yaml" | "kustomization.yml" | "Kustomization")
}

/// Whether documents in it are written as JSON.
pub(super) fn is_json(path: &str) -> bool {
    path.ends_with(".json")
}

/// The path of a resource that has none: `<namespace>/<kind in lower case>_<name>.yaml`.
pub(super) fn generated(resource: &ResourceRef) -> String {
    let name = format!("{}_{}.yaml", resource.kind.to_ascii_lowercase(), resource.name);
    if resource.namespace.is_empty() { name } else { format!("{}/{name}", resource.namespace) }
}

/// A path that is also the folder of another path: no disk can hold both.
pub(super) fn file_and_folder(paths: &BTreeSet<&str>) -> Option<(String, String)> {
    let folders = |path: &str| path.match_indices('/').map(|(at, _)| at).collect::<Vec<_>>();
    paths.iter().find_map(|path| {
        let folder =
            folders(path).into_iter().filter_map(|at| path.get(..at)).find(|it| paths.contains(it))?;
        Some((folder.to_owned(), (*path).to_owned()))
    })
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans_paths_that_stay_inside() {
        let cases = [
            ("a.yaml", Ok("a.yaml")),
            ("./a//b/../c.yaml", Ok("a/c.yaml")),
            ("", Err("the path `` names no file")),
            ("a/..", Err("the path `a/..` names no file")),
            ("a/", Err("the path `a/` names no file")),
            ("../x", Err("the path `../x` leads out of the package")),
            ("a/../../x", Err("the path `a/../../x` leads out of the package")),
            ("/x", Err("the path `/x` is absolute")),
            ("a\0b", Err("the path `a\\0b` holds \\u{0}")),
        ];
        for (path, expected) in cases {
            assert_eq!(clean(path), expected.map(str::to_owned).map_err(str::to_owned), "{path:?}");
        }
    }

    #[test]
    fn finds_a_file_that_is_a_folder() {
        assert_eq!(file_and_folder(&BTreeSet::from(["a", "b/c", "b/d"])), None);
        let found = file_and_folder(&BTreeSet::from(["a/b", "a/b/c", "z"]));
        assert_eq!(found, Some(("a/b".into(), "a/b/c".into())));
    }
}
