//! A plugin's run for a person who waits: what it may is settled first, then it runs, and its output is passed on byte
//! for byte at its end.

use engine::module::Module;
use engine::report::{CommandReport, OutcomeKind, Report};
use engine::request::Budget;
use engine::run::Modules;
use engine::visible::visible;

use super::super::execution::Execution;
use super::super::input::MAX_INPUT_BYTES;
use super::super::limits::Means;
use super::super::run::command;
use super::super::{Console, Status, text};
use crate::cluster::{Source, redacted};
use crate::machines::Metering;
use crate::plugins::{Call, Given, Grant, Granted, Grants, Terminal, answered, wanted};
use crate::runner::Beside;
use crate::{Failure, files};

/// What a plugin runs with.
pub(super) struct Launch<'a> {
    pub(super) name: &'a str,
    pub(super) module: Module,
    pub(super) args: Vec<String>,
    /// Granted for this run alone.
    pub(super) granted: Vec<Grant>,
    pub(super) source: &'a Source,
    pub(super) context: Option<&'a str>,
    /// The command that grants it more.
    pub(super) granting: String,
    pub(super) means: Means,
}

/// What a plugin may use where nobody says otherwise: it waits for a cluster, and shows what that holds.
pub(super) fn budget() -> Budget {
    Budget {
        time_ms: 300_000,
        memory_bytes: 1 << 30,
        stdout_bytes: 256 << 20,
        stderr_bytes: 16 << 20,
        file_bytes: 64 << 20,
        ..Budget::default()
    }
}

impl Launch<'_> {
    /// Settles what the plugin may, and runs it.
    pub(super) fn run(self, console: &mut Console) -> Result<(Report, Given), Failure> {
        let digest = self.module.info.digest.clone();
        let mut grants = Grants::of_person()?;
        let mut kept = grants.of(&digest);
        let wanted = wanted(&self.module.info);
        self.settle(&mut kept, &wanted, console);
        let mut granted = kept.clone();
        self.granted.iter().for_each(|grant| granted.answer(*grant, true));
        let call = Call {
            name: self.name.to_owned(),
            args: self.args.clone(),
            asks: wanted.contains(&Grant::Read),
            granting: self.granting.clone(),
        };
        let mut given = Given::gather(&call, &mut granted, (self.source, self.context), &mut Terminal)?;
        kept.agreed = granted.agreed;
        if !kept.is_unknown() || !kept.agreed.is_empty() {
            grants.keep(&digest, kept)?;
        }
        for note in given.notes() {
            console.remark(format!("{} {}", text::note(), visible(note)));
        }
        let Means { engine, limits } = self.means;
        let request = given.request(limits.over(budget()));
        let metering = if limits.fuel.is_some() { Metering::On } else { Metering::Off };
        let execution = Execution::begin(engine, metering)?;
        let beside = Beside { cluster: given.cluster(), stdin: Some(stdin), kept: None };
        let modules = Modules::from([(call.name, self.module.bytes)]);
        let report = execution.run_with(&request, &modules, beside, console);
        Ok((report, given))
    }

    /// Asks for what was not answered yet, where somebody is there.
    fn settle(&self, kept: &mut Granted, wanted: &[Grant], console: &mut Console) {
        let wanted: Vec<Grant> = wanted.iter().filter(|it| !self.granted.contains(it)).copied().collect();
        let is_first = kept.is_unknown();
        kept.name = self.name.to_owned();
        let is_asked = wanted.iter().any(|it| !kept.allowed.contains(it) && !kept.refused.contains(it));
        if is_asked && is_first && crate::plugins::is_terminal() {
            let name = visible(self.name);
            console.remark(format!("`{name}` runs for the first time. It gets its arguments, stdin and a kubeconfig without credentials."));
            console.remark("It could use more; what you answer is remembered. Enter means no.");
        }
        let cluster = match redacted(self.source, self.context) {
            Ok(seen) => format!("context `{}`, {}", seen.context.name, seen.context.server),
            Err(_) => "no context now".to_owned(),
        };
        let home = std::env::home_dir().unwrap_or_default();
        let home = format!("your home folder, {}", home.display());
        let open = answered(kept, &wanted, (&cluster, &home), &mut Terminal);
        if !open.is_empty() && is_first && self.granted.is_empty() {
            let names: Vec<&str> = open.iter().map(|grant| grant.name()).collect();
            console.remark(format!(
                "{} nobody was asked what `{}` may, so it may nothing of {}: `{} --grant {}` grants one",
                text::note(),
                visible(self.name),
                names.join(", "),
                visible(&self.granting),
                names.first().unwrap_or(&"read")
            ));
        }
    }
}

/// All of stdin, where it is no terminal: a plugin's prompt would not be seen there before its end.
fn stdin() -> Vec<u8> {
    use std::io::IsTerminal;
    if std::io::stdin().is_terminal() {
        return Vec::new();
    }
    // What is too large, or cannot be read, is at its end at once: `check_stdin` says it.
    files::read_stdin(MAX_INPUT_BYTES).unwrap_or_else(|failure| {
        let _ = LOST.set(failure);
        Vec::new()
    })
}

/// Why stdin could not be given.
static LOST: std::sync::OnceLock<Failure> = std::sync::OnceLock::new();

/// Passes on what a plugin printed, brings back what it changed, and gives the status to end with.
pub(super) fn finish(report: &Report, given: &Given, console: &mut Console) -> Result<Status, Failure> {
    let Some(command) = report.command.as_deref() else { return Ok(Status::of(report)) };
    command::printed(report, command, console);
    let is_refused = report.plugin.iter().flat_map(|plugin| &plugin.calls).any(|call| !call.error.is_empty());
    if let Some(trouble) = given.trouble().filter(|_| is_refused) {
        console.remark(format!("{} the plugin has no cluster: {}", text::note(), visible(trouble)));
    }
    if command.code.is_none() {
        text::verdict_beside(&report.outcome, console);
    }
    write_back(report, command, given, console)?;
    match LOST.get() {
        Some(failure) => Err(failure.clone()),
        None => Ok(command::status(&report.outcome)),
    }
}

fn write_back(
    report: &Report,
    command: &CommandReport,
    given: &Given,
    console: &mut Console,
) -> Result<(), Failure> {
    if report.outcome.kind == OutcomeKind::Invalid || command.changes.is_empty() {
        return Ok(());
    }
    if command.code.is_none() {
        let note = text::note();
        console.remark(format!("{note} nothing is written back: the plugin did not come to its end"));
        return Ok(());
    }
    for note in given.write_back(&command.changes)? {
        console.remark(format!("{} {}", text::note(), visible(&note)));
    }
    Ok(())
}
