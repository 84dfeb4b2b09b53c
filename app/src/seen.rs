//! A report as the page shows it: made where the run ended, so that the page needs no code for what it never shows.
//!
//! What a request's report has besides comes in words. Refuses to judge: all words are the gate's own.

use engine::report::{
    FieldChange, FileReport, FileState, GateReport, GateState, GateStep, LaneState, Outcome, OutcomeKind,
    Report, Stage, StepReport, StepState,
};
use engine::request::{Budget, Role};
use engine::visible::{fuel, millis, sentence};
use serde::{Deserialize, Serialize};

/// A report, as it is shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seen {
    /// How the run ended.
    pub outcome: Outcome,
    /// The limits that were in force.
    pub budget: Budget,
    /// The steps; a request's modules in the order in which it met them.
    pub steps: Vec<StepReport>,
    /// What each step came to.
    pub signs: Vec<Sign>,
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
    /// The fields that were changed.
    pub changed: Vec<String>,
    /// The object that was given with a whole review.
    pub given: String,
    /// What is known of the request, and of the answer.
    pub facts: Vec<(String, String)>,
    /// The stages, each with how many steps it has.
    pub lanes: Vec<(Lane, usize)>,
    /// What is known of each step.
    pub details: Vec<Detail>,
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

/// What a module was asked, and what it answered.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Detail {
    /// Why it came to what it did.
    pub message: String,
    /// What it cost; empty when it was not asked.
    pub cost: String,
    /// Its texts, each with what it is.
    pub texts: Vec<(String, String)>,
}

impl Seen {
    /// A report, as it is shown.
    #[must_use]
    pub fn of(report: Report) -> Self {
        let Report { outcome, budget, mut steps, mut files, fuel, memory_bytes, millis, gate, .. } = report;
        let mut signs: Vec<Sign> = steps.iter().map(|step| of_step(step.state)).collect();
        // The worker without the gate never has one, and carries no words for it.
        let gate = gate.filter(|_| cfg!(any(feature = "gate", feature = "window", test))).map(|gate| {
            let gate = *gate;
            signs = all_steps(&gate).map(|step| of_gate(step.state)).collect();
            files = object(&gate).into_iter().collect();
            let seen = seen(&gate, outcome.kind == OutcomeKind::Denied);
            steps = gate.lanes.into_iter().flat_map(|lane| lane.steps).map(as_step).collect();
            seen
        });
        Self { outcome, budget, steps, signs, files, fuel, memory_bytes, millis, gate }
    }
}

