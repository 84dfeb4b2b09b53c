//! `drydock plugin`: kubectl plugins fetched, listed, removed, granted and run, and dashboard plugins served. The store
//! is krew-wasm's.
//!
//! What it asks it asks on a terminal only, before a plugin's first run.

mod called;
mod grants;
mod launch;
mod list;
mod pull;
mod rm;
mod run;
mod serve;

pub(super) use called::{called_as, run as run_called};

use super::{Console, Status};
use crate::Failure;

/// Fetch, list, remove and run kubectl plugins, as krew-wasm does; serve dashboard plugins
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    List(list::Args),
    Pull(pull::Args),
    Rm(rm::Args),
    Run(Box<run::Args>),
    Grants(grants::Args),
    Serve(Box<serve::Args>),
}

const EXAMPLES: &str = "\
Examples:
  drydock plugin pull ghcr.io/flavio/krew-wasm-plugins/decoder:latest
  drydock plugin list
  kubectl decoder secret db -n shop
  drydock plugin grants decoder --grant read
  drydock plugin run ./tree.wasm -- deployment web
  drydock plugin rm decoder
  drydock plugin serve hello.tar.gz

A plugin NAME that was pulled is run by `kubectl NAME`, once ~/.krew-wasm/bin is on PATH: a link there leads to
this program. On a terminal it asks before a plugin's first run what the plugin may; elsewhere a plugin may
nothing until it is granted.";

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    match &args.command {
        Command::List(args) => list::run(args, console),
        Command::Pull(args) => pull::run(args, console),
        Command::Rm(args) => rm::run(args, console),
        Command::Run(args) => run::run(args, console),
        Command::Grants(args) => grants::run(args, console),
        Command::Serve(args) => serve::run(args, console),
    }
}
