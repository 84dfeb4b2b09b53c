//! Admission: is the object right? Mutating modules are asked first, each given the object as the one before left it;
//! then the others judge what came of it.
//!
//! The first no, and the first failure, end the request. No module is called twice.

use manifest::{Node, diff, from_json};
use serde_json::Value as Json;

use super::Refused;
use super::attributes::{Attributes, Resource};
use super::calls::Calls;
use super::module::{Loaded, Question, Subject, admit};

use super::rules::{Match, Matched, matches};
use super::{policy, review, status, steps};
use crate::abi::fields::shape;
use crate::abi::policy::{Admission, Failure, sentence};
use crate::cluster::kinds::Kinds;
use crate::objects::{Objects, identity};
use crate::report::{FieldChange, GateState, GateStep, Lane, LaneState, MAX_CHANGES, ResourceRef, Stage};
use crate::request::{FailurePolicy, UserInfo};
use crate::run::Pace;
use crate::words;

/// What a phase matches against, and who asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    pub(super) user: &'a UserInfo,
    pub(super) objects: &'a Objects,
    pub(super) kinds: &'a Kinds,
}

/// Asks the modules of a phase.
///
/// # Errors
/// The outcome of a request that ends here, with the API server's status when it has one.
pub(super) async fn run(
    attributes: &mut Attributes,
    scene: Scene<'_>,
    chain: &[&Loaded<'_>],
    lane: &mut Lane,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<(), Refused> {
    let known = match attributes.is_raw {
        true => Some(("", Resource::default())),
        false => attributes.verb.operation().zip(attributes.resource().cloned()),
    };
    let Some((operation, resource)) = known else {
        let why = "admission is asked about objects that change, and here is none";
        lane.end(LaneState::NotAsked, why);
        for step in lane.steps.iter_mut().filter(|step| step.state == GateState::NotReached) {
            step.decide(GateState::Skipped, why);
        }
        return Ok(());
    };
    for (index, loaded) in chain.iter().enumerate() {
        if loaded.is_on() {
            let broken = |lane: &mut Lane, outcome| Box::new((lane.break_off(index, outcome), None));
            calls.begin(loaded.name).await.map_err(|outcome| broken(lane, outcome))?;
            let matched = Matched {
                attributes,
                resource: &resource,
                operation,
                objects: scene.objects,
                kinds: scene.kinds,
                user: scene.user,
            };
            let matched = if attributes.is_raw { Match::Called } else { matches(loaded, matched) };
            match matched {
                Match::Called => one(attributes, &resource, scene.user, (index, loaded), lane, calls).await?,
                Match::Skipped(why) => lane.put(index, GateStep::idle(loaded, GateState::Skipped, why)),
                Match::Refused(outcome) => {
                    let status = outcome.code.map(|code| {
                        status::status(
                            code,
                            outcome.reason.as_deref().unwrap_or_default(),
                            outcome.message.clone(),
                        )
                    });
                    return Err(Box::new((lane.break_off(index, outcome), status)));
                }
            }
        }
        calls.end();
    }
    lane.end(LaneState::Passed, summary(lane));
    Ok(())
}

/// Asks one module, and does what its answer says.
async fn one(
    attributes: &mut Attributes,
    resource: &Resource,
    user: &UserInfo,
    (index, loaded): (usize, &Loaded<'_>),
    lane: &mut Lane,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<(), Refused> {
    let uid = match attributes.pasted.as_ref().and_then(|pasted| pasted.get("uid")).and_then(Json::as_str) {
        Some(uid) => uid.to_owned(),
        None if attributes.is_raw => String::new(),
        None => calls.uids.next(),
    };
    let review = match attributes.is_raw {
        true => attributes.object.clone().unwrap_or_default(),
        false => review::admission(attributes, user, &uid),
    };
    let subject = match attributes.is_raw {
        true => Subject::Raw(&review),
        false => Subject::Review { review: &review, uid: &uid },
    };
    let began = calls.millis();
    let asked = admit(loaded, subject, calls)
        .await
        .map_err(|outcome| Box::new((lane.break_off(index, outcome), None)))?;
    let (mut step, answer) = GateStep::of(loaded, asked, calls.millis() - began);
    let settled = answer.and_then(|mut answer| {
        step.notes.append(&mut answer.notes);
        step.patch = step.cut("its patch", std::mem::take(&mut answer.patch));
        let warnings = std::mem::take(&mut answer.warnings);
        step.warnings = step.carry("warnings", warnings, String::len);
        let annotations = std::mem::take(&mut answer.audit_annotations);
        step.audit_annotations =
            step.carry("audit annotations", annotations, |(key, value)| key.len() + value.len());
        match answer.object.take() {
            Some(object) => change(attributes, resource, object, &mut step).map(|()| answer),
            None => Ok(answer),
        }
    });
    let ended = match settled {
        Ok(answer) if answer.allowed => {
            let message = match step.change_count {
                0 => "it allows it".to_owned(),
                count => format!("it allows it and changes {}", words::count(count, "field")),
            };
            step.decide(GateState::Allowed, message);
            Ok(())
        }
        Ok(answer) => {
            let mut refused = deny(loaded, &answer, &mut step, lane);
            let typed = attributes.typed.as_ref();
            refused.0.place = typed.and_then(|typed| typed.named_in(&answer.message));
            Err(refused)
        }
        Err(failure) => Err(fail(loaded, &failure, &mut step, lane)),
    };
    lane.put(index, step);
    ended
}

fn deny(loaded: &Loaded<'_>, answer: &Admission, step: &mut GateStep, lane: &mut Lane) -> Refused {
    let status = status::rejected(&subject(loaded), answer);
    let why = match (answer.message.as_str(), answer.reason.as_str()) {
        ("", "") => "without explanation",
        ("", reason) => reason,
        (message, _) => message,
    };
    step.decide(GateState::Denied, format!("it denies it: {why}"));
    lane.end(LaneState::Denied, format!("`{}` denies it", loaded.name));
    Box::new((status::denied(&status).at_stage(lane.stage), Some(status)))
}

/// How the API server names who denies.
fn subject(loaded: &Loaded<'_>) -> String {
    match loaded.policy {
        Some(_) => policy::subject(loaded),
        None => format!("admission WASM module \"{}\"", loaded.name),
    }
}

/// A failure refuses the request: no hosted ABI has a policy that passes over one.
fn fail(loaded: &Loaded<'_>, failure: &Failure, step: &mut GateStep, lane: &mut Lane) -> Refused {
    let title = loaded.name;
    step.fail(failure);
    if loaded.entry.failure_policy == FailurePolicy::Ignore && !failure.ends_run() {
        step.notes.push(match loaded.policy {
            Some(_) => {
                "its server answers a failure with a no, which `failurePolicy` does not pass over".into()
            }
            None => "k8s-wasm has no `failurePolicy`: a failure always refuses the request".into(),
        });
    }
    let outcome = steps::outcome(Question::Admit.role(), title, failure, lane.stage);
    lane.end(LaneState::Failed, outcome.message.clone());
    let status = (!failure.ends_run()).then(|| match loaded.policy {
        Some(_) => status::rejected(&subject(loaded), &policy::failed(loaded, failure)),
        None => status::failed(title, failure.cause()),
    });
    Box::new((outcome, status))
}

/// Takes a changed object, if it still is the object that was asked about.
fn change(
    attributes: &mut Attributes,
    resource: &Resource,
    object: Json,
    step: &mut GateStep,
) -> Result<(), Failure> {
    let Some(before) = &attributes.object else {
        return Err(Failure::malformed("changed the object, and this request has none"));
    };
    if attributes.is_raw {
        (step.changes, step.change_count) = changes(&from_json(before), &from_json(&object));
        attributes.object = Some(object);
        return Ok(());
    }
    if !object.is_object() {
        let is = shape(&object);
        return Err(Failure::malformed(format!("changed the object into {is}, and it must stay an object")));
    }
    let identity = identity("patch", &object).map_err(|outcome| {
        Failure::malformed(format!("answered with a patch that is no object: {}", outcome.message))
    })?;
    let api_version = resource.kind.api_version();
    for (field, is, was) in
        [("apiVersion", &identity.api_version, &api_version), ("kind", &identity.kind, &resource.kind.kind)]
    {
        if is != was {
            let is = if is.is_empty() { "nothing".to_owned() } else { format!("`{}`", sentence(is)) };
            return Err(Failure::malformed(format!("changed `{field}` of the object from `{was}` to {is}"))
                .with_hint("send the whole object, with its own apiVersion and kind"));
        }
    }
    (step.changes, step.change_count) = changes(&from_json(before), &from_json(&object));
    attributes.object = Some(object);
    Ok(())
}

/// The fields that differ, as reports list them, and how many there are.
pub(super) fn changes(before: &Node, after: &Node) -> (Vec<FieldChange>, u64) {
    let text = |path: &[&str]| after.at(path).and_then(Node::scalar_text).unwrap_or_default().to_owned();
    let resource = ResourceRef {
        api_version: text(&["apiVersion"]),
        kind: text(&["kind"]),
        name: text(&["metadata", "name"]),
        namespace: text(&["metadata", "namespace"]),
    };
    let all = diff(before, after);
    let count = all.len() as u64;
    let change = |change: manifest::Change| FieldChange {
        file: "object".to_owned(),
        resource: resource.clone(),
        path: change.path.to_string(),
        before: change.old,
        after: change.new,
    };
    (all.into_iter().take(MAX_CHANGES).map(change).collect(), count)
}

/// `2 modules asked, 1 changed the object; none is called again`.
fn summary(lane: &Lane) -> String {
    let asked = lane.steps.iter().filter(|step| matches!(step.state, GateState::Allowed | GateState::Failed));
    let asked = asked.count() as u64;
    if asked == 0 {
        return match lane.steps.len() {
            0 => "no module is configured".to_owned(),
            _ => "no module is called for this request".to_owned(),
        };
    }
    let changed = lane.steps.iter().filter(|step| step.change_count > 0).count() as u64;
    match lane.stage {
        Stage::Mutating => format!(
            "{} asked, {} changed the object; none is asked again (there is no reinvocation)",
            words::count(asked, "module"),
            words::grouped(changed)
        ),
        _ => format!("{} asked, all allow it", words::count(asked, "module")),
    }
}
