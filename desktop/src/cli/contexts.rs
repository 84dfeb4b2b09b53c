//! `drydock contexts`: which clusters a kubeconfig knows. It talks to none of them and shows no credential.

use engine::visible;

use super::connection::Contexts;
use super::{Console, Status};
use crate::Failure;
use crate::cluster::{Context, contexts};

/// List the contexts of a kubeconfig; the current one is marked
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    contexts: Contexts,
    /// For people, or as JSON
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

const EXAMPLES: &str = "\
Examples:
  drydock contexts
  drydock contexts --kubeconfig staging.yaml -o json";

/// How it is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    #[default]
    Text,
    Json,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let found = contexts(&args.contexts.source()?)?;
    match args.output {
        Output::Json => console.line(serde_json::to_string_pretty(&found).unwrap_or_default()),
        Output::Text if found.is_empty() => console.line("The kubeconfig has no context."),
        Output::Text => table(&found, console),
    }
    Ok(Status::DONE)
}

fn table(contexts: &[Context], console: &mut Console) {
    let row = |context: &Context| {
        let texts = [&context.name, &context.server, &context.user, &context.namespace];
        texts.map(|text| visible::visible(text).replace(['\n', '\t'], " "))
    };
    let mut rows = vec![["CONTEXT", "SERVER", "USER", "NAMESPACE"].map(str::to_owned)];
    rows.extend(contexts.iter().map(row));
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths = [width(0), width(1), width(2)];
    let marks =
        std::iter::once(' ').chain(contexts.iter().map(|context| if context.is_current { '*' } else { ' ' }));
    for (mark, [name, server, user, namespace]) in marks.zip(&rows) {
        let [first, second, third] = widths;
        let line = format!("{mark} {name:first$}  {server:second$}  {user:third$}  {namespace}");
        console.line(line.trim_end());
    }
}
