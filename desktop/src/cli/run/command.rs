//! A WASI program: given what was named, its output passed on as it is, its status our own.
//!
//! It sees copies in memory. Only `--write-back` lets what it changed reach a folder, and only once it has come to
//! its end.

use engine::module::Module;
use engine::report::{CommandReport, Limit, Outcome, OutcomeKind, PluginReport, Report};
use engine::request::{Budget, Command, RunRequest, Scenario, Variable};
use engine::run::Modules;
use engine::visible::visible;
use engine::workspace::wish::Wish;

use super::super::input::Input;
use super::super::text;
use super::{Args, Console, Output, Status, useless};
use crate::directories::Copied;
use crate::{Failure, modules};

pub(super) fn run(args: &Args, module: Module, console: &mut Console) -> Result<Status, Failure> {
    if args.config.is_some() {
        return Err(useless("--config", "a KRM function").with_hint("`--abi krm` runs the module as one"));
    }
    let stdin =
        args.input.as_deref().map(Input::read).transpose()?.map(|input| input.bytes).unwrap_or_default();
    let copied = args.dir.iter().map(|text| Copied::read(text)).collect::<Result<Vec<_>, _>>()?;
    for note in copied.iter().flat_map(|copied| &copied.notes) {
        console.remark(format!("{} {}", text::note(), visible(note)));
    }
    let name = modules::name(args.file.as_ref());
    let request = request(args, &name, stdin, &copied);
    let report = args.run(&request, Wish::default(), &Modules::from([(name, module.bytes)]), console)?;
    let Some(command) = &report.command else { return Ok(Status::of(&report)) };
    let status = print(args, &report, command, console);
    if args.write_back {
        write_back(&report, command, &copied, console)?;
    }
    Ok(status)
}

/// Prints a program's report in the form that was asked for, and gives the status to end with.
pub(super) fn print(args: &Args, report: &Report, command: &CommandReport, console: &mut Console) -> Status {
    match args.output.unwrap_or(Output::Text) {
        Output::Json => console.line(text::json(report)),
        Output::Text | Output::Yaml => pass_on(report, command, console),
    }
    status(&report.outcome)
}

fn request(args: &Args, name: &str, stdin: Vec<u8>, copied: &[Copied]) -> RunRequest {
    let variable = |(name, value): &(String, String)| Variable { name: name.clone(), value: value.clone() };
    let command = Command {
        module: name.to_owned(),
        args: std::iter::once(name.to_owned()).chain(args.args.iter().cloned()).collect(),
        env: args.env.iter().map(variable).collect(),
        stdin: stdin.into(),
        directories: copied.iter().map(|copied| copied.directory(args.write_back)).collect(),
    };
    let budget = args.means.limits.budget();
    // What was copied in is the person's own wish; the limit is for what the program adds.
    let given: u64 = copied.iter().map(Copied::charge).sum();
    let budget = Budget { file_bytes: budget.file_bytes.saturating_add(given), ..budget };
    RunRequest { budget, ..RunRequest::new(Scenario::Command(command)) }
}

/// What the program printed, as it is, and why it ended where it did not say so itself.
fn pass_on(report: &Report, command: &CommandReport, console: &mut Console) {
    printed(report, command, console);
    if let Some(plugin) = report.plugin.as_deref() {
        remarks(plugin, console);
    }
    if command.code.is_none() {
        text::verdict_beside(&report.outcome, console);
    }
}

/// What the program printed, as it is, and what it asked without an answer.
pub(in crate::cli) fn printed(report: &Report, command: &CommandReport, console: &mut Console) {
    console.bytes(&command.stdout.0);
    console.error_bytes(&command.stderr.0);
    if command.stderr_dropped > 0 {
        let dropped = engine::words::count(command.stderr_dropped, "more byte");
        console.remark(format!(
            "{} {dropped} of stderr were dropped at the limit that --stderr sets",
            text::note()
        ));
    }
    if let Some(plugin) = report.plugin.as_deref() {
        refused(plugin, console);
    }
}

/// What a plugin asked in vain.
pub(super) fn refused(plugin: &PluginReport, console: &mut Console) {
    for call in plugin.calls.iter().filter(|call| !call.error.is_empty()).take(MAX_REFUSED) {
        console.remark(format!("{} {}: {}", text::note(), visible(&call.line()), visible(&call.cause)));
    }
}

/// What its host has to say of a plugin.
pub(super) fn remarks(plugin: &PluginReport, console: &mut Console) {
    for note in &plugin.notes {
        console.remark(format!("{} {}", text::note(), visible(note)));
    }
}

/// How many requests without an answer are named; the report holds more.
const MAX_REFUSED: usize = 10;

fn write_back(
    report: &Report,
    command: &CommandReport,
    copied: &[Copied],
    console: &mut Console,
) -> Result<(), Failure> {
    if report.outcome.kind == OutcomeKind::Invalid {
        return Ok(());
    }
    if command.code.is_none() {
        console
            .remark(format!("{} nothing is written back: the program did not come to its end", text::note()));
        return Ok(());
    }
    for (index, copied) in copied.iter().enumerate() {
        let own = command.changes.iter().filter(|change| change.directory == index);
        for note in copied.write_back(own)? {
            console.remark(format!("{} {}", text::note(), visible(&note)));
        }
    }
    Ok(())
}

/// What a trap gives, as after an abort: 128 and the number of SIGABRT.
const TRAPPED: Status = Status(134);

/// What a limit gives, as `timeout` has it.
const LIMITED: Status = Status(124);

/// The status to end with: the program's own, where it has one.
pub(in crate::cli) fn status(outcome: &Outcome) -> Status {
    match outcome.kind {
        OutcomeKind::Exited => {
            let [low, ..] = outcome.code.unwrap_or(1).to_le_bytes();
            Status(low.max(1))
        }
        OutcomeKind::Trapped => TRAPPED,
        OutcomeKind::Stopped if outcome.limit == Some(Limit::Person) => Status::INTERRUPTED,
        OutcomeKind::Stopped => LIMITED,
        OutcomeKind::Finished => Status::DONE,
        // The first three are the gate's, which no command passes.
        OutcomeKind::Allowed
        | OutcomeKind::Denied
        | OutcomeKind::Failed
        | OutcomeKind::Malformed
        | OutcomeKind::Invalid
        | OutcomeKind::Internal => Status::UNUSABLE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_never_becomes_success() {
        for (code, expected) in [(1, 1), (126, 126), (255, 255), (256, 1), (257, 1), (258, 2), (-1, 255)] {
            let mut outcome = Outcome::new(OutcomeKind::Exited, "");
            outcome.code = Some(code);
            assert_eq!(status(&outcome), Status(expected), "{code}");
        }
    }
}
