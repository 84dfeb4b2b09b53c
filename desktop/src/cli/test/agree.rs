//! Whether engines gave the same: everything of a report but what each engine measures in its own way.
//!
//! It compares no fuel, memory or time.

use engine::report::{CallReport, DashboardReport, HostCall, OutcomeKind, Report, StepReport};

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
    if one.command != other.command {
        found.push(format!("{names} on what the program did and printed"));
    }
    if asked(one) != asked(other) {
        found.push(format!("{names} on what the plugin asked its host for"));
    }
    if answered(one) != answered(other) {
        found.push(format!("{names} on what the plugin answered or stored"));
    }
    for (index, step) in one.steps.iter().enumerate() {
        let differs = other.steps.get(index).is_none_or(|there| essence(step) != essence(there));
        if differs {
            found.push(format!("{names} on what step `{}` did", step.name));
        }
    }
    if replies(one) != replies(other) {
        found.push(format!("{names} on what the service replied"));
    }
    found
}

/// What a plugin asked its host for, and what it was told, a line each.
fn asked(report: &Report) -> Vec<String> {
    report.plugin.iter().flat_map(|plugin| &plugin.calls).map(HostCall::line).collect()
}

/// What a dashboard plugin answered and stored, without what is measured.
fn answered(report: &Report) -> Option<DashboardReport> {
    let mut dashboard = report.plugin.as_ref()?.dashboard.as_deref()?.clone();
    for answer in &mut dashboard.answers {
        (answer.fuel, answer.millis) = (0, 0.0);
    }
    Some(dashboard)
}

/// The calls of a service without what is measured.
fn replies(report: &Report) -> Option<Vec<CallReport>> {
    let service = report.plugin.as_ref()?.service.as_ref()?;
    Some(service.calls.iter().map(|call| CallReport { fuel: 0, millis: 0.0, ..call.clone() }).collect())
}

/// A step without what is measured.
fn essence(step: &StepReport) -> StepReport {
    StepReport { fuel: 0, memory_bytes: 0, millis: 0.0, ..step.clone() }
}

#[cfg(test)]
mod tests {
    use engine::machine::wasmi::WasmiMachine;
    use engine::report::{AnswerReport, Limit};
    use engine::request::Budget;
    use engine::run::{Modules, Unhurried, run};
    use engine::workspace::Workspace;

    use super::*;

    /// A function that prints nothing, which no pipeline takes for an answer.
    const WORKSPACE: &str = "drydock: 1\nmodules: [{name: m, wat: ''}]\npipeline:\n  steps: [{module: m}]\n  \
                             files: [{path: a.yaml, text: \"{apiVersion: v1, kind: A, metadata: {name: a}}\"}]\n";

    fn report() -> Report {
        let module = engine::module::to_binary(
            b"(module (import \"wasi_snapshot_preview1\" \"proc_exit\" (func (param i32)))
                (memory (export \"memory\") 1) (func (export \"_start\")))",
        );
        let modules = Modules::from([("m".to_owned(), module.unwrap())]);
        let request = Workspace::from_yaml(WORKSPACE).unwrap().to_request(Budget::default());
        pollster::block_on(run(&request, &modules, &WasmiMachine::new(), &mut Unhurried))
    }

    #[track_caller]
    fn check(change: impl Fn(&mut Report), expected: &[&str]) {
        let mut other = report();
        other.machine.name = "other".into();
        change(&mut other);
        assert_eq!(differences(&[report(), other]), expected);
    }

    #[test]
    fn all_but_what_is_measured_counts() {
        check(|_| (), &[]);
        check(|other| (other.fuel, other.memory_bytes, other.millis) = (1, 1, 1.0), &[]);
        check(|other| other.steps.iter_mut().for_each(|step| step.fuel = 1), &[]);
        check(|other| other.files.clear(), &["wasmi and other disagree on the files"]);
        check(|other| other.steps.clear(), &["wasmi and other disagree on what step `m` did"]);
        let louder = |other: &mut Report| other.steps.iter_mut().for_each(|step| step.stderr.push('x'));
        check(louder, &["wasmi and other disagree on what step `m` did"]);
    }

    #[test]
    fn answers_count_without_what_is_measured() {
        let with = |report: &mut Report, fuel, status| {
            let answer = AnswerReport { fuel, status, ..AnswerReport::default() };
            let dashboard = DashboardReport { answers: vec![answer], ..DashboardReport::default() };
            report.plugin.get_or_insert_default().dashboard = Some(Box::new(dashboard));
        };
        let mut one = report();
        with(&mut one, 1, Some(200));
        let mut other = one.clone();
        with(&mut other, 2, Some(200));
        assert_eq!(differences(&[one.clone(), other.clone()]), Vec::<String>::new());
        with(&mut other, 1, Some(500));
        assert_eq!(
            differences(&[one, other]),
            ["wasmi and wasmi disagree on what the plugin answered or stored"]
        );
    }

    #[test]
    fn one_limit_strikes_each_engine_at_another_moment() {
        let mut one = report();
        (one.outcome.kind, one.outcome.limit) = (OutcomeKind::Stopped, Some(Limit::Fuel));
        let mut other = one.clone();
        other.steps.clear();
        assert_eq!(differences(&[one.clone(), other.clone()]), Vec::<String>::new());
        other.outcome.limit = Some(Limit::Time);
        assert!(!differences(&[one, other]).is_empty());
    }
}
