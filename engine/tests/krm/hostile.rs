//! Answers that nobody should give: they are refused fast, or taken without harm.
//!
//! Whatever comes back, the package is as it was or all of its files parse, and nothing panics.

use std::fmt::Write as _;

use engine::abi::krm::{Accepted, Answer, MAX_NOTES, MAX_RESULTS, Package};
use engine::manifest::{Entry, Limits, Node, parse};
use engine::report::{FileState, MAX_CHANGES, OutcomeKind};
use engine::request::{File, PipelineStep};

fn package(count: usize) -> Package {
    let files: Vec<_> = (0..count)
        .map(|number| File {
            path: format!("{number}.yaml"),
            text: format!("# {number}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m{number}\ndata: {{x: '1'}}\n"),
        })
        .collect();
    Package::load(&files).unwrap()
}

fn answer(package: &mut Package, stdout: &[u8]) -> Accepted {
    let step = PipelineStep { module: "m".into(), ..PipelineStep::default() };
    let request = package.request(&step, 0).unwrap();
    package.accept(&step, request, &Answer { stdout, stderr: "", exit: Some(0) })
}

/// The message of an answer that is refused, with the package as it was.
fn refusal(stdout: &[u8]) -> String {
    let mut package = package(2);
    let outcome = answer(&mut package, stdout).outcome.unwrap_err();
    assert_eq!(outcome.kind, OutcomeKind::Malformed, "{outcome:?}");
    assert!(package.files().iter().all(|file| file.state == FileState::Unchanged));
    assert!(outcome.message.len() < 1_000, "{}", outcome.message);
    outcome.message
}

fn list(items: &str) -> String {
    format!("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n{items}")
}

#[test]
fn refuses_bombs_in_words() {
    let mut aliases = String::from("kind: ResourceList\nitems: [&a0 [x, x, x, x, x, x, x, x, x, x]");
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        write!(aliases, ", &a{level} [{}]", before.trim_end_matches(", ")).unwrap();
    }
    aliases.push_str("]\n");
    let dashes = "- ".repeat(100_000);
    let cases: [(&[u8], &str); 6] = [
        (&vec![b'['; 10 << 20], "nested too deep"),
        (&vec![b'-'; 10 << 20], "did not answer with a ResourceList"),
        (dashes.as_bytes(), "nested too deep"),
        (aliases.as_bytes(), "alias"),
        (b"kind: ResourceList\nitems: []\n\xff\n", "UTF-8"),
        (b"\0\0\0", "did not answer with a ResourceList"),
    ];
    for (stdout, expected) in cases {
        let message = refusal(stdout);
        assert!(message.contains(expected), "{expected:?} is not in: {message}");
    }
}

#[test]
fn refuses_items_that_are_no_resources() {
    let item =
        |fields: &str| list(&format!("- {{apiVersion: v1, kind: A, metadata: {{name: a}}, {fields}}}\n"));
    let cases = [
        (list("- {apiVersion: [v1], kind: A, metadata: {name: a}}\n"), "has no `apiVersion`"),
        (list("- {apiVersion: v1, kind: A, metadata: {name: {}}}\n"), "has no `metadata.name`"),
        (list("- {apiVersion: v1, kind: A, metadata: name}\n"), "has no `metadata.name`"),
        (list("- []\n- null\n"), "which is a list, not an object"),
        (list("- null\n"), "which is null, not an object"),
        (item("x: &x {y: 1}, x: 2"), "x"),
        (item(&format!("x: {}{}", "[".repeat(100), "]".repeat(100))), "nested more than"),
    ];
    for (stdout, expected) in cases {
        let message = refusal(stdout.as_bytes());
        assert!(message.contains(expected), "{expected:?} is not in: {message}");
    }
}

#[test]
fn odd_ids_are_no_ids() {
    for id in ["0", "-1", "3", "18446744073709551616", "1.0", "''", "{}", "[1]", "null"] {
        let items = format!(
            "- apiVersion: v1\n  kind: A\n  metadata: {{name: a, annotations: {{config.k8s.io/id: {id}}}}}\n"
        );
        let mut package = package(2);
        let accepted = answer(&mut package, list(&items).as_bytes());
        assert_eq!(accepted.outcome, Ok(()), "{id}");
        let files = package.files();
        let added: Vec<_> = files.iter().filter(|file| file.state == FileState::Added).collect();
        assert!(
            matches!(added.as_slice(), [file] if !file.text.contains("config.k8s.io")),
            "{id}: {files:?}"
        );
    }
}

