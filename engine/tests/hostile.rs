//! Hostile modules and guests through the only entry point, on every machine: every one ends in a report whose
//! sentence names the step or module and the cause, nothing panics, and the next run is as ever.
//!
//! Needs the `noop` guest in `examples/built`, for the mutations: `cargo xtask examples` builds it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "hostile/binary.rs"]
mod binary;
#[path = "machines/comparable.rs"]
mod comparable;
#[path = "hostile/guests.rs"]
mod guests;
#[path = "machines/list.rs"]
mod list;
#[path = "hostile/modules.rs"]
mod modules;
#[path = "hostile/mutations.rs"]
mod mutations;

use engine::machine::Machine;
use engine::module::to_binary;
use engine::report::{Limit, OutcomeKind, Report, StepState};
use engine::request::{Budget, File, Pipeline, PipelineStep, RunRequest, Scenario};
use engine::run::{Modules, Unhurried, run};

use self::comparable::comparable;
use self::list::machines;

/// The manifest that every run is given, and must give back untouched when it fails.
const MANIFEST: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kept # as it was\n";

/// Enough for every guest here that ends, and an end for those that do not.
const FUEL: u64 = 50_000_000;

fn budget() -> Budget {
    Budget { fuel: FUEL, ..Budget::default() }
}

/// Runs a module, binary or text, as the only step, `hostile`, of a pipeline over one file.
fn attempt_on(machine: &dyn Machine, module: &[u8], budget: Budget) -> Report {
    let file = File { path: "kept.yaml".into(), text: MANIFEST.into() };
    let step = PipelineStep { name: "hostile".into(), module: "guest".into(), ..PipelineStep::default() };
    let request = RunRequest {
        budget,
        ..RunRequest::new(Scenario::Pipeline(Pipeline { files: vec![file], steps: vec![step] }))
    };
    let modules = Modules::from([("guest".to_owned(), to_binary(module).unwrap())]);
    let report = pollster::block_on(run(&request, &modules, machine, &mut Unhurried));
    is_sound(&report);
    report
}

/// The same on every machine: all come to the same report, of which this is the first. Where fuel ends the run,
/// each does in its own units, and only the outcome is compared.
fn attempt(module: &[u8], budget: Budget) -> Report {
    let mut reports = machines().into_iter().map(|machine| attempt_on(machine.as_ref(), module, budget));
    let first = reports.next().unwrap();
    for other in reports {
        let name = other.machine.name.clone();
        match first.outcome.limit {
            Some(Limit::Fuel) => assert_eq!(first.outcome, other.outcome, "on {name}"),
            _ => assert_eq!(comparable(first.clone()), comparable(other), "on {name}"),
        }
    }
    first
}

/// What holds of every report, whatever the guest did.
fn is_sound(report: &Report) {
    let message = &report.outcome.message;
    assert!(!message.is_empty() && message.len() < 2_000, "{message}");
    assert!(!message.contains('\n') && !message.ends_with('.'), "not one sentence: {message:?}");
    assert_ne!(report.outcome.kind, OutcomeKind::Internal, "{message}");
    assert_eq!(report.outcome.kind == OutcomeKind::Stopped, report.outcome.limit.is_some(), "{message}");
    if report.outcome.kind != OutcomeKind::Finished {
        let named = message.contains("hostile") || message.contains("guest") || message.contains("pipeline");
        assert!(named, "names neither step nor module: {message}");
        assert_eq!(report.files[0].text, MANIFEST, "a failed run changed a file");
        assert!(report.steps.iter().all(|step| step.state != StepState::Done), "{message}");
    }
    assert!(report.memory_bytes <= report.budget.memory_bytes, "{} bytes of memory", report.memory_bytes);
    for step in &report.steps {
        assert!(step.stderr.len() as u64 <= 3 * report.budget.stderr_bytes, "stderr is not bounded");
        assert!(step.stdout.len() <= 3 * (64 << 10), "stdout is not bounded");
    }
}

/// The module is refused before it runs, with all of `words` in the sentence.
#[track_caller]
fn refused(module: &[u8], words: &[&str]) {
    let report = attempt(module, budget());
    let message = &report.outcome.message;
    assert_eq!(report.outcome.kind, OutcomeKind::Invalid, "{message}");
    assert!(message.contains("module `guest`"), "{message}");
    words.iter().for_each(|word| assert!(message.contains(word), "{message:?} does not say {word:?}"));
}

/// The guest is stopped by this limit, with all of `words` in the sentence.
#[track_caller]
fn stopped(module: &[u8], budget: Budget, limit: Limit, words: &[&str]) -> Report {
    let report = attempt(module, budget);
    let message = &report.outcome.message;
    assert_eq!((report.outcome.kind, report.outcome.limit), (OutcomeKind::Stopped, Some(limit)), "{message}");
    assert!(message.contains("step 1, `hostile`, was stopped"), "{message}");
    words.iter().for_each(|word| assert!(message.contains(word), "{message:?} does not say {word:?}"));
    report
}
