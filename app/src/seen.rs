//! A report as the page shows it: made where the run ended, so that the page needs no code for what it never shows.
//!
//! What a request's or a plugin's report has besides comes in words, as sheets of rows. Refuses to judge: all words are
//! the engine's own.

#[cfg(feature = "plugins")]
mod dashboard;
mod drawn;
mod gate;
mod node;
mod panels;
#[cfg(feature = "plugins")]
mod plugin;
#[cfg(feature = "plugins")]
mod service;
#[cfg(feature = "plugins")]
mod terminal;

use std::collections::BTreeMap;

use engine::report::{FileReport, FileState, Outcome, OutcomeKind, Report, Severity, StepReport, StepState};
use engine::request::{Budget, File};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::protocol::Mark;

/// A report, as it is shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seen {
    /// How the run ended.
    pub outcome: Outcome,
    /// The limits that were in force.
    pub budget: Budget,
    /// The steps; a request's modules in the order in which it met them.
    pub steps: Vec<Step>,
    /// The files; a request's object.
    pub files: Vec<FileReport>,
    /// Fuel over all steps.
    pub fuel: u64,
    /// The most memory that a guest held, in bytes.
    pub memory_bytes: u64,
    /// How long it took.
    pub millis: f64,
    /// What became of a request, when it was one.
    pub gate: Option<Gate>,
    /// The stages of a request, the answers of a plugin, or the terminal of a program, as a tree to draw; a sentence where
    /// there is nothing.
    pub answers: Json,
    /// What guests asked their host for, in the same form.
    pub calls: Json,
    /// How many calls are listed.
    pub call_count: usize,
    /// What the steps printed, and how many of them did.
    pub logs: Json,
    /// See `logs`.
    pub log_count: usize,
    /// What the steps reported, and how many results there are.
    pub results: Json,
    /// See `results`.
    pub result_count: usize,
    /// Whether one of the results is an error.
    pub has_errors: bool,
    /// The places of the results.
    pub marks: Vec<Mark>,
    /// What the steps cost.
    pub cost: Json,
    /// How often each host function was called.
    pub called: BTreeMap<String, u64>,
    /// What is imported and was not called, as `module.name`.
    pub unused: Vec<String>,
    /// The role that would have been enough; empty when no cluster was asked.
    pub role: String,
    /// How the run ended with the cluster's own answers, when it was made with others too.
    pub before: String,
}

/// A step, as the page needs it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// What it came to.
    pub sign: Sign,
    /// Whether it came to its end.
    pub is_done: bool,
    /// Whether it ended the run.
    pub is_failed: bool,
    /// The files as it left them.
    pub files: Vec<File>,
    /// What it changed, as a tree to draw; null where that is nothing.
    pub changes: Json,
}

/// A panel as data: facts, and groups of rows.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// What is known of the whole.
    pub facts: Vec<(String, String)>,
    /// The groups.
    pub groups: Vec<Group>,
}

/// Rows that belong together.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// What they belong to.
    pub lane: Lane,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A line, and what it shows when it is opened.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// What it came to.
    pub sign: Sign,
    /// Its name.
    pub name: String,
    /// Why.
    pub message: String,
    /// What it cost; empty when it did nothing.
    pub cost: String,
    /// Its texts, each with what it is.
    pub texts: Vec<(String, String)>,
    /// What can be done about it.
    pub acts: Vec<Act>,
    /// The step whose changes it shows.
    pub step: Option<usize>,
}

/// Something to do about a row.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Act {
    /// What the button says.
    pub label: String,
    /// Where in the workspace the value goes; empty: into the clipboard.
    pub place: String,
    /// What is put there.
    pub value: Json,
    /// Whether it takes the place of what is there; otherwise it joins the list there.
    pub whole: bool,
}

/// Text of a terminal in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Words for the style sheet, such as `bold fg1`.
    pub style: String,
    /// The text.
    pub text: String,
}

/// What a step or a stage came to: a tone, and a word for those who see none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// `good`, `bad`, `warn`, `off` or `none`.
    pub tone: String,
    /// The word.
    pub word: String,
}

impl Sign {
    /// A sign.
    #[must_use]
    pub fn new(tone: &str, word: &str) -> Self {
        Self { tone: tone.into(), word: word.into() }
    }
}

/// What became of a request, in words.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Gate {
    /// How it ended, where a module denied it; otherwise empty, and the outcome says it.
    pub headline: String,
    /// The step that ended it.
    pub culprit: Option<usize>,
    /// The API server's answer in short, such as `403 Forbidden`.
    pub status: String,
    /// How many warnings go with it.
    pub warnings: u64,
    /// The stages.
    pub lanes: Vec<Lane>,
    /// The fields that were changed.
    pub changed: Vec<String>,
    /// The object that was given with a whole review.
    pub given: String,
}

/// A stage.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// What became of the request there.
    pub sign: Sign,
    /// Why.
    pub summary: String,
}

