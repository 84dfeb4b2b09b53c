//! Files as readers meet them: what they are called, how they open, how long they are.
//!
//! Refuses exceptions by name: a rule that needs them is the wrong rule.

use super::{File, Finding};

/// A file that one can read in a sitting. The aim is 100 to 400; the rest is for the last function.
const CEILING: usize = 450;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "misc", "types"];

/// What people write code in, and must introduce.
const CODE: &[&str] = &["rs", "ts", "mjs", "js"];

/// Names, opening comment and length.
pub(super) fn check(file: &File) -> Vec<Finding> {
    [name(file), opening(file), length(file)].into_iter().flatten().collect()
}

fn name(file: &File) -> Option<Finding> {
    if file.path.ends_with("/mod.rs") {
        return Some(file.finding(0, "call it `<folder>.rs`, beside its folder: there is no mod.rs here"));
    }
    let empty = file
        .path
        .split('/')
        .find(|part| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or_default()))?;
    Some(file.finding(0, format!("`{empty}` says nothing: name it after what it is about")))
}

fn opening(file: &File) -> Option<Finding> {
    if !file.is(CODE) {
        return None;
    }
    let first = file.text.lines().find(|line| !line.starts_with("#!/")).unwrap_or_default();
    let (is_opened, form) = if file.is(&["rs"]) {
        (first.starts_with("//!"), "//!")
    } else {
        (first.starts_with("/**") || first.starts_with("//"), "/** … */")
    };
    let text =
        format!("open with a comment ({form}): one sentence of purpose, then what the file refuses to do");
    (!is_opened).then(|| file.finding(1, text))
}

fn length(file: &File) -> Option<Finding> {
    if !file.is(CODE) || file.is_test() {
        return None;
    }
    let lines = file.without_unit_tests().lines().count();
    let text = format!("{lines} lines, the ceiling is {CEILING}: split it by concern");
    (lines > CEILING).then(|| file.finding(0, text))
}

#[cfg(test)]
mod tests {
    use super::super::{file, shown};
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        shown(check(&file(path, text)))
    }

    #[test]
    fn names_must_say_something() {
        for path in ["engine/src/wasi.rs", "app/src/typeset.rs", "docs/common-questions.md"] {
            assert_eq!(findings(path, "//! Fine.\n"), Vec::<String>::new(), "{path}");
        }
        for path in
            ["engine/src/wasi/mod.rs", "app/src/utils.rs", "app/src/helpers/a.rs", "app/editor/src/types.ts"]
        {
            assert_eq!(findings(path, "//! Fine.\n").len(), 1, "{path}");
        }
    }

    #[test]
    fn code_opens_with_a_comment() {
        assert_eq!(
            findings("a/b.rs", "use std::fmt;\n"),
            [
                "a/b.rs:1: open with a comment (//!): one sentence of purpose, then what the file refuses to do"
            ]
        );
        assert_eq!(findings("a/b.rs", "// No.\n").len(), 1);
        assert_eq!(findings("a/b.ts", "import x;\n").len(), 1);
        assert_eq!(findings("a/b.ts", "/** Purpose. */\n").len(), 0);
        assert_eq!(findings("a/b.mjs", "#!/usr/bin/env node\n// Purpose.\n").len(), 0);
        assert_eq!(findings("a/b.css", "a {}\n").len(), 0);
    }

    #[test]
    fn long_files_are_found_and_tests_are_not_counted() {
        let long = format!("//! Long.\n{}", "x\n".repeat(CEILING));
        assert_eq!(findings("a/b.rs", &long), ["a/b.rs: 451 lines, the ceiling is 450: split it by concern"]);
        assert_eq!(findings("a/tests/b.rs", &long).len(), 0);
        assert_eq!(findings("app/editor/test/marks.test.ts", &long).len(), 0);
        let tested = format!("//! Short.\n#[cfg(test)]\nmod tests {{\n{}", "x\n".repeat(CEILING));
        assert_eq!(findings("a/b.rs", &tested).len(), 0);
    }
}
