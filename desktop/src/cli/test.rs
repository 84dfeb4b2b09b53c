//! `drydock test`: the cases of workspaces, on one machine or on several that must agree.
//!
//! It writes nothing, and passes over nothing: a workspace that cannot be read, and a test that checks nothing,
//! end with a status of their own.

mod agree;
mod find;
mod json;
mod junit;
mod matrix;

use std::path::PathBuf;
use std::time::Instant;

use engine::machine::Machine;
use engine::report::Limit;
use engine::workspace::case::Case;

use super::limits::Limits;
use super::{Console, Status};
use crate::Failure;
use crate::interrupt::Interrupt;
use crate::load::{self, Loaded};
use crate::machines::{Engine, Metering};
use crate::runner::{self, StopSignal};

/// Run the cases of workspaces and print which hold
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Workspace files, folders that are searched for drydock.yaml, or share links
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// What executes the guests; given several times, all must give the same
    #[arg(long = "engine", value_enum, value_name = "NAME")]
    engines: Vec<Engine>,
    /// Only cases whose workspace's path or whose own name holds this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// The folder of the examples' built guests [default: `built` beside an example's folder]
    #[arg(long, value_name = "DIR")]
    guests: Option<PathBuf>,
    /// A matrix for people, JSON, or JUnit's XML for CI
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
    Junit,
}

const EXAMPLES: &str = "\
Examples:
  drydock test .                                    all workspaces below this folder
  drydock test --engine wasmtime --engine wasmi .   the same on two engines, which must agree
  drydock test -o junit . >report.xml               for CI

Folders are searched in the order of their names, without hidden ones, `target` and `node_modules`;
symbolic links are not followed.

Exit status: 0 all hold, 1 some case falls short, 2 a workspace cannot be read or there is no case.";

/// What became of one workspace.
struct Checked {
    /// Its path, or `the link`.
    name: String,
    /// Its cases, or why it could not be read.
    cases: Result<Vec<CaseResult>, Failure>,
}

/// What became of one case.
struct CaseResult {
    name: String,
    /// On each engine, in the order in which they were named.
    runs: Vec<CaseRun>,
    /// Where the engines disagree, a sentence each.
    disagreements: Vec<String>,
}

/// One case on one engine.
struct CaseRun {
    engine: String,
    millis: f64,
    /// What it falls short of, a sentence each.
    shortfalls: Vec<String>,
}

impl CaseResult {
    fn holds(&self) -> bool {
        self.disagreements.is_empty() && self.runs.iter().all(|run| run.shortfalls.is_empty())
    }

    /// Everything that is wrong, with the engine in front where there are several.
    fn sentences(&self) -> Vec<String> {
        let several = self.runs.len() > 1;
        let named = |run: &CaseRun, text: &String| match several {
            true => format!("{}: {text}", run.engine),
            false => text.clone(),
        };
        let shortfalls =
            self.runs.iter().flat_map(|run| run.shortfalls.iter().map(move |text| named(run, text)));
        shortfalls.chain(self.disagreements.iter().cloned()).collect()
    }
}

/// Everything that was checked.
struct Tested {
    workspaces: Vec<Checked>,
    engines: Vec<String>,
    seconds: f64,
}

impl Tested {
    fn cases(&self) -> impl Iterator<Item = &CaseResult> {
        self.workspaces.iter().filter_map(|checked| checked.cases.as_ref().ok()).flatten()
    }

    fn shortfalls(&self) -> usize {
        self.cases().filter(|case| !case.holds()).count()
    }

    fn unreadable(&self) -> usize {
        self.workspaces.iter().filter(|checked| checked.cases.is_err()).count()
    }

    fn status(&self) -> Status {
        match (self.unreadable(), self.shortfalls()) {
            (0, 0) => Status::DONE,
            (0, _) => Status::FAILED,
            _ => Status::UNUSABLE,
        }
    }
}

