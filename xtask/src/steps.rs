//! Runs a list of steps: all that still make sense, timed, with a table at the end.
//!
//! Refuses to stop at the first failure: a step is left out only when one that it needs did not pass.

use std::time::{Duration, Instant};

use crate::console::{say, spell};
use crate::project::Project;

/// One thing that can fail.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// What the table and the filter call it.
    pub(crate) name: &'static str,
    /// Steps that must have passed before, when they are in the list.
    pub(crate) needs: &'static [&'static str],
    /// Does it.
    pub(crate) run: fn(&Project) -> Result<(), String>,
}

/// How a step ended.
#[derive(Debug, PartialEq)]
enum End {
    Passed,
    Failed(String),
    Skipped(String),
}

struct Row {
    name: &'static str,
    took: Duration,
    end: End,
}

/// The steps whose name contains `filter`, with all that they need, in the order of the list.
pub(crate) fn select(steps: &[Step], filter: &str) -> Vec<Step> {
    let mut wanted: Vec<&str> =
        steps.iter().map(|step| step.name).filter(|name| name.contains(filter)).collect();
    // What a step needs stands before it, so one walk from the end collects everything.
    for step in steps.iter().rev() {
        if wanted.contains(&step.name) {
            wanted.extend(step.needs);
        }
    }
    steps.iter().filter(|step| wanted.contains(&step.name)).copied().collect()
}

/// Runs the steps and prints the table.
///
/// # Errors
/// Names the steps that failed.
pub(crate) fn run_all(project: &Project, steps: &[Step]) -> Result<(), String> {
    let rows = run_each(project, steps, &say);
    say(&table(&rows));
    verdict(&rows)
}

fn run_each(project: &Project, steps: &[Step], say: &dyn Fn(&str)) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for step in steps {
        say(&format!("\n== {}", step.name));
        let begin = Instant::now();
        let end = match missing(step, &rows) {
            Some(needed) => End::Skipped(format!("needs `{needed}`")),
            None => match (step.run)(project) {
                Ok(()) => End::Passed,
                Err(message) => End::Failed(message),
            },
        };
        let took = begin.elapsed();
        match &end {
            End::Passed => say(&format!("   ok, {}", spell(took))),
            End::Failed(message) => say(&format!("   FAILED after {}: {message}", spell(took))),
            End::Skipped(why) => say(&format!("   skipped: {why}")),
        }
        rows.push(Row { name: step.name, took, end });
    }
    rows
}

fn missing(step: &Step, rows: &[Row]) -> Option<&'static str> {
    let passed = |name: &str| rows.iter().all(|row| row.name != name || row.end == End::Passed);
    step.needs.iter().find(|name| !passed(name)).copied()
}

fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let mut text = String::from("\n");
    for Row { name, took, end } in rows {
        let end = match end {
            End::Passed => "ok".to_owned(),
            End::Failed(message) => format!("FAILED: {}", message.lines().next().unwrap_or_default()),
            End::Skipped(why) => format!("skipped: {why}"),
        };
        text.push_str(&format!("  {name:<width$}  {:>12}  {end}\n", spell(*took)));
    }
    let total = rows.iter().map(|row| row.took).sum();
    text.push_str(&format!("  {:<width$}  {:>12}", "all", spell(total)));
    text
}

fn verdict(rows: &[Row]) -> Result<(), String> {
    let failed: Vec<_> =
        rows.iter().filter(|row| matches!(row.end, End::Failed(_))).map(|row| row.name).collect();
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(_: &Project) -> Result<(), String> {
        Ok(())
    }

    fn fail(_: &Project) -> Result<(), String> {
        Err("it broke\nin detail".into())
    }

    const STEPS: &[Step] = &[
        Step { name: "lint", needs: &[], run: fail },
        Step { name: "build", needs: &[], run: fail },
        Step { name: "site", needs: &["build"], run: pass },
        Step { name: "journeys", needs: &["site"], run: pass },
        Step { name: "other", needs: &[], run: pass },
    ];

    fn names(steps: &[Step]) -> Vec<&str> {
        steps.iter().map(|step| step.name).collect()
    }

    #[test]
    fn a_filter_keeps_what_is_needed() {
        assert_eq!(names(&select(STEPS, "journ")), ["build", "site", "journeys"]);
        assert_eq!(names(&select(STEPS, "")), names(STEPS));
        assert!(select(STEPS, "nothing").is_empty());
    }

    #[test]
    fn dependents_of_a_failure_are_skipped_and_the_rest_runs() {
        let project = Project { root: ".".into(), target: "target".into() };
        let rows = run_each(&project, STEPS, &|_| ());
        let ends: Vec<_> = rows.iter().map(|row| &row.end).collect();
        let broke = End::Failed("it broke\nin detail".into());
        let skipped = |needed: &str| End::Skipped(format!("needs `{needed}`"));
        assert_eq!(ends, [&broke, &broke, &skipped("build"), &skipped("site"), &End::Passed]);
        assert_eq!(verdict(&rows).unwrap_err(), "failed: lint, build");
    }

    #[test]
    fn the_table_says_why() {
        let rows = [
            Row {
                name: "lint",
                took: Duration::from_secs(70),
                end: End::Failed("it broke\nin detail".into()),
            },
            Row { name: "site", took: Duration::ZERO, end: End::Skipped("needs `build`".into()) },
        ];
        assert_eq!(
            table(&rows),
            "\n  lint    1 min 10 s  FAILED: it broke\n  site         0.0 s  skipped: needs `build`\n  all     1 min 10 s"
        );
    }
}
