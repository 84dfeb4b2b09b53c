//! Policy groups: members that are policies, and an expression of which must say yes.
//!
//! A group never changes an object. Where a member fails, the group fails, however the expression would turn it: a
//! failure must not become a yes behind a `!`. The policy server counts it as a no. Source: Kubewarden's
//! `policy_group_evaluator`.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::calls::Calls;
use super::module::{Asked, Call, Loaded, Question, invalid};
use super::policy;
use crate::abi::kubewarden::expression::{Expression, Value};
use crate::abi::policy::{Admission, Failure};
use crate::report::{GateState, GateStep, Outcome};
use crate::request::GateModule;
use crate::run::{Modules, Pace};

/// A group, ready to be asked.
#[derive(Debug)]
pub(crate) struct Group<'a> {
    pub(crate) members: Vec<Loaded<'a>>,
    expression: Expression,
    /// What a refusal says.
    message: &'a str,
}

impl<'a> Group<'a> {
    /// Looks into a group's members.
    ///
    /// # Errors
    /// [`crate::report::OutcomeKind::Invalid`] when the entry is no group, or a member cannot be taken.
    pub(crate) fn load(entry: &'a GateModule, modules: &Modules) -> Result<Self, Outcome> {
        let title = entry.title();
        let own = GateModule {
            name: entry.name.clone(),
            off: entry.off,
            rules: entry.rules.clone(),
            match_policy: entry.match_policy,
            namespace_selector: entry.namespace_selector.clone(),
            object_selector: entry.object_selector.clone(),
            match_conditions: entry.match_conditions.clone(),
            failure_policy: entry.failure_policy,
            policy_mode: entry.policy_mode,
            message: entry.message.clone(),
            expression: entry.expression.clone(),
            policies: entry.policies.clone(),
            mutating: entry.mutating.filter(|mutating| !mutating),
            ..GateModule::default()
        };
        if own != *entry {
            return Err(invalid(format!(
                "the group `{title}` has what belongs to one policy: `module`, `settings`, `mutating`, `abi`, `debug`, `contextAware` or `hostCapabilities`"
            ))
            .with_hint("give it to a member, under `policies`; a group never mutates"));
        }
        for (field, is_missing) in [
            ("name", entry.name.is_empty()),
            ("policies", entry.policies.is_empty()),
            ("expression", entry.expression.is_empty()),
            ("message", entry.message.is_empty()),
        ] {
            if is_missing {
                return Err(invalid(format!("the group `{title}` has no `{field}`")));
            }
        }
        let expression = Expression::parse(&entry.expression, |name| entry.policies.contains_key(name))
            .map_err(|cause| {
                invalid(format!("the expression of the group `{title}` cannot be read: {cause}"))
            })?;
        let members = entry.policies.iter().map(|(name, member)| load_member(title, name, member, modules));
        Ok(Self { members: members.collect::<Result<_, _>>()?, expression, message: &entry.message })
    }
}

fn load_member<'a>(
    group: &str,
    name: &'a str,
    entry: &'a GateModule,
    modules: &Modules,
) -> Result<Loaded<'a>, Outcome> {
    let own = GateModule {
        module: entry.module.clone(),
        abi: entry.abi,
        settings: entry.settings.clone(),
        context_aware: entry.context_aware.clone(),
        host_capabilities: entry.host_capabilities.clone(),
        ..GateModule::default()
    };
    if own != *entry {
        return Err(invalid(format!("the member `{group}/{name}` has what belongs to the group")).with_hint(
            "a member has `module`, `abi`, `settings`, `contextAware` and `hostCapabilities` only",
        ));
    }
    let loaded = Question::Admit.load_as(name, entry, modules)?;
    match loaded.abi.is_kubewarden() {
        true => Ok(loaded),
        false => Err(invalid(format!("the member `{group}/{name}` is a {}", loaded.abi.title()))
            .with_hint("the members of a group are Kubewarden policies")),
    }
}

/// Asks the members that matter, and takes the group's verdict.
pub(super) async fn validate(
    group: &Group<'_>,
    request: &Json,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<Asked<Admission>, Outcome> {
    let mut call = Call { input: json!({ "request": request }).to_string(), ..Call::default() };
    let mut known = BTreeMap::new();
    let mut causes = Vec::new();
    let mut admission = Admission::default();
    let allowed = loop {
        let name = match group.expression.value(&known) {
            Value::Known(value) => break value,
            Value::Asks(name) => name,
        };
        let Some(member) = group.members.iter().find(|member| member.name == name) else { break false };
        let (verdict, step) = one(member, request, calls).await?;
        call.take(step);
        match verdict {
            Err(failure) => return Ok(Asked { answer: Err(of_member(name, failure)), call }),
            Ok(verdict) => {
                if !verdict.allowed {
                    causes.push(format!("spec.policies.{name}: {}", verdict.message));
                }
                admission.warnings.extend(verdict.warnings);
                for (key, value) in verdict.audit_annotations {
                    admission.audit_annotations.insert(format!("{name}/{key}"), value);
                }
                known.insert(name.to_owned(), verdict.allowed);
            }
        }
    };
    let idle = group.members.iter().filter(|member| !known.contains_key(member.name));
    admission.notes.extend(idle.map(|member| format!("`{}` does not matter and was not asked", member.name)));
    admission.allowed = allowed;
    if !allowed {
        group.message.clone_into(&mut admission.message);
        admission.notes.extend(causes);
    }
    Ok(Asked { answer: Ok(admission), call })
}

async fn one(
    member: &Loaded<'_>,
    request: &Json,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<(Result<Admission, Failure>, GateStep), Outcome> {
    let began = calls.millis();
    let asked = policy::validate(member, request, request.get("object"), calls).await?;
    let (mut step, answer) = GateStep::of(member, asked, calls.millis() - began);
    let answer = answer.and_then(|admission| match admission.object {
        Some(_) => Err(Failure::malformed("mutates, which is not allowed inside of a policy group")),
        None => Ok(admission),
    });
    match &answer {
        Ok(admission) if admission.allowed => step.decide(GateState::Allowed, "it allows it"),
        Ok(admission) if admission.message.is_empty() => {
            step.decide(GateState::Denied, "it denies it: without explanation");
        }
        Ok(admission) => step.decide(GateState::Denied, format!("it denies it: {}", admission.message)),
        Err(failure) => step.fail(failure),
    }
    Ok((answer, step))
}

fn of_member(name: &str, failure: Failure) -> Failure {
    let Failure(mut outcome) = failure;
    outcome.message = format!("failed in its member `{name}`, which {}", outcome.message);
    Failure(outcome)
}