impl Seen {
    /// A report, as it is shown.
    #[must_use]
    pub fn of(report: Report) -> Self {
        let Report { outcome, budget, mut steps, mut files, fuel, memory_bytes, millis, gate, .. } = report;
        let mut signs: Vec<Sign> = steps.iter().map(|step| of_step(step.state)).collect();
        let before = report.without_what_if.as_ref().map(|before| before.outcome.message.clone());
        let (mut answers, mut calls) = (Sheet::default(), Sheet::default());
        // The worker without the gate never has one, and carries no words for it.
        let gate = gate.filter(|_| cfg!(any(feature = "gate", feature = "window", test))).map(|gate| {
            let gate = *gate;
            signs = gate::all_steps(&gate).map(|step| gate::of_gate(step.state)).collect();
            files = gate::object(&gate).into_iter().collect();
            (answers, calls) = (gate::answers(&gate), gate::calls(&gate));
            let seen = gate::seen(&gate, outcome.kind == OutcomeKind::Denied);
            steps = gate.lanes.into_iter().flat_map(|lane| lane.steps).map(gate::as_step).collect();
            seen
        });
        let mut seen = Self {
            outcome,
            budget,
            steps: Vec::new(),
            files,
            fuel,
            memory_bytes,
            millis,
            gate,
            answers: drawn::sheet(&answers, "Nothing was answered: the request did not come so far."),
            calls: Json::Null,
            call_count: 0,
            logs: Json::Null,
            log_count: 0,
            results: Json::Null,
            result_count: 0,
            has_errors: false,
            marks: Vec::new(),
            cost: Json::Null,
            called: BTreeMap::new(),
            unused: Vec::new(),
            role: String::new(),
            before: before.unwrap_or_default(),
        };
        #[cfg(feature = "plugins")]
        if let Some(plugin) = report.plugin {
            let step;
            (step, calls) = plugin::show(*plugin, report.command, &mut seen);
            signs = vec![of_step(step.state)];
            steps = vec![step];
        }
        seen.ran(steps, signs);
        seen.call_count = calls.groups.iter().map(|group| group.rows.len()).sum();
        seen.calls = drawn::sheet(&calls, "No guest asked its host for anything.");
        seen
    }
}

impl Seen {
    /// Adds what the steps did.
    fn ran(&mut self, steps: Vec<StepReport>, signs: Vec<Sign>) {
        self.logs = panels::logs(&steps);
        self.log_count = steps.iter().filter(|step| panels::speaks(step)).count();
        self.results = panels::results(&steps);
        self.result_count = steps.iter().map(|step| step.results.len()).sum();
        self.has_errors =
            steps.iter().flat_map(|step| &step.results).any(|result| result.severity == Severity::Error);
        self.marks = panels::marks(&steps);
        self.cost = panels::cost(&steps, &signs);
        for call in steps.iter().flat_map(|step| &step.host_calls) {
            let called = self.called.entry(call.function.clone()).or_default();
            *called = called.saturating_add(call.count);
        }
        let step = |(step, sign): (StepReport, Sign)| Step {
            changes: panels::changes(&step),
            is_done: step.state == StepState::Done,
            is_failed: step.state == StepState::Failed,
            name: step.name,
            files: step.files,
            sign,
        };
        self.steps = steps.into_iter().zip(signs).map(step).collect();
    }

    /// What the step of a name came to; nothing where there is none.
    #[must_use]
    pub fn sign(&self, name: &str) -> Sign {
        self.steps.iter().find(|step| step.name == name).map(|step| step.sign.clone()).unwrap_or_default()
    }

    /// Takes out the texts of files that are not as they came, with their indices: they travel as buffers, so that the
    /// page reads only what it shows.
    pub fn take_texts(&mut self) -> Vec<(usize, String)> {
        let mut texts = Vec::new();
        for (index, file) in self.files.iter_mut().enumerate() {
            let text = std::mem::take(&mut file.text);
            if file.state != FileState::Unchanged {
                texts.push((index, text));
            }
        }
        texts
    }
}

/// The file that the request's object is in a report.
#[must_use]
pub fn object_path(object: &str) -> &'static str {
    if object.trim_start().starts_with('{') { "object.json" } else { "object.yaml" }
}

fn of_step(state: StepState) -> Sign {
    let (tone, word) = match state {
        StepState::Done => ("good", "done"),
        StepState::Failed => ("bad", "failed"),
        StepState::Off => ("none", "off"),
        StepState::NotReached => ("none", "not reached"),
    };
    Sign::new(tone, word)
}

/// A sign for an HTTP status.
#[cfg(feature = "plugins")]
fn of_status(status: u16) -> Sign {
    Sign::new(if status < 400 { "good" } else { "bad" }, &status.to_string())
}

/// How an answer of the cluster can be another one in the next run; none where no cluster was asked. `body` is what was
/// answered, where a person may change it.
fn what_if(number: u64, status: Option<u16>, body: Option<&str>) -> Vec<Act> {
    let act =
        |label: &str, value: Json| Act { label: label.into(), place: "whatIf".into(), value, whole: false };
    let changed = body.map(|body| act("Change it…", json!({"call": number, "status": status, "body": body})));
    let acts = [
        act("Lose the answer", json!({"call": number, "drop": true})),
        act("Delay it by 5 s", json!({"call": number, "delayMs": 5_000})),
        act("Fail with 503", json!({"call": number, "status": 503})),
    ];
    acts.into_iter().chain(changed).filter(|_| number > 0).collect()
}

/// What is not empty, each with what it is.
fn shown<const N: usize>(all: [(&str, String); N]) -> Vec<(String, String)> {
    let trimmed = all.into_iter().map(|(name, text)| (name.to_owned(), text.trim().to_owned()));
    trimmed.filter(|(_, text)| !text.is_empty()).collect()
}

/// JSON with a line for each field; anything else as it is.
fn pretty(text: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(text).ok();
    value.and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_words_are_left_out_and_json_is_spaced() {
        let two = shown([("A", " ".into()), ("B", pretty("{\"a\":1}")), ("C", pretty("a: 1"))]);
        let names: Vec<&str> = two.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["B", "C"]);
        assert_eq!(two.first().map(|(_, text)| text.as_str()), Some("{\n  \"a\": 1\n}"));
        assert_eq!(two.last().map(|(_, text)| text.as_str()), Some("a: 1"));
    }

    #[test]
    fn the_object_has_the_ending_of_its_language() {
        assert_eq!((object_path(" {}"), object_path("a: {}")), ("object.json", "object.yaml"));
    }
}
