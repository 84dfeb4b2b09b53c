//! Reports as text for people: the verdict in words first, then results, changes, logs and cost.
//!
//! What a guest printed is made visible: it moves no cursor and colours nothing.

use engine::report::{
    FieldChange, FileReport, FileState, KrmResult, Outcome, OutcomeKind, Report, ResourceRef, Severity,
    StepReport, StepState,
};
use engine::visible::{bytes, fuel, sentence, visible};
use engine::words;

use super::Console;
use super::console::{tone, toned};
use super::limits::option_of;

/// How many changes are printed; the report holds more.
const MAX_CHANGES: usize = 200;

/// A report as JSON.
pub(super) fn json<T: serde::Serialize>(value: &T) -> String {
    // Every value of the contract is a JSON value: strings, numbers, lists and maps with string keys.
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// The word before what is said beside the product.
pub(super) fn note() -> String {
    toned(tone::WARN, "note:")
}

/// Everything about a pipeline's run.
pub(super) fn pipeline(report: &Report, console: &mut Console) {
    verdict_above(&report.outcome, console);
    for (index, step) in report.steps.iter().enumerate() {
        self::step(index, step, console);
    }
    files(&report.files, console);
    console.line("");
    cost(report, console);
}

/// What a run cost.
pub(super) fn cost(report: &Report, console: &mut Console) {
    let machine = &report.machine;
    let fuel =
        if report.fuel_counted { format!("{} fuel", fuel(report.fuel)) } else { "fuel not counted".into() };
    let cost = format!(
        "{} {}, {fuel}, {} of memory, {:.0} ms",
        machine.name,
        machine.version,
        bytes(report.memory_bytes),
        report.millis
    );
    console.line(toned(tone::QUIET, cost));
}

/// The verdict, above all that is said of a run.
pub(super) fn verdict_above(outcome: &Outcome, console: &mut Console) {
    for line in verdict(outcome) {
        console.line(line);
    }
}

/// The verdict on stderr, where stdout is for the product.
pub(super) fn verdict_beside(outcome: &Outcome, console: &mut Console) {
    for line in verdict(outcome) {
        console.remark(line);
    }
}

/// The verdict, and the way out.
fn verdict(outcome: &Outcome) -> Vec<String> {
    let (tone, word) = match outcome.kind {
        OutcomeKind::Finished => (tone::GOOD, "Finished"),
        OutcomeKind::Allowed => (tone::GOOD, "Allowed"),
        OutcomeKind::Denied => (tone::BAD, "Denied"),
        OutcomeKind::Failed | OutcomeKind::Exited => (tone::BAD, "Failed"),
        OutcomeKind::Trapped => (tone::BAD, "Trapped"),
        OutcomeKind::Stopped => (tone::WARN, "Stopped"),
        OutcomeKind::Malformed => (tone::BAD, "Malformed answer"),
        OutcomeKind::Invalid => (tone::BAD, "Could not run"),
        OutcomeKind::Internal => (tone::BAD, "Defect of the host"),
    };
    let mut lines = vec![format!("{} {}", toned(tone, format!("{word}:")), sentence(&outcome.message))];
    lines.extend(way_out(outcome).map(|hint| format!("{} {}", toned(tone::GOOD, "help:"), sentence(&hint))));
    lines
}

/// The engine names the budget's field; here an option sets it.
fn way_out(outcome: &Outcome) -> Option<String> {
    let hint = outcome.hint.clone()?;
    match outcome.limit.and_then(option_of) {
        Some(option) => Some(format!("{hint} with {option}")),
        None => Some(hint),
    }
}

fn step(index: usize, step: &StepReport, console: &mut Console) {
    let state = match step.state {
        StepState::Done => "",
        StepState::Failed => ", failed",
        StepState::Off => ", switched off",
        StepState::NotReached => ", not reached",
    };
    console.line("");
    let title = format!("Step {}, {}{state}", index + 1, visible(&step.name));
    console.line(toned(tone::HEAD, title));
    for result in &step.results {
        console.line(format!("  {}", self::result(result)));
    }
    for note in &step.notes {
        console.line(format!("  {} {}", self::note(), visible(note)));
    }
    changes(step, console);
    log("stderr", &step.stderr, console);
    if step.stderr_dropped > 0 {
        let dropped = words::count(step.stderr_dropped, "more byte");
        console.line(toned(
            tone::QUIET,
            format!("  {dropped} of stderr were dropped at the limit that --stderr sets"),
        ));
    }
    log("stdout", &step.stdout, console);
}

fn result(result: &KrmResult) -> String {
    let severity = match result.severity {
        Severity::Error => toned(tone::BAD, "error"),
        Severity::Warning => toned(tone::WARN, "warning"),
        Severity::Info => toned(tone::QUIET, "info"),
    };
    let place = result.place.as_ref().filter(|place| !place.file.is_empty()).map(|place| match place.line {
        0 => visible(&place.file),
        line => format!("{}:{line}", visible(&place.file)),
    });
    let field = Some(visible(&result.field)).filter(|field| !field.is_empty());
    let subject: Vec<String> =
        [place, result.resource.as_ref().map(title), field].into_iter().flatten().collect();
    let subject = if subject.is_empty() { String::new() } else { format!(" {}", subject.join(", ")) };
    format!("{severity}{subject}: {}", visible(&result.message))
}

fn changes(step: &StepReport, console: &mut Console) {
    let mut above = None;
    for change in step.changes.iter().take(MAX_CHANGES) {
        let here = (&change.file, &change.resource);
        if above != Some(here) {
            above = Some(here);
            console.line(format!("  {}: {}", visible(&change.file), title(&change.resource)));
        }
        console.line(format!("    {}", self::change(change)));
    }
    let shown = step.changes.len().min(MAX_CHANGES) as u64;
    let more = step.change_count.saturating_sub(shown);
    if more > 0 {
        console.line(toned(tone::QUIET, format!("    and {}", words::count(more, "more change"))));
    }
}

fn change(change: &FieldChange) -> String {
    let path = if change.path.is_empty() { "(all of it)".to_owned() } else { visible(&change.path) };
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            format!("{} {path}: {} → {}", toned(tone::WARN, "~"), visible(before), visible(after))
        }
        (None, Some(after)) => format!("{} {path}: {}", toned(tone::GOOD, "+"), visible(after)),
        (Some(before), None) => format!("{} {path}: {}", toned(tone::BAD, "-"), visible(before)),
        (None, None) => path,
    }
}

fn log(name: &str, text: &str, console: &mut Console) {
    if text.is_empty() {
        return;
    }
    console.line(toned(tone::QUIET, format!("  {name}:")));
    for line in visible(text.trim_end_matches('\n')).lines() {
        console.line(format!("    {line}"));
    }
}

fn files(files: &[FileReport], console: &mut Console) {
    let changed = files.iter().filter(|file| file.state != FileState::Unchanged);
    let named = changed.map(|file| match file.state {
        FileState::Added => format!("  {} {}", toned(tone::GOOD, "added  "), visible(&file.path)),
        FileState::Removed => format!("  {} {}", toned(tone::BAD, "removed"), visible(&file.path)),
        _ => format!("  {} {}", toned(tone::WARN, "changed"), visible(&file.path)),
    });
    for (index, line) in named.enumerate() {
        if index == 0 {
            console.line("");
            console.line(toned(tone::HEAD, "Files"));
        }
        console.line(line);
    }
}

fn title(resource: &ResourceRef) -> String {
    let namespace = match resource.namespace.as_str() {
        "" => String::new(),
        namespace => format!(" in {}", visible(namespace)),
    };
    format!("{} {}{namespace}", visible(&resource.kind), visible(&resource.name))
}
