//! What must be the same on every machine.

use engine::report::{Limit, MachineIdentity, Outcome, Report};

/// A report without what is each machine's own: its name, its fuel, its time.
pub(crate) fn comparable(mut report: Report) -> Report {
    report.machine = MachineIdentity::default();
    (report.fuel, report.millis) = (0, 0.0);
    without_fuel(&mut report.outcome);
    for step in &mut report.steps {
        (step.fuel, step.millis) = (0, 0.0);
        step.outcome.as_mut().into_iter().for_each(without_fuel);
    }
    for step in report.gate.iter_mut().flat_map(|gate| &mut gate.lanes).flat_map(|lane| &mut lane.steps) {
        (step.fuel, step.millis) = (0, 0.0);
        step.outcome.as_mut().into_iter().for_each(without_fuel);
    }
    if let Some(plugin) = &mut report.plugin {
        for answer in plugin.dashboard.iter_mut().flat_map(|dashboard| &mut dashboard.answers) {
            (answer.fuel, answer.millis) = (0, 0.0);
        }
        for call in plugin.service.iter_mut().flat_map(|service| &mut service.calls) {
            (call.fuel, call.millis) = (0, 0.0);
        }
    }
    report
}

/// The sentence of the fuel limit names what the steps before have left.
fn without_fuel(outcome: &mut Outcome) {
    if outcome.limit == Some(Limit::Fuel) {
        outcome.message.retain(|letter| !letter.is_ascii_digit() && letter != ',');
    }
}
