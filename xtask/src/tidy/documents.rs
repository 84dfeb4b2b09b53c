//! Documents that are true: every path they name exists.
//!
//! Refuses to judge what only looks like a path: media types, addresses, names with placeholders.

use super::{File, Finding};

/// Folders at the top of the clone, by which a path is recognised, there or missing.
const TOPS: &[&str] = &["app", "engine", "examples", "e2e", "xtask", "desktop", "docs", ".ci", ".cargo"];

/// Files that are made by the commands, and so may be missing.
const MADE: &[&str] = &["target", "dist", "node_modules", "built"];

/// Paths between backticks and in links. `exists` answers for a path from the top of the clone.
pub(super) fn check(file: &File, exists: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    if !file.is(&["md"]) {
        return Vec::new();
    }
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_there = |path: &str| exists(path) || exists(&join(folder, path));
    let mut findings = Vec::new();
    let mut is_fenced = false;
    for (place, line) in file.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        }
        if is_fenced {
            continue;
        }
        for path in ticked(line).filter(|path| is_path(path)).chain(linked(line)) {
            let path = path.trim_end_matches('/');
            if !path.split('/').any(|part| MADE.contains(&part)) && !is_there(path) {
                findings.push(file.finding(place + 1, format!("`{path}` does not exist")));
            }
        }
    }
    findings
}

fn ticked(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// The targets of relative links, without their anchors.
fn linked(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#', ' ']).next())
        .filter(|target| !target.is_empty() && !target.contains(':') && !target.starts_with('/'))
}

fn is_path(text: &str) -> bool {
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    let top = text.split('/').next().unwrap_or_default();
    is_plain && text.contains('/') && TOPS.contains(&top)
}

/// A path from a folder, with its `.` and `..` resolved.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::super::{file, shown};
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        let there = ["engine/src/run.rs", "docs/page.png", "examples"];
        shown(check(&file(path, text), &|path| there.contains(&path)))
    }

    #[test]
    fn paths_must_exist() {
        assert_eq!(findings("README.md", "See `engine/src/run.rs` and `examples/`.\n").len(), 0);
        assert_eq!(
            findings("README.md", "a\nSee `engine/src/walk.rs`.\n"),
            ["README.md:2: `engine/src/walk.rs` does not exist"]
        );
        assert_eq!(findings("README.md", "![page](docs/page.png) [top](#top) [x](https://x.y/z)\n").len(), 0);
        assert_eq!(findings("docs/a.md", "![page](page.png) [up](../engine/src/run.rs#L1)\n").len(), 0);
        assert_eq!(findings("docs/a.md", "![page](missing.png)\n").len(), 1);
    }

    #[test]
    fn what_only_looks_like_a_path_is_left_alone() {
        for text in [
            "`application/json`",
            "`examples/<name>/drydock.yaml`",
            "`examples/built/index.json`",
            "`cargo xtask serve`",
            "```\nengine/none.rs `engine/none.rs`\n```",
        ] {
            assert_eq!(findings("README.md", text), Vec::<String>::new(), "{text}");
        }
    }
}
