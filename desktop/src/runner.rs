//! Runs requests natively: brings the clock, hears Stop, tells progress.
//!
//! It has no threads of its own and reads nothing: who wants a run beside other work starts a thread for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use engine::machine::Machine;
use engine::report::{Limit, Report};
use engine::request::RunRequest;
use engine::run::{Modules, Pace, Progress};
use engine::wasi;

/// How often progress is said: a person sees no difference below.
const PROGRESS: Duration = Duration::from_millis(100);

/// Tells a run to stop, from any thread. Copies tell the same run.
#[derive(Clone, Debug, Default)]
pub struct StopSignal(Arc<AtomicBool>);

impl StopSignal {
    /// A signal that tells nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells the run to stop, at its next pause. Whether it was the first time.
    pub fn stop(&self) -> bool {
        !self.0.swap(true, Ordering::SeqCst)
    }

    /// Whether the run shall stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Runs a request to its end, within the time of its budget. The machine is given the modules before that time
/// begins: to compile a large one takes seconds, which are not the guest's. `on_progress` is called on this thread,
/// some ten times a second.
pub fn run(
    request: &RunRequest,
    modules: &Modules,
    machine: &dyn Machine,
    stop: &StopSignal,
    on_progress: impl FnMut(&Progress),
) -> Report {
    for module in modules.values().take_while(|_| !stop.is_stopped()) {
        // What it refuses is said by the run, in its place.
        drop(machine.prepare(module, wasi::functions()));
    }
    let now = Instant::now();
    let limit = Duration::from_millis(request.budget.time_ms);
    let mut pace = NativePace { began: now, said: now, limit, stop, on_progress };
    pollster::block_on(engine::run::run(request, modules, machine, &mut pace))
}

struct NativePace<'a, F> {
    began: Instant,
    said: Instant,
    limit: Duration,
    stop: &'a StopSignal,
    on_progress: F,
}

impl<F: FnMut(&Progress)> Pace for NativePace<'_, F> {
    fn millis(&self) -> f64 {
        self.began.elapsed().as_secs_f64() * 1_000.0
    }

    async fn pause(&mut self, progress: &Progress) -> Option<Limit> {
        let now = Instant::now();
        if now - self.said >= PROGRESS {
            self.said = now;
            (self.on_progress)(progress);
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
    use engine::request::{Budget, Command, REQUEST_VERSION, Scenario, World};

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
        let request = RunRequest { version: REQUEST_VERSION, scenario, budget, world: World::default() };
        let modules = Modules::from([("m".to_owned(), module)]);
        let report = run(&request, &modules, &machine, &StopSignal::new(), |_| ());
        assert_eq!(report.outcome.kind, OutcomeKind::Finished, "{}", report.outcome.message);
    }
}
