//! The instances of a run: one after the other, each set up once, with one host that goes from one to the next.
//!
//! An instance that failed is never called again; what it printed, asked and used is kept.

use std::collections::BTreeMap;

use super::exchange::{Caller, Exchange};
use super::plan::Planned;
use crate::abi::go_plugin::SETUP;
use crate::abi::go_plugin::host::Service;
use crate::host::Host;
use crate::machine::{Instance, Prepared, Trap, Value};
use crate::report::{HostCallCount, PluginReport};
use crate::request::{Budget, RunRequest};
use crate::run::{Pace, Progress};

/// The instances of a run.
pub(super) struct Instances<'a> {
    request: &'a RunRequest,
    prepared: &'a dyn Prepared,
    live: Option<Box<dyn Instance>>,
    /// Nowhere while an instance has it.
    service: Option<Box<Service>>,
    /// What the last instance printed before it ended.
    left: (Vec<u8>, Vec<u8>),
    budget: Budget,
    progress: Progress,
    slept_ms: u64,
    spent: Spent,
}

/// What all instances used, and asked.
#[derive(Default)]
pub(super) struct Spent {
    pub(super) fuel: u64,
    pub(super) memory_bytes: u64,
    pub(super) count: u64,
    pub(super) host_calls: Vec<HostCallCount>,
    pub(super) asked: PluginReport,
}

impl<'a> Instances<'a> {
    pub(super) fn new(request: &'a RunRequest, prepared: &'a dyn Prepared, service: Service) -> Self {
        Self {
            request,
            prepared,
            live: None,
            service: Some(Box::new(service)),
            left: (Vec::new(), Vec::new()),
            budget: request.budget,
            progress: Progress { steps: 1, ..Progress::default() },
            slept_ms: 0,
            spent: Spent::default(),
        }
    }

    /// Whether there is an instance that can be called.
    pub(super) fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// Makes an instance and sets it up, with what is left of the budget.
    ///
    /// # Errors
    /// How it ended; there is no instance then.
    pub(super) async fn begin(&mut self, pace: &mut impl Pace) -> Result<(), Trap> {
        let mut host = Host::new(&self.request.budget, &self.request.world);
        host.wasi.share_limit(self.slept_ms);
        host.gate.deny(self.request.deny.clone());
        host.service = self.service.take();
        self.budget.fuel = self.request.budget.fuel.saturating_sub(self.spent.fuel);
        self.spent.count += 1;
        match self.prepared.instantiate(host, &self.budget) {
            Ok(instance) => self.live = Some(instance),
            Err((trap, host)) => {
                self.keep(*host);
                return Err(trap);
            }
        }
        let setup = SETUP.into_iter().find(|name| self.live.as_ref().is_some_and(|live| live.exports(name)));
        let Some(setup) = setup else { return Ok(()) };
        match self.call(setup, &[], pace).await {
            // A program that ends well is set up.
            Ok(_) | Err(Trap::Exit(0)) => Ok(()),
            Err(trap) => {
                self.drop_live();
                Err(trap)
            }
        }
    }

    /// Whom to call; nobody when there is no instance, which no caller lets happen.
    fn caller(&mut self) -> Result<Caller<'_>, Trap> {
        let instance = self.live.as_deref_mut().ok_or_else(|| Trap::Host("there is no instance".into()))?;
        Ok(Caller { instance, budget: &self.budget, before: self.spent.fuel, progress: &mut self.progress })
    }

    async fn call(
        &mut self,
        export: &str,
        args: &[Value],
        pace: &mut impl Pace,
    ) -> Result<Option<Value>, Trap> {
        self.caller()?.call(export, args, pace).await
    }

    /// The version that an export tells.
    ///
    /// # Errors
    /// How it ended instead.
    pub(super) async fn version(&mut self, export: &str, pace: &mut impl Pace) -> Result<u64, Trap> {
        match self.call(export, &[], pace).await? {
            Some(Value::I64(version)) => Ok(version.cast_unsigned()),
            _ => Err(Trap::Host("it returns something else than a number of 64 bits".into())),
        }
    }

    /// Makes a call.
    pub(super) async fn exchange(&mut self, call: &Planned, pace: &mut impl Pace) -> Exchange {
        call.method.clone_into(&mut self.progress.name);
        match self.caller() {
            Ok(mut caller) => caller.exchange(call, pace).await,
            Err(trap) => Exchange { end: super::End::Trap(trap), note: None, is_broken: true },
        }
    }

    /// What was printed since somebody asked last.
    pub(super) fn printed(&mut self) -> (Vec<u8>, Vec<u8>) {
        match &mut self.live {
            Some(live) => {
                let mut guest = live.guest();
                let wasi = &mut guest.host().wasi;
                (wasi.take_stdout(), wasi.take_stderr())
            }
            None => std::mem::take(&mut self.left),
        }
    }

    /// Fuel used so far.
    pub(super) fn fuel(&self) -> u64 {
        self.spent.fuel.saturating_add(self.live.as_ref().map_or(0, |live| live.fuel_used()))
    }

    fn with<T>(&mut self, act: impl FnOnce(&mut Service) -> T) -> Option<T> {
        match &mut self.live {
            Some(live) => live.guest().host().service.as_deref_mut().map(act),
            None => self.service.as_deref_mut().map(act),
        }
    }

    /// How many questions were asked so far.
    pub(super) fn asked(&mut self) -> u64 {
        self.with(|service| service.calls.count()).unwrap_or(0)
    }

    /// Keeps a note.
    pub(super) fn note(&mut self, note: String) {
        self.with(|service| service.calls.note(note));
    }

    /// Ends the instance, which must not be called again.
    pub(super) fn drop_live(&mut self) {
        let Some(live) = self.live.take() else { return };
        self.spent.fuel = self.spent.fuel.saturating_add(live.fuel_used());
        self.spent.memory_bytes = self.spent.memory_bytes.max(live.memory_peak());
        self.keep(live.into_host());
    }

    /// Keeps what an instance leaves.
    fn keep(&mut self, mut host: Host) {
        self.slept_ms = self.slept_ms.saturating_add(host.wasi.slept_ms());
        self.left = (host.wasi.take_stdout(), host.wasi.take_stderr());
        self.service = host.service.take().map(|mut service| {
            service.is_allocating = false;
            service
        });
        let counts = self.spent.host_calls.drain(..).chain(host.gate.counts());
        let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for HostCallCount { function, count, bytes } in counts {
            let sum = sums.entry(function).or_default();
            *sum = (sum.0.saturating_add(count), sum.1.saturating_add(bytes));
        }
        let count = |(function, (count, bytes))| HostCallCount { function, count, bytes };
        self.spent.host_calls = sums.into_iter().map(count).collect();
    }

    /// Ends the run.
    pub(super) fn end(mut self) -> Spent {
        self.drop_live();
        self.spent.asked = self.service.map(|service| service.calls.report()).unwrap_or_default();
        self.spent
    }
}
