//! Every example is a test: each case of each workspace runs on every machine, must meet its expectation, and
//! must come to the same report on all of them.
//!
//! Needs the guests in `examples/built`: `cargo xtask examples` builds them. An example whose guest could not
//! be built for want of its toolchain is passed over, and the test says so.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "machines/comparable.rs"]
mod comparable;
#[path = "machines/list.rs"]
mod list;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use engine::machine::Machine;
use engine::module::to_binary;
use engine::report::{OutcomeKind, Report};
use engine::request::Budget;
use engine::run::{Modules, Unhurried, run};
use engine::workspace::{Source, Workspace};

use self::comparable::comparable;
use self::list::machines;

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

/// The workspaces by example name.
fn workspaces() -> BTreeMap<String, Workspace> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(examples()).unwrap() {
        let file = entry.unwrap().path().join("drydock.yaml");
        if file.is_file() {
            let name = file.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
            let workspace = Workspace::from_yaml(&fs::read_to_string(&file).unwrap());
            found.insert(name.clone(), workspace.unwrap_or_else(|error| panic!("example {name}: {error}")));
        }
    }
    found
}

/// The modules of a workspace; `Err` names the guest that was left out for want of its toolchain.
fn modules(workspace: &Workspace) -> Result<Modules, String> {
    let mut modules = Modules::new();
    for module in &workspace.modules {
        let bytes = match module.source().unwrap() {
            Source::Wat(text) => to_binary(text.as_bytes()).unwrap(),
            Source::Example(guest) => match fs::read(examples().join(format!("built/{guest}.wasm"))) {
                Ok(bytes) => bytes,
                Err(_) if is_left_out(guest) => return Err(guest.to_owned()),
                Err(error) => panic!("guest {guest} is not built ({error}): run `cargo xtask examples`"),
            },
            source => panic!("an example's module must be a guest or text, not {source:?}"),
        };
        modules.insert(module.name.clone(), bytes);
    }
    Ok(modules)
}

fn is_left_out(guest: &str) -> bool {
    let index = fs::read_to_string(examples().join("built/index.json")).unwrap_or_default();
    let index: serde_json::Value = serde_json::from_str(&index).unwrap_or_default();
    index["missing"].as_array().is_some_and(|missing| missing.iter().any(|entry| entry["name"] == guest))
}

/// No clock runs in these tests, so a generous budget of fuel alone decides.
fn report(workspace: &Workspace, modules: &Modules, machine: &dyn Machine) -> Report {
    let request = workspace.to_request(Budget::default());
    pollster::block_on(run(&request, modules, machine, &mut Unhurried))
}

#[test]
fn every_case_of_every_example_holds_on_every_machine() {
    let machines = machines();
    let mut failures = Vec::new();
    let mut checked = 0;
    for (name, workspace) in workspaces() {
        let modules = match modules(&workspace) {
            Ok(modules) => modules,
            Err(guest) => {
                println!(
                    "notice: example {name} is passed over: its guest {guest} needs a toolchain that is not here"
                );
                continue;
            }
        };
        for case in &workspace.cases {
            let mut first = None;
            for machine in &machines {
                let place = format!("{name} on {}: {}", machine.identity().name, case.name);
                checked += 1;
                let report = match case.change.apply(&workspace) {
                    Ok(changed) => report(&changed, &modules, machine.as_ref()),
                    Err(sentence) => {
                        failures.push(format!("{place}: {sentence}"));
                        continue;
                    }
                };
                let missing = case.expect.shortfalls(&report);
                failures.extend(missing.into_iter().map(|sentence| format!("{place}: {sentence}")));
                let report = comparable(report);
                if *first.get_or_insert_with(|| report.clone()) != report {
                    failures.push(format!("{place}: another report than on {}", machines[0].identity().name));
                }
            }
        }
    }
    assert!(checked > 0, "there are no examples");
    assert!(failures.is_empty(), "{} shortfalls:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_example_is_a_lesson() {
    for (name, workspace) in workspaces() {
        assert!(
            !workspace.title.is_empty() && !workspace.teaches.is_empty(),
            "example {name} teaches nothing"
        );
        assert!(!workspace.group.is_empty(), "example {name} has no group");
        let fails = |case: &engine::workspace::case::Case| {
            !matches!(case.expect.outcome, OutcomeKind::Finished | OutcomeKind::Allowed)
                || case.expect.results.iter().any(|result| result.contains("error"))
        };
        assert!(workspace.cases.iter().any(fails), "example {name} has no case that expects a failure");
        assert!(workspace.cases.iter().any(|case| !fails(case)), "example {name} has no case that passes");
    }
}

#[test]
fn a_run_is_repeatable() {
    let (_, workspace) = workspaces().into_iter().next().unwrap();
    let Ok(modules) = modules(&workspace) else { return };
    for machine in machines() {
        let first = report(&workspace, &modules, machine.as_ref());
        let second = report(&workspace, &modules, machine.as_ref());
        assert_eq!(first, second);
    }
}
