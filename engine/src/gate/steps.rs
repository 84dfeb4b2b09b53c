//! The steps of a report: one for each module of a chain, asked or not.
//!
//! It cuts what a report cannot carry, and says so in a note.

use super::module::{Asked, Call, Loaded};
use crate::abi::policy::Failure;
use crate::report::{GateState, GateStep, Lane, LaneState, MAX_GATE_TEXT, Outcome, OutcomeKind, Stage};
use crate::visible;

impl GateStep {
    /// The step of a module that was not asked.
    pub(crate) fn idle(loaded: &Loaded<'_>, state: GateState, message: impl Into<String>) -> Self {
        let digest = loaded.module.as_ref().map(|module| module.info.digest.clone());
        Self {
            name: loaded.name.to_owned(),
            module: loaded.entry.module.clone(),
            digest: digest.unwrap_or_default(),
            abi: loaded.abi,
            state,
            message: message.into(),
            outcome: None,
            input: String::new(),
            output: String::new(),
            stderr: String::new(),
            stderr_dropped: 0,
            logs: Vec::new(),
            asks: Vec::new(),
            notes: Vec::new(),
            warnings: Vec::new(),
            audit_annotations: std::collections::BTreeMap::new(),
            patch: String::new(),
            changes: Vec::new(),
            change_count: 0,
            host_calls: Vec::new(),
            fuel: 0,
            memory_bytes: 0,
            millis: 0.0,
            members: Vec::new(),
        }
    }

    /// The step of a module that was asked, and its answer.
    pub(crate) fn of<T>(loaded: &Loaded<'_>, asked: Asked<T>, millis: f64) -> (Self, Result<T, Failure>) {
        let Asked { answer, call } = asked;
        let mut step = Self::idle(loaded, GateState::Failed, "");
        let Call {
            input,
            output,
            stderr,
            stderr_dropped,
            logs,
            asks,
            notes,
            host_calls,
            fuel,
            memory_bytes,
            members,
        } = call;
        step.notes = notes;
        step.asks = asks;
        step.members = members;
        step.input = step.cut("what it was given", input);
        step.output = step.cut("its answer", output);
        step.stderr = stderr;
        step.stderr_dropped = stderr_dropped;
        step.logs = logs;
        step.host_calls = host_calls;
        step.fuel = fuel;
        step.memory_bytes = memory_bytes;
        step.millis = millis;
        (step, answer)
    }

    /// A text as a report carries it.
    pub(crate) fn cut(&mut self, what: &str, mut text: String) -> String {
        if text.len() > MAX_GATE_TEXT {
            let size = visible::bytes(text.len() as u64);
            self.notes.push(format!(
                "{what} is shown up to its first {}; it has {size}",
                visible::bytes(MAX_GATE_TEXT as u64)
            ));
            text.truncate(text.floor_char_boundary(MAX_GATE_TEXT));
        }
        text
    }

    /// As many of a module's entries as a report carries.
    pub(crate) fn carry<T, C: FromIterator<T>>(
        &mut self,
        what: &str,
        all: impl IntoIterator<Item = T>,
        size: impl Fn(&T) -> usize,
    ) -> C {
        let mut left = Some(MAX_GATE_TEXT);
        let carried: C = all
            .into_iter()
            .take_while(|entry| {
                left = left.and_then(|left| left.checked_sub(size(entry)));
                left.is_some()
            })
            .collect();
        if left.is_none() {
            let most = visible::bytes(MAX_GATE_TEXT as u64);
            self.notes.push(format!(
                "its {what} are more than the {most} that a report carries; the rest is dropped"
            ));
        }
        carried
    }

    /// The same, failed.
    pub(crate) fn fail(&mut self, failure: &Failure) {
        let is_stopped = failure.0.kind == OutcomeKind::Stopped;
        self.state = if is_stopped { GateState::Stopped } else { GateState::Failed };
        self.message = format!("it {}", failure.cause());
        self.outcome = Some(failure.0.clone());
    }

    /// The same, with a decision.
    pub(crate) fn decide(&mut self, state: GateState, message: impl Into<String>) {
        self.state = state;
        self.message = message.into();
    }
}

/// The outcome of a module's failure, told as a whole sentence.
pub(crate) fn outcome(role: &str, name: &str, failure: &Failure, stage: Stage) -> Outcome {
    let mut outcome = failure.0.clone().at_stage(stage);
    outcome.message = format!("{role} `{name}` {}", outcome.message);
    outcome
}

impl Lane {
    /// A stage that the request did not come to, with its modules.
    pub(crate) fn unreached(stage: Stage, chain: &[&Loaded<'_>]) -> Self {
        let step = |loaded: &&Loaded<'_>| match loaded.is_on() {
            true => GateStep::idle(loaded, GateState::NotReached, ""),
            false => GateStep::idle(loaded, GateState::Off, "it is switched off"),
        };
        let steps = chain.iter().map(step).collect();
        Self { stage, state: LaneState::NotReached, summary: String::new(), steps }
    }

    /// What became of the request here.
    pub(crate) fn end(&mut self, state: LaneState, summary: impl Into<String>) {
        self.state = state;
        self.summary = summary.into();
    }

    /// Puts the step of the module at `index` in its place.
    pub(crate) fn put(&mut self, index: usize, step: GateStep) {
        if let Some(place) = self.steps.get_mut(index) {
            *place = step;
        }
    }

    /// Ends the request here before the module at `index` could answer: it was stopped, or could not be asked.
    pub(crate) fn break_off(&mut self, index: usize, outcome: Outcome) -> Outcome {
        if let Some(step) = self.steps.get_mut(index)
            && step.state == GateState::NotReached
            && outcome.limit.is_none()
        {
            let state = match outcome.kind {
                OutcomeKind::Denied => GateState::Denied,
                _ => GateState::Failed,
            };
            step.decide(state, outcome.message.clone());
        }
        let is_denied = outcome.kind == OutcomeKind::Denied;
        let state = if is_denied { LaneState::Denied } else { LaneState::Failed };
        self.end(state, outcome.message.clone());
        outcome.at_stage(self.stage)
    }
}
