//! A WASI module, run from an export to its end: from `_start` KRM functions and any other WASI program, from an
//! export of its own a reactor.

use crate::host::Host;
use crate::machine::{HostFunction, Instance, Machine, PrepareError, Step, Stopped, Trap, Value};
use crate::report::{HostCallCount, Limit};
use crate::request::{Budget, World};
use crate::run::{Pace, Progress};
use crate::wasi::{self, Files};
use crate::words;

/// What a command is given, beside files. It gets no network.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// Arguments; the first is the program's name.
    pub args: Vec<String>,
    /// Environment variables.
    pub env: Vec<(String, String)>,
    /// All of stdin.
    pub stdin: Vec<u8>,
    /// How long earlier guests of the same run pretended to sleep, in milliseconds: it counts against the time
    /// limit of this one too.
    pub slept_ms: u64,
    /// Host functions that it may not call, as `module.name`.
    pub deny: Vec<String>,
}

/// What a command did.
#[derive(Debug)]
pub struct Ended {
    /// How: `Ok` is exit code 0.
    pub result: Result<(), Trap>,
    /// What the export returned, when it returned something.
    pub returned: Option<Value>,
    /// All of stdout.
    pub stdout: Vec<u8>,
    /// What was kept of stderr.
    pub stderr: Vec<u8>,
    /// Bytes of stderr beyond the limit.
    pub stderr_dropped: u64,
    /// The file tree as it left it.
    pub files: Files,
    /// The host functions it called.
    pub host_calls: Vec<HostCallCount>,
    /// How long it pretended to sleep, in milliseconds.
    pub slept_ms: u64,
    /// Fuel, in the machine's own units.
    pub fuel: u64,
    /// The most memory it held, in bytes.
    pub memory_bytes: u64,
    /// What a policy left with its host.
    #[cfg(feature = "gate")]
    pub(crate) policy: crate::abi::kubewarden::host::Policy,
    /// What a kubectl plugin left with its host.
    #[cfg(feature = "plugins")]
    pub(crate) krew: Option<Box<crate::abi::krew::host::Krew>>,
}

impl Ended {
    /// What was kept of stderr, as text: bytes that are not UTF-8 show as U+FFFD.
    #[must_use]
    pub fn stderr_text(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}

/// Runs a command within a budget, pausing with `pace`. It has no files. `progress` is what the pauses report;
/// its fuel is counted on from where it stands.
///
/// # Errors
/// [`PrepareError`] when the machine cannot take the module.
pub async fn run(
    module: &[u8],
    command: Command,
    (budget, world): (&Budget, &World),
    machine: &dyn Machine,
    pace: (&mut impl Pace, &mut Progress),
) -> Result<Ended, PrepareError> {
    run_in(host(command, budget, world), module, budget, machine, pace).await
}

/// The host of a command, without files yet.
#[must_use]
pub fn host(command: Command, budget: &Budget, world: &World) -> Host {
    let mut host = Host::new(budget, world);
    host.wasi.set_args(command.args);
    host.wasi.set_env(command.env);
    host.wasi.set_stdin(command.stdin);
    host.wasi.share_limit(command.slept_ms);
    host.gate.deny(command.deny);
    host
}

/// As [`run`], with a host that holds what the command is given.
///
/// # Errors
/// As [`run`].
pub async fn run_in(
    host: Host,
    module: &[u8],
    budget: &Budget,
    machine: &dyn Machine,
    pace: (&mut impl Pace, &mut Progress),
) -> Result<Ended, PrepareError> {
    run_with(host, (module, wasi::functions()), budget, machine, pace).await
}

/// As [`run_in`], of a command that may import what this table has.
pub(crate) async fn run_with(
    host: Host,
    (module, table): (&[u8], &[HostFunction]),
    budget: &Budget,
    machine: &dyn Machine,
    pace: (&mut impl Pace, &mut Progress),
) -> Result<Ended, PrepareError> {
    let entry = Entry { module, table, before: &[], goes_on: false, export: START, args: &[] };
    call_in(host, entry, budget, machine, pace).await
}

/// As [`run_in`], from `export` of a module that is no command: a reactor, or a library that takes its input from
/// stdin. Its `_initialize` is called first, where it has one.
///
/// # Errors
/// As [`run`].
pub async fn call(
    (module, export): (&[u8], &str),
    command: Command,
    (budget, world): (&Budget, &World),
    machine: &dyn Machine,
    pace: (&mut impl Pace, &mut Progress),
) -> Result<Ended, PrepareError> {
    let host = host(command, budget, world);
    let entry =
        Entry { module, table: wasi::functions(), before: &[INITIALIZE], goes_on: false, export, args: &[] };
    call_in(host, entry, budget, machine, pace).await
}

/// Where a command begins.
pub(crate) const START: &str = "_start";

/// What sets a reactor up before its other exports may be called. Not every library has it.
const INITIALIZE: &str = "_initialize";

/// What is called of a module, in an instance of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    /// The binary.
    pub(crate) module: &'a [u8],
    /// What it may import.
    pub(crate) table: &'a [HostFunction],
    /// What sets it up, in this order; what it does not export is passed over.
    pub(crate) before: &'a [&'a str],
    /// Whether it is called on after what sets it up exits with code 0; otherwise that ends it.
    pub(crate) goes_on: bool,
    /// What is called then.
    pub(crate) export: &'a str,
    /// With what.
    pub(crate) args: &'a [Value],
}

