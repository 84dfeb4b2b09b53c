//! A WASI command as a scenario: its directories filled, its guest run, what it did and changed told.
//!
//! It judges nothing that the command prints: an exit code other than 0 is the command's own word.

use std::collections::BTreeMap;

use crate::abi::command::{self as guest, Ended};
use crate::ending;
use crate::host::Host;
use crate::machine::{HostFunction, Machine, Trap};
use crate::module::Module;
use crate::report::{Changed, CommandReport, EntryChange, Outcome, OutcomeKind, Report};
use crate::request::{Command, Directory, Node, RunRequest};
use crate::run::{Modules, Pace, Progress, check_version};
use crate::wasi::{self, Files, Grant};

/// What a command may import, and the way out for one that imports something else.
pub(crate) struct Offer {
    pub(crate) table: &'static [HostFunction],
    pub(crate) hint: &'static str,
}

/// Runs a command.
pub(crate) async fn run(
    request: &RunRequest,
    command: &Command,
    modules: &Modules,
    machine: &dyn Machine,
    pace: &mut impl Pace,
) -> Report {
    let plain = |_: &Module, _: &mut Host| {
        Ok(Offer {
            table: wasi::functions(),
            hint: "a WASI command may import `wasi_snapshot_preview1` only",
        })
    };
    run_with(request, command, modules, machine, (pace, plain)).await
}

/// Runs a command that is offered more than WASI: `furnish` looks into the module, and puts into its host what the
/// functions need.
pub(crate) async fn run_with<F>(
    request: &RunRequest,
    command: &Command,
    modules: &Modules,
    machine: &dyn Machine,
    (pace, furnish): (&mut impl Pace, F),
) -> Report
where
    F: FnOnce(&Module, &mut Host) -> Result<Offer, Outcome>,
{
    let finished = Outcome::new(OutcomeKind::Finished, format!("`{}` finished", command.module));
    let mut report = Report::begin(request, machine, finished);
    let mut done = CommandReport { module: command.module.clone(), ..CommandReport::default() };
    let ended = attempt(request, command, (modules, furnish), machine, pace, &mut done).await;
    if let Err(outcome) = ended.and_then(|ended| settle(command, ended, &mut report, &mut done)) {
        report.outcome = outcome;
    }
    report.command = Some(Box::new(done));
    report.millis = pace.millis();
    report
}

async fn attempt<F>(
    request: &RunRequest,
    command: &Command,
    (modules, furnish): (&Modules, F),
    machine: &dyn Machine,
    pace: &mut impl Pace,
    done: &mut CommandReport,
) -> Result<Ended, Outcome>
where
    F: FnOnce(&Module, &mut Host) -> Result<Offer, Outcome>,
{
    check_version(request)?;
    let module = load(command, modules)?;
    done.digest.clone_from(&module.info.digest);
    let mut host = host(request, command)?;
    let offer = furnish(&module, &mut host)?;
    let mut progress = Progress { steps: 1, name: command.module.clone(), ..Progress::default() };
    let module = (module.bytes.as_slice(), offer.table);
    guest::run_with(host, module, &request.budget, machine, (pace, &mut progress))
        .await
        .map_err(|error| ending::refused(&command.module, &error, offer.hint))
}

fn load(command: &Command, modules: &Modules) -> Result<Module, Outcome> {
    let name = &command.module;
    let invalid = |message: String| Outcome::new(OutcomeKind::Invalid, message);
    let Some(bytes) = modules.get(name) else {
        return Err(invalid(format!("the module `{name}` is not here")).with_hint("bring its file"));
    };
    let module = Module::load(bytes)
        .map_err(|error| invalid(format!("module `{name}`: {error}")).with_hint(error.hint()))?;
    let is_start = |name: &str, kind: &str| name == "_start" && kind == "func";
    if module.info.exports.iter().any(|export| is_start(&export.name, &export.kind)) {
        return Ok(module);
    }
    Err(invalid(format!("module `{name}` exports no function `_start`, which a WASI command begins with"))
        .with_hint("build a program, not a library (a reactor)"))
}

fn host(request: &RunRequest, command: &Command) -> Result<Host, Outcome> {
    let given = guest::Command {
        args: command.args.clone(),
        env: command.env.iter().map(|it| (it.name.clone(), it.value.clone())).collect(),
        stdin: command.stdin.0.clone(),
        slept_ms: 0,
        deny: request.deny.clone(),
    };
    let mut host = guest::host(given, &request.budget, &request.world);
    for (index, directory) in command.directories.iter().enumerate() {
        let place = place(index);
        let filled = host.wasi.files_mut().fill(&place, &directory.entries);
        filled.and_then(|()| host.wasi.preopen(&directory.name, &place, Grant::ReadWrite)).map_err(
            |error| {
                let message = format!("directory `{}`: {error}", directory.name);
                Outcome::new(OutcomeKind::Invalid, message)
                    .with_hint("give fewer or smaller files, or raise `budget.fileBytes`")
            },
        )?;
    }
    Ok(host)
}

/// Where a directory lies in the guest's tree: apart from the others, whatever their names.
fn place(index: usize) -> String {
    format!("directories/{index}")
}

fn settle(
    command: &Command,
    ended: Ended,
    report: &mut Report,
    done: &mut CommandReport,
) -> Result<(), Outcome> {
    report.fuel = ended.fuel;
    report.memory_bytes = ended.memory_bytes;
    #[cfg(feature = "plugins")]
    {
        report.plugin = ended.krew.map(|krew| Box::new(krew.report()));
    }
    let Ended { result, stdout, stderr, stderr_dropped, files, host_calls, .. } = ended;
    done.stdout = stdout.into();
    done.stderr = stderr.into();
    done.stderr_dropped = stderr_dropped;
    done.host_calls = host_calls;
    for (index, directory) in command.directories.iter().enumerate() {
        if directory.report_changes {
            done.changes.extend(changes(index, directory, &files));
        }
    }
    done.code = match &result {
        Ok(()) => Some(0),
        Err(Trap::Exit(code)) => Some(*code),
        Err(_) => None,
    };
    result.map_err(|trap| ending::trapped(&format!("`{}`", command.module), &trap))
}

/// What is different from what was given.
fn changes(index: usize, directory: &Directory, files: &Files) -> Vec<EntryChange> {
    let mut before: BTreeMap<&str, &Node> =
        directory.entries.iter().map(|entry| (entry.path.as_str(), &entry.node)).collect();
    let change = |path: String, change, node| EntryChange { directory: index, path, change, node };
    let mut changes = Vec::new();
    for entry in files.entries(&place(index)) {
        match before.remove(entry.path.as_str()) {
            Some(node) if *node == entry.node => {}
            Some(_) => changes.push(change(entry.path, Changed::Changed, Some(entry.node))),
            None => changes.push(change(entry.path, Changed::Created, Some(entry.node))),
        }
    }
    changes.extend(before.into_keys().map(|path| change(path.to_owned(), Changed::Removed, None)));
    changes
}
