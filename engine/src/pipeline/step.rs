//! One step of a pipeline: its module looked into, its guest run, its answer settled, its outcome worded.

use crate::abi::command::{self, Command, Ended};
use crate::abi::krm::{Answer, Package, Request};
use crate::ending;
use crate::machine::{Machine, Trap};
use crate::module::Module;
use crate::report::{Limit, Outcome, OutcomeKind, StepReport, StepState};
use crate::request::{Budget, PipelineStep, World};
use crate::run::{Modules, Pace, Progress};
use crate::words;

/// A KRM function's arguments: one, since Go programs fail without any, and kustomize's proposal and others
/// give exactly this.
const ARGS: [&str; 1] = ["fn"];

/// The most that is kept of an answer that was refused: enough to see what it is.
const MAX_STDOUT: usize = 64 << 10;

impl StepReport {
    /// The report of a step that did not run.
    pub(crate) fn idle(step: &PipelineStep, state: StepState) -> Self {
        Self {
            name: step.title().to_owned(),
            module: step.module.clone(),
            digest: String::new(),
            role: step.role,
            state,
            outcome: None,
            results: Vec::new(),
            notes: Vec::new(),
            stderr: String::new(),
            stdout: String::new(),
            stderr_dropped: 0,
            changes: Vec::new(),
            change_count: 0,
            files: Vec::new(),
            items_in: 0,
            items_out: 0,
            host_calls: Vec::new(),
            fuel: 0,
            memory_bytes: 0,
            millis: 0.0,
        }
    }
}

/// Looks into the module of a step.
pub(super) fn load(step: &PipelineStep, modules: &Modules) -> Result<Module, Outcome> {
    let name = &step.module;
    let Some(bytes) = modules.get(name) else {
        let message = format!("the module `{name}` of step `{}` is not here", step.title());
        return Err(
            Outcome::new(OutcomeKind::Invalid, message).with_hint("bring its file, or take an example's")
        );
    };
    let module = Module::load(bytes).map_err(|error| {
        Outcome::new(OutcomeKind::Invalid, format!("module `{name}`: {error}")).with_hint(error.hint())
    })?;
    let abi = module.info.abi.abi;
    if abi.is_function() || abi == crate::abi::Abi::Unknown {
        return Ok(module);
    }
    let evidence = module.info.abi.evidence.join("; ");
    let message = format!("module `{name}` is a {}, not a KRM function: it {evidence}", abi.title());
    Err(Outcome::new(OutcomeKind::Invalid, message).with_hint(
        "a pipeline runs WASI commands that read a ResourceList from stdin and write one to stdout",
    ))
}

/// The way out for a function that imports something else.
const IMPORTS: &str =
    "a KRM function may import `wasi_snapshot_preview1` only; inspect the module to see all that it imports";

/// Runs the guest of a step.
pub(super) async fn guest(
    step: &PipelineStep,
    module: &Module,
    (stdin, slept_ms, deny): (&str, u64, &[String]),
    (budget, world): (&Budget, &World),
    machine: &dyn Machine,
    pace: (&mut impl Pace, &mut Progress),
) -> Result<Ended, Outcome> {
    let args = ARGS.iter().map(ToString::to_string).collect();
    let stdin = stdin.as_bytes().to_vec();
    let command = Command { args, stdin, slept_ms, deny: deny.to_vec(), ..Command::default() };
    command::run(&module.bytes, command, (budget, world), machine, pace)
        .await
        .map_err(|error| ending::refused(&step.module, &error, IMPORTS))
}

/// Takes or refuses what the guest answered, and fills the step's report.
pub(super) fn settle(
    (index, step): (usize, &PipelineStep),
    package: &mut Package,
    request: Request,
    ended: Ended,
    report: &mut StepReport,
) -> Result<(), Outcome> {
    let stderr = ended.stderr_text();
    report.fuel = ended.fuel;
    report.memory_bytes = ended.memory_bytes;
    report.host_calls = ended.host_calls;
    report.stderr_dropped = ended.stderr_dropped;
    let exit = match &ended.result {
        Ok(()) => Some(0),
        Err(Trap::Exit(code)) => Some(*code),
        Err(_) => None,
    };
    let answer = Answer { stdout: &ended.stdout, stderr: &stderr, exit };
    let accepted = package.accept(step, request, &answer);
    report.results = accepted.results;
    report.notes = accepted.notes;
    report.changes = accepted.changes;
    report.change_count = accepted.change_count;
    report.items_out = accepted.items_out;
    let outcome = match ended.result {
        Ok(()) | Err(Trap::Exit(_)) => accepted.outcome,
        Err(trap) => Err(ended_by(&format!("step {}, `{}`,", index + 1, step.title()), &trap)),
    };
    if outcome.is_err() {
        let kept = ended.stdout.get(..MAX_STDOUT).unwrap_or(&ended.stdout);
        report.stdout = String::from_utf8_lossy(kept).into_owned();
    }
    report.stderr = stderr;
    outcome
}

/// The outcome of a guest that did not come to its end.
fn ended_by(subject: &str, trap: &Trap) -> Outcome {
    let outcome = ending::trapped(subject, trap);
    match trap {
        Trap::Fault(_) => outcome.with_hint("its stderr, where it printed any, says what it did before"),
        _ => outcome,
    }
}

/// The outcome of a run that was stopped before a step began.
pub(super) fn stopped_before(limit: Limit, step: &PipelineStep) -> Outcome {
    let cause = if limit == Limit::Person { "by you" } else { "at the time limit" };
    let message = format!("the pipeline was stopped {cause} before step `{}`", step.title());
    ending::stopped_by(Outcome::new(OutcomeKind::Stopped, message), limit)
}

/// The outcome of a step that did what it was asked to.
pub(super) fn done(report: &StepReport) -> Outcome {
    let message = match report.change_count {
        0 => "finished, nothing changed".to_owned(),
        changes => format!("finished, {} changed", words::count(changes, "field")),
    };
    Outcome::new(OutcomeKind::Finished, message)
}
