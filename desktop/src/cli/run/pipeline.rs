//! A workspace's pipeline, request or plugin, and how a pipeline's report is printed.
//!
//! It writes no file: `-o yaml` is a `ResourceList`, which `kpt fn sink` takes apart.

use engine::abi::krm;
use engine::report::{FileState, OutcomeKind, Report};
use engine::request::{File, Plugin};

use super::super::text;
use super::{Args, Console, Output, Status, command, dashboard, service, useless};
use crate::{Failure, load};

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    args.refuse_program_options("a pipeline")?;
    let given = [
        ("--input", args.input.is_some()),
        ("--config", args.config.is_some()),
        ("--abi", args.abi.is_some()),
    ];
    if let Some((option, _)) = given.into_iter().find(|(_, is_given)| *is_given) {
        return Err(useless(option, "a module").with_hint("a workspace holds its own; edit it there"));
    }
    let mut loaded = load::load(&args.file, args.guests.as_deref())?;
    match &mut loaded.workspace.plugin {
        Some(Plugin::Dashboard(plugin)) if !args.requests.is_empty() => {
            plugin.requests.clone_from(&args.requests);
        }
        Some(Plugin::Dashboard(_)) => {}
        _ => args.refuse_requests()?,
    }
    let request = args.means.limits.request(&loaded.workspace);
    let config = match loaded.workspace.pipeline.steps.as_slice() {
        [only] => only.config.clone(),
        // Several functions, several configurations: the list has room for one.
        _ => String::new(),
    };
    let report = args.run(&request, loaded.workspace.budget, &loaded.modules, console)?;
    let plugin = report.plugin.as_deref();
    let service = plugin.and_then(|plugin| Some((plugin, plugin.service.as_deref()?)));
    match (&report.command, &loaded.workspace.plugin, service) {
        // A kubectl plugin is a program, and speaks for itself.
        (Some(plugin), ..) => Ok(command::print(args, &report, plugin, console)),
        (None, _, Some(service)) => Ok(service::print(args, &report, service, console)),
        (None, Some(Plugin::Dashboard(_)), None) => Ok(dashboard::print(args, &report, console)),
        (None, ..) => print(args, &report, &config, console),
    }
}

/// Prints a report in the form that was asked for, and gives the status to end with.
pub(super) fn print(
    args: &Args,
    report: &Report,
    config: &str,
    console: &mut Console,
) -> Result<Status, Failure> {
    match args.output.unwrap_or(Output::Text) {
        Output::Text => text::pipeline(report, console),
        Output::Json => console.line(text::json(report)),
        Output::Yaml => {
            if report.outcome.kind != OutcomeKind::Finished {
                text::verdict_beside(&report.outcome, console);
            }
            // What could not be read cannot be printed as a list.
            if report.outcome.kind != OutcomeKind::Invalid {
                console.text(list(report, config)?);
            }
        }
    }
    Ok(Status::of(report))
}

fn list(report: &Report, config: &str) -> Result<String, Failure> {
    let kept = report.files.iter().filter(|file| file.state != FileState::Removed);
    let files: Vec<File> =
        kept.map(|file| File { path: file.path.clone(), text: file.text.clone() }).collect();
    let results: Vec<_> = report.steps.iter().flat_map(|step| step.results.iter().cloned()).collect();
    krm::bundle(&files, config, &results)
        .map_err(|outcome| Failure { message: outcome.message, hint: outcome.hint })
}
