//! A plugin's instance over the requests of a run: one that lasts, as in KubeStellar, and a new one after a trap.
//!
//! It judges no answer: whatever the plugin returns within its memory is its body.

use std::collections::BTreeMap;

use crate::abi::command::drive;
use crate::abi::kubestellar::host::Dashboard;
use crate::abi::kubestellar::signature::{self, Signature};
use crate::abi::kubestellar::{ALLOCATE, address};
use crate::ending;
use crate::host::Host;
use crate::machine::memory::{check, read_bytes};
use crate::machine::{Guest, Instance, Prepared, Trap, Value};
use crate::report::{Limit, Outcome, OutcomeKind, StoredValue};
use crate::request::Budget;
use crate::run::{Pace, Progress};
use crate::words;

/// The largest body that is taken of a plugin, in bytes: more than a dashboard shows.
const MAX_BODY_BYTES: u32 = 8 << 20;

/// What a plugin answers that has nothing to say.
const NOTHING: &[u8] = b"{}";

/// What is said once an instance is called no more.
const REPLACED: &str = "a call did not return, and the next request gets a new instance with what is stored; KubeStellar goes on with the old one, whatever state it is in";

/// Why a plugin did not answer.
#[derive(Debug)]
pub(super) struct Failure {
    /// What the dashboard is told, as upstream words it.
    pub(super) told: String,
    /// What a person is told: a predicate, whose subject stands before it.
    pub(super) outcome: Box<Outcome>,
    /// Whether the run is over: a limit ended it.
    pub(super) is_end: bool,
}

impl Failure {
    /// A plugin that does not keep to the interface.
    fn malformed(told: impl Into<String>, cause: impl Into<String>) -> Self {
        let outcome = Box::new(Outcome::new(OutcomeKind::Malformed, cause));
        Self { told: told.into(), outcome, is_end: false }
    }

    /// A call that did not return.
    fn trapped(what: &str, trap: &Trap) -> Self {
        let told = match trap {
            Trap::Exit(code) => format!("{what}: module closed with exit_code({code})"),
            trap => format!("{what}: {trap}"),
        };
        let outcome = ending::predicate(trap);
        // Nobody asks whether a handler exits well: it was to return.
        let outcome = match trap {
            Trap::Exit(_) => Outcome { kind: OutcomeKind::Trapped, ..outcome },
            _ => outcome,
        };
        Self { told, outcome: Box::new(outcome), is_end: is_end(trap) }
    }

    fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.outcome = Box::new(self.outcome.with_hint(hint));
        self
    }
}

/// Whether a trap ends the run: a limit of all instances together. A new one has its memory and tables anew.
fn is_end(trap: &Trap) -> bool {
    match trap {
        Trap::Stopped(stopped) => !matches!(stopped.limit, Limit::Memory | Limit::Table),
        _ => false,
    }
}

/// What a plugin is run with.
pub(super) struct Plan<'a> {
    pub(super) prepared: Box<dyn Prepared>,
    /// The functions that may be called, by their names.
    pub(super) signatures: BTreeMap<String, Signature>,
    /// The function that sets an instance up; empty when there is none.
    pub(super) entrypoint: &'a str,
    pub(super) budget: Budget,
}

/// Where the host is: in an instance, or between two.
enum State {
    Instance(Box<dyn Instance>),
    Host(Box<Host>),
}

/// A plugin between requests.
pub(super) struct Live<'a> {
    plan: Plan<'a>,
    /// Nothing only while one becomes the other.
    state: Option<State>,
    /// What earlier instances used.
    fuel: u64,
    memory: u64,
}

impl<'a> Live<'a> {
    pub(super) fn new(plan: Plan<'a>, host: Host) -> Self {
        Self { plan, state: Some(State::Host(Box::new(host))), fuel: 0, memory: 0 }
    }

    /// Fuel used so far.
    pub(super) fn fuel(&self) -> u64 {
        let now = match &self.state {
            Some(State::Instance(instance)) => instance.fuel_used(),
            _ => 0,
        };
        self.fuel.saturating_add(now)
    }

