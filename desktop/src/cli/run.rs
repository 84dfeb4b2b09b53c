//! `drydock run`: a module, a plugin's package, a workspace or a link, run once.
//!
//! It reads and writes nothing that it was not told to, and refuses an option that the thing it runs has no use
//! for: nothing that was asked for is passed over in silence.

pub(super) mod command;
pub(super) mod dashboard;
mod function;
mod pipeline;
mod service;

use std::path::{Path, PathBuf};

use engine::abi::{Abi, krm};
use engine::module::Module;
use engine::report::Report;
use engine::request::{DashboardRequest, RunRequest};
use engine::run::Modules;
use engine::workspace::wish::Wish;

use super::execution::Execution;
use super::limits::Means;
use super::{Console, Status, input};
use crate::{Failure, load, modules};

/// Run a module, a plugin's package, a workspace or a link
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// A module (.wasm or .wat), a dashboard plugin's package (.tar.gz), a workspace (drydock.yaml, or a folder that has one), or a share link
    file: String,
    /// A program's stdin, a function's manifests or ResourceList, or what the cluster of a package's plugin holds; `-` for stdin
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// A function's functionConfig, instead of the one in a ResourceList
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// What a dashboard plugin is asked, several times if need be; in place of what its workspace asks
    #[arg(long = "request", value_name = "METHOD PATH [BODY]", value_parser = dashboard::request)]
    requests: Vec<DashboardRequest>,
    /// How the module is spoken to, where detection is not wanted
    #[arg(long, value_enum, value_name = "NAME")]
    abi: Option<Speaks>,
    /// A program's environment variable
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    env: Vec<(String, String)>,
    /// A folder that is copied into a program's files, under a name of its own or as it is typed
    #[arg(long, value_name = "HOST[::GUEST]")]
    dir: Vec<String>,
    /// Write back what the program changed in its folders, once it has come to its end
    #[arg(long, requires = "dir")]
    write_back: bool,
    /// Where a workspace's `example` modules lie [default: `built` beside the workspace's folder]
    #[arg(long, value_name = "DIR")]
    guests: Option<PathBuf>,
    /// For people; the product itself; or the whole report
    #[arg(short, long, value_enum, value_name = "FORM")]
    output: Option<Output>,
    #[command(flatten)]
    means: Means,
    /// A program's arguments
    #[arg(last = true)]
    args: Vec<String>,
}

/// The ABIs that run, by the names that are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Speaks {
    /// A KRM function: a ResourceList on stdin and stdout.
    Krm,
    /// Any WASI program.
    Wasi,
}

/// How the outcome is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    /// Verdict, results, changes and logs; of a program its own output.
    Text,
    /// The product: a ResourceList, or a program's stdout as it is.
    Yaml,
    /// The report: `docs/report.md` says what it holds.
    Json,
}

const EXAMPLES: &str = "\
Examples:
  drydock run examples/set-an-image
  drydock run set-namespace.wasm --input web.yaml --config config.yaml
  kpt fn source DIR | drydock run fn.wasm --input - -o yaml | kpt fn sink OUT
  drydock run tool.wasm --dir data::/ --write-back --env LANG=C -- --verbose in.txt
  drydock run hello.tar.gz --request 'GET /status' --request 'POST /read [1,2]' --input cluster.yaml
  drydock run 'https://…/#v1.…'

A module is run as a KRM function when it is a WASI program whose code names `ResourceList`, or when
--config is given; any other WASI program is run as a program.

Exit status of a program: its own; 134 when it trapped, 124 when a limit stopped it, 130 after Ctrl-C, and 2
when it could not run. A status above 255 keeps its last 8 bits, but never becomes 0.";

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let path = Path::new(&args.file);
    if load::fragment(&args.file).is_some() || path.is_dir() || is_workspace(path) {
        return pipeline::run(args, console);
    }
    if dashboard::is_package(path) {
        return dashboard::run(args, path, console);
    }
    if args.guests.is_some() {
        return Err(useless("--guests", "a workspace"));
    }
    args.refuse_requests()?;
    let module = modules::read(path)?;
    match args.speaks(&module)? {
        Speaks::Krm => function::run(args, module, console),
        Speaks::Wasi => command::run(args, module, console),
    }
}

fn is_workspace(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "yaml" || end == "yml")
}

impl Args {
    /// How the module is spoken to.
    fn speaks(&self, module: &Module) -> Result<Speaks, Failure> {
        if let Some(speaks) = self.abi {
            return Ok(speaks);
        }
        let detected = &module.info.abi;
        match detected.abi {
            Abi::Wasi if self.config.is_some() || krm::is_named_in(&module.bytes) => Ok(Speaks::Krm),
            // What is unknown runs as a program, which says what it lacks.
            Abi::Wasi | Abi::Unknown => Ok(Speaks::Wasi),
            abi => {
                let name = &self.file;
                let evidence = detected.evidence.join("; ");
                let why = match abi {
                    Abi::Kubestellar => "which does not run without its manifest",
                    _ => "which this build does not run yet",
                };
                let message = format!("`{name}` is a {}, {why}: it {evidence}", abi.title());
                let is_start = |name: &str| name == "_start";
                let failure = Failure::new(message);
                if abi == Abi::Kubestellar {
                    return Err(failure.with_hint(
                        "run its package (.tar.gz), or a workspace with the module and the manifest",
                    ));
                }
                match module.info.exports.iter().any(|export| is_start(&export.name)) {
                    true => Err(failure.with_hint("`--abi wasi` runs it as a plain program")),
                    false => Err(failure),
                }
            }
        }
    }

    /// Refuses requests where nobody answers any.
    fn refuse_requests(&self) -> Result<(), Failure> {
        match self.requests.is_empty() {
            true => Ok(()),
            false => Err(useless("--request", "a dashboard plugin")),
        }
    }

    /// Refuses the options that only a program has a use for.
    fn refuse_program_options(&self, what: &str) -> Result<(), Failure> {
        let given = [
            ("--env", !self.env.is_empty()),
            ("--dir", !self.dir.is_empty()),
            ("arguments after `--`", !self.args.is_empty()),
        ];
        match given.into_iter().find(|(_, is_given)| *is_given) {
            None => Ok(()),
            Some((option, _)) => Err(useless(option, "a WASI program").with_hint(format!(
                "{what} gets none of it; a module that is a program is run with `--abi wasi`"
            ))),
        }
    }

    /// Runs a request, and gives its report. `wish` is what its workspace asks for, where it has one.
    fn run(
        &self,
        request: &RunRequest,
        wish: Wish,
        modules: &Modules,
        console: &mut Console,
    ) -> Result<Report, Failure> {
        let Means { engine, limits } = self.means;
        Ok(Execution::begin(engine, limits.metering(wish))?.run(request, modules, console))
    }
}

/// An option that the thing that runs has no use for.
fn useless(option: &str, what: &str) -> Failure {
    Failure::new(format!("{option} is for {what} only"))
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !text.contains('\0') => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("give it as NAME=VALUE".into()),
    }
}
