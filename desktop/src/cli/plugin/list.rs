//! `drydock plugin list`: what is in the store. It changes nothing.

use engine::visible::visible;

use super::super::{Console, Status, text};
use crate::Failure;
use crate::plugins::Store;

/// List the plugins that are kept, and where each comes from
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// For people, or as JSON
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

/// How it is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    #[default]
    Text,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  drydock plugin list
  drydock plugin list -o json";

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let kept = Store::of_person()?.list()?;
    if args.output == Output::Json {
        console.line(text::json(&kept));
        return Ok(Status::DONE);
    }
    let shown = |text: &str| visible(text).replace(['\n', '\t'], " ");
    let width = kept.iter().map(|kept| shown(&kept.name).chars().count()).max().unwrap_or_default().max(4);
    console.line(format!("{:width$}  LOCATION", "NAME"));
    for kept in &kept {
        let place = if kept.in_store { "" } else { " (not in the store)" };
        let trouble = kept.trouble.as_ref().map(|trouble| format!(" ({trouble})")).unwrap_or_default();
        console.line(format!("{:width$}  {}{place}{trouble}", shown(&kept.name), shown(&kept.location)));
    }
    Ok(Status::DONE)
}
