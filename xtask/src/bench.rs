//! `cargo xtask bench`: what a run costs natively, in the page, and on the browser's own engine, side by side.
//!
//! Refuses to judge: figures depend on the machine and on what else it does, so nothing fails by them.

mod cli;
mod machines;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::console::{heading, say};
use crate::process::cargo;
use crate::project::Project;
use crate::tools::{chromium, node};
use crate::{examples, site};

/// Where the page's benchmark is.
const PAGE: &str = "e2e";

/// What the native figures are called; the page's use the names of [`Figure::machine`].
const NATIVE: &str = "wasmi native";

/// What is put behind the machine's name where the page was built without tail calls.
const LOOP: &str = ", loop";

/// The benchmarks of `engine/benches`, in the order they are shown.
const BENCHMARKS: &[&str] = &[
    "guest set-namespace",
    "guest sieve",
    "pipeline set-namespace",
    "policy no-token-mount",
    "prepare starlark",
    "manifests parse",
    "manifests splice",
];

/// A median, as it is shown.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Figure {
    /// What was measured: a row.
    name: String,
    /// On what: a column.
    machine: String,
    millis: f64,
}

/// What follows the command's name.
#[derive(Debug, Default, PartialEq)]
struct Options {
    /// Only what needs no page.
    native: bool,
    /// Also the page whose interpreter dispatches by a loop.
    with_loop: bool,
    /// Only the command line, as whole processes.
    cli: bool,
    /// Only the machines, side by side with plain wasmtime.
    machines: bool,
}

/// Measures and prints.
///
/// # Errors
/// When something does not build or run.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<(), String> {
    let options = parse(arguments)?;
    heading("examples");
    examples::build(project)?;
    if options.cli {
        return cli::run(project);
    }
    if options.machines {
        return machines::run(project);
    }
    heading("native");
    let mut figures = native(project)?;
    if !options.native {
        heading("page");
        site::bundle_editor(project)?;
        site::build(project)?;
        figures.extend(page(project, project.path("dist"), "")?);
    }
    if options.with_loop {
        heading("page with the loop");
        let dist = project.target.join("loop/dist");
        build_loop(project, &dist)?;
        figures.extend(page(project, dist, LOOP)?);
    }
    heading("medians in milliseconds");
    table(&figures).iter().for_each(|line| say(line));
    Ok(())
}

/// Runs criterion and reads the medians that it leaves beside its reports.
fn native(project: &Project) -> Result<Vec<Figure>, String> {
    cargo()
        .args(["bench", "--quiet", "--package", "drydock-engine", "--bench", "engine"])
        .dir(&project.root)
        .run()?;
    let folder = project.target.join("criterion");
    BENCHMARKS
        .iter()
        .map(|name| {
            let path = folder.join(name).join("new/estimates.json");
            let text = std::fs::read_to_string(&path)
                .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
            Ok(Figure { name: (*name).into(), machine: NATIVE.into(), millis: median(&text)? })
        })
        .collect()
}

/// The median of criterion's estimates, which are in nanoseconds.
fn median(text: &str) -> Result<f64, String> {
    #[derive(Deserialize)]
    struct Estimates {
        median: Estimate,
    }
    #[derive(Deserialize)]
    struct Estimate {
        point_estimate: f64,
    }
    serde_json::from_str::<Estimates>(text)
        .map(|estimates| estimates.median.point_estimate / 1e6)
        .map_err(|error| format!("criterion's estimates are not as expected: {error}"))
}

