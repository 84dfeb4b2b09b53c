//! Tables of requests: what a person gives, what guests answer, and what the report says of it, a line each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use engine::machine::Machine;
use engine::module::to_binary;
use engine::report::{GateStep, Report};
use engine::request::{Budget, GateRequest, RunRequest, Scenario};
use engine::run::{Modules, Unhurried, run};
use serde::{Deserialize, Serialize};

use crate::list::machines;
use crate::policies::Policy;
use crate::rego::Rego;

/// The numbers of the first reviews of seed 0, for guests that cannot read: `<uid 1>` in an answer.
const UIDS: [&str; 2] = ["9d34149f-bd1f-4777-ab23-8799054c8cbf", "c571327c-b01a-41de-a972-713cbf6cc1fc"];

/// A guest that does what is said, and nothing else.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Guest {
    /// A Kubewarden policy over waPC, instead of all else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wapc: Option<Policy>,
    /// A Kubewarden policy that is a WASI program, instead of all else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wasi: Option<Policy>,
    /// A Rego policy, instead of all else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rego: Option<Rego>,
    /// The export that answers; `validate` when empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) export: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) stdout: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) stderr: String,
    /// Ends with this exit code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) exit: Option<u32>,
    /// What else it does at the end, as WebAssembly text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) then: String,
    /// Further functions and exports.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) more: String,
}