#[test]
fn a_flood_is_counted_and_cut() {
    let mut package = package(1);
    let mut stdout = list("");
    for number in 0..20_000 {
        writeln!(stdout, "- {{apiVersion: v1, kind: A, metadata: {{name: a{number}}}}}").unwrap();
    }
    stdout.push_str("results:\n");
    for number in 0..100_000 {
        writeln!(stdout, "- {{message: m{number}, severity: {number}}}").unwrap();
    }
    let accepted = answer(&mut package, stdout.as_bytes());
    assert_eq!(accepted.outcome, Ok(()));
    assert_eq!((accepted.results.len(), accepted.items_out), (MAX_RESULTS, 20_000));
    assert_eq!((accepted.changes.len(), accepted.change_count), (MAX_CHANGES, 20_001));
    assert!(accepted.notes.contains(&"it reports 100,000 results; the first 1,000 are listed".into()));
    let deleted = answer(&mut package, list("  []\n").as_bytes());
    assert_eq!(deleted.notes.len(), MAX_NOTES);
    assert_eq!(deleted.notes.last().map(String::as_str), Some("and 19,902 more notes"));
}

/// A small generator of numbers: the test is the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % limit as u64).unwrap()
    }
}

#[test]
fn broken_answers_break_nothing() {
    let mut numbers = Numbers(7);
    let pieces = [
        "'",
        "{",
        "\n",
        "  ",
        "- ",
        ": ",
        "#",
        "&a ",
        "*a",
        "|",
        "\u{7f}",
        "null",
        "---\n",
        "annotations",
        "/../",
    ];
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..1_000 {
        let mut package = package(3);
        let before = package.files();
        let step = PipelineStep { module: "m".into(), ..PipelineStep::default() };
        let request = package.request(&step, 0).unwrap();
        let mut stdout = request.stdin.clone();
        for _ in 0..=numbers.below(3) {
            let at = numbers.below(stdout.len());
            let end = (at + numbers.below(12)).min(stdout.len());
            stdout.replace_range(at..end, pieces[numbers.below(pieces.len())]);
        }
        let accepted =
            package.accept(&step, request, &Answer { stdout: stdout.as_bytes(), stderr: "", exit: Some(0) });
        if accepted.outcome.is_err() {
            refused += 1;
            assert_eq!(package.files(), before);
            continue;
        }
        taken += 1;
        for file in package.files() {
            let documents = parse(&file.text, &Limits::default());
            let documents =
                documents.unwrap_or_else(|error| panic!("{error} in {}\nanswer: {stdout}", file.text));
            for document in documents {
                let annotations = document.root.at(&["metadata", "annotations"]).and_then(Node::as_mapping);
                let is_reserved = |entry: &Entry| entry.name().starts_with("internal.config.kubernetes.io/");
                assert!(!annotations.unwrap_or_default().iter().any(is_reserved), "{}", file.text);
            }
        }
    }
    assert!(taken > 100 && refused > 100, "{taken} taken, {refused} refused");
}

#[test]
fn thousands_of_resources_come_back_as_they_were() {
    let text: String = (0..5_000)
        .map(|number| format!("---\n# {number}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n    name: m{number} # n\ndata: {{a: 'on', b: [1,  2]}}\n"))
        .collect();
    let files = [File { path: "many.yaml".into(), text }];
    let mut package = Package::load(&files).unwrap();
    let step = PipelineStep { module: "m".into(), ..PipelineStep::default() };
    let request = package.request(&step, 0).unwrap();
    let stdin = request.stdin.clone();
    let accepted =
        package.accept(&step, request, &Answer { stdout: stdin.as_bytes(), stderr: "", exit: Some(0) });
    assert_eq!((accepted.outcome, accepted.notes.len(), accepted.change_count), (Ok(()), 0, 0));
    assert!(package.files().iter().all(|file| file.state == FileState::Unchanged));
}
