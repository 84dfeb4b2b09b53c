//! Runs, one after another on a thread of their own: it holds the machine, and what the machine has compiled.
//!
//! A panic there ends one run, not the window.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

use clap::ValueEnum;
use desktop::Failure;
use desktop::machines::{Engine, Metering};
use desktop::runner::{self, Stage, StopSignal};
use engine::machine::Machine;
use engine::module::to_binary;
use engine::report::Report;
use engine::request::RunRequest;
use engine::run::{Modules, Progress};
use engine::workspace::case::Expect;
use wire::{Done, WireError};

/// What the thread has for parsing what is nested and for host calls: as much as a program's first thread.
const STACK: usize = 8 << 20;

/// The thread that runs things.
pub(crate) struct Runs {
    jobs: Option<Mutex<Sender<Job>>>,
    stop: Mutex<StopSignal>,
    machine: String,
}

struct Job {
    request: RunRequest,
    modules: Modules,
    stop: StopSignal,
    tell: Box<dyn Fn(&Progress) + Send>,
    /// Nothing comes when the run ended in a panic.
    ended: Sender<Result<Report, WireError>>,
}

impl Runs {
    /// Starts the thread.
    pub(crate) fn start() -> Self {
        let (jobs, taken) = channel();
        let machine = Engine::default().to_possible_value().map(|value| value.get_name().to_owned());
        let thread = std::thread::Builder::new().name("runs".into()).stack_size(STACK);
        let jobs = thread.spawn(move || serve(&taken)).ok().map(|_| Mutex::new(jobs));
        Self { jobs, stop: Mutex::default(), machine: machine.unwrap_or_default() }
    }

    /// What executes guests.
    pub(crate) fn machine(&self) -> String {
        self.machine.clone()
    }

    /// Runs a request to its end. Modules that are text are translated; one that cannot be stays as it is, and the
    /// report names it.
    ///
    /// # Errors
    /// When it ended without a report.
    pub(crate) fn run(
        &self,
        request: RunRequest,
        modules: Modules,
        expect: Option<&Expect>,
        tell: impl Fn(&Progress) + Send + 'static,
    ) -> Result<(Done, Vec<String>), WireError> {
        let binary = |(name, bytes): (String, Vec<u8>)| (name, to_binary(&bytes).unwrap_or(bytes));
        let modules = modules.into_iter().map(binary).collect();
        let stop = StopSignal::new();
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = stop.clone();
        let (ended, end) = channel();
        let job = Job { request, modules, stop, tell: Box::new(tell), ended };
        let jobs = self.jobs.as_ref().map(|jobs| jobs.lock().unwrap_or_else(PoisonError::into_inner).clone());
        let sent = jobs.is_some_and(|jobs| jobs.send(job).is_ok());
        let lost = || {
            let message = "the engine stopped unexpectedly";
            Err(WireError::new(message, "a new one is ready; nothing you typed is lost"))
        };
        let report = sent.then(|| end.recv().ok()).flatten().unwrap_or_else(lost)?;
        Ok(Done::new(report, expect))
    }

    /// Tells the run that is under way to stop.
    pub(crate) fn stop(&self) {
        self.stop.lock().unwrap_or_else(PoisonError::into_inner).stop();
    }
}

/// A machine that counts fuel: the page shows it.
fn machine() -> Result<Box<dyn Machine>, Failure> {
    Engine::default().machine(Metering::On)
}

fn serve(jobs: &Receiver<Job>) {
    let mut held = machine();
    for job in jobs {
        let run = AssertUnwindSafe(|| run(&job, held.as_deref()));
        match catch_unwind(run) {
            // Who asked may have gone.
            Ok(report) => drop(job.ended.send(report)),
            Err(_) => held = machine(),
        }
    }
}

fn run(job: &Job, machine: Result<&dyn Machine, &Failure>) -> Result<Report, WireError> {
    let machine = machine
        .map_err(|failure| WireError { message: failure.message.clone(), hint: failure.hint.clone() })?;
    // While a module is compiled there is nothing to count; the page shows that it waits.
    let hear = |stage: Stage<'_>| {
        if let Stage::Running(progress) = stage {
            (job.tell)(progress);
        }
    };
    Ok(runner::run(&job.request, &job.modules, machine, &job.stop, hear))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use engine::report::OutcomeKind;
    use engine::workspace::Workspace;

    use super::*;

    const ENDLESS: &str = r#"(module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))"#;

    fn request(time_ms: u64) -> RunRequest {
        let text = "drydock: 1\nmodules:\n- name: f\n  wat: '(module)'\npipeline:\n  files:\n  - path: a.yaml\n    text: '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}'\n  steps:\n  - module: f\n";
        let mut request = Workspace::from_yaml(text).unwrap().to_request(engine::request::Budget::default());
        request.budget.time_ms = time_ms;
        request
    }

    #[test]
    fn a_run_is_stopped_and_the_next_one_begins() {
        let runs = Runs::start();
        let modules: Modules = [("f".to_owned(), ENDLESS.as_bytes().to_vec())].into();
        let kind = |time_ms| {
            let (done, _) = runs.run(request(time_ms), modules.clone(), None, |_| ()).unwrap();
            (done.report.outcome.kind, done.report.outcome.limit)
        };
        std::thread::scope(|scope| {
            let stopped = scope.spawn(|| kind(60_000));
            // Until it is heard: the run may not have begun at the first.
            while !stopped.is_finished() {
                runs.stop();
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            assert_eq!(stopped.join().unwrap(), (OutcomeKind::Stopped, Some(engine::report::Limit::Person)));
        });
        assert_eq!(kind(50), (OutcomeKind::Stopped, Some(engine::report::Limit::Time)));
    }

    #[test]
    fn a_panic_ends_one_run() {
        let runs = Runs::start();
        let modules: Modules = [("f".to_owned(), ENDLESS.as_bytes().to_vec())].into();
        let lost = runs.run(request(2_000), modules, None, |_| panic!("a defect"));
        assert!(lost.unwrap_err().message.contains("unexpectedly"));
        let (done, _) = runs.run(request(2_000), Modules::new(), None, |_| ()).unwrap();
        assert_eq!(done.report.outcome.kind, OutcomeKind::Invalid);
    }
}
