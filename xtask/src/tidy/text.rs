//! Text itself: line ends, stray spaces, and what must not leave the machine it was written on.
//!
//! Refuses to look into test data, where any byte may be the point.

use super::{File, Finding};
use crate::project::Project;

/// Paths that belong to this machine.
pub(super) struct Machine {
    paths: Vec<String>,
}

impl Machine {
    /// The clone's place and the home folder.
    pub(super) fn this(project: &Project) -> Self {
        let home = std::env::home_dir().map(|home| format!("{}/", home.display()));
        let root = format!("{}/", project.root.display());
        // A folder right below the top, or the top itself, is a word that may mean anything.
        let root = (root.matches('/').count() > 2).then_some(root);
        Self { paths: home.into_iter().filter(|home| home.len() > 2).chain(root).collect() }
    }
}

/// Line ends, spaces, machine paths, registries.
pub(super) fn check(file: &File, machine: &Machine) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_data = file.is_test() && !file.is(&["rs", "ts", "mjs", "js"]);
    if !is_data {
        findings.extend(final_newline(file));
    }
    for (place, line) in file.text.split('\n').enumerate() {
        let number = place + 1;
        if !is_data && line.ends_with([' ', '\t', '\r']) {
            findings.push(file.finding(number, "the line ends in spaces or a carriage return"));
        }
        if let Some(path) = machine.paths.iter().find(|path| line.contains(path.as_str())) {
            findings.push(file.finding(number, format!("`{path}` is a path of this machine")));
        }
        findings.extend(registry(file, line).map(|text| file.finding(number, text)));
    }
    findings
}

fn final_newline(file: &File) -> Option<Finding> {
    let is_right = file.text.is_empty() || (file.text.ends_with('\n') && !file.text.ends_with("\n\n"));
    (!is_right).then(|| file.finding(0, "end the file with one newline"))
}

/// Where packages come from is the machine's business, not the clone's.
fn registry(file: &File, line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let is_found = match name {
        "package-lock.json" => line.starts_with("\"resolved\""),
        ".npmrc" => line.starts_with("registry") || line.contains(":registry") || line.contains("_auth"),
        "config.toml" => line.starts_with("[source") || line.starts_with("[registr"),
        _ => false,
    };
    is_found
        .then_some("names a registry: the lock file pins digests, the machine chooses where they come from")
}

#[cfg(test)]
mod tests {
    use super::super::{file, shown};
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        let machine = Machine { paths: vec!["/home/ada/".into()] };
        shown(check(&file(path, text), &machine))
    }

    #[test]
    fn line_ends_are_plain() {
        assert_eq!(findings("a.md", "one\ntwo\n").len(), 0);
        assert_eq!(findings("a.md", ""), Vec::<String>::new());
        assert_eq!(findings("a.md", "one \ntwo\n"), ["a.md:1: the line ends in spaces or a carriage return"]);
        assert_eq!(findings("a.md", "one\r\n").len(), 1);
        assert_eq!(findings("a.md", "one"), ["a.md: end the file with one newline"]);
        assert_eq!(findings("a.md", "one\n\n").len(), 1);
        assert_eq!(findings("engine/tests/crlf.yaml", "a: 1 \r\nb").len(), 0);
        assert_eq!(findings("engine/tests/crlf.rs", "a \n").len(), 1);
    }

    #[test]
    fn nothing_of_the_machine_is_told() {
        assert_eq!(findings("a.md", "see /home/ada/x\n"), ["a.md:1: `/home/ada/` is a path of this machine"]);
        assert_eq!(findings("a.md", "see /home/user/x\n").len(), 0);
        assert_eq!(findings("e2e/package-lock.json", "  \"resolved\": \"somewhere\"\n").len(), 1);
        assert_eq!(findings("e2e/.npmrc", "fund=false\nomit-lockfile-registry-resolved=true\n").len(), 0);
        assert_eq!(findings("e2e/.npmrc", "registry=somewhere\n").len(), 1);
    }
}
