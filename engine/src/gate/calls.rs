//! Calls of the gate's modules within one run: one budget, one clock, one pace for all of them.
//!
//! Every call gets an instance of its own, and what fuel and pretended sleep earlier ones left.

use crate::abi::command::{self, Command, Ended};
use crate::machine::{Machine, PrepareError};
use crate::report::{Limit, Outcome, OutcomeKind};
use crate::request::{Budget, RunRequest};
use crate::run::{Pace, Progress};

use super::review::Uids;

/// What a run's calls share.
pub(crate) struct Calls<'a, P: Pace> {
    request: &'a RunRequest,
    machine: &'a dyn Machine,
    pace: &'a mut P,
    progress: Progress,
    slept_ms: u64,
    memory_bytes: u64,
    /// The numbers of its reviews.
    pub(crate) uids: Uids,
}

impl<'a, P: Pace> Calls<'a, P> {
    /// None yet, of as many as there are modules.
    pub(crate) fn new(
        request: &'a RunRequest,
        machine: &'a dyn Machine,
        pace: &'a mut P,
        modules: usize,
    ) -> Self {
        Self {
            request,
            machine,
            pace,
            progress: Progress { steps: modules, ..Progress::default() },
            slept_ms: 0,
            memory_bytes: 0,
            uids: Uids::new(request.world.seed),
        }
    }

    /// The moment before a module is asked.
    ///
    /// # Errors
    /// The outcome of a run that is stopped here.
    pub(crate) async fn begin(&mut self, name: &str) -> Result<(), Outcome> {
        self.progress.name = name.to_owned();
        let Some(limit) = self.pace.pause(&self.progress).await else { return Ok(()) };
        let cause = if limit == Limit::Person { "by you" } else { "at the time limit" };
        let message = format!("the request was stopped {cause} before `{name}` was asked");
        let mut outcome = Outcome::new(OutcomeKind::Stopped, message);
        outcome.limit = Some(limit);
        Err(outcome)
    }

    /// The moment after: the next module's turn, asked or not.
    pub(crate) fn end(&mut self) {
        self.progress.step += 1;
    }

    /// Calls an export of a WASI module with all of its stdin.
    pub(crate) async fn wasi(
        &mut self,
        function: (&[u8], &str),
        stdin: &[u8],
    ) -> Result<Ended, PrepareError> {
        let command = Command { stdin: stdin.to_vec(), slept_ms: self.slept_ms, ..Command::default() };
        let budget = self.budget();
        let world = (&budget, &self.request.world);
        let ended =
            command::call(function, command, world, self.machine, (&mut *self.pace, &mut self.progress))
                .await?;
        self.slept_ms += ended.slept_ms;
        self.memory_bytes = self.memory_bytes.max(ended.memory_bytes);
        Ok(ended)
    }

    /// What is left of the run's budget.
    fn budget(&self) -> Budget {
        Budget { fuel: self.request.budget.fuel.saturating_sub(self.progress.fuel), ..self.request.budget }
    }

    /// Milliseconds since the run began.
    pub(crate) fn millis(&self) -> f64 {
        self.pace.millis()
    }

    /// Fuel of all calls.
    pub(crate) fn fuel(&self) -> u64 {
        self.progress.fuel
    }

    /// The most memory that one of them held, in bytes.
    pub(crate) fn memory_bytes(&self) -> u64 {
        self.memory_bytes
    }
}
