//! `drydock manual`: the manual pages, written from the definition of the command line. It installs nothing.

use clap::CommandFactory;
use clap_mangen::Man;

use super::{Cli, Console, Status};
use crate::Failure;

/// Print a manual page, as `man` reads it
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// A command [default: all of them at a glance]
    command: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  drydock manual | man -l -
  drydock manual run >drydock-run.1";

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let mut whole = Cli::command().disable_help_subcommand(true);
    whole.build();
    let command = match &args.command {
        None => whole,
        Some(name) => {
            let known: Vec<&str> = whole.get_subcommands().map(clap::Command::get_name).collect();
            let unknown = || {
                Failure::new(format!("there is no command `{name}`"))
                    .with_hint(format!("the commands are {}", known.join(", ")))
            };
            whole.find_subcommand(name).cloned().ok_or_else(unknown)?
        }
    };
    let mut page = Vec::new();
    Man::new(command)
        .render(&mut page)
        .map_err(|error| Failure::new(format!("the manual page cannot be written: {error}")))?;
    console.bytes(&page);
    Ok(Status::DONE)
}
