//! `cargo xtask bench --machines`: the same guest and input on each machine and on plain wasmtime with its own
//! WASI, in one process.
//!
//! Refuses to judge, as the other figures: the factors stand beside them.

use crate::bench::{Figure, table};
use crate::console::{heading, say};
use crate::process::cargo;
use crate::project::Project;

/// A cargo workspace of its own: what it compares with is linked by nothing else.
const MANIFEST: &str = "desktop/wasmtime/bench/Cargo.toml";

/// What the others are held against.
const PLAIN: &str = "wasmtime plain";

/// Builds, measures and prints.
///
/// # Errors
/// When something does not build or run.
pub(super) fn run(project: &Project) -> Result<(), String> {
    heading("machines");
    let text = cargo()
        .args(["run", "--quiet", "--release", "--manifest-path", MANIFEST])
        .args(["--target-dir".as_ref(), project.target.join("bench-machines").as_os_str()])
        .dir(&project.root)
        .output()?;
    let figures: Vec<Figure> = serde_json::from_str(&text)
        .map_err(|error| format!("the machines' figures are not as expected: {error}"))?;
    heading("medians in milliseconds");
    table(&figures).iter().for_each(|line| say(line));
    heading(&format!("times {PLAIN}"));
    table(&factors(&figures)).iter().for_each(|line| say(line));
    Ok(())
}

/// Each figure by how much it is above plain wasmtime's of the same name.
fn factors(figures: &[Figure]) -> Vec<Figure> {
    let plain = |name: &str| figures.iter().find(|figure| figure.name == name && figure.machine == PLAIN);
    let factor = |figure: &Figure| {
        let millis = figure.millis / plain(&figure.name)?.millis;
        Some(Figure { millis, ..figure.clone() })
    };
    figures.iter().filter_map(factor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_of_the_same_name() {
        let figure =
            |name: &str, machine: &str, millis| Figure { name: name.into(), machine: machine.into(), millis };
        let figures = [figure("a", "wasmi", 30.0), figure("a", PLAIN, 10.0), figure("b", "wasmi", 1.0)];
        assert_eq!(factors(&figures), [figure("a", "wasmi", 3.0), figure("a", PLAIN, 1.0)]);
    }
}