impl Guest {
    /// The module.
    pub(crate) fn wasm(&self) -> Vec<u8> {
        if let Some(policy) = &self.wapc {
            return policy.wapc();
        }
        if let Some(policy) = &self.wasi {
            return policy.wasi();
        }
        if let Some(policy) = &self.rego {
            return policy.wasm();
        }
        let export = if self.export.is_empty() { "validate" } else { &self.export };
        let mut stdout = self.stdout.clone();
        for (index, uid) in UIDS.iter().enumerate() {
            stdout = stdout.replace(&format!("<uid {}>", index + 1), uid);
        }
        let escaped = |text: &str| text.bytes().map(|byte| format!("\\{byte:02x}")).collect::<String>();
        let number = |value: usize| escaped_number(u32::try_from(value).unwrap());
        let (out, err) = (4096, 4096 + stdout.len());
        let exit = self.exit.map(|code| format!("(call $exit (i32.const {code}))")).unwrap_or_default();
        let wat = format!(
            "(module
              (import \"wasi_snapshot_preview1\" \"fd_write\"
                (func $write (param i32 i32 i32 i32) (result i32)))
              (import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))
              (memory (export \"memory\") 64)
              (data (i32.const 0) \"{}{}{}{}\")
              (data (i32.const {out}) \"{}{}\")
              {}
              (func (export \"{export}\")
                (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64)))
                (drop (call $write (i32.const 2) (i32.const 8) (i32.const 1) (i32.const 64)))
                {} {exit}))",
            number(out),
            number(stdout.len()),
            number(err),
            number(self.stderr.len()),
            escaped(&stdout),
            escaped(&self.stderr),
            self.more,
            self.then,
        );
        to_binary(wat.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{wat}"))
    }
}

fn escaped_number(value: u32) -> String {
    value.to_le_bytes().iter().map(|byte| format!("\\{byte:02x}")).collect()
}

/// A row of a table.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    request: GateRequest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    budget: Option<Budget>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    guests: BTreeMap<String, Guest>,
    /// What modules were given, in the order they were asked; only where the row has the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    given: Option<Vec<serde_json::Value>>,
    /// The object as it came out; only where the row has the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    object: Option<String>,
    /// The report, a line for each thing.
    #[serde(default)]
    says: Vec<String>,
}

/// Runs a request with guests by their module names.
pub(crate) fn ask(
    request: &GateRequest,
    guests: &BTreeMap<String, Guest>,
    budget: Budget,
    machine: &dyn Machine,
) -> Report {
    let modules: Modules = guests.iter().map(|(name, guest)| (name.clone(), guest.wasm())).collect();
    let run_request = RunRequest { budget, ..RunRequest::new(Scenario::Request(Box::new(request.clone()))) };
    pollster::block_on(run(&run_request, &modules, machine, &mut Unhurried))
}

/// What a report says, without figures that are a machine's own.
pub(crate) fn says(report: &Report) -> Vec<String> {
    let outcome = &report.outcome;
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let kind = word(&serde_json::to_value(outcome.kind).unwrap());
    let mut lines = vec![format!("{kind}: {}", outcome.message)];
    lines.extend(outcome.hint.as_ref().map(|hint| format!("hint: {hint}")));
    let gate = report.gate.as_deref().unwrap();
    lines.extend(gate.status.as_ref().map(|status| {
        let answer = format!("answer: {} {}: {}", status.code, status.reason, status.message);
        answer.trim_end_matches([' ', ':']).to_owned()
    }));
    for lane in gate.lanes.iter().filter(|lane| !lane.summary.is_empty()) {
        let state = word(&serde_json::to_value(lane.state).unwrap());
        lines.push(format!("{} {state}: {}", lane.stage.title(), lane.summary));
        for step in &lane.steps {
            say(step, "", &mut lines);
        }
    }
    lines.extend(gate.warnings.iter().map(|warning| format!("warning: {warning}")));
    lines.extend(gate.audit_annotations.iter().map(|(key, value)| format!("audit: {key}={value}")));
    lines.extend(gate.notes.iter().map(|note| format!("note: {note}")));
    lines.iter().map(|line| without_fuel(line)).collect()
}

/// What a step says.
fn say(step: &GateStep, indent: &str, lines: &mut Vec<String>) {
    let state = serde_json::to_value(step.state).unwrap();
    lines.push(format!("{indent}- {} {}: {}", step.name, state.as_str().unwrap(), step.message));
    lines.extend(step.notes.iter().map(|note| format!("{indent}  note: {note}")));
    lines.extend(step.logs.iter().map(|line| format!("{indent}  log: {line}")));
    lines.extend(step.asks.iter().map(|ask| {
        let told = if ask.error.is_empty() { &ask.answer } else { &ask.error };
        format!("{indent}  asks {} with {}: {told}", ask.ask, ask.with)
    }));
    lines.extend(step.changes.iter().map(|change| {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".into());
        format!("{indent}  {}: {} becomes {}", change.path, text(&change.before), text(&change.after))
    }));
    for member in &step.members {
        say(member, &format!("{indent}  "), lines);
    }
}

/// Fuel is each machine's own: `used all of its N fuel`.
fn without_fuel(line: &str) -> String {
    let is_figure = |word: &str| word.chars().all(|c| c.is_ascii_digit() || c == ',');
    let words: Vec<_> = line.split(' ').collect();
    let mut shown: Vec<&str> = words.clone();
    for (place, pair) in shown.iter_mut().zip(words.windows(2)) {
        if is_figure(pair[0]) && pair[1].starts_with("fuel") {
            *place = "N";
        }
    }
    shown.join(" ")
}

fn given(report: &Report) -> Vec<serde_json::Value> {
    let steps = report.gate.iter().flat_map(|gate| &gate.lanes).flat_map(|lane| &lane.steps);
    let asked = steps.filter(|step| !step.input.is_empty());
    asked.map(|step| serde_json::from_str(&step.input).unwrap()).collect()
}

fn tables() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gate");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "yaml"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

#[test]
fn every_row_says_what_its_table_expects_on_every_machine() {
    let is_update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    let mut failures = Vec::new();
    for path in tables() {
        let text = fs::read_to_string(&path).unwrap();
        let mut rows: Vec<Row> =
            serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for row in &mut rows {
            for machine in machines() {
                let report = ask(&row.request, &row.guests, row.budget.unwrap_or_default(), machine.as_ref());
                let mut now = row.clone();
                now.says = says(&report);
                now.given = row.given.as_ref().map(|_| given(&report));
                now.object = row.object.as_ref().map(|_| report.gate.as_deref().unwrap().object.clone());
                if is_update {
                    *row = now;
                } else if (&now.says, &now.given, &now.object) != (&row.says, &row.given, &row.object) {
                    let shown = serde_yaml::to_string(&now).unwrap();
                    let machine = machine.identity().name;
                    failures.push(format!("{}, on {machine}, now:\n{shown}", path.display()));
                }
            }
        }
        if is_update {
            fs::write(&path, serde_yaml::to_string(&rows).unwrap()).unwrap();
        }
    }
    assert!(failures.is_empty(), "{} rows differ:\n{}", failures.len(), failures.join("\n"));
}
