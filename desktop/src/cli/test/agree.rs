//! Whether engines gave the same: everything of a report but what each engine measures in its own way.
//!
//! It compares no fuel, memory or time.

use engine::report::{OutcomeKind, Report, StepReport};

/// Where reports of one run on several engines differ from the first, a sentence each.
pub(super) fn differences(reports: &[Report]) -> Vec<String> {
    let Some((first, others)) = reports.split_first() else { return Vec::new() };
    others.iter().flat_map(|other| between(first, other)).collect()
}

fn between(one: &Report, other: &Report) -> Vec<String> {
    let (a, b) = (&one.outcome, &other.outcome);
    // What was done until a limit struck is each engine's own.
    if a.kind == OutcomeKind::Stopped && b.kind == OutcomeKind::Stopped && a.limit == b.limit {
        return Vec::new();
    }
    let names = format!("{} and {} disagree", one.machine.name, other.machine.name);
    let mut found = Vec::new();
    if a != b {
        found.push(format!(
            "{names} on the outcome: {:?}: {} | {:?}: {}",
            a.kind, a.message, b.kind, b.message
        ));
    }
    if one.files != other.files {
        found.push(format!("{names} on the files"));
    }
    for (index, step) in one.steps.iter().enumerate() {
        let differs = other.steps.get(index).is_none_or(|there| essence(step) != essence(there));
        if differs {
            found.push(format!("{names} on what step `{}` did", step.name));
        }
    }
    found
}

/// A step without what is measured.
fn essence(step: &StepReport) -> StepReport {
    StepReport { fuel: 0, memory_bytes: 0, millis: 0.0, ..step.clone() }
}
