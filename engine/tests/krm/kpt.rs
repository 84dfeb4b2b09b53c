//! kpt with the same answers, as a reference: its files hold the same values, but where a case says why not.
//!
//! Where kpt is installed its recorded answers are checked too; `KPT` names another program than `kpt`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use engine::manifest::{Limits, Node, parse};
use engine::report::FileState;

use crate::case::{Case, Kpt, all, is_update, lock, run, write};

#[test]
fn files_hold_the_values_that_kpt_writes() {
    let _lock = lock();
    let mut failures = Vec::new();
    for (path, case) in all() {
        let Some(kpt) = &case.kpt else { continue };
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (found, package) = run(&case);
        let files: BTreeMap<String, String> = package
            .filter(|_| found.refused.is_none())
            .map(|package| package.files())
            .unwrap_or_else(|| engine::abi::krm::Package::load(&case.files).unwrap().files())
            .into_iter()
            .filter(|file| file.state != FileState::Removed)
            .map(|file| (file.path, file.text))
            .collect();
        let is_same = found.refused.is_some() != kpt.error.is_empty() && same_files(&files, &kpt.files);
        let is_different_on_purpose = !kpt.differs.is_empty();
        if is_same == is_different_on_purpose {
            let refused = found.refused.map(|outcome| outcome.message);
            failures.push(format!("{name}\nhere: {refused:?} {files:#?}\n{kpt:#?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_recorded_answers_are_those_of_kpt() {
    let _lock = lock();
    let program = std::env::var("KPT").unwrap_or_else(|_| "kpt".into());
    if Command::new(&program).arg("version").output().is_err() {
        eprintln!("skipped: `{program}` is not installed; set KPT to its path");
        return;
    }
    for (path, case) in all() {
        let Some(recorded) = &case.kpt else { continue };
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if is_update() {
            let kpt = Kpt { differs: recorded.differs.clone(), ..ask_often(&program, &name, &case) };
            write(&path, &Case { kpt: Some(kpt), ..case });
            continue;
        }
        let kpt = ask(&program, &name, &case);
        let is_known = kpt.files == recorded.files || recorded.or.contains(&kpt.files);
        assert!(
            is_known && kpt.error == recorded.error,
            "{name}: kpt answers otherwise; UPDATE=1 records it\n{kpt:#?}\n{recorded:#?}"
        );
    }
}

/// How often kpt is asked when its answers are recorded: of two answers that are as likely, one is missed once
/// in half a million times.
const TIMES: usize = 20;

/// Every answer that kpt has for a case, in a fixed order.
fn ask_often(program: &str, name: &str, case: &Case) -> Kpt {
    let mut kpt = ask(program, name, case);
    let mut found = BTreeSet::from([kpt.files.clone()]);
    for _ in 1..TIMES {
        let again = ask(program, name, case);
        assert_eq!(again.error, kpt.error, "{name}: kpt does not always fail alike");
        found.insert(again.files);
    }
    kpt.files = found.pop_first().unwrap();
    kpt.or = found.into_iter().collect();
    kpt
}

/// Has kpt run a script that prints the first step's answer.
fn ask(program: &str, name: &str, case: &Case) -> Kpt {
    let folder = &std::env::temp_dir().join(format!("krm-{}-{name}", std::process::id()));
    let prepared = &case.steps[0];
    let package = engine::abi::krm::Package::load(&case.files).unwrap();
    let stdin = package.request(&prepared.step, 0).unwrap().stdin;
    let inside = folder.join("package");
    for file in &case.files {
        let path = inside.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.text).unwrap();
    }
    fs::write(folder.join("answer"), prepared.answer(&stdin)).unwrap();
    let script = folder.join("function");
    let answer = folder.join("answer");
    fs::write(
        &script,
        format!("#!/bin/sh\ncat >/dev/null\ncat {}\nexit {}\n", answer.display(), prepared.exit),
    )
    .unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let output =
        Command::new(program).args(["fn", "eval"]).arg(&inside).arg("--exec").arg(&script).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    let error = stderr.lines().find_map(|line| line.strip_prefix("error: ").or(line.strip_prefix("Error: ")));
    let error = if output.status.success() { "" } else { error.unwrap_or("failed") };
    let mut files = BTreeMap::new();
    collect(&inside, &inside, &mut files);
    fs::remove_dir_all(folder).unwrap();
    Kpt { error: error.replace(&folder.display().to_string(), ""), files, ..Kpt::default() }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            files.insert(name, fs::read_to_string(path).unwrap());
        }
    }
}

fn same_files(here: &BTreeMap<String, String>, there: &BTreeMap<String, String>) -> bool {
    here.keys().eq(there.keys())
        && here.values().zip(there.values()).all(|(here, there)| {
            let (here, there) = (documents(here), documents(there));
            here.len() == there.len() && here.iter().zip(&there).all(|(a, b)| a.same(b))
        })
}

fn documents(text: &str) -> Vec<Node> {
    let documents = parse(text, &Limits::default()).unwrap();
    documents.into_iter().filter(|document| !document.is_empty).map(|document| document.root).collect()
}
