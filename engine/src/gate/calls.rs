//! Calls of the gate's modules within one run: one budget, one clock, one pace for all of them.
//!
//! Every call gets an instance of its own, and what fuel and pretended sleep earlier ones left.

use crate::abi::command::{self, Command, Ended, Entry};
use crate::abi::kubewarden::capabilities::Reach;
use crate::abi::kubewarden::grants::Grants;
use crate::abi::kubewarden::host::Policy;
use crate::abi::kubewarden::{Operation, wapc, wasi};
use crate::abi::policy::Failure;
use crate::abi::rego::{self, Ask, Kind, Told};
use crate::machine::{Machine, PrepareError};
use crate::report::{Limit, Outcome, OutcomeKind};
use crate::request::{Budget, RunRequest};
use crate::run::{Pace, Progress};
use crate::uid::Uids;

/// What a run's calls share.
pub(crate) struct Calls<'a, P: Pace> {
    request: &'a RunRequest,
    machine: &'a dyn Machine,
    pace: &'a mut P,
    progress: Progress,
    slept_ms: u64,
    memory_bytes: u64,
    /// Who answers policies; each call has it while it runs.
    pub(crate) reach: Reach,
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
            reach: Reach::default(),
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
        let command = Command { stdin: stdin.to_vec(), ..self.given() };
        let budget = self.budget();
        let world = (&budget, &self.request.world);
        let ended =
            command::call(function, command, world, self.machine, (&mut *self.pace, &mut self.progress))
                .await?;
        Ok(self.count(ended))
    }

    /// Asks a policy over waPC.
    pub(crate) async fn wapc(
        &mut self,
        module: &[u8],
        (operation, payload): (Operation, &str),
        grants: Grants,
    ) -> Result<Ended, PrepareError> {
        let args = wapc::lengths(operation, payload.as_bytes());
        let entry = Entry {
            module,
            table: wapc::functions(),
            before: &wapc::BEFORE,
            goes_on: true,
            export: wapc::CALL,
            args: &args,
        };
        let mut given = Policy::new(grants, std::mem::take(&mut self.reach), &self.request.budget);
        operation.wapc().as_bytes().clone_into(&mut given.operation);
        payload.as_bytes().clone_into(&mut given.payload);
        self.policy(entry, Command::default(), given).await
    }

    /// Runs a policy that is a WASI program.
    pub(crate) async fn program(
        &mut self,
        module: &[u8],
        (operation, payload): (Operation, &str),
        grants: Grants,
    ) -> Result<Ended, PrepareError> {
        let entry = Entry {
            module,
            table: wasi::functions(),
            before: &[],
            goes_on: false,
            export: command::START,
            args: &[],
        };
        let args = std::iter::once(wasi::NAME).chain(operation.wasi()).map(str::to_owned);
        let command =
            Command { args: args.collect(), stdin: payload.as_bytes().to_vec(), ..Command::default() };
        let given = Policy::new(grants, std::mem::take(&mut self.reach), &self.request.budget);
        self.policy(entry, command, given).await
    }

    /// Asks a Rego policy.
    pub(crate) async fn rego(
        &mut self,
        policy: (&[u8], Kind),
        asked: Ask<'_>,
    ) -> Result<(Ended, Result<Told, Failure>), PrepareError> {
        let budget = self.budget();
        let mut host = command::host(self.given(), &budget, &self.request.world);
        host.policy = Policy::new(Grants::default(), Reach::default(), &self.request.budget);
        let paced = (&mut *self.pace, &mut self.progress);
        let (ended, told) = rego::ask(policy, asked, host, &budget, self.machine, paced).await?;
        Ok((self.count(ended), told))
    }

    /// Who answers policies from now on.
    pub(crate) fn reach(&mut self, reach: Reach) {
        let clock = self.pace.clock();
        self.reach = Reach { clock: Some((clock, clock() - self.pace.millis())), ..reach };
    }

    /// The run's request.
    pub(crate) fn request(&self) -> &'a RunRequest {
        self.request
    }

    /// What every module is given.
    fn given(&self) -> Command {
        Command { slept_ms: self.slept_ms, deny: self.request.deny.clone(), ..Command::default() }
    }

    async fn policy(
        &mut self,
        entry: Entry<'_>,
        command: Command,
        given: Policy,
    ) -> Result<Ended, PrepareError> {
        let budget = self.budget();
        let Command { args, stdin, .. } = command;
        let command = Command { args, stdin, ..self.given() };
        let mut host = command::host(command, &budget, &self.request.world);
        host.policy = given;
        let paced = (&mut *self.pace, &mut self.progress);
        let mut ended = command::call_in(host, entry, &budget, self.machine, paced).await?;
        self.reach = std::mem::take(&mut ended.policy.reach);
        Ok(self.count(ended))
    }

    fn count(&mut self, ended: Ended) -> Ended {
        self.slept_ms += ended.slept_ms;
        self.memory_bytes = self.memory_bytes.max(ended.memory_bytes);
        ended
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