    /// Does something with the host.
    fn with_host<T>(&mut self, act: impl FnOnce(&mut Host) -> T) -> Option<T> {
        match self.state.as_mut()? {
            State::Instance(instance) => Some(act(instance.guest().host())),
            State::Host(host) => Some(act(host)),
        }
    }

    fn dashboard<T: Default>(&mut self, act: impl FnOnce(&mut Dashboard) -> T) -> T {
        let acted = self.with_host(|host| host.dashboard.as_deref_mut().map(act));
        acted.flatten().unwrap_or_default()
    }

    /// What is stored now.
    pub(super) fn stored(&mut self) -> Vec<StoredValue> {
        self.dashboard(|dashboard| dashboard.stored())
    }

    /// What was logged since this was asked last.
    pub(super) fn take_logs(&mut self) -> Vec<String> {
        self.dashboard(Dashboard::take_logs)
    }

    /// What was printed to stdout and stderr since this was asked last.
    pub(super) fn take_printed(&mut self) -> (Vec<u8>, Vec<u8>) {
        let taken = self.with_host(|host| (host.wasi.take_stdout(), host.wasi.take_stderr()));
        taken.unwrap_or_default()
    }

    /// Keeps a note, once.
    pub(super) fn note(&mut self, note: String) {
        self.dashboard(|dashboard| dashboard.note(note));
    }

    /// Ends it, and gives the host back with the fuel that was used and the most memory that was held.
    pub(super) fn end(mut self) -> (Option<Host>, u64, u64) {
        self.rest();
        let host = match self.state {
            Some(State::Host(host)) => Some(*host),
            _ => None,
        };
        (host, self.fuel, self.memory)
    }

    /// Ends an instance.
    fn rest(&mut self) {
        self.state = match self.state.take() {
            Some(State::Instance(instance)) => {
                self.fuel = self.fuel.saturating_add(instance.fuel_used());
                self.memory = self.memory.max(instance.memory_peak());
                let mut host = instance.into_host();
                host.dashboard.iter_mut().for_each(|dashboard| dashboard.renew());
                Some(State::Host(Box::new(host)))
            }
            other => other,
        };
    }

    /// Makes an instance and sets it up, where there is none.
    pub(super) async fn ready(&mut self, pace: (&mut impl Pace, &mut Progress)) -> Result<(), Failure> {
        let host = match self.state.take() {
            Some(State::Host(host)) => host,
            other => {
                self.state = other;
                return Ok(());
            }
        };
        let left = Budget { fuel: self.plan.budget.fuel.saturating_sub(self.fuel), ..self.plan.budget };
        match self.plan.prepared.instantiate(*host, &left) {
            Ok(instance) => self.state = Some(State::Instance(instance)),
            Err((trap, host)) => {
                self.state = Some(State::Host(host));
                return Err(Failure::trapped("failed to instantiate", &trap));
            }
        }
        self.set_up(pace).await
    }

    async fn set_up(&mut self, pace: (&mut impl Pace, &mut Progress)) -> Result<(), Failure> {
        let entrypoint = self.plan.entrypoint;
        let Some(signature) = self.plan.signatures.get(entrypoint) else { return Ok(()) };
        let args = signature.args(&[]).map_err(|cause| {
            Failure::malformed(&*cause, format!("cannot be set up: `{entrypoint}`: {cause}"))
        })?;
        match self.call(entrypoint, &args, pace).await {
            Ok(_) | Err(Trap::Exit(0)) => Ok(()),
            Err(trap) => {
                self.rest();
                let mut failure = Failure::trapped("failed to instantiate", &trap);
                failure.outcome.message =
                    format!("cannot be set up: `{entrypoint}` {}", failure.outcome.message);
                Err(failure)
            }
        }
    }

    async fn call(
        &mut self,
        export: &str,
        args: &[Value],
        pace: (&mut impl Pace, &mut Progress),
    ) -> Result<Option<Value>, Trap> {
        let Some(State::Instance(instance)) = &mut self.state else {
            return Err(Trap::Host("there is no instance".into()));
        };
        drive((instance.as_mut(), export, args), self.fuel, &self.plan.budget, pace).await
    }

