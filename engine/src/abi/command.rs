//! A WASI command, run from `_start` to its end: how KRM functions are run, and any other WASI program.

use crate::host::Host;
use crate::machine::{Instance, Machine, PrepareError, Step, Stopped, Trap};
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
}

/// What a command did.
#[derive(Debug)]
pub struct Ended {
    /// How: `Ok` is exit code 0.
    pub result: Result<(), Trap>,
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
    (pace, progress): (&mut impl Pace, &mut Progress),
) -> Result<Ended, PrepareError> {
    let prepared = machine.prepare(module, wasi::functions())?;
    let mut instance = match prepared.instantiate(host, budget) {
        Ok(instance) => instance,
        Err((trap, host)) => return Ok(ended(Err(trap), *host, 0, 0)),
    };
    let result = drive(instance.as_mut(), budget, pace, progress).await;
    let (fuel, memory) = (instance.fuel_used(), instance.memory_peak());
    Ok(ended(result, instance.into_host(), fuel, memory))
}

/// Calls `_start` and pauses between slices until it ends.
async fn drive(
    instance: &mut dyn Instance,
    budget: &Budget,
    pace: &mut impl Pace,
    progress: &mut Progress,
) -> Result<(), Trap> {
    let before = progress.fuel;
    let mut step = instance.call("_start", &[]);
    loop {
        progress.fuel = before.saturating_add(instance.fuel_used());
        match step {
            Step::Returned(_) | Step::Trapped(Trap::Exit(0)) => return Ok(()),
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

fn ended(result: Result<(), Trap>, mut host: Host, fuel: u64, memory_bytes: u64) -> Ended {
    Ended {
        result,
        stdout: host.wasi.take_stdout(),
        stderr: host.wasi.take_stderr(),
        stderr_dropped: host.wasi.stderr_dropped(),
        host_calls: host.gate.counts(),
        slept_ms: host.wasi.slept_ms(),
        files: host.wasi.into_files(),
        fuel,
        memory_bytes,
    }
}
