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
            "kube*",
            "tokio",
        ],
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
            "kube*",
            "tokio",
            "rustix",
        ],
        why: "the engine is a pure library: it asks nothing of a system",
    },
    Direction {
        package: "drydock-manifest",
        target: "all",
        forbidden: &["drydock-engine", "wasmi", "wasmparser"],
        why: "manifests are text: guests use the same crate",
    },
    Direction {
        package: "drydock-app",
        target: "wasm32-unknown-unknown",
        forbidden: &[
            "drydock-desktop",
            "tauri*",
            "kube*",
            "hyper",
            "reqwest",
            "axum*",
            "rustls",
            "openssl*",
            "mio",
            "socket2",
            "wasmtime*",
        ],
        why: "the page never pulls native crates",
    },
];

/// Looks for forbidden packages below each package, and for a lock file that is behind.
///
/// # Errors
/// When cargo cannot resolve the workspace with the lock file as it is.
pub(super) fn check(project: &Project) -> Result<Vec<Finding>, String> {
    let mut findings = Vec::new();
    for direction in DIRECTIONS {
        let tree = cargo()
            .args([
                "tree",
                "--quiet",
                "--locked",
                "--package",
                direction.package,
                "--target",
                direction.target,
            ])
            .args(["--edges", "normal", "--prefix", "none", "--format", "{p}"])
            .dir(&project.root)
            .output()?;
        for found in forbidden(&tree, direction.forbidden) {
            let (package, why) = (direction.package, direction.why);
            let text = format!(
                "{package} depends on {found}: {why} (`cargo tree -p {package} --target {} -i {found}`)",
                direction.target
            );
            findings.push(Finding { path: "Cargo.toml".into(), line: 0, text });
        }
    }
    Ok(findings)
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
}