/// Calls an export in a new instance with a host of its own.
pub(crate) async fn call_in(
    host: Host,
    entry: Entry<'_>,
    budget: &Budget,
    machine: &dyn Machine,
    (pace, progress): (&mut impl Pace, &mut Progress),
) -> Result<Ended, PrepareError> {
    let prepared = machine.prepare(entry.module, entry.table)?;
    let mut instance = match prepared.instantiate(host, budget) {
        Ok(instance) => instance,
        Err((trap, host)) => return Ok(ended(Err(trap), *host, 0, 0)),
    };
    let result = call_all(instance.as_mut(), entry, budget, (pace, progress)).await;
    let (fuel, memory) = (instance.fuel_used(), instance.memory_peak());
    Ok(ended(result, instance.into_host(), fuel, memory))
}

/// Calls what sets an instance up, and then what is asked for.
async fn call_all(
    instance: &mut dyn Instance,
    entry: Entry<'_>,
    budget: &Budget,
    (pace, progress): (&mut impl Pace, &mut Progress),
) -> Result<Option<Value>, Trap> {
    let before = progress.fuel;
    for export in entry.before {
        if instance.exports(export) {
            match drive((instance, export, &[]), before, budget, (pace, progress)).await {
                Ok(_) => {}
                Err(Trap::Exit(0)) if entry.goes_on => {}
                Err(Trap::Exit(0)) => return Ok(None),
                Err(trap) => return Err(trap),
            }
        }
    }
    match drive((instance, entry.export, entry.args), before, budget, (pace, progress)).await {
        Err(Trap::Exit(0)) => Ok(None),
        result => result,
    }
}

/// Calls an export and pauses between slices until it ends. `before` is the fuel that others used.
pub(crate) async fn drive(
    (instance, export, args): (&mut dyn Instance, &str, &[Value]),
    before: u64,
    budget: &Budget,
    (pace, progress): (&mut impl Pace, &mut Progress),
) -> Result<Option<Value>, Trap> {
    let mut step = instance.call(export, args);
    loop {
        progress.fuel = before.saturating_add(instance.fuel_used());
        match step {
            Step::Returned(value) => return Ok(value),
            Step::Trapped(trap) => return Err(trap),
            Step::Paused => {
                if let Some(limit) = pace.pause(progress).await {
                    return Err(Trap::Stopped(stopped(limit, budget, instance.fuel_used())));
                }
                step = instance.resume();
            }
        }
    }
}

/// The sentence of a limit that the runner watches.
fn stopped(limit: Limit, budget: &Budget, fuel: u64) -> Stopped {
    // A machine that does not count has nothing to say of it.
    let after = if fuel > 0 { format!(" after {} fuel", words::grouped(fuel)) } else { String::new() };
    let detail = match limit {
        Limit::Person => format!("stopped by you{after}"),
        _ => format!("the {} time limit was reached{after}", words::millis(budget.time_ms)),
    };
    Stopped { limit, detail }
}

/// What is known of a guest that ended.
pub(crate) fn ended(
    result: Result<Option<Value>, Trap>,
    mut host: Host,
    fuel: u64,
    memory_bytes: u64,
) -> Ended {
    let (result, returned) = match result {
        Ok(returned) => (Ok(()), returned),
        Err(trap) => (Err(trap), None),
    };
    Ended {
        result,
        returned,
        stdout: host.wasi.take_stdout(),
        stderr: host.wasi.take_stderr(),
        stderr_dropped: host.wasi.stderr_dropped(),
        host_calls: host.gate.counts(),
        slept_ms: host.wasi.slept_ms(),
        files: host.wasi.into_files(),
        fuel,
        memory_bytes,
        #[cfg(feature = "gate")]
        policy: host.policy,
        #[cfg(feature = "plugins")]
        krew: host.krew,
    }
}
