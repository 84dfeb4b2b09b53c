//! The matrix for people: a line for each case, a column for each engine, and the reasons under what falls short.
//!
//! Signs stand beside words, so that a pipe without colours and fonts says the same.

use engine::visible::visible;
use engine::words;

use super::{CaseResult, CaseRun, Checked, Tested};
use crate::cli::Console;
use crate::cli::console::{tone, toned};

/// Room for `fails 86400 ms`.
const COLUMN: usize = 14;

pub(super) fn print(tested: &Tested, console: &mut Console) {
    for checked in &tested.workspaces {
        workspace(checked, &tested.engines, console);
    }
    console.line(summary(tested));
}

fn workspace(checked: &Checked, engines: &[String], console: &mut Console) {
    console.line(toned(tone::HEAD, visible(&checked.name)));
    match &checked.cases {
        Err(failure) => {
            console.line(format!(
                "  {} {}",
                toned(tone::BAD, "✗ cannot be read:"),
                visible(&failure.message)
            ));
            if let Some(hint) = &failure.hint {
                console.line(format!("      {hint}"));
            }
        }
        Ok(cases) => {
            if engines.len() > 1 {
                console.line(toned(tone::QUIET, format!("  {}", head(engines).trim_end())));
            }
            cases.iter().for_each(|result| case(result, console));
        }
    }
    console.line("");
}

fn head(engines: &[String]) -> String {
    engines.iter().map(|name| format!("{name:<width$}", width = COLUMN + 4)).collect()
}

fn case(result: &CaseResult, console: &mut Console) {
    let cells: String = result.runs.iter().map(cell).collect();
    console.line(format!("  {cells}{}", visible(&result.name)));
    for sentence in result.sentences() {
        for line in visible(&sentence).lines() {
            console.line(format!("      {line}"));
        }
    }
}

fn cell(run: &CaseRun) -> String {
    let (sign, word, tone) = match run.shortfalls.is_empty() {
        true => ("✓", "holds", tone::GOOD),
        false => ("✗", "fails", tone::BAD),
    };
    let text = format!("{word} {:>5.0} ms", run.millis);
    format!("{} {text:<COLUMN$}  ", toned(tone, sign))
}

fn summary(tested: &Tested) -> String {
    let (cases, short, unreadable) = (tested.cases().count(), tested.shortfalls(), tested.unreadable());
    let readable = count(tested.workspaces.len() - unreadable, "workspace");
    let place = format!("{} of {readable} on {}", count(cases, "case"), tested.engines.join(" and "));
    let ran = match short {
        _ if cases == 0 => "no case was run".to_owned(),
        0 => format!("{place} {}", if cases == 1 { "holds" } else { "hold" }),
        short => format!("{short} of {place} {} short", if short == 1 { "falls" } else { "fall" }),
    };
    let unread = match unreadable {
        0 => String::new(),
        many => format!("; {} cannot be read", count(many, "workspace")),
    };
    let tone = if short + unreadable == 0 { tone::GOOD } else { tone::BAD };
    format!("{} in {:.1} s", toned(tone, format!("{ran}{unread}")), tested.seconds)
}

fn count(number: usize, noun: &str) -> String {
    words::count(number as u64, noun)
}
