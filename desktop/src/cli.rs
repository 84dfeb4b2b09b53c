//! The command line: one file per command, one place that prints, one list of exit statuses.
//!
//! A command reads and writes nothing that it was not told to, and asks nothing: it works in a pipe and in CI. Only
//! what a kubectl plugin may do is asked, on a terminal.

mod bench;
mod completions;
mod connection;
mod console;
mod contexts;
mod execution;
mod input;
mod inspect;
mod krm;
mod limits;
mod link;
mod manual;
mod open;
mod plugin;
mod progress;
mod record;
mod reference;
mod run;
mod status;
mod test;
mod text;

use std::process::ExitCode;

use clap::Parser;

pub use self::console::Colour;
pub(crate) use self::console::Console;
pub use self::reference::reference;
pub(crate) use self::status::Status;
use crate::Failure;

/// What was typed.
#[derive(Debug, Parser)]
#[command(name = "drydock", version, about, long_about = None, max_term_width = 100, after_help = status::HELP)]
#[command(about = "Runs WebAssembly guests that extend Kubernetes, and says what happened and why")]
pub struct Cli {
    /// When to colour what is printed; NO_COLOR is respected
    #[arg(long = "color", global = true, value_enum, default_value_t, value_name = "WHEN")]
    colour: Colour,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Run(Box<run::Args>),
    Test(test::Args),
    Krm(krm::Args),
    Inspect(inspect::Args),
    Bench(bench::Args),
    Plugin(plugin::Args),
    Record(record::Args),
    Contexts(contexts::Args),
    Link(link::Args),
    Open(open::Args),
    Completions(completions::Args),
    Manual(manual::Args),
}

/// Reads the arguments, does what they ask for, and says how it went. Called as `kubectl-NAME` it is that plugin.
#[must_use]
pub fn main() -> ExitCode {
    if let Some(name) = plugin::called_as(std::env::args_os().next().as_deref()) {
        return plugin::run_called(&name).into();
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return Console::new(Colour::Auto).usage(&error).into(),
    };
    let mut console = Console::new(cli.colour);
    let status = run(cli.command, &mut console).unwrap_or_else(|failure| console.failure(&failure));
    console.finish(status).into()
}

fn run(command: Command, console: &mut Console) -> Result<Status, Failure> {
    match command {
        Command::Run(args) => run::run(&args, console),
        Command::Test(args) => test::run(&args, console),
        Command::Krm(args) => krm::run(&args, console),
        Command::Inspect(args) => inspect::run(&args, console),
        Command::Bench(args) => bench::run(&args, console),
        Command::Plugin(args) => plugin::run(&args, console),
        Command::Record(args) => record::run(&args, console),
        Command::Contexts(args) => contexts::run(&args, console),
        Command::Link(args) => link::run(&args, console),
        Command::Open(args) => open::run(&args, console),
        Command::Completions(args) => completions::run(&args, console),
        Command::Manual(args) => manual::run(&args, console),
    }
}
