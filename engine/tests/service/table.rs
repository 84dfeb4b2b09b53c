//! Tables of services: what they are called with, and what the report says of it, a line each.

use std::fs;
use std::path::Path;

use engine::machine::Machine;
use engine::report::{CallReport, CallState, Message, Report};
use engine::request::{Budget, Plugin, RunRequest, Scenario, ServicePlugin};
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
    service: ServicePlugin,
    /// A `.proto` beside the table.
    #[serde(default)]
    proto: String,
    #[serde(default)]
    budget: Budget,
    #[serde(default)]
    guest: Guest,
    /// The report, a line for each thing.
    #[serde(default)]
    says: Vec<String>,
}

/// A request to run a service whose module is `guest`.
pub(crate) fn request(service: ServicePlugin, budget: Budget) -> RunRequest {
    let service = ServicePlugin { module: "guest".into(), ..service };
    let scenario = Scenario::Plugin(Plugin::Service(Box::new(service)));
    let request = RunRequest { budget, ..RunRequest::new(scenario) };
    // A request is text wherever it goes.
    serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap()
}

pub(crate) fn ask(
    request: &RunRequest,
    wasm: Vec<u8>,
    machine: &dyn Machine,
    pace: &mut impl Pace,
) -> Report {
    let modules = Modules::from([("guest".to_owned(), wasm)]);
    let report = pollster::block_on(run(request, &modules, machine, pace));
    // And so is a report.
    assert_eq!(serde_json::from_str::<Report>(&serde_json::to_string(&report).unwrap()).unwrap(), report);
    report
}

fn message(message: &Message) -> String {
    match &message.json {
        _ if message.bytes == 0
            && message.json.as_ref().is_none_or(|json| json == &serde_json::json!({})) =>
        {
            "nothing".into()
        }
        Some(json) => short(&json.to_string()),
        None if message.tree.is_empty() => format!("base64:{}", short(&message.base64)),
        None => short(message.tree.trim_end()).replace('\n', " "),
    }
}

fn call(index: usize, call: &CallReport) -> Vec<String> {
    let state = serde_json::to_value(call.state).unwrap();
    let mut line = format!("call {}, {}: {}", index + 1, call.method, state.as_str().unwrap());
    match call.state {
        CallState::Returned => line.push_str(&format!(" {}", message(&call.reply))),
        CallState::NotReached => {}
        _ => line.push_str(&format!(": {}", short(&call.error))),
    }
    let printed = [("stdout", &call.stdout), ("stderr", &call.stderr)];
    let printed = printed.iter().filter(|(_, bytes)| !bytes.is_empty());
    let printed =
        printed.map(|(name, bytes)| format!("{name}: {}", short(&String::from_utf8_lossy(&bytes.0))));
    std::iter::once(line).chain(printed).collect()
}

/// What a report says, without figures that are a machine's own.
pub(crate) fn says(report: &Report) -> Vec<String> {
    let outcome = &report.outcome;
    let kind = serde_json::to_value(outcome.kind).unwrap();
    let mut lines = vec![format!("{}: {}", kind.as_str().unwrap(), short(&outcome.message))];
    lines.extend(outcome.hint.as_ref().map(|hint| format!("hint: {hint}")));
    let plugin = report.plugin.as_deref().unwrap();
    let service = plugin.service.as_deref().unwrap();
    if service.instances != 1 {
        lines.push(format!("instances: {}", service.instances));
    }
    lines.extend(service.calls.iter().enumerate().flat_map(|(index, it)| call(index, it)));
    for call in plugin.calls.iter().take(20) {
        let mut line = format!("asked: {}", short(&call.line()));
        for (body, bytes) in [(&call.request, call.request_bytes), (&call.answer, call.answer_bytes)] {
            match str::from_utf8(&body.0) {
                Ok(text) if bytes > 0 && text.starts_with(['{', '[']) => {
                    line.push_str(&format!(" [{}]", short(text)));
                }
                _ if bytes > 0 => line.push_str(&format!(" [{bytes} bytes]")),
                _ => {}
            }
        }
        if !call.cause.is_empty() {
            line.push_str(&format!(": {}", call.cause));
        }
        lines.push(line);
    }
    lines.extend(plugin.notes.iter().map(|note| format!("note: {note}")));
    lines
}

#[test]
fn every_row_says_what_its_table_expects_on_every_machine() {
    let is_update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/service");
    let mut failures = Vec::new();
    for table in ["calls.yaml", "messages.yaml", "kubernetes.yaml", "hosts.yaml", "memory.yaml"] {
        let path = folder.join(table);
        // Through JSON, in which a request is written: YAML would have tags of its own for what is one of several.
        let mut rows: Vec<Json> = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for value in &mut rows {
            let row: Row = serde_json::from_value(value.clone())
                .unwrap_or_else(|error| panic!("{table}: {error}: {value}"));
            let mut service = row.service.clone();
            if !row.proto.is_empty() {
                service.proto = fs::read_to_string(folder.join(&row.proto)).unwrap();
            }
            let request = request(service, row.budget);
            for machine in machines() {
                let now = says(&ask(&request, row.guest.wasm(), machine.as_ref(), &mut Unhurried));
                if is_update {
                    value["says"] = now.into();
                } else if now != row.says {
                    let shown = serde_yaml::to_string(&now).unwrap();
                    let name = machine.identity().name;
                    failures.push(format!("{table}: {}, on {name}, now:\n{shown}", row.name));
                }
            }
        }
        if is_update {
            fs::write(&path, serde_yaml::to_string(&rows).unwrap()).unwrap();
        }
    }
    assert!(failures.is_empty(), "{} rows differ:\n{}", failures.len(), failures.join("\n"));
}
