//! `drydock plugin run`: a plugin from a file or from the store, with what is granted for this run.

use std::path::Path;

use super::super::connection::Contexts;
use super::super::limits::Means;
use super::super::{Console, Status, text};
use super::grants::with_home;
use super::launch::{Launch, finish};
use crate::plugins::{Grant, Store, plugin_name};
use crate::{Failure, modules};

/// Run a plugin against the cluster of the kubeconfig
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// A module (.wasm or .wat), or the name of a plugin that is kept
    plugin: String,
    /// Let it do this, for this run
    #[arg(long, value_enum, value_name = "WHAT")]
    grant: Vec<Grant>,
    /// Let it see the home folder and the environment for this run, as krew-wasm does
    #[arg(long)]
    allow_home: bool,
    #[command(flatten)]
    contexts: Contexts,
    /// The context to use; the current one if not given
    #[arg(long, value_name = "NAME")]
    context: Option<String>,
    /// What the plugin prints; or the whole report, with every request that it made
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
    #[command(flatten)]
    means: Means,
    /// The plugin's arguments
    #[arg(last = true)]
    args: Vec<String>,
}

/// How the outcome is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    #[default]
    Text,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  drydock plugin run ./images.wasm --grant read -- -n shop
  drydock plugin run images --context staging -- -n shop
  drydock plugin run images -o json -- -n shop

Without options for limits a plugin has 300 s, 1024 MiB of memory, 256 MiB of stdout, 16 of stderr and 64 of
files. The exit status is the plugin's own, as with `drydock run`.";

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let path = Path::new(&args.plugin);
    let is_file = path.components().count() > 1 || path.exists();
    let file = if is_file { path.to_path_buf() } else { Store::of_person()?.find(&args.plugin)? };
    let name = match is_file {
        true => plugin_name(&modules::name(&path.with_extension(""))).map_err(Failure::new)?,
        false => args.plugin.clone(),
    };
    let granting = match is_file {
        true => format!("drydock plugin run {}", path.display()),
        false => format!("drydock plugin grants {name}"),
    };
    let source = args.contexts.source()?;
    let launch = Launch {
        name: &name,
        module: modules::read(&file)?,
        args: args.args.clone(),
        granted: with_home(&args.grant, args.allow_home),
        source: &source,
        context: args.context.as_deref(),
        granting,
        means: args.means,
    };
    let (report, given) = launch.run(console)?;
    match args.output {
        Output::Text => finish(&report, &given, console),
        Output::Json => {
            console.line(text::json(&report));
            Ok(super::super::run::command::status(&report.outcome))
        }
    }
}
