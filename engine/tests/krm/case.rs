//! A case: files, steps with prepared answers, and what is expected of them; one YAML file each.
//!
//! The expectations are recorded, the rest is written by hand. Comments do not survive a rewrite: `about` does.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use engine::abi::krm::{Accepted, Answer, Package};
use engine::report::{FieldChange, FileState, KrmResult, Outcome};
use engine::request::{File, PipelineStep};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What the case shows.
    pub(crate) about: String,
    pub(crate) files: Vec<File>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) steps: Vec<Prepared>,
    #[serde(default)]
    pub(crate) expect: Expected,
    /// What kpt does with the first step's answer; only of cases that ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) kpt: Option<Kpt>,
}

/// A step and the answer of its function.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prepared {
    #[serde(default)]
    pub(crate) step: PipelineStep,
    /// The answer; absent: the function prints what it was given, edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stdout: Option<String>,
    /// Every occurrence of the first text is replaced by the second.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) edit: Vec<[String; 2]>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) stderr: String,
    #[serde(default)]
    pub(crate) exit: i32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Expected {
    /// How the run ended, when a step or the input was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refused: Option<Outcome>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) steps: Vec<ExpectedStep>,
    /// The files that are not as they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) files: Vec<ExpectedFile>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct ExpectedStep {
    pub(crate) stdin: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) results: Vec<KrmResult>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) changes: Vec<FieldChange>,
    pub(crate) items_in: u64,
    pub(crate) items_out: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectedFile {
    pub(crate) path: String,
    pub(crate) state: FileState,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) text: String,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) resources: u64,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// kpt's answer, frozen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Kpt {
    /// Why the outcome here is another one on purpose.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) differs: String,
    /// Its error.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) error: String,
    pub(crate) files: BTreeMap<String, String>,
    /// Other files that it leaves at other times, for the same input: it walks a map in random order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) or: Vec<BTreeMap<String, String>>,
}

impl Prepared {
    /// What the function prints.
    pub(crate) fn answer(&self, stdin: &str) -> String {
        let printed = self.stdout.clone().unwrap_or_else(|| stdin.to_owned());
        self.edit.iter().fold(printed, |text, [from, to]| {
            assert!(text.contains(from.as_str()), "{from:?} is not in {text}");
            text.replace(from, to)
        })
    }
}

/// Runs a case.
pub(crate) fn run(case: &Case) -> (Expected, Option<Package>) {
    let mut expected = Expected::default();
    let mut package = match Package::load(&case.files) {
        Ok(package) => package,
        Err(outcome) => return (Expected { refused: Some(outcome), ..expected }, None),
    };
    for (index, prepared) in case.steps.iter().enumerate() {
        let request = match package.request(&prepared.step, index) {
            Ok(request) => request,
            Err(outcome) => return (Expected { refused: Some(outcome), ..expected }, None),
        };
        let (stdin, items_in) = (request.stdin.clone(), request.items);
        let stdout = prepared.answer(&stdin);
        let answer =
            Answer { stdout: stdout.as_bytes(), stderr: &prepared.stderr, exit: Some(prepared.exit) };
        let Accepted { outcome, results, notes, changes, change_count, items_out } =
            package.accept(&prepared.step, request, &answer);
        assert_eq!(change_count, changes.len() as u64, "no case is so large");
        expected.steps.push(ExpectedStep { stdin, results, notes, changes, items_in, items_out });
        if let Err(outcome) = outcome {
            expected.refused = Some(outcome);
            break;
        }
    }
    let changed = package.files().into_iter().filter(|file| file.state != FileState::Unchanged);
    expected.files = changed
        .map(|file| ExpectedFile {
            text: if file.state == FileState::Removed { String::new() } else { file.text },
            path: file.path,
            state: file.state,
            resources: file.resources,
        })
        .collect();
    (expected, Some(package))
}

/// Every case with its path, sorted.
pub(crate) fn all() -> Vec<(PathBuf, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/krm");
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = entries.filter(|path| path.extension().is_some_and(|it| it == "yaml")).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no case in {}", folder.display());
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let case = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, case)
    };
    paths.into_iter().map(read).collect()
}

/// Held by every test that reads or rewrites the cases: two that rewrite at once would undo each other.
pub(crate) fn lock() -> MutexGuard<'static, ()> {
    static CASES: Mutex<()> = Mutex::new(());
    CASES.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn is_update() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Rewrites a case.
pub(crate) fn write(path: &Path, case: &Case) {
    fs::write(path, serde_yaml::to_string(case).unwrap()).unwrap();
}
