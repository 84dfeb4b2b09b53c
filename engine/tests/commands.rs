//! WASI commands as a scenario: what they are given reaches them, and what they did and changed is told.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use engine::machine::wasmi::WasmiMachine;
use engine::module::to_binary;
use engine::report::{EntryChange, OutcomeKind};
use engine::request::{Budget, Command, RunRequest, Scenario};
use engine::run::{Modules, Unhurried, run};
use serde::Deserialize;

/// A command and what must come of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    name: String,
    wat: String,
    #[serde(default)]
    command: Command,
    #[serde(default)]
    budget: Budget,
    outcome: OutcomeKind,
    /// A part of the outcome's message.
    message: String,
    #[serde(default)]
    code: Option<i32>,
    #[serde(default)]
    stdout: engine::bytes::Bytes,
    #[serde(default)]
    stderr: engine::bytes::Bytes,
    #[serde(default)]
    changes: Vec<EntryChange>,
}

#[test]
fn commands_do_what_they_are_asked_to() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands/cases.yaml");
    // Through JSON, in which a command is written: YAML would have tags of its own for what is one of several.
    let table: serde_json::Value = serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases: Vec<Case> = serde_json::from_value(table).unwrap();
    let machine = WasmiMachine::new();
    for case in cases {
        let name = case.name;
        let module = to_binary(case.wat.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let request = RunRequest {
            budget: case.budget,
            ..RunRequest::new(Scenario::Command(Command { module: "guest".into(), ..case.command }))
        };
        // A request is text wherever it goes.
        let text = serde_json::to_string(&request).unwrap();
        let request: RunRequest = serde_json::from_str(&text).unwrap();
        let modules = Modules::from([("guest".to_owned(), module)]);
        let report = pollster::block_on(run(&request, &modules, &machine, &mut Unhurried));
        let outcome = &report.outcome;
        assert_eq!(outcome.kind, case.outcome, "{name}: {outcome:?}");
        assert!(outcome.message.contains(&case.message), "{name}: {}", outcome.message);
        let command = report.command.unwrap();
        assert_eq!(
            (command.code, &command.stdout, &command.stderr, &command.changes),
            (case.code, &case.stdout, &case.stderr, &case.changes),
            "{name}"
        );
    }
}
