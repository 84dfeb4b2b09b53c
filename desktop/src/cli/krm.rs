//! `drydock krm`: modules as one KRM function, for kpt and kustomize to call.
//!
//! A `ResourceList` from stdin to stdout, and messages to stderr. It reads no other file than the modules and the
//! configurations that are named, and writes none.

use std::path::{Path, PathBuf};

use engine::abi::krm::{Answer, Relay};
use engine::module::Module;
use engine::report::{CommandReport, Outcome, OutcomeKind, Report};
use engine::request::{Budget, Command, RunRequest, Scenario};
use engine::run::Modules;
use engine::visible::visible;
use engine::workspace::wish::Wish;

use super::execution::Execution;
use super::input::{MAX_INPUT_BYTES, config};
use super::limits::Means;
use super::{Console, Status, text};
use crate::{Failure, files, modules};

/// Act as a KRM function: a ResourceList from stdin to stdout, through one module or several in a row
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// KRM functions, in the order they run
    #[arg(required = true, value_name = "MODULE")]
    modules: Vec<PathBuf>,
    /// A functionConfig for each module, in their order, instead of the list's own
    #[arg(long, value_name = "FILE")]
    config: Vec<PathBuf>,
    #[command(flatten)]
    means: Means,
}

const EXAMPLES: &str = "\
Examples:
  kpt fn eval DIR --exec \"drydock krm fn.wasm\" -- key=value
  kpt fn source DIR | drydock krm a.wasm b.wasm | kpt fn sink OUT
  kpt fn source DIR | drydock krm a.wasm --config a.yaml b.wasm --config b.yaml | kpt fn sink OUT

All modules are given the list's functionConfig, unless each has a --config of its own. Their results are
appended to those of the list. When one fails, the list comes out with the items as they came in and all
results so far, and the status is not 0. The list that comes out has the functionConfig that came in.";

/// A KRM function's arguments: one, as in a pipeline of a workspace.
const ARGUMENT: &str = "fn";

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let (given, wanted) = (args.config.len(), args.modules.len());
    if given != 0 && given != wanted {
        return Err(Failure::new(format!("--config is given {given} times for {wanted} modules"))
            .with_hint("give one for each module in their order, or none to use the list's functionConfig"));
    }
    let mut steps = Vec::with_capacity(wanted);
    for (index, path) in args.modules.iter().enumerate() {
        let config = args.config.get(index).map(|path| config(Some(path))).transpose()?;
        steps.push((path.as_path(), modules::read(path)?, config));
    }
    let text = files::text("stdin", files::read_stdin(MAX_INPUT_BYTES)?)?;
    let given = Relay::read(&text).map_err(|outcome| refused(&outcome))?;
    let mut relay = given.clone();
    let mut left = Left(args.means.limits.budget());
    let Means { engine, limits } = args.means;
    let execution = Execution::begin(engine, limits.metering(Wish::default()))?;
    for (index, (path, module, config)) in steps.into_iter().enumerate() {
        let subject = match wanted {
            1 => format!("`{}`", modules::name(path)),
            _ => format!("module {}, `{}`,", index + 1, modules::name(path)),
        };
        if let Err(ended) = step(&mut relay, (path, module, config), &subject, &mut left, &execution, console)
        {
            text::verdict_beside(&ended, console);
            if ended.kind != OutcomeKind::Invalid {
                console.text(given.with_results_of(relay).list());
            }
            return Ok(Status::of_outcome(&ended));
        }
    }
    console.text(relay.list());
    Ok(Status::DONE)
}

/// What is left of the limits that count over all modules.
struct Left(Budget);

impl Left {
    fn spend(&mut self, report: &Report) {
        self.0.fuel = self.0.fuel.saturating_sub(report.fuel);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "milliseconds of one run"
        )]
        let millis = report.millis as u64;
        self.0.time_ms = self.0.time_ms.saturating_sub(millis);
    }
}

fn step(
    relay: &mut Relay,
    (path, module, config): (&Path, Module, Option<String>),
    subject: &str,
    left: &mut Left,
    execution: &Execution,
    console: &mut Console,
) -> Result<(), Outcome> {
    let name = modules::name(path);
    let stdin = relay.stdin(&name, config.as_deref())?;
    let command = Command {
        module: name.clone(),
        args: vec![ARGUMENT.to_owned()],
        stdin: stdin.into_bytes().into(),
        ..Command::default()
    };
    let request = RunRequest { budget: left.0, ..RunRequest::new(Scenario::Command(command)) };
    let report = execution.run(&request, &Modules::from([(name, module.bytes)]), console);
    left.spend(&report);
    settle(relay, report, subject, console)
}

fn settle(relay: &mut Relay, report: Report, subject: &str, console: &mut Console) -> Result<(), Outcome> {
    let command: CommandReport = report.command.map(|command| *command).unwrap_or_default();
    console.error_bytes(visible(&String::from_utf8_lossy(&command.stderr.0)).as_bytes());
    let stderr = String::from_utf8_lossy(&command.stderr.0);
    let answer = Answer { stdout: &command.stdout.0, stderr: &stderr, exit: command.code };
    // A function that did not come to its end has its own sentence.
    let taken = relay.take(subject, &answer);
    if command.code.is_none() {
        return Err(report.outcome);
    }
    for note in taken? {
        console.remark(format!("{} {subject} {}", text::note(), visible(&note)));
    }
    Ok(())
}

fn refused(outcome: &Outcome) -> Failure {
    Failure { message: outcome.message.clone(), hint: outcome.hint.clone() }
}
