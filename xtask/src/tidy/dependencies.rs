//! Dependency directions, as cargo resolves them.
//!
//! Refuses an edge even where nothing uses it yet: what is linked will be called.

use super::Finding;
use crate::process::cargo;
use crate::project::Project;

/// What a package must not depend on, directly or through others.
struct Direction {
    package: &'static str,
    /// The platform to resolve for: `all`, or one target.
    target: &'static str,
    /// Package names; one that ends in `*` stands for all that begin so.
    forbidden: &'static [&'static str],
    /// A package that is passed over with all that it brings.
    but: Option<&'static str>,
    why: &'static str,
}

const DIRECTIONS: &[Direction] = &[
    Direction {
        package: "drydock-engine",
        target: "wasm32-unknown-unknown",
        forbidden: &[
            "wasm-bindgen",
            "js-sys",
            "web-sys",
            "gloo*",
            "leptos*",
            "idb",
            "tauri*",
            "kube",
            "kube-client*",
            "tokio",
        ],
        // Brought by the libraries of CEL and Rego, and in a browser the way to its clock. Nothing here asks what time it
        // is, so nothing of a browser is linked.
        but: Some("chrono"),
        why: "the engine is a pure library: no browser, no desktop, no runtime",
    },
    Direction {
        package: "drydock-engine",
        target: "all",
        forbidden: &[
            "drydock-app",
            "drydock-desktop",
            "web-sys",
            "leptos*",
            "tauri*",
            "kube",
            "kube-client*",
            "tokio",
            "rustix",
            "drydock-wasmtime",
            "wasmtime*",
            "cranelift*",
        ],
        but: None,
        why: "the engine is a pure library: it asks nothing of a system",
    },
    Direction {
        package: "drydock-manifest",
        target: "all",
        forbidden: &["drydock-engine", "wasmi", "wasmparser"],
        but: None,
        why: "manifests are text: guests use the same crate",
    },
    Direction {
        package: "drydock-app",
        target: "wasm32-unknown-unknown",
        forbidden: &[
            "drydock-desktop",
            "tauri*",
            "kube",
            "kube-client*",
            "hyper",
            "reqwest",
            "axum*",
            "rustls",
            "openssl*",
            "mio",
            "socket2",
            "wasmtime*",
        ],
        but: None,
        why: "the page never pulls native crates",
    },
];

/// What the page and its worker hold once: a second version doubles its weight. Natively, wasmtime brings its own.
const ONCE: &[&str] = &["wasmparser", "serde_json", "miniz_oxide"];

/// Looks for forbidden packages below each package, for what the page holds twice, and for a lock file that is
/// behind.
///
/// # Errors
/// When cargo cannot resolve the workspace with the lock file as it is.
pub(super) fn check(project: &Project) -> Result<Vec<Finding>, String> {
    let mut findings = Vec::new();
    for direction in DIRECTIONS {
        let tree = below(project, direction.package, direction.target, direction.but)?;
        for found in forbidden(&tree, direction.forbidden) {
            let (package, why) = (direction.package, direction.why);
            let text = format!(
                "{package} depends on {found}: {why} (`cargo tree -p {package} --target {} -i {found}`)",
                direction.target
            );
            findings.push(Finding { path: "Cargo.toml".into(), line: 0, text });
        }
    }
    let page = below(project, "drydock-app", "wasm32-unknown-unknown", None)?;
    for (name, versions) in ONCE.iter().map(|name| (name, versions(&page, name))) {
        if versions.len() > 1 {
            let text = format!("the page holds {name} more than once: {}", versions.join(", "));
            findings.push(Finding { path: "Cargo.toml".into(), line: 0, text });
        }
    }
    Ok(findings)
}

/// All that a package is linked with on a target, one `name version` a line, but for one of them.
fn below(project: &Project, package: &str, target: &str, but: Option<&str>) -> Result<String, String> {
    cargo()
        .args(["tree", "--quiet", "--locked", "--package", package, "--target", target])
        .args(["--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(but.iter().flat_map(|but| ["--prune", but]))
        .dir(&project.root)
        .output()
}

/// The versions of a package in a tree, each once.
fn versions<'a>(tree: &'a str, name: &str) -> Vec<&'a str> {
    let mut found: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(package, _)| *package == name)
        .filter_map(|(_, rest)| rest.split_whitespace().next())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The names in a tree, one `name version` a line, that are forbidden; each once.
fn forbidden<'a>(tree: &'a str, names: &[&str]) -> Vec<&'a str> {
    let is_forbidden = |package: &str| {
        names.iter().any(|name| match name.strip_suffix('*') {
            Some(beginning) => package.starts_with(beginning),
            None => package == *name,
        })
    };
    let mut found: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|package| is_forbidden(package))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_names_are_found_once() {
        let tree = "drydock-engine v0.1.0\nkube-core v5.0.0\nweb-sys v0.3.107\nweb-sys v0.3.107 (*)\nkubernetes v1\n";
        assert_eq!(forbidden(tree, &["web-sys", "kube-*"]), ["kube-core", "web-sys"]);
        assert!(forbidden(tree, &["web"]).is_empty());
    }

    #[test]
    fn versions_are_told_apart() {
        let tree = "wasmparser v0.228.0\nwasmparser v0.228.0 (*)\nwasmparser v0.254.2\nwasmparser-x v1.0.0\n";
        assert_eq!(versions(tree, "wasmparser"), ["v0.228.0", "v0.254.2"]);
        assert_eq!(versions(tree, "wasmparser-x"), ["v1.0.0"]);
    }
}
