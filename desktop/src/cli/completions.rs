//! `drydock completions`: what a shell needs to complete this command line. It installs nothing.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Console, Status};
use crate::Failure;

/// Print a shell's completions
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  source <(drydock completions bash)
  drydock completions fish >~/.config/fish/completions/drydock.fish";

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "drydock", &mut script);
    console.bytes(&script);
    Ok(Status::DONE)
}
