//! `drydock manual`: the manual pages, written from the definition of the command line. It installs nothing.

use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

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
    write(&command, &mut page)
        .map_err(|error| Failure::new(format!("the manual page cannot be written: {error}")))?;
    console.bytes(&page);
    Ok(Status::DONE)
}

fn write(command: &clap::Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    let man = Man::new(command.clone()).source(concat!("drydock ", env!("CARGO_PKG_VERSION")));
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(page)?;
    }
    let closing = command.get_after_long_help().or(command.get_after_help());
    closing.map_or(Ok(()), |text| sections(&text.to_string()).to_writer(page))
}

/// What stands behind the options in `--help`, line by line as it is there.
fn sections(text: &str) -> Roff {
    let mut roff = Roff::new();
    let mut last = "";
    for paragraph in text.split("\n\n") {
        let first = paragraph.lines().next().unwrap_or_default();
        let heading = match first {
            "Example:" | "Examples:" => "EXAMPLES",
            _ if first.starts_with("Exit status") => "EXIT STATUS",
            _ => "NOTES",
        };
        roff.control(if heading == last { "PP" } else { "SH" }, (heading != last).then_some(heading));
        roff.control("nf", []);
        let titles = usize::from(first.ends_with(':') && heading != "NOTES");
        for line in paragraph.lines().skip(titles) {
            roff.text([roman(line)]);
        }
        roff.control("fi", []);
        last = heading;
    }
    roff
}
