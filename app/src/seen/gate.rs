//! What became of a request, as the page shows it.
//!
//! Refuses to judge: all words are the gate's own.

use engine::report::{
    FieldChange, FileReport, FileState, GateReport, GateState, GateStep, HostAsk, LaneState, Stage,
    StepReport, StepState,
};
use engine::request::Role;
use engine::visible::{bytes, fuel, millis, sentence};

use super::{Gate, Group, Lane, Row, Sheet, Sign, object_path, pretty, shown, what_if};

pub(super) fn object(gate: &GateReport) -> Option<FileReport> {
    let state = if gate.change_count == 0 { FileState::Unchanged } else { FileState::Changed };
    let path = object_path(&gate.object).to_owned();
    let file = FileReport { path, state, text: gate.object.clone(), resources: 1 };
    (!gate.object.is_empty()).then_some(file)
}

pub(super) fn all_steps(gate: &GateReport) -> impl Iterator<Item = &GateStep> {
    gate.lanes.iter().flat_map(|lane| &lane.steps)
}

pub(super) fn as_step(step: GateStep) -> StepReport {
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

pub(super) fn of_gate(state: GateState) -> Sign {
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

/// What is known of the request itself.
pub(super) fn seen(gate: &GateReport, is_denied: bool) -> Gate {
    let ends = |state| matches!(state, GateState::Denied | GateState::Failed | GateState::Stopped);
    let culprit = all_steps(gate).enumerate().filter(|(_, step)| ends(step.state)).last();
    let status = gate.status.as_ref().map(|it| format!("{} {}", it.code, it.reason).trim().to_owned());
    Gate {
        headline: culprit.filter(|_| is_denied).map(|(_, step)| headline(step)).unwrap_or_default(),
        culprit: culprit.map(|(index, _)| index),
        status: status.unwrap_or_default(),
        warnings: gate.warnings.len() as u64,
        changed: gate.changes.iter().map(|change: &FieldChange| change.path.clone()).collect(),
        given: gate.given.clone(),
        lanes: answers(gate).groups.into_iter().map(|group| group.lane).collect(),
    }
}

/// The stages, with what each module was asked and answered.
pub(super) fn answers(gate: &GateReport) -> Sheet {
    let mut index = 0;
    let group = |lane: &engine::report::Lane| {
        let sign = of_lane(lane.state);
        let summary = if lane.summary.is_empty() { sign.word.clone() } else { lane.summary.clone() };
        let rows = lane.steps.iter().map(|step| {
            index += 1;
            row(step, index - 1)
        });
        Group { rows: rows.collect(), lane: Lane { name: lane_name(lane.stage).into(), sign, summary } }
    };
    Sheet { groups: gate.lanes.iter().map(group).collect(), facts: facts(gate) }
}

/// What the modules asked their host for, each module a group.
pub(super) fn calls(gate: &GateReport) -> Sheet {
    let group = |step: &GateStep| {
        let lane = Lane { name: step.name.clone(), ..Lane::default() };
        let ending = sentence(&step.message);
        let next = step.asks.iter().skip(1).map(|ask| format!("{} {}", ask.ask, ask.with)).chain([ending]);
        Group { lane, rows: step.asks.iter().zip(next).map(|(asked, next)| ask(asked, next)).collect() }
    };
    let groups = all_steps(gate).filter(|step| !step.asks.is_empty()).map(group);
    Sheet { facts: Vec::new(), groups: groups.collect() }
}

fn ask(ask: &HostAsk, next: String) -> Row {
    let sign = match ask.error.is_empty() {
        true => Sign::new("good", "answered"),
        false => Sign::new("bad", "no answer"),
    };
    Row {
        sign,
        name: ask.ask.clone(),
        message: ask.with.chars().take(120).collect(),
        cost: format!("{} · {} at {}", bytes(ask.answer.len() as u64), millis(ask.millis), millis(ask.at)),
        texts: shown([
            ("Arguments", pretty(&ask.with)),
            ("Answer", pretty(&ask.answer)),
            ("Why there is none", ask.error.clone()),
            ("Then", next),
        ]),
        acts: what_if(ask.number, None, None),
        step: None,
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

fn row(step: &GateStep, index: usize) -> Row {
    let cost = format!("{} · {} fuel", millis(step.millis), fuel(step.fuel));
    Row {
        sign: of_gate(step.state),
        name: step.name.clone(),
        step: Some(index),
        acts: Vec::new(),
        message: sentence(&step.message),
        cost: if step.input.is_empty() { String::new() } else { cost },
        texts: shown([
            ("Notes", step.notes.join("\n")),
            ("Warnings", step.warnings.join("\n")),
            ("Audit annotations", pairs(&step.audit_annotations)),
            ("Input", pretty(&step.input)),
            ("Output", pretty(&step.output)),
            ("Patch", pretty(&step.patch)),
            ("Changes", step.changes.iter().map(change).collect::<Vec<_>>().join("\n")),
            ("Log", step.logs.join("\n")),
            ("stderr", step.stderr.clone()),
        ]),
    }
}

/// A changed field in a line.
fn change(change: &FieldChange) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".into());
    format!("{}: {} → {}", change.path, value(&change.before), value(&change.after))
}

fn pairs(map: &std::collections::BTreeMap<String, String>) -> String {
    map.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join("\n")
}
