//! A go-plugin service as a scenario: its module looked into, its calls made one after the other in one instance, what
//! came of each told.
//!
//! It grants nothing by itself: a service has no arguments, no environment, no files and an empty stdin, and asks nobody
//! but the cluster and what the person declared.

mod exchange;
mod instance;
mod kept;
mod plan;

use self::exchange::{End, Exchange};
use self::instance::Instances;
use self::kept::Kept;
use self::plan::{Plan, Planned};
use super::calls::Calls;
use crate::abi::go_plugin::names::VERSION;
use crate::ending;
use crate::machine::{Machine, Trap};
use crate::report::{CallReport, CallState, Outcome, OutcomeKind, PluginReport, Report, ServiceReport};
use crate::request::{RunRequest, ServicePlugin};
use crate::run::{Modules, Pace};
use crate::words;

/// Runs a service.
pub(super) async fn run(
    request: &RunRequest,
    plugin: &ServicePlugin,
    modules: &Modules,
    machine: &dyn Machine,
    pace: &mut impl Pace,
) -> Report {
    let finished = Outcome::new(OutcomeKind::Finished, String::new());
    let mut report = Report::begin(request, machine, finished);
    let mut run = Run { done: ServiceReport::default(), kept: Kept::new() };
    let mut asked = PluginReport::default();
    match plan::read(request, plugin, (modules, machine, pace.cluster()), &mut run.done) {
        Err(outcome) => report.outcome = outcome,
        Ok((plan, cluster)) => {
            let clock = (pace.clock(), pace.millis());
            let service = plan.service(Calls::new(cluster, &request.budget, clock));
            let mut instances = Instances::new(request, plan.prepared.as_ref(), service);
            report.outcome = run.make(&plan, &mut instances, pace).await;
            let spent = instances.end();
            (report.fuel, report.memory_bytes) = (spent.fuel, spent.memory_bytes);
            (run.done.host_calls, run.done.instances) = (spent.host_calls, spent.count);
            asked = spent.asked;
        }
    }
    asked.service = Some(Box::new(run.done));
    report.plugin = Some(Box::new(asked));
    report.millis = pace.millis();
    report
}

/// What is told of a run so far.
struct Run {
    done: ServiceReport,
    kept: Kept,
}

impl Run {
    /// Makes all calls. One that breaks its instance ends with it, and the next has a new one; only a limit, or a module
    /// that cannot be set up, ends the run.
    async fn make(&mut self, plan: &Plan, instances: &mut Instances<'_>, pace: &mut impl Pace) -> Outcome {
        if let Err(outcome) = self.begin(plan, instances, pace).await {
            return outcome;
        }
        let mut first: Option<Outcome> = None;
        for (index, call) in plan.calls.iter().enumerate() {
            if !instances.is_live()
                && let Err(trap) = instances.begin(pace).await
            {
                return unable(plan, &trap);
            }
            let (end, report) = self.call(plan, call, instances, pace).await;
            let outcome = outcome(plan, index, call, &end, &report);
            let is_over = report.state == CallState::Stopped;
            if let Some(slot) = self.done.calls.get_mut(index) {
                *slot = report;
            }
            if let Some(outcome) = outcome {
                let outcome = first.get_or_insert(outcome);
                if is_over {
                    return outcome.clone();
                }
            }
        }
        first.unwrap_or_else(|| {
            let calls = plan.calls.len() as u64;
            let message = match calls {
                0 => format!("`{}` is set up; no call is made", plan.module),
                _ => format!("`{}` answered {}", plan.module, words::count(calls, "call")),
            };
            Outcome::new(OutcomeKind::Finished, message)
        })
    }

