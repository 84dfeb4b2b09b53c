//! `drydock inspect`: what a module says of itself. It runs nothing.

use std::path::PathBuf;

use engine::module::inspect::ModuleInfo;
use engine::module::{MAX_MODULE_BYTES, Module, ModuleError, to_binary};

use super::{Console, Status};
use crate::{Failure, files};

/// Say what a module is: digest, sizes, imports, exports, ABI, metadata, producers
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A module, binary (.wasm) or text (.wat)
    module: PathBuf,
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

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let bytes = files::read(&args.module, MAX_MODULE_BYTES)?;
    let broken = |error: ModuleError| {
        Failure::new(format!("`{}`: {error}", args.module.display())).with_hint(error.hint())
    };
    let info = Module::load(&to_binary(&bytes).map_err(broken)?).map_err(broken)?.info;
    match args.output {
        Output::Json => console.line(serde_json::to_string_pretty(&info).unwrap_or_default()),
        Output::Text => text(&info, console),
    }
    Ok(Status::DONE)
}

fn text(info: &ModuleInfo, console: &mut Console) {
    console.line(&info.digest);
}