impl Seen {
    /// What the step of a name came to; nothing where there is none.
    #[must_use]
    pub fn sign(&self, name: &str) -> Sign {
        let index = self.steps.iter().position(|step| step.name == name);
        index.and_then(|index| self.signs.get(index).cloned()).unwrap_or_default()
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

fn object(gate: &GateReport) -> Option<FileReport> {
    let state = if gate.change_count == 0 { FileState::Unchanged } else { FileState::Changed };
    let path = object_path(&gate.object).to_owned();
    let file = FileReport { path, state, text: gate.object.clone(), resources: 1 };
    (!gate.object.is_empty()).then_some(file)
}

fn all_steps(gate: &GateReport) -> impl Iterator<Item = &GateStep> {
    gate.lanes.iter().flat_map(|lane| &lane.steps)
}

fn as_step(step: GateStep) -> StepReport {
    StepReport {
        state: match step.state {
            GateState::Allowed | GateState::Denied | GateState::NoOpinion => StepState::Done,
            GateState::Failed | GateState::Stopped => StepState::Failed,
            GateState::Off => StepState::Off,
            GateState::Skipped | GateState::NotReached => StepState::NotReached,
        },
        name: step.name,
        module: step.module,
        digest: step.digest,
        role: Role::Mutator,
        outcome: step.outcome,
        results: Vec::new(),
        notes: step.notes,
        stderr: step.stderr,
        stdout: step.logs.join("\n"),
        stderr_dropped: step.stderr_dropped,
        changes: step.changes,
        change_count: step.change_count,
        files: Vec::new(),
        items_in: 0,
        items_out: 0,
        host_calls: step.host_calls,
        fuel: step.fuel,
        memory_bytes: step.memory_bytes,
        millis: step.millis,
    }
}

fn of_gate(state: GateState) -> Sign {
    let (tone, word) = match state {
        GateState::Allowed => ("good", "allowed"),
        GateState::Denied => ("bad", "denied"),
        GateState::NoOpinion => ("none", "no opinion"),
        GateState::Skipped => ("none", "skipped"),
        GateState::Failed => ("bad", "failed"),
        GateState::Stopped => ("warn", "stopped"),
        GateState::Off => ("none", "off"),
        GateState::NotReached => ("none", "not reached"),
    };
    Sign::new(tone, word)
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

fn of_lane(state: LaneState) -> Sign {
    let (tone, word) = match state {
        LaneState::Passed => ("good", "passed"),
        LaneState::Denied => ("bad", "denied"),
        LaneState::Failed => ("bad", "failed"),
        LaneState::NotAsked => ("none", "not asked"),
        LaneState::NotReached => ("off", "not reached"),
    };
    Sign::new(tone, word)
}

fn lane_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Authentication => "Authentication",
        Stage::Authorization => "Authorization",
        Stage::Mutating => "Mutating",
        Stage::Validating => "Validating",
        Stage::Storage => "Storage",
    }
}

fn seen(gate: &GateReport, is_denied: bool) -> Gate {
    let ends = |state| matches!(state, GateState::Denied | GateState::Failed | GateState::Stopped);
    let culprit = all_steps(gate).enumerate().filter(|(_, step)| ends(step.state)).last();
    let status = gate.status.as_ref().map(|it| format!("{} {}", it.code, it.reason).trim().to_owned());
    let lane = |lane: &engine::report::Lane| {
        let sign = of_lane(lane.state);
        let summary = if lane.summary.is_empty() { sign.word.clone() } else { lane.summary.clone() };
        (Lane { name: lane_name(lane.stage).into(), sign, summary }, lane.steps.len())
    };
    Gate {
        headline: culprit.filter(|_| is_denied).map(|(_, step)| headline(step)).unwrap_or_default(),
        culprit: culprit.map(|(index, _)| index),
        status: status.unwrap_or_default(),
        warnings: gate.warnings.len() as u64,
        changed: gate.changes.iter().map(|change: &FieldChange| change.path.clone()).collect(),
        given: gate.given.clone(),
        facts: facts(gate),
        lanes: gate.lanes.iter().map(lane).collect(),
        details: all_steps(gate).map(detail).collect(),
    }
}

/// The module's name and its own words, without those that its step adds.
fn headline(step: &GateStep) -> String {
    let name = &step.name;
    match step.message.trim_start_matches("it denies it").trim_start_matches(": ") {
        "" => format!("Denied by `{name}`"),
        message => format!("Denied by `{name}`: {message}"),
    }
}

fn facts(gate: &GateReport) -> Vec<(String, String)> {
    let user = gate.user.as_ref().map(|user| {
        let extra = user.extra.iter().map(|(key, values)| format!("{key}={}", values.join(",")));
        let parts = user.groups.iter().map(|group| format!("in {group}")).chain(extra);
        [user.username.clone()].into_iter().chain(parts).collect::<Vec<_>>().join(", ")
    });
    let status = gate.status.as_ref();
    let status = status.map(|status| format!("{} {} {}", status.code, status.reason, status.message));
    shown([
        ("Request", gate.request.clone()),
        ("Operation", gate.operation.clone()),
        ("User", user.unwrap_or_default()),
        ("Answer", status.unwrap_or_default()),
        ("Warnings", gate.warnings.join("\n")),
        ("Audit annotations", pairs(&gate.audit_annotations)),
        ("Assumed", gate.notes.join("\n")),
    ])
}

fn detail(step: &GateStep) -> Detail {
    let cost = format!("{} · {} fuel", millis(step.millis), fuel(step.fuel));
    Detail {
        message: sentence(&step.message),
        cost: if step.input.is_empty() { String::new() } else { cost },
        texts: shown([
            ("Notes", step.notes.join("\n")),
            ("Warnings", step.warnings.join("\n")),
            ("Audit annotations", pairs(&step.audit_annotations)),
            ("Input", pretty(&step.input)),
            ("Output", pretty(&step.output)),
            ("Patch", pretty(&step.patch)),
            ("Log", step.logs.join("\n")),
            ("stderr", step.stderr.clone()),
        ]),
    }
}

fn pairs(map: &std::collections::BTreeMap<String, String>) -> String {
    map.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join("\n")
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
