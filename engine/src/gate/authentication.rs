//! Authentication: whose token is it? The authenticators are asked in their order until one knows, as the API
//! server's union does.
//!
//! A token that nobody knows is refused, also where somebody failed to look. Source: Kubernetes,
//! `apiserver/pkg/authentication`, and k8s-wasm's `authn.go`.

use super::Refused;
use super::calls::Calls;
use super::module::{Loaded, Question, authenticate};
use super::{review, status, steps};
use crate::abi::policy::{Authentication, sentence};
use crate::report::{GateState, GateStep, Lane, LaneState};
use crate::request::{UserInfo, Who};
use crate::run::Pace;

/// The group of everybody whom an authenticator knows.
const AUTHENTICATED: &str = "system:authenticated";

/// Finds out who asks.
///
/// # Errors
/// The outcome of a request that ends here, with the API server's status when it has one.
pub(super) async fn run(
    who: &Who,
    chain: &[&Loaded<'_>],
    lane: &mut Lane,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<UserInfo, Refused> {
    let is_any = chain.iter().any(|loaded| loaded.is_on());
    match &who.user {
        _ if !who.token.is_empty() && is_any => {}
        Some(user) => {
            let why =
                if who.token.is_empty() { "no token is given" } else { "no authenticator is configured" };
            lane.end(LaneState::NotAsked, format!("{why}: the user `{}` is taken as given", user.username));
            return Ok(user.clone());
        }
        None if who.token.is_empty() => {
            lane.end(LaneState::NotAsked, "neither a token nor a user is given: it is `system:anonymous`");
            return Ok(anonymous());
        }
        None => {
            lane.end(LaneState::Denied, "a token is given, and no authenticator is configured to know it");
            let (outcome, status) = *refused(lane, "no authenticator is configured");
            let hint = "add an authenticator, or give the user instead of a token";
            return Err(Box::new((outcome.with_hint(hint), status)));
        }
    }
    let review = review::token(who);
    let mut said = Vec::new();
    for (index, loaded) in chain.iter().enumerate() {
        if loaded.is_on() {
            let broken = |lane: &mut Lane, outcome| Box::new((lane.break_off(index, outcome), None));
            calls.begin(loaded.name).await.map_err(|outcome| broken(lane, outcome))?;
            let began = calls.millis();
            let asked =
                authenticate(loaded, &review, calls).await.map_err(|outcome| broken(lane, outcome))?;
            let (mut step, answer) = GateStep::of(loaded, asked, calls.millis() - began);
            let answer = answer.map(|answer| decide(answer, &who.audiences, &mut step));
            if let Err(failure) = &answer {
                step.fail(failure);
            }
            said.push(format!("`{}`: {}", step.name, step.message));
            lane.put(index, step);
            match answer {
                Ok(Some(user)) => {
                    let summary =
                        format!("`{}` knows the token as `{}`", loaded.name, sentence(&user.username));
                    lane.end(LaneState::Passed, summary);
                    return Ok(user);
                }
                Err(failure) if failure.ends_run() => {
                    let role = Question::Authenticate.role();
                    let outcome = steps::outcome(role, loaded.name, &failure, lane.stage);
                    return Err(broken(lane, outcome));
                }
                Ok(None) | Err(_) => {}
            }
        }
        calls.end();
    }
    lane.end(LaneState::Denied, "no authenticator knows the token");
    Err(refused(lane, &format!("no authenticator knows the token ({})", said.join("; "))))
}

/// The API server tells a stranger nothing; the person who configures it is told why.
fn refused(lane: &Lane, why: &str) -> Refused {
    let status = status::unauthorized();
    let mut outcome = status::denied(&status).at_stage(lane.stage);
    outcome.message = format!("{}: {why}", outcome.message);
    Box::new((outcome, Some(status)))
}

/// The user, where the module knows the token and it is for whom it should be.
fn decide(answer: Authentication, wanted: &[String], step: &mut GateStep) -> Option<UserInfo> {
    let Authentication { authenticated, mut user, audiences, error } = answer;
    // The API server compares audiences first, also for a token that is not known.
    if !wanted.is_empty() && !audiences.is_empty() && !audiences.iter().any(|it| wanted.contains(it)) {
        let message =
            format!("the token is for {}, not for {}", sentence(&audiences.join(", ")), wanted.join(", "));
        step.decide(GateState::NoOpinion, message);
        return None;
    }
    if !authenticated {
        if error.is_empty() {
            step.decide(GateState::NoOpinion, "it does not know the token");
        } else {
            step.decide(GateState::Failed, format!("it answered with the error: {error}"));
        }
        return None;
    }
    // Upstream takes a user without a name, whom no rule about users can mean.
    if user.username.is_empty() {
        step.decide(GateState::Failed, "it says that it knows the token, and names no user");
        return None;
    }
    step.decide(GateState::Allowed, format!("it knows the token as `{}`", sentence(&user.username)));
    if !user.groups.iter().any(|group| group == AUTHENTICATED) {
        user.groups.push(AUTHENTICATED.to_owned());
        step.notes.push(format!("the API server adds the group `{AUTHENTICATED}`"));
    }
    Some(user)
}

fn anonymous() -> UserInfo {
    UserInfo {
        username: "system:anonymous".into(),
        groups: vec!["system:unauthenticated".into()],
        ..UserInfo::default()
    }
}