/// Runs the page's benchmark on a built site. It prints its own findings, and leaves medians in the file that
/// `FIGURES` names: a JSON list of `name`, `machine` and `millis`.
fn page(project: &Project, dist: PathBuf, suffix: &str) -> Result<Vec<Figure>, String> {
    node::packages(project, PAGE, "they drive the browser")?;
    let browser = chromium::browser()?;
    let file = project.target.join("page-figures.json");
    // Those of an earlier run must not pass for this one's.
    let _ = std::fs::remove_file(&file);
    node::npm_command(project, PAGE, &["run", "--silent", "bench"])
        .env("CHROMIUM", browser)
        .env("SITE", dist)
        .env("FIGURES", &file)
        .run()?;
    let Ok(text) = std::fs::read_to_string(&file) else {
        say("   the page's benchmark left no medians to set beside the native ones");
        return Ok(Vec::new());
    };
    let mut figures: Vec<Figure> = serde_json::from_str(&text)
        .map_err(|error| format!("{} is not a list of figures: {error}", file.display()))?;
    figures.iter_mut().for_each(|figure| figure.machine.push_str(suffix));
    Ok(figures)
}

/// The page once more, without tail calls: wasmi then dispatches by a loop. Everything is compiled anew into a
/// folder of its own, so that the page's own build stays.
fn build_loop(project: &Project, dist: &std::path::Path) -> Result<(), String> {
    site::prepare(project)?;
    say("   building the page without tail calls; minutes from nothing");
    site::trunk(project)?
        .args(["build", "--release", "--offline", "--dist"])
        .args([dist])
        .env("CARGO_TARGET_DIR", project.target.join("loop"))
        .env("RUSTFLAGS", "-C target-feature=-tail-call")
        .run()
}

/// Rows by name, columns by machine, both in the order in which they come; `-` where nothing was measured.
fn table(figures: &[Figure]) -> Vec<String> {
    let mut rows: Vec<&str> = Vec::new();
    let mut columns: Vec<&str> = Vec::new();
    let mut cells = BTreeMap::new();
    for figure in figures {
        if !rows.contains(&figure.name.as_str()) {
            rows.push(&figure.name);
        }
        if !columns.contains(&figure.machine.as_str()) {
            columns.push(&figure.machine);
        }
        cells.insert((figure.name.as_str(), figure.machine.as_str()), figure.millis);
    }
    let head = columns.iter().map(|column| format!("{column:>26}")).collect::<String>();
    let mut lines = vec![format!("   {:<28}{head}", "")];
    for row in rows {
        let cell = |column: &&str| {
            let text = cells.get(&(row, *column)).map_or("-".to_owned(), |millis| format!("{millis:.1}"));
            format!("{text:>26}")
        };
        lines.push(format!("   {row:<28}{}", columns.iter().map(cell).collect::<String>()));
    }
    lines
}

fn parse(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    for argument in arguments {
        match argument.as_str() {
            "--native" => options.native = true,
            "--loop" => options.with_loop = true,
            "--cli" => options.cli = true,
            "--machines" => options.machines = true,
            other => {
                return Err(format!(
                    "`bench` does not know `{other}`: it takes --native, --loop, --cli and --machines"
                ));
            }
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() {
        let options = |line: &str| parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(options("").unwrap(), Options::default());
        let both = Options { native: true, with_loop: true, ..Options::default() };
        assert_eq!(options("--loop --native").unwrap(), both);
        assert_eq!(options("--cli").unwrap(), Options { cli: true, ..Options::default() });
        assert_eq!(options("--machines").unwrap(), Options { machines: true, ..Options::default() });
        assert!(options("--fast").is_err());
    }

    #[test]
    fn medians_are_read_from_criterion() {
        let text = r#"{"mean": {"point_estimate": 1.0}, "median": {"point_estimate": 24793951.8}}"#;
        assert!((median(text).unwrap() - 24.793_951_8).abs() < 1e-9);
        assert!(median("{}").is_err());
    }

    #[test]
    fn figures_stand_side_by_side() {
        let figure =
            |name: &str, machine: &str, millis| Figure { name: name.into(), machine: machine.into(), millis };
        let lines = table(&[figure("a", NATIVE, 1.26), figure("b", NATIVE, 2.0), figure("a", "own", 30.0)]);
        let words: Vec<Vec<&str>> = lines.iter().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(words, [vec!["wasmi", "native", "own"], vec!["a", "1.3", "30.0"], vec!["b", "2.0", "-"]]);
    }
}
