//! Runs requests natively: brings the clock, hears Stop, tells progress.
//!
//! It has no threads of its own and reads nothing: who wants a run beside other work starts a thread for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use engine::cluster::Cluster;
use engine::machine::Machine;
use engine::report::{Limit, Report};
use engine::request::RunRequest;
use engine::run::{Kept, Modules, Pace, Progress, offered};

/// How often progress is said: a person sees no difference below.
const PROGRESS: Duration = Duration::from_millis(100);

/// Tells a run to stop, from any thread. Copies tell the same run.
#[derive(Clone, Debug, Default)]
pub struct StopSignal(Arc<Signals>);

#[derive(Debug, Default)]
struct Signals {
    is_stopped: AtomicBool,
    /// Nothing looks at the signal now: a compiler is at work.
    is_deaf: AtomicBool,
}

/// What a run is at.
#[derive(Clone, Copy, Debug)]
pub enum Stage<'a> {
    /// The machine is given this module, by its name, which may take seconds.
    Preparing(&'a str),
    /// A guest runs.
    Running(&'a Progress),
}

impl StopSignal {
    /// A signal that tells nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells the run to stop, at its next pause. Whether it was the first time.
    pub fn stop(&self) -> bool {
        !self.0.is_stopped.swap(true, Ordering::SeqCst)
    }

    /// Whether the run shall stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.is_stopped.load(Ordering::SeqCst)
    }

    /// Whether nothing hears the signal soon: the machine is given a module, and a compiler cannot be stopped.
    #[must_use]
    pub fn is_deaf(&self) -> bool {
        self.0.is_deaf.load(Ordering::SeqCst)
    }

    /// Does something that cannot be stopped, unless the run shall stop: who stops it sees that it is deaf, or it is
    /// not begun.
    fn deafly(&self, work: impl FnOnce()) {
        self.0.is_deaf.store(true, Ordering::SeqCst);
        if !self.is_stopped() {
            work();
        }
        self.0.is_deaf.store(false, Ordering::SeqCst);
    }
}

/// What a run is given beside its request. Default: nothing.
#[derive(Default)]
pub struct Beside<'a> {
    /// The real cluster that a plugin talks to.
    pub cluster: Option<Box<dyn Cluster>>,
    /// Gives all of a plugin's stdin, once it asks for it.
    pub stdin: Option<fn() -> Vec<u8>>,
    /// What lasts of a dashboard plugin's run.
    pub kept: Option<&'a mut Kept>,
}

/// Runs a request to its end, within the time of its budget. The machine is given the modules before that time
/// begins: to compile a large one takes seconds, which are not the guest's. `on_stage` is called on this thread:
/// before each module, and some ten times a second while a guest runs.
pub fn run(
    request: &RunRequest,
    modules: &Modules,
    machine: &dyn Machine,
    stop: &StopSignal,
    on_stage: impl FnMut(Stage<'_>),
) -> Report {
    run_with(request, modules, machine, Beside::default(), stop, on_stage)
}

/// As [`run`], with more than the request holds.
pub fn run_with(
    request: &RunRequest,
    modules: &Modules,
    machine: &dyn Machine,
    beside: Beside<'_>,
    stop: &StopSignal,
    mut on_stage: impl FnMut(Stage<'_>),
) -> Report {
    for (name, module) in modules {
        on_stage(Stage::Preparing(name));
        // What it refuses is said by the run, in its place.
        stop.deafly(|| drop(machine.prepare(module, offered(request, module))));
    }
    let now = Instant::now();
    let limit = Duration::from_millis(request.budget.time_ms);
    let mut pace = NativePace { began: now, said: now, limit, stop, beside, on_stage };
    pollster::block_on(engine::run::run(request, modules, machine, &mut pace))
}

struct NativePace<'a, F> {
    began: Instant,
    said: Instant,
    limit: Duration,
    stop: &'a StopSignal,
    beside: Beside<'a>,
    on_stage: F,
}

impl<F: FnMut(Stage<'_>)> Pace for NativePace<'_, F> {
    fn millis(&self) -> f64 {
        self.began.elapsed().as_secs_f64() * 1_000.0
    }

    fn clock(&self) -> fn() -> f64 {
        static ORIGIN: OnceLock<Instant> = OnceLock::new();
        || ORIGIN.get_or_init(Instant::now).elapsed().as_secs_f64() * 1_000.0
    }

    fn cluster(&mut self) -> Option<Box<dyn Cluster>> {
        self.beside.cluster.take()
    }

    fn kept(&mut self) -> Option<&mut Kept> {
        self.beside.kept.as_deref_mut()
    }

    fn stdin(&self) -> Option<fn() -> Vec<u8>> {
        self.beside.stdin
    }

    async fn pause(&mut self, progress: &Progress) -> Option<Limit> {
        let now = Instant::now();
        if now - self.said >= PROGRESS {
            self.said = now;
            (self.on_stage)(Stage::Running(progress));
        }
        if self.stop.is_stopped() {
            return Some(Limit::Person);
        }
        (now - self.began >= self.limit).then_some(Limit::Time)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use engine::machine::wasmi::WasmiMachine;
    use engine::machine::{HostFunction, PrepareError, Prepared};
    use engine::module::to_binary;
    use engine::report::{MachineIdentity, OutcomeKind};
    use engine::request::{Budget, Command, Scenario};

    use super::*;

    /// Takes its time over the first module, as a compiler does.
    struct Slow(WasmiMachine, Cell<Duration>);

    impl Machine for Slow {
        fn identity(&self) -> MachineIdentity {
            self.0.identity()
        }

        fn prepare(&self, module: &[u8], table: &[HostFunction]) -> Result<Box<dyn Prepared>, PrepareError> {
            std::thread::sleep(self.1.take());
            self.0.prepare(module, table)
        }
    }

    #[test]
    fn compiling_is_not_the_guests_time() {
        let budget = Budget { time_ms: 2_000, ..Budget::default() };
        let machine = Slow(WasmiMachine::new(), Cell::new(Duration::from_millis(2_100)));
        let module =
            to_binary(b"(module (memory (export \"memory\") 1) (func (export \"_start\")))").unwrap();
        let scenario = Scenario::Command(Command { module: "m".into(), ..Command::default() });
        let request = RunRequest { budget, ..RunRequest::new(scenario) };
        let modules = Modules::from([("m".to_owned(), module)]);
        let report = run(&request, &modules, &machine, &StopSignal::new(), |_| ());
        assert_eq!(report.outcome.kind, OutcomeKind::Finished, "{}", report.outcome.message);
    }
}
