//! The only entry point: a request and the modules' bytes in, a report out.
//!
//! It never fails: a bad module, a bad input and a guest's trouble are outcomes. It has no clock and no threads
//! of its own; the runner that calls it brings both, as a [`Pace`].

use std::collections::BTreeMap;
use std::future::Future;

use crate::cluster::Cluster;
#[cfg(feature = "commands")]
use crate::command;
#[cfg(feature = "gate")]
use crate::gate;
use crate::machine::Machine;
use crate::pipeline;
#[cfg(feature = "plugins")]
use crate::plugin;
#[cfg(feature = "plugins")]
pub use crate::plugin::{Answer, For, route};
use crate::report::{Limit, Outcome, OutcomeKind, Report};
use crate::request::{REQUEST_VERSION, RunRequest, Scenario};

/// The modules of a run, by the name that its steps use, as binaries: [`crate::module::to_binary`] translates text.
pub type Modules = BTreeMap<String, Vec<u8>>;

/// A runner's side of a run: its clock, its cluster where it has one, and a moment between two slices of work.
pub trait Pace {
    /// Milliseconds since the run began; 0 always where there is no clock.
    fn millis(&self) -> f64;

    /// The same clock for host functions, which have no pace: milliseconds from any moment. Default: always 0, as
    /// where there is no clock.
    fn clock(&self) -> fn() -> f64 {
        || 0.0
    }

    /// The real cluster that a plugin talks to, in place of what its request holds; asked for once. Default: none.
    fn cluster(&mut self) -> Option<Box<dyn Cluster>> {
        None
    }

    /// What lasts of a dashboard plugin's run, for a runner that serves one. Default: nothing does.
    fn kept(&mut self) -> Option<&mut Kept> {
        None
    }

    /// What gives all of a plugin's stdin once the plugin asks for it, in place of what its request holds. Default:
    /// nothing.
    fn stdin(&self) -> Option<fn() -> Vec<u8>> {
        None
    }

    /// Called between slices, some 10 ms apart, and at the start of every step: the moment to show progress
    /// and to hear Stop. `Some` ends the run with that limit.
    fn pause(&mut self, progress: &Progress) -> impl Future<Output = Option<Limit>>;
}

/// What lasts of a dashboard plugin's run, whole: its report cuts both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// What is stored, as it was written, by key. Before the run it counts in place of what the request holds; nothing:
    /// the request counts. After the run it is what is stored then, within the bounds of a plugin's storage.
    pub stored: Option<BTreeMap<String, String>>,
    /// The bodies of the answers, in the order of the requests, of at most 8 MiB each.
    pub bodies: Vec<Vec<u8>>,
}

/// How far a run is.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Progress {
    /// The running step's index.
    pub step: usize,
    /// How many steps there are.
    pub steps: usize,
    /// The running step's name.
    pub name: String,
    /// Fuel used so far, over all steps.
    pub fuel: u64,
}

/// A pace without a clock that never stops: for tests, and where only the budget's fuel shall decide.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unhurried;

impl Pace for Unhurried {
    fn millis(&self) -> f64 {
        0.0
    }

    async fn pause(&mut self, _: &Progress) -> Option<Limit> {
        None
    }
}

/// Runs a request; with a `whatIf` twice, first without it.
pub async fn run(
    request: &RunRequest,
    modules: &Modules,
    machine: &dyn Machine,
    pace: &mut impl Pace,
) -> Report {
    if request.what_if.is_empty() {
        return once(request, modules, machine, pace).await;
    }
    let as_it_is = RunRequest { what_if: Vec::new(), ..request.clone() };
    let before = once(&as_it_is, modules, machine, pace).await;
    let mut report = once(request, modules, machine, pace).await;
    report.without_what_if = Some(Box::new(before));
    report
}

async fn once(
    request: &RunRequest,
    modules: &Modules,
    machine: &dyn Machine,
    pace: &mut impl Pace,
) -> Report {
    match &request.scenario {
        Scenario::Pipeline(pipeline) => pipeline::run(request, pipeline, modules, machine, pace).await,
        #[cfg(feature = "commands")]
        Scenario::Command(command) => command::run(request, command, modules, machine, pace).await,
        #[cfg(feature = "gate")]
        Scenario::Request(asked) => gate::run(request, asked, modules, machine, pace).await,
        #[cfg(feature = "plugins")]
        Scenario::Plugin(plugin) => plugin::run(request, plugin, modules, machine, pace).await,
        #[cfg(not(feature = "gate"))]
        Scenario::Request(_) => ungated(request, machine, pace),
    }
}

/// What a module of a request may import, to prepare a machine for it before the run: a plugin may ask over HTTP, and
/// for any other module WASI is a good guess. A machine that is given another table by the run prepares again.
#[cfg(feature = "plugins")]
#[must_use]
pub fn offered(request: &RunRequest, module: &[u8]) -> &'static [crate::machine::HostFunction] {
    match &request.scenario {
        Scenario::Plugin(plugin) => plugin::offered(plugin, module),
        _ => crate::wasi::functions(),
    }
}

/// The report of an API request where there is no gate.
#[cfg(not(feature = "gate"))]
fn ungated(request: &RunRequest, machine: &dyn Machine, pace: &impl Pace) -> Report {
    let message = "this runner has no gate, and the workspace holds an API request";
    let outcome = Outcome::new(OutcomeKind::Invalid, message).with_hint("reload the page");
    Report { millis: pace.millis(), ..Report::begin(request, machine, outcome) }
}

/// Refuses a request of another version.
pub(crate) fn check_version(request: &RunRequest) -> Result<(), Outcome> {
    if request.version == REQUEST_VERSION {
        return Ok(());
    }
    let message = format!("the request is of version {}, not {REQUEST_VERSION}", request.version);
    Err(Outcome::new(OutcomeKind::Invalid, message)
        .with_hint("its sender is another Drydock: reload the page, or update the older one"))
}