/// What all workspaces are checked with.
struct Tester<'a> {
    args: &'a Args,
    machines: Vec<Box<dyn Machine>>,
    stop: &'a StopSignal,
    console: &'a mut Console,
    done: usize,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let began = Instant::now();
    let interrupt = Interrupt::hear();
    let machines = machines(&args.engines)?;
    let engines = machines.iter().map(|machine| machine.identity().name).collect();
    let mut tester = Tester { args, machines, stop: interrupt.signal(), console, done: 0 };
    let mut workspaces = Vec::new();
    for found in find::workspaces(&args.paths) {
        workspaces.extend(tester.check(found));
        if tester.stop.is_stopped() {
            let done = engine::words::count(tester.done as u64, "case");
            tester.console.remark(format!("stopped by Ctrl-C after {done}: nothing is reported"));
            return Ok(Status::INTERRUPTED);
        }
    }
    let tested = Tested { workspaces, engines, seconds: began.elapsed().as_secs_f64() };
    if tested.workspaces.is_empty() {
        return Err(nothing(args.filter.as_deref()));
    }
    match args.output {
        Output::Text => matrix::print(&tested, console),
        Output::Json => console.line(json::write(&tested)),
        Output::Junit => console.text(junit::write(&tested)),
    }
    Ok(tested.status())
}

/// A machine for each engine: compiled modules are kept from case to case.
fn machines(wanted: &[Engine]) -> Result<Vec<Box<dyn Machine>>, Failure> {
    let default = [Engine::default()];
    let wanted = if wanted.is_empty() { &default } else { wanted };
    let mut once: Vec<Engine> = Vec::new();
    for engine in wanted {
        if !once.contains(engine) {
            once.push(*engine);
        }
    }
    once.into_iter().map(|engine| engine.machine(Metering::On)).collect()
}

fn nothing(filter: Option<&str>) -> Failure {
    match filter {
        None => Failure::new("there is no case here to run")
            .with_hint("add `cases` to a workspace: docs/report.md says how"),
        Some(filter) => Failure::new(format!("no workspace and no case is called `{filter}`"))
            .with_hint("choose another --filter"),
    }
}

impl Tester<'_> {
    /// Checks one workspace; none where the filter leaves nothing of it.
    fn check(&mut self, found: Result<String, Failure>) -> Option<Checked> {
        let path = match found {
            Ok(path) => path,
            Err(failure) => return Some(Checked { name: failure.message.clone(), cases: Err(failure) }),
        };
        let read = match load::read(&path) {
            Ok(read) => read,
            Err(failure) => return Some(Checked { name: path, cases: Err(failure) }),
        };
        let name = read.name.clone();
        let filter = self.args.filter.as_deref().unwrap_or_default();
        let is_wanted = |case: &&Case| name.contains(filter) || case.name.contains(filter);
        let wanted: Vec<Case> = read.workspace.cases.iter().filter(is_wanted).cloned().collect();
        if wanted.is_empty() {
            return None;
        }
        let cases = read.load(self.args.guests.as_deref());
        let cases = cases.map(|loaded| wanted.iter().map_while(|case| self.case(&loaded, case)).collect());
        Some(Checked { name, cases })
    }

    /// Runs one case; none once Stop was heard.
    fn case(&mut self, loaded: &Loaded, case: &Case) -> Option<CaseResult> {
        let workspace = match case.change.apply(&loaded.workspace) {
            Ok(workspace) => workspace,
            Err(sentence) => return Some(self.unchanged(case, &sentence)),
        };
        let said = format!("{} cases done; {}: {}", self.done, loaded.name, case.name);
        let mut runs = Vec::new();
        let mut reports = Vec::new();
        for machine in &self.machines {
            self.console.progress(&said);
            let request = self.args.limits.request(&workspace);
            let report = runner::run(&request, &loaded.modules, machine.as_ref(), self.stop, |_| {
                self.console.progress(&said);
            });
            if report.outcome.limit == Some(Limit::Person) {
                return None;
            }
            let shortfalls = case.expect.shortfalls(&report);
            runs.push(CaseRun { engine: machine.identity().name, millis: report.millis, shortfalls });
            reports.push(report);
        }
        self.done += 1;
        Some(CaseResult { name: case.name.clone(), runs, disagreements: agree::differences(&reports) })
    }

    /// A case that changes what is not there: it falls short on every engine.
    fn unchanged(&self, case: &Case, sentence: &str) -> CaseResult {
        let engines = self.machines.iter().map(|machine| machine.identity().name);
        let runs = engines
            .map(|engine| CaseRun { engine, millis: 0.0, shortfalls: vec![sentence.to_owned()] })
            .collect();
        CaseResult { name: case.name.clone(), runs, disagreements: Vec::new() }
    }
}
