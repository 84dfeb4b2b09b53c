//! Examples that teach: each says what, and proves it by a case.
//!
//! Refuses to judge a workspace beyond that: the engine's tests read it whole.

use super::{File, Finding};

/// What it teaches, and at least one case.
pub(super) fn check(file: &File) -> Vec<Finding> {
    if !is_example(&file.path) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let teaches = file.text.lines().find_map(|line| line.strip_prefix("teaches:"));
    if teaches.is_none_or(|text| text.trim().is_empty()) {
        findings.push(file.finding(0, "no `teaches:` line: the gallery shows what an example is for"));
    }
    if !has_case(&file.text) {
        findings.push(file.finding(0, "no case under `cases:`: an example is a test"));
    }
    findings
}

fn is_example(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next() == Some("examples") && parts.nth(1) == Some("drydock.yaml")
}

fn has_case(text: &str) -> bool {
    let mut lines = text.lines().skip_while(|line| !line.starts_with("cases:"));
    let is_inline = lines.next().is_some_and(|line| line.contains("[{") || line.contains("[ {"));
    let next = lines.find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    is_inline || next.is_some_and(|line| line.trim_start().starts_with("- "))
}

#[cfg(test)]
mod tests {
    use super::super::{file, shown};
    use super::*;

    #[test]
    fn examples_teach_and_prove() {
        let path = "examples/set-labels/drydock.yaml";
        for (text, count) in [
            ("teaches: labels\ncases:\n  # why\n  - name: one\n", 0),
            ("teaches: labels\ncases:\n- name: one\n", 0),
            ("teaches:\ncases:\n- name: one\n", 1),
            ("teaches: labels\ncases: []\n", 1),
            ("teaches: labels\ncases:\nother: 1\n", 1),
            ("name: x\n", 2),
        ] {
            assert_eq!(shown(check(&file(path, text))).len(), count, "{text}");
        }
        assert!(check(&file("examples/guests/x/drydock.yaml", "")).is_empty());
    }
}