    /// Asks a handler, and gives the body that it answers.
    pub(super) async fn answer(
        &mut self,
        handler: &str,
        body: &[u8],
        (pace, progress): (&mut impl Pace, &mut Progress),
    ) -> Result<Vec<u8>, Failure> {
        let Some(signature) = self.plan.signatures.get(handler).copied() else {
            let told = format!("function '{handler}' not found in plugin");
            return Err(Failure::malformed(
                told,
                format!("exports no function `{}`", words::sentence(handler)),
            )
            .with_hint("name one of the module's exports as the route's `handler`, or export it"));
        };
        let pointer = self.room(body, (&mut *pace, &mut *progress)).await?;
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        let args = signature.args(&[pointer, length]).map_err(|cause| {
            Failure::malformed(
                format!("failed to call WASM function: {cause}"),
                format!("has a handler `{handler}` that cannot be called: {cause}"),
            )
            .with_hint("a handler takes an address and a length, both of 32 or both of 64 bits")
        })?;
        let returned = self
            .call(handler, &args, (pace, progress))
            .await
            .map_err(|trap| self.fell("failed to call WASM function", &trap))?;
        // Upper half the address, lower half the length.
        let bits = returned.map_or(0, signature::bits);
        let (pointer, length) = ((bits >> 32) as u32, (bits & 0xffff_ffff) as u32);
        if pointer == 0 || length == 0 {
            return Ok(NOTHING.to_vec());
        }
        self.body(handler, pointer, length)
    }

    /// Room for a body, which lies there then. It is asked for nothing too.
    async fn room(&mut self, body: &[u8], pace: (&mut impl Pace, &mut Progress)) -> Result<u32, Failure> {
        let Some(signature) = self.plan.signatures.get(ALLOCATE).copied() else {
            let told = format!("plugin does not export '{ALLOCATE}' function");
            return Err(Failure::malformed(told, format!("exports no function `{ALLOCATE}`"))
                .with_hint("export a function that takes a size and returns an address"));
        };
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        let args = signature.args(&[length]).map_err(|cause| {
            Failure::malformed(
                format!("failed to allocate memory: {cause}"),
                format!("has an `{ALLOCATE}` that cannot be called: {cause}"),
            )
            .with_hint("it takes a size and returns an address, both of 32 bits")
        })?;
        let called = self.call(ALLOCATE, &args, pace).await;
        let returned = called.map_err(|trap| self.fell("failed to allocate memory", &trap))?;
        let pointer = address(returned);
        let written = match &mut self.state {
            Some(State::Instance(instance)) => instance.guest().write(pointer.into(), body),
            _ => Ok(()),
        };
        written.map(|()| pointer).map_err(|error| {
            Failure::malformed(
                "failed to write input data to WASM memory",
                format!("has an `{ALLOCATE}` that gave no room for the body: {error}"),
            )
        })
    }

    /// What a handler points at.
    fn body(&mut self, handler: &str, pointer: u32, length: u32) -> Result<Vec<u8>, Failure> {
        let Some(State::Instance(instance)) = &mut self.state else { return Ok(NOTHING.to_vec()) };
        let guest: Box<dyn Guest> = instance.guest();
        let outside = |error| {
            Failure::malformed(
                "failed to read result from WASM memory",
                format!("has a handler `{handler}` whose answer lies outside its memory: {error}"),
            )
            .with_hint("return the address in the upper 32 bits and the length in the lower ones")
        };
        check(guest.as_ref(), pointer, length.into()).map_err(outside)?;
        if length > MAX_BODY_BYTES {
            let (length, limit) = (words::grouped(length.into()), words::grouped(MAX_BODY_BYTES.into()));
            let cause = format!("has {length} bytes, more than the {limit} that are taken here");
            return Err(Failure::malformed(
                format!("the answer {cause}"),
                format!("has a handler `{handler}` whose answer {cause}"),
            ));
        }
        read_bytes(guest.as_ref(), pointer, length).map_err(outside)
    }

    /// A call that did not return: its instance is called no more.
    fn fell(&mut self, what: &str, trap: &Trap) -> Failure {
        self.rest();
        if !is_end(trap) {
            self.note(REPLACED.into());
        }
        Failure::trapped(what, trap)
    }
}
