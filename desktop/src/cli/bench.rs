//! `drydock bench`: one run on two engines, or two modules side by side, over and over.
//!
//! It judges only against a baseline that was asked for: figures depend on the machine and on what else it does.

mod baseline;
mod measure;
mod subject;
mod table;

use std::path::PathBuf;

use self::measure::{Column, Figures};
use super::limits::Limits;
use super::{Console, Status};
use crate::interrupt::Interrupt;
use crate::machines::{Engine, Metering};
use crate::{Failure, files};

/// Measure one run on several engines, or several modules or workspaces side by side
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Workspaces, share links, or modules (.wasm or .wat)
    #[arg(required = true, value_name = "WHAT")]
    subjects: Vec<String>,
    /// What executes the guests; several stand side by side
    #[arg(long = "engine", value_enum, value_name = "NAME")]
    engines: Vec<Engine>,
    /// Manifests or a ResourceList for modules, which then run as KRM functions; without, modules run as WASI programs
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// The functionConfig for modules, instead of the one in a ResourceList
    #[arg(long, value_name = "FILE", requires = "input")]
    config: Option<PathBuf>,
    /// The folder of the examples' built guests [default: `built` beside an example's folder]
    #[arg(long, value_name = "DIR")]
    guests: Option<PathBuf>,
    /// How often each is measured
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    runs: u32,
    /// How often each is run before, unmeasured but for the first
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=1_000))]
    warm_up: u32,
    /// Save the figures, to be compared with later
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Compare with figures that were saved
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// How much slower than the baseline a median may be
    #[arg(long, value_name = "PERCENT", default_value_t = 20, requires = "baseline")]
    threshold: u32,
    /// A table for people, or JSON
    #[arg(short, long, value_enum, default_value_t, value_name = "FORM")]
    output: Output,
    #[command(flatten)]
    limits: Limits,
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
  drydock bench . --engine wasmtime --engine wasmi
  drydock bench old.wasm new.wasm --input web.yaml --config config.yaml --runs 50
  drydock bench . --save before.json
  drydock bench . --baseline before.json --threshold 10

Each is run once unmeasured (`first`: with compiling), then all take turns, so that what else the machine
does hits all of them. Ratios are of medians, to the first one. A module that was compiled is kept, as
in `drydock test`, and fuel is counted, as there; time is from request to report.

Exit status: 0 measured; 1 slower than the baseline allows, or a run did not end like the first one's;
2 something cannot be read or run; 130 after Ctrl-C.";

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    // Before minutes are spent on measuring.
    let baseline = args.baseline.as_deref().map(baseline::read).transpose()?;
    let mut columns = columns(args)?;
    let interrupt = Interrupt::hear();
    if !measure::all(&mut columns, args.warm_up, args.runs, interrupt.signal(), console) {
        console.remark("stopped by Ctrl-C: nothing is reported, and nothing is saved");
        return Ok(Status::INTERRUPTED);
    }
    let figures = Figures::of(&columns, args.runs)?;
    let compared = baseline.map(|baseline| baseline.compare(&figures, args.threshold)).transpose()?;
    match args.output {
        Output::Json => console.line(serde_json::to_string_pretty(&figures).unwrap_or_default()),
        Output::Text => table::print(&figures, console),
    }
    if let Some(path) = &args.save {
        let text = serde_json::to_string_pretty(&figures).unwrap_or_default();
        files::write(path, format!("{text}\n").as_bytes())?;
    }
    let mut status = if figures.all_end_alike() { Status::DONE } else { Status::FAILED };
    for line in compared.iter().flatten() {
        console.remark(&line.text);
        if line.is_slower {
            status = Status::FAILED;
        }
    }
    Ok(status)
}

/// Every subject on every engine. Each has a machine of its own: none profits from another's work.
fn columns(args: &Args) -> Result<Vec<Column>, Failure> {
    let default = [Engine::default()];
    let engines = if args.engines.is_empty() { &default } else { args.engines.as_slice() };
    let mut columns = Vec::new();
    for subject in &args.subjects {
        let (request, modules) = subject::load(subject, args)?;
        for engine in engines {
            let machine = engine.machine(Metering::On)?;
            let name = format!("{subject} on {}", machine.identity().name);
            columns.push(Column::new(name, request.clone(), modules.clone(), machine));
        }
    }
    Ok(columns)
}