    /// Sets the module up, and asks for the versions of its services.
    async fn begin(
        &mut self,
        plan: &Plan,
        instances: &mut Instances<'_>,
        pace: &mut impl Pace,
    ) -> Result<(), Outcome> {
        let begun = instances.begin(pace).await;
        let (stdout, stderr) = instances.printed();
        (self.done.stdout, self.done.stderr) = (self.kept.bytes(stdout), self.kept.bytes(stderr));
        begun.map_err(|trap| unable(plan, &trap))?;
        for service in &mut self.done.services {
            let export = format!("{}{VERSION}", service.prefix);
            let version = instances
                .version(&export, pace)
                .await
                .map_err(|trap| ending::trapped(&format!("`{}`: `{export}`", plan.module), &trap))?;
            service.version = Some(version);
            let expected = plan.expects.iter().find(|(prefix, _)| *prefix == service.prefix);
            if let Some((_, expected)) = expected.filter(|(_, expected)| *expected != version) {
                let message =
                    format!("`{}`: API version mismatch, host: {expected}, plugin: {version}", plan.module);
                let hint = "the two were generated from other versions of the .proto: build the module anew, or say with `version` which one the host speaks";
                return Err(Outcome::new(OutcomeKind::Invalid, message).with_hint(hint));
            }
        }
        Ok(())
    }

    async fn call(
        &mut self,
        plan: &Plan,
        call: &Planned,
        instances: &mut Instances<'_>,
        pace: &mut impl Pace,
    ) -> (End, CallReport) {
        let (fuel, asked, millis) = (instances.fuel(), instances.asked(), pace.millis());
        let Exchange { mut end, note, is_broken } = instances.exchange(call, pace).await;
        let mut report =
            CallReport { fuel: instances.fuel().saturating_sub(fuel), ..plan.report(call, &mut self.kept) };
        report.host_calls = instances.asked().saturating_sub(asked);
        report.millis = pace.millis() - millis;
        let (stdout, stderr) = instances.printed();
        (report.stdout, report.stderr) = (self.kept.bytes(stdout), self.kept.bytes(stderr));
        let mut notes: Vec<String> = note.into_iter().collect();
        if let End::Reply(bytes) = &end {
            let (message, said) = self.kept.message(bytes, plan.reply(call));
            report.reply = message;
            match said {
                Ok(note) => notes.extend(note.map(|note| format!("the reply of `{}` {note}", call.method))),
                Err(cause) => end = End::Malformed(cause),
            }
        }
        (report.state, report.error) = match &end {
            End::Reply(_) => (CallState::Returned, String::new()),
            End::Error(text) => (CallState::Failed, words::sentence(text)),
            End::Malformed(cause) => (CallState::Malformed, cause.clone()),
            End::Trap(Trap::Stopped(stopped)) => (CallState::Stopped, stopped.to_string()),
            End::Trap(Trap::Exit(code)) => (CallState::Trapped, exited(*code)),
            End::Trap(trap) => (CallState::Trapped, trap.to_string()),
        };
        for note in notes {
            instances.note(note);
        }
        if is_broken {
            instances.drop_live();
        }
        (end, report)
    }
}

/// Why a call that ended the program has no reply, whatever the code.
fn exited(code: i32) -> String {
    format!("exited with code {code} before it answered")
}

/// The outcome of a module that cannot be set up.
fn unable(plan: &Plan, trap: &Trap) -> Outcome {
    ending::trapped(&format!("`{}`, while it is set up,", plan.module), trap)
}

/// What a call makes of the run, unless it has a reply.
fn outcome(plan: &Plan, index: usize, call: &Planned, end: &End, report: &CallReport) -> Option<Outcome> {
    let subject = match plan.calls.len() {
        1 => format!("`{}`", call.method),
        _ => format!("call {}, `{}`,", index + 1, call.method),
    };
    Some(match end {
        End::Reply(_) => return None,
        End::Trap(Trap::Exit(code)) => {
            let mut outcome = Outcome::new(OutcomeKind::Exited, format!("{subject} {}", exited(*code)));
            outcome.code = Some(*code);
            outcome
        }
        End::Trap(trap) => ending::trapped(&subject, trap),
        End::Malformed(cause) => {
            Outcome::new(OutcomeKind::Malformed, format!("{subject} gave no answer: {cause}"))
        }
        End::Error(_) if report.error.is_empty() => {
            Outcome::new(OutcomeKind::Failed, format!("{subject} failed, without a text"))
        }
        End::Error(_) => Outcome::new(OutcomeKind::Failed, format!("{subject} failed: {}", report.error)),
    })
}
