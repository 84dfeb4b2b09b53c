//! Tables of plugins: what they are given and ask, and what the report says of it, a line each.

use std::fs;
use std::path::Path;

use engine::machine::Machine;
use engine::report::Report;
use engine::request::{Budget, Command, KubectlPlugin, Plugin, RunRequest, Scenario, WhatIf};
use engine::run::{Modules, Pace, Unhurried, run};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::guest::{Guest, short};
use crate::list::machines;

/// A row of a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    #[serde(default)]
    plugin: KubectlPlugin,
    #[serde(default)]
    budget: Budget,
    #[serde(default)]
    deny: Vec<String>,
    #[serde(default)]
    what_if: Vec<WhatIf>,
    #[serde(default)]
    guest: Guest,
    /// The report, a line for each thing.
    #[serde(default)]
    says: Vec<String>,
}

/// Who answers where a row says nothing of it.
const SESSION: &str = r#"{"drydockSession":1,"exchanges":[
{"method":"GET","path":"/a","status":200,"contentType":"application/json","body":{"text":"{}"}}]}"#;

/// A request to run a plugin whose module is `guest`.
pub(crate) fn request(plugin: KubectlPlugin, budget: Budget) -> RunRequest {
    let plugin = KubectlPlugin { command: Command { module: "guest".into(), ..plugin.command }, ..plugin };
    let request = RunRequest { budget, ..RunRequest::new(Scenario::Plugin(Plugin::Krew(Box::new(plugin)))) };
    // A request is text wherever it goes.
    serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap()
}

pub(crate) fn ask(
    request: &RunRequest,
    guest: &Guest,
    machine: &dyn Machine,
    pace: &mut impl Pace,
) -> Report {
    let modules = Modules::from([("guest".to_owned(), guest.wasm())]);
    let report = pollster::block_on(run(request, &modules, machine, pace));
    // And so is a report.
    assert_eq!(serde_json::from_str::<Report>(&serde_json::to_string(&report).unwrap()).unwrap(), report);
    report
}

/// What a report says, without figures that are a machine's own.
pub(crate) fn says(report: &Report, guest: &Guest) -> Vec<String> {
    let outcome = &report.outcome;
    let kind = serde_json::to_value(outcome.kind).unwrap();
    let mut lines = vec![format!("{}: {}", kind.as_str().unwrap(), outcome.message)];
    lines.extend(outcome.hint.as_ref().map(|hint| format!("hint: {hint}")));
    let command = report.command.as_deref().unwrap();
    lines.extend(command.code.map(|code| format!("code: {code}")));
    lines.extend(guest.told(&command.stdout.0).into_iter().map(|told| format!("told: {told}")));
    lines.extend(String::from_utf8_lossy(&command.stderr.0).lines().map(|line| format!("stderr: {line}")));
    lines.extend(command.changes.iter().map(|change| format!("{:?}: {}", change.change, change.path)));
    let plugin = report.plugin.as_deref().unwrap();
    for call in plugin.calls.iter().take(20) {
        let mut line = format!("call: {}", short(&call.line()));
        for (body, bytes) in [(&call.request, call.request_bytes), (&call.answer, call.answer_bytes)] {
            if bytes > 0 && !body.is_empty() && body.0.len() as u64 == bytes {
                line.push_str(&format!(" [{}]", short(&String::from_utf8_lossy(&body.0))));
            } else if bytes > 0 {
                line.push_str(&format!(" [{} of {bytes} bytes]", body.0.len()));
            }
        }
        if call.millis > 0.0 {
            line.push_str(&format!(" after {} ms", call.millis));
        }
        if !call.cause.is_empty() {
            line.push_str(&format!(": {}", call.cause));
        }
        lines.push(line);
    }
    if plugin.calls.len() > 20 || plugin.calls.len() as u64 != plugin.call_count {
        lines.push(format!("calls: {} of {} are listed", plugin.calls.len(), plugin.call_count));
    }
    if let Some(before) = &report.without_what_if {
        let calls = before.plugin.as_deref().unwrap().calls.iter().map(|call| short(&call.line()));
        lines.push(format!("without what if: {}", calls.collect::<Vec<_>>().join(", ")));
    }
    lines.extend(plugin.notes.iter().map(|note| format!("note: {note}")));
    lines
}

#[test]
fn every_row_says_what_its_table_expects_on_every_machine() {
    let is_update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/krew");
    let mut failures = Vec::new();
    for table in ["request.yaml", "register.yaml", "memory.yaml", "scenario.yaml", "what_if.yaml"] {
        let path = folder.join(table);
        // Through JSON, in which a request is written: YAML would have tags of its own for what is one of several.
        let mut rows: Vec<Json> = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for value in &mut rows {
            let row: Row = serde_json::from_value(value.clone())
                .unwrap_or_else(|error| panic!("{table}: {error}: {value}"));
            let mut plugin = row.plugin.clone();
            if plugin.objects.is_empty() && plugin.session.is_empty() {
                plugin.session = SESSION.into();
            }
            let request = RunRequest {
                deny: row.deny.clone(),
                what_if: row.what_if.clone(),
                ..request(plugin, row.budget)
            };
            for machine in machines() {
                let report = ask(&request, &row.guest, machine.as_ref(), &mut Unhurried);
                let now = says(&report, &row.guest);
                if is_update {
                    value["says"] = now.into();
                } else if now != row.says {
                    let shown = serde_yaml::to_string(&now).unwrap();
                    failures.push(format!(
                        "{table}: {}, on {}, now:\n{shown}",
                        row.name,
                        machine.identity().name
                    ));
                }
            }
        }
        if is_update {
            fs::write(&path, serde_yaml::to_string(&rows).unwrap()).unwrap();
        }
    }
    assert!(failures.is_empty(), "{} rows differ:\n{}", failures.len(), failures.join("\n"));
}
