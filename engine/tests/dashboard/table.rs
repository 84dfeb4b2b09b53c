//! Tables of plugins: what they are given and asked, and what the report says of it, a line each.

use std::fs;
use std::path::Path;

use engine::bytes::Bytes;
use engine::machine::Machine;
use engine::report::Report;
use engine::request::{Budget, DashboardPlugin, DashboardRequest, Plugin, RunRequest, Scenario};
use engine::run::{Modules, Pace, Unhurried, run};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::guest::{Guest, ROUTES, short};
use crate::list::machines;

/// A row of a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    #[serde(default)]
    plugin: DashboardPlugin,
    /// Instead of requests: `GET /status`, with a body after the path.
    #[serde(default)]
    asks: Vec<String>,
    /// A body of numbers of 32 bits for the last of them.
    #[serde(default)]
    numbers: Vec<i64>,
    /// What a manifest without one gets as permissions.
    #[serde(default)]
    permissions: Vec<String>,
    #[serde(default)]
    entrypoint: String,
    #[serde(default)]
    budget: Budget,
    #[serde(default)]
    guest: Guest,
    /// The report, a line for each thing.
    #[serde(default)]
    says: Vec<String>,
}

/// The manifest of a plugin with a route for every handler.
pub(crate) fn manifest(permissions: &[String], entrypoint: &str) -> String {
    let mut text = String::from("metadata: {name: guest, version: 1.0.0, author: me}\nspec:\n");
    text.push_str(&format!("  wasm: {{file: guest.wasm, entrypoint: \"{entrypoint}\"}}\n"));
    text.push_str(&format!("  permissions: {}\n", serde_json::to_string(permissions).unwrap()));
    text.push_str(
        "  configuration: [{name: interval, type: integer, default: 30}, {name: title, default: 'A'}]\n",
    );
    text.push_str("  backend:\n    enabled: true\n    routes:\n");
    for name in ROUTES {
        text.push_str(&format!("    - {{path: /{name}, methods: [GET, POST], handler: {name}}}\n"));
    }
    text
}

/// A request to run a plugin whose module is `guest`.
pub(crate) fn request(plugin: DashboardPlugin, budget: Budget) -> RunRequest {
    let plugin = DashboardPlugin { module: "guest".into(), ..plugin };
    let scenario = Scenario::Plugin(Plugin::Dashboard(Box::new(plugin)));
    let request = RunRequest { budget, ..RunRequest::new(scenario) };
    // A request is text wherever it goes.
    serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap()
}

/// `POST /echo body` as a request.
pub(crate) fn asked(text: &str) -> DashboardRequest {
    let (method, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (path, body) = rest.split_once(' ').unwrap_or((rest, ""));
    DashboardRequest { method: method.into(), path: path.into(), body: body.as_bytes().to_vec().into() }
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

fn body(bytes: &Bytes, size: u64) -> String {
    let text = short(&String::from_utf8_lossy(&bytes.0));
    if bytes.0.len() as u64 == size { text } else { format!("{text} ({} of {size} bytes)", bytes.0.len()) }
}

/// How many warnings of a manifest are compared.
const MAX_SHOWN: usize = 7;

/// What a report says, without figures that are a machine's own. Of the routes, those with trouble: the others are
/// always the same.
pub(crate) fn says(report: &Report) -> Vec<String> {
    let outcome = &report.outcome;
    let kind = serde_json::to_value(outcome.kind).unwrap();
    let mut lines = vec![format!("{}: {}", kind.as_str().unwrap(), short(&outcome.message))];
    lines.extend(outcome.hint.as_ref().map(|hint| format!("hint: {hint}")));
    lines.extend(outcome.place.as_ref().map(|place| format!("at: {} line {}", place.file, place.line)));
    let plugin = report.plugin.as_deref().unwrap();
    let dashboard = plugin.dashboard.as_deref().unwrap();
    let warnings = dashboard.warnings.iter().filter(|it| !it.contains("`absent`"));
    lines.extend(warnings.clone().take(MAX_SHOWN).map(|it| format!("warning: {it}")));
    if let Some(more) = warnings.count().checked_sub(MAX_SHOWN).filter(|more| *more > 0) {
        lines.push(format!("warnings: {more} more"));
    }
    lines.extend(dashboard.logs.iter().map(|log| format!("log at the start: {log}")));
    for answer in dashboard.answers.iter().take(20) {
        let of = format!("{} [{}]", short(&answer.line()), answer.content_type);
        lines.push(format!("{of} {}", body(&answer.body, answer.body_bytes)));
        lines.extend(answer.logs.iter().map(|log| format!("  log: {}", short(log))));
        for (name, printed) in [("stdout", &answer.stdout), ("stderr", &answer.stderr)] {
            if !printed.is_empty() {
                lines.push(format!("  {name}: {}", String::from_utf8_lossy(&printed.0)));
            }
        }
        if !answer.error.is_empty() {
            lines.push(format!("  error: {}", answer.error));
        }
    }
    if dashboard.answers.len() > 20 {
        lines.push(format!("answers: {} of {} are listed", dashboard.answers.len(), dashboard.answer_count));
    }
    for call in plugin.calls.iter().take(20) {
        let mut line = format!("call: {}", short(&call.line()));
        for (name, bytes, size) in
            [("sent", &call.request, call.request_bytes), ("got", &call.answer, call.answer_bytes)]
        {
            if size > 0 {
                line.push_str(&format!(" {name} {}", body(bytes, size)));
            }
        }
        if !call.cause.is_empty() {
            line.push_str(&format!(": {}", short(&call.cause)));
        }
        lines.push(line);
    }
    if plugin.calls.len() > 20 {
        lines.push(format!("calls: {} of {} are listed", plugin.calls.len(), plugin.call_count));
    }
    if dashboard.stored != dashboard.stored_before {
        lines.extend(dashboard.stored.iter().map(|it| format!("stored: {} {}", it.key, short(&it.value))));
    }
    lines.extend(plugin.notes.iter().map(|note| format!("note: {note}")));
    lines
}

fn asked_by(row: &Row) -> RunRequest {
    let mut plugin = row.plugin.clone();
    if plugin.manifest.is_empty() {
        plugin.manifest = manifest(&row.permissions, &row.entrypoint);
    }
    plugin.requests.extend(row.asks.iter().map(|text| asked(text)));
    if let (false, Some(last)) = (row.numbers.is_empty(), plugin.requests.last_mut()) {
        let bytes = |number: &i64| u32::try_from(*number & 0xffff_ffff).unwrap().to_le_bytes();
        last.body = row.numbers.iter().flat_map(bytes).collect::<Vec<_>>().into();
    }
    request(plugin, row.budget)
}

#[test]
fn every_row_says_what_its_table_expects_on_every_machine() {
    let is_update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dashboard");
    let mut failures = Vec::new();
    for table in ["handlers.yaml", "host.yaml", "manifest.yaml", "memory.yaml", "requests.yaml"] {
        let path = folder.join(table);
        // Through JSON, in which a request is written: YAML would have tags of its own for what is one of several.
        let mut rows: Vec<Json> = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for value in &mut rows {
            let row: Row = serde_json::from_value(value.clone())
                .unwrap_or_else(|error| panic!("{table}: {error}: {value}"));
            let request = asked_by(&row);
            for machine in machines() {
                let report = ask(&request, &row.guest, machine.as_ref(), &mut Unhurried);
                let now = says(&report);
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
