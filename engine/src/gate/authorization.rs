//! Authorization: may they? The authorizers are asked in their order until one says yes or no, as the API server's
//! union does.
//!
//! Where nobody decides the answer is no; where somebody failed and nobody said yes it is an error, and no as well.
//! Source: Kubernetes, `apiserver/pkg/authorization/union`, and k8s-wasm's `authz.go`.

use super::Refused;
use super::attributes::Attributes;
use super::calls::Calls;
use super::module::{Loaded, Question, authorize};
use super::{review, status, steps};
use crate::abi::policy::{Authorization, Failure, sentence};
use crate::report::{GateState, GateStep, Lane, LaneState, Outcome};
use crate::request::UserInfo;
use crate::run::Pace;

/// What the authorizers that were asked so far said.
#[derive(Default)]
struct Said {
    reasons: Vec<String>,
    errors: Vec<String>,
    /// The failure that a run ends with when nobody decides.
    failure: Option<Outcome>,
}

/// Finds out whether a user may.
///
/// # Errors
/// The outcome of a request that ends here, with the API server's status when it has one.
pub(super) async fn run(
    (attributes, user): (&Attributes, &UserInfo),
    chain: &[&Loaded<'_>],
    lane: &mut Lane,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<(), Refused> {
    if chain.iter().all(|loaded| !loaded.is_on()) {
        lane.end(LaneState::NotAsked, "no authorizer is configured: everything is allowed");
        return Ok(());
    }
    let review = review::access(attributes, user);
    let mut said = Said::default();
    for (index, loaded) in chain.iter().enumerate() {
        if loaded.is_on() {
            let broken = |lane: &mut Lane, outcome| Box::new((lane.break_off(index, outcome), None));
            calls.begin(loaded.name).await.map_err(|outcome| broken(lane, outcome))?;
            let began = calls.millis();
            let asked = authorize(loaded, &review, calls).await.map_err(|outcome| broken(lane, outcome))?;
            let (mut step, answer) = GateStep::of(loaded, asked, calls.millis() - began);
            let decision = said.hear(loaded, answer, &mut step, lane.stage);
            let title = step.name.clone();
            lane.put(index, step);
            match decision {
                Decision::Allow => {
                    lane.end(LaneState::Passed, format!("`{title}` allows it"));
                    return Ok(());
                }
                Decision::Deny(alone) => {
                    lane.end(LaneState::Denied, format!("`{title}` denies it"));
                    return Err(alone.refuse(attributes, user, lane));
                }
                Decision::End(outcome) => return Err(broken(lane, outcome)),
                Decision::Next => {}
            }
        }
        calls.end();
    }
    lane.end(LaneState::Denied, "no authorizer allows it");
    Err(said.refuse(attributes, user, lane))
}

/// What one authorizer's word means.
enum Decision {
    Allow,
    /// With what it said itself: the union forgets the others then.
    Deny(Said),
    Next,
    End(Outcome),
}

impl Said {
    fn hear(
        &mut self,
        loaded: &Loaded<'_>,
        answer: Result<Authorization, Failure>,
        step: &mut GateStep,
        stage: crate::report::Stage,
    ) -> Decision {
        let title = loaded.name;
        let because = |reason: &str| if reason.is_empty() { String::new() } else { format!(": {reason}") };
        match answer {
            Err(failure) => {
                step.fail(&failure);
                let outcome = steps::outcome(Question::Authorize.role(), title, &failure, stage);
                if failure.ends_run() {
                    return Decision::End(outcome);
                }
                self.errors
                    .push(format!("wasm module '{title}' subject access review failed: {}", failure.cause()));
                self.failure.get_or_insert(outcome);
                Decision::Next
            }
            Ok(Authorization { allowed, denied: true, reason }) => {
                step.decide(GateState::Denied, format!("it denies it{}", because(&reason)));
                let mut alone = Said { reasons: vec![reason], ..Said::default() };
                if allowed {
                    step.notes.push("it both allowed and denied, which is a denial and an error".into());
                    alone.errors.push(format!("wasm module '{title}' returned both allow and deny"));
                }
                Decision::Deny(alone)
            }
            Ok(Authorization { allowed: true, reason, .. }) => {
                step.decide(GateState::Allowed, format!("it allows it{}", because(&reason)));
                Decision::Allow
            }
            Ok(Authorization { reason, .. }) => {
                step.decide(GateState::NoOpinion, format!("it has no opinion{}", because(&reason)));
                self.reasons.extend(Some(reason).filter(|reason| !reason.is_empty()));
                Decision::Next
            }
        }
    }

    /// As the API server: an error is told before a reason.
    fn refuse(self, attributes: &Attributes, user: &UserInfo, lane: &mut Lane) -> Refused {
        let forbidden = status::forbidden(&sentence(&user.username), attributes, &self.reasons.join("\n"));
        if self.errors.is_empty() {
            return Box::new((status::denied(&forbidden).at_stage(lane.stage), Some(forbidden)));
        }
        let error = match self.errors.as_slice() {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let status = status::unauthorizable(attributes, &error);
        let outcome = match self.failure {
            Some(mut failure) => {
                failure.message = format!("{}, and no other authorizer allows it", failure.message);
                lane.end(LaneState::Failed, failure.message.clone());
                failure
            }
            None => status::denied(&status).at_stage(lane.stage),
        };
        Box::new((outcome, Some(status)))
    }
}
