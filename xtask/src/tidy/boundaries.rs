//! Who may speak of what: the engine of no platform, the page of no interpreter, nobody of raw markup.
//!
//! Refuses nothing inside unit tests, which stand at a file's end.

use super::{File, Finding};

/// Words that a part of the tree must not contain.
struct Boundary {
    /// Paths that begin like this are held to it,
    within: &'static str,
    /// but for those that begin like one of these.
    except: &'static [&'static str],
    words: &'static [&'static str],
    instead: &'static str,
}

const BOUNDARIES: &[Boundary] = &[
    Boundary {
        within: "engine/",
        except: &[],
        words: &["cfg(target_", "cfg!(target_", "cfg(any(target_", "cfg(not(target_", "cfg_attr(target_"],
        instead: "the engine is one program everywhere: hand the difference in from outside",
    },
    Boundary {
        within: "engine/",
        except: &["engine/tests/", "engine/benches/", "engine/manifest/tests/"],
        words: &[
            "std::fs",
            "std::env",
            "std::net",
            "std::process",
            "SystemTime::now",
            "Instant::now",
            "thread::spawn",
        ],
        instead: "the engine has no files, no clock and no threads of its own: they are inputs of a run",
    },
    Boundary {
        within: "app/src/",
        except: &["app/src/bin/worker.rs", "app/src/bin/gate.rs", "app/src/worker.rs", "app/src/worker/"],
        words: &["WasmiMachine", "wasmi::", "machine::", "engine::run("],
        instead: "only the worker links an interpreter: send it a request",
    },
    Boundary {
        within: "app/",
        // The bundler looks for these very words in what it bundled.
        except: &["app/editor/build.mjs", "app/editor/test/"],
        words: &[
            "innerHTML",
            "inner_html",
            "outerHTML",
            "outer_html",
            "insertAdjacentHTML",
            "insert_adjacent_html",
        ],
        instead: "what a guest or a person wrote is never markup: set text",
    },
];

/// Words where they must not be.
pub(super) fn check(file: &File) -> Vec<Finding> {
    if !file.is(&["rs", "ts", "mjs", "js", "html"]) {
        return Vec::new();
    }
    let held: Vec<&Boundary> = BOUNDARIES
        .iter()
        .filter(|boundary| file.path.starts_with(boundary.within))
        .filter(|boundary| !boundary.except.iter().any(|except| file.path.starts_with(except)))
        .collect();
    let mut findings = Vec::new();
    for (place, line) in file.without_unit_tests().lines().enumerate() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        for boundary in &held {
            if let Some(word) = boundary.words.iter().find(|word| line.contains(**word)) {
                findings.push(file.finding(place + 1, format!("`{word}`: {}", boundary.instead)));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::{file, shown};
    use super::*;

    #[test]
    fn words_are_held_to_their_part() {
        for (path, line, count) in [
            ("engine/src/wasi.rs", "#[cfg(target_arch = \"wasm32\")]", 1),
            ("engine/src/wasi.rs", "// cfg(target_arch) has no place here", 0),
            ("engine/src/wasi.rs", "use std::fs::File;", 1),
            ("engine/tests/examples.rs", "use std::fs::File;", 0),
            ("engine/src/wasi.rs", "#[cfg(test)]\nmod tests {\n use std::fs;", 0),
            ("app/src/view.rs", "use engine::machine::WasmiMachine;", 1),
            ("app/src/bin/worker.rs", "use engine::machine::WasmiMachine;", 0),
            ("app/src/view.rs", "<div inner_html=text/>", 1),
            ("app/editor/src/marks.ts", "node.innerHTML = text;", 1),
            ("app/editor/build.mjs", "const FORBIDDEN = [/innerHTML/];", 0),
            ("xtask/src/serve.rs", "use std::net::TcpListener;", 0),
        ] {
            assert_eq!(shown(check(&file(path, line))).len(), count, "{path}: {line}");
        }
    }
}
