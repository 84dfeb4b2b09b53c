//! The API server's gate: authentication, authorization, mutating and validating admission, storage. A request passes
//! them in this order, and ends where it is refused.
//!
//! It stores nothing and asks no cluster: what it knows is in the request. A module that fails is never a yes.

mod admission;
mod attributes;
mod authentication;
mod authorization;
mod calls;
mod conditions;
pub mod configuration;
mod draft;
mod group;
mod module;
mod policy;
mod raw;
mod reach;
mod rego;
mod review;
mod rules;
mod selector;
mod status;
mod steps;
mod storage;
mod typed;

use self::attributes::Attributes;
use self::calls::Calls;
use self::module::{Asked, Call, Loaded, Question};
use crate::cluster::kinds::Kinds;
use crate::machine::Machine;
use crate::objects::Objects;
use crate::report::{
    GateReport, GateState, GateStep, Lane, LaneState, MAX_WARNINGS, Outcome, OutcomeKind, Report, Stage,
    Status,
};
use crate::request::{GateModule, GateRequest, RunRequest, UserInfo};
use crate::run::{Modules, Pace, check_version};

/// Runs a request through the gate.
pub(crate) async fn run(
    request: &RunRequest,
    gate: &GateRequest,
    modules: &Modules,
    machine: &dyn Machine,
    pace: &mut impl Pace,
) -> Report {
    let steps = [&gate.authenticators, &gate.authorizers, &gate.admission].map(Vec::len).iter().sum();
    let mut calls = Calls::new(request, machine, pace, steps);
    let mut report = GateReport::default();
    let outcome = match prepare(request, gate, modules) {
        Ok(prepared) => prepared.pass(gate, &mut report, &mut calls).await,
        Err(outcome) => outcome,
    };
    let (fuel, memory_bytes) = (calls.fuel(), calls.memory_bytes());
    let millis = calls.millis();
    Report {
        gate: Some(Box::new(report)),
        fuel,
        memory_bytes,
        millis,
        ..Report::begin(request, machine, outcome)
    }
}

/// A request that can begin: everything is read, every module looked into.
struct Prepared<'a> {
    attributes: Attributes,
    /// Who asks, where a pasted review says so.
    user: Option<UserInfo>,
    objects: Objects,
    kinds: Kinds,
    authenticators: Vec<Loaded<'a>>,
    authorizers: Vec<Loaded<'a>>,
    admission: Vec<Loaded<'a>>,
}

fn prepare<'a>(
    request: &RunRequest,
    gate: &'a GateRequest,
    modules: &Modules,
) -> Result<Prepared<'a>, Outcome> {
    check_version(request)?;
    let load = |question: Question, chain: &'a [GateModule]| {
        chain.iter().map(|entry| question.load(entry, modules)).collect::<Result<Vec<_>, _>>()
    };
    let authenticators = load(Question::Authenticate, &gate.authenticators)?;
    let authorizers = load(Question::Authorize, &gate.authorizers)?;
    let admission = load(Question::Admit, &gate.admission)?;
    let objects = Objects::load(&gate.objects)?;
    let definitions = objects.of_kind("apiextensions.k8s.io", "CustomResourceDefinition");
    let kinds = Kinds::load(definitions).map_err(|message| Outcome::new(OutcomeKind::Invalid, message))?;
    let is_raw = !gate.raw.trim().is_empty();
    let (attributes, user) = if is_raw {
        check_alone("raw", gate)?;
        raw::check_chains(gate)?;
        (raw::read(&gate.raw)?, None)
    } else if gate.review.trim().is_empty() {
        (Attributes::of(gate, &objects, &kinds)?, None)
    } else {
        check_alone("review", gate)?;
        review::pasted(&gate.review).map(|(attributes, user)| (attributes, Some(user)))?
    };
    admission.iter().try_for_each(|loaded| policy::check_type(loaded, is_raw))?;
    Ok(Prepared { attributes, user, objects, kinds, authenticators, authorizers, admission })
}

/// A pasted review says all of these itself, and a raw request has none.
fn check_alone(what: &str, gate: &GateRequest) -> Result<(), Outcome> {
    let review = if what == "review" { "" } else { &gate.review };
    let fields = [
        ("review", review),
        ("object", &gate.object),
        ("oldObject", &gate.old_object),
        ("resource", &gate.resource),
        ("subresource", &gate.subresource),
        ("namespace", &gate.namespace),
        ("name", &gate.name),
        ("path", &gate.path),
    ];
    match fields.iter().find(|(_, value)| !value.trim().is_empty()) {
        None => Ok(()),
        Some((field, _)) => {
            let why =
                if what == "review" { "a review says it itself" } else { "a raw request is no API request" };
            let message = format!("both `{what}` and `{field}` are given, and {why}");
            let other = if what == "review" { "the review" } else { "`raw`" };
            Err(Outcome::new(OutcomeKind::Invalid, message)
                .with_hint(format!("remove `{field}`, or {other}")))
        }
    }
}

/// How a request ends at a stage, and what the API server answers, where it answers.
type Refused = Box<(Outcome, Option<Status>)>;

impl Prepared<'_> {
    /// Passes the stages in their order, and tells how it ended.
    async fn pass(
        mut self,
        gate: &GateRequest,
        report: &mut GateReport,
        calls: &mut Calls<'_, impl Pace>,
    ) -> Outcome {
        let reached = reach::of(calls.request(), gate, &self.objects, &self.kinds);
        let checked = match reached {
            Ok(reach) => {
                calls.reach(reach);
                self.check_settings(calls).await
            }
            Err(outcome) => return outcome,
        };
        let Self { attributes, user, objects, kinds, .. } = &self;
        let mut passage = Passage {
            gate,
            attributes: attributes.clone(),
            is_pasted: user.is_some(),
            user: user.clone(),
            objects,
            kinds,
        };
        report.request = attributes.words();
        if !attributes.is_raw {
            report.operation = attributes.verb.operation().unwrap_or_default().to_owned();
        }
        report.notes.clone_from(&attributes.notes);
        report.lanes = Stage::ALL.map(|stage| Lane::unreached(stage, &self.chain(stage))).into();
        let mut ended = checked.err().map(|unchecked| self.unchecked(*unchecked, &mut report.lanes));
        for lane in &mut report.lanes {
            if ended.is_some() {
                break;
            }
            let chain = self.chain(lane.stage);
            if let Err(refused) = passage.stage(&chain, lane, calls).await {
                ended = Some(refused);
                break;
            }
        }
        report.user.clone_from(&passage.user);
        collect(report);
        storage::show(&passage.attributes, report);
        let (outcome, status) = match ended {
            Some(refused) => *refused,
            None => allowed(&passage.attributes, report),
        };
        report.status = status;
        outcome
    }

    /// Validates the settings of all policies before anybody is asked.
    async fn check_settings(&mut self, calls: &mut Calls<'_, impl Pace>) -> Result<(), Box<Unchecked>> {
        for (index, loaded) in self.admission.iter_mut().enumerate().filter(|(_, loaded)| loaded.is_on()) {
            if let Err(why) = policy::check_settings(loaded, calls).await {
                let (outcome, call) = *why;
                return Err(Box::new(Unchecked { index, outcome, call }));
            }
        }
        Ok(())
    }

    /// Shows a policy whose settings are not valid where it stands in its lane.
    fn unchecked(&self, unchecked: Unchecked, lanes: &mut [Lane]) -> Refused {
        let Unchecked { index, outcome, call } = unchecked;
        let stands = |chain: &[&Loaded<'_>]| {
            self.admission.get(index).and_then(|it| chain.iter().position(|other| std::ptr::eq(*other, it)))
        };
        for lane in lanes {
            let chain = self.chain(lane.stage);
            let Some((place, loaded)) = stands(&chain).and_then(|place| Some((place, chain.get(place)?)))
            else {
                continue;
            };
            let asked = Asked { answer: Ok(()), call };
            let (mut step, _) = GateStep::of(loaded, asked, 0.0);
            let is_stopped = outcome.kind == OutcomeKind::Stopped;
            let state = if is_stopped { GateState::Stopped } else { GateState::Failed };
            step.decide(state, outcome.message.clone());
            lane.put(place, step);
            lane.end(LaneState::Failed, outcome.message.clone());
            return Box::new((outcome.at_stage(lane.stage), None));
        }
        Box::new((outcome, None))
    }

    /// The modules of a stage.
    fn chain(&self, stage: Stage) -> Vec<&Loaded<'_>> {
        let admission = |mutating| {
            let of = move |loaded: &&Loaded<'_>| loaded.mutating() == mutating;
            self.admission.iter().filter(of).collect()
        };
        match stage {
            Stage::Authentication => self.authenticators.iter().collect(),
            Stage::Authorization => self.authorizers.iter().collect(),
            Stage::Mutating => admission(true),
            Stage::Validating => admission(false),
            Stage::Storage => Vec::new(),
        }
    }
}

/// A policy whose settings are not valid.
struct Unchecked {
    /// Where it stands in the admission chain.
    index: usize,
    outcome: Outcome,
    call: Call,
}

/// A request on its way.
struct Passage<'a> {
    gate: &'a GateRequest,
    attributes: Attributes,
    is_pasted: bool,
    /// Who asks, once that is known.
    user: Option<UserInfo>,
    objects: &'a Objects,
    kinds: &'a Kinds,
}

impl Passage<'_> {
    async fn stage(
        &mut self,
        chain: &[&Loaded<'_>],
        lane: &mut Lane,
        calls: &mut Calls<'_, impl Pace>,
    ) -> Result<(), Refused> {
        let user = self.user.clone().unwrap_or_default();
        match lane.stage {
            Stage::Authentication | Stage::Authorization | Stage::Storage if self.attributes.is_raw => {
                lane.end(LaneState::NotAsked, "a raw request is no API request: only policies are asked");
                Ok(())
            }
            Stage::Authentication | Stage::Authorization if self.is_pasted => {
                lane.end(LaneState::NotAsked, "a pasted review says who asks, and begins at admission");
                Ok(())
            }
            Stage::Authentication => {
                self.user = Some(authentication::run(&self.gate.who, chain, lane, calls).await?);
                Ok(())
            }
            Stage::Authorization => authorization::run((&self.attributes, &user), chain, lane, calls).await,
            Stage::Mutating | Stage::Validating => {
                let scene = admission::Scene { user: &user, objects: self.objects, kinds: self.kinds };
                admission::run(&mut self.attributes, scene, chain, lane, calls).await
            }
            Stage::Storage => storage::run(&self.attributes, self.objects, lane),
        }
    }
}

/// Gathers what the response and the audit event carry of all modules.
fn collect(report: &mut GateReport) {
    let mut left = MAX_WARNINGS;
    for step in report.lanes.iter_mut().flat_map(|lane| &mut lane.steps) {
        for warning in &step.warnings {
            let length = warning.chars().count();
            match left.checked_sub(length) {
                Some(rest) => {
                    left = rest;
                    report.warnings.push(warning.clone());
                }
                None => {
                    let note = "not all of its warnings fit into a response, which holds 4,096 characters";
                    step.notes.push(note.into());
                    break;
                }
            }
        }
        for (key, value) in &step.audit_annotations {
            report.audit_annotations.insert(format!("{}/{key}", step.name), value.clone());
        }
    }
}

/// The outcome of a request that passed.
fn allowed(attributes: &Attributes, report: &GateReport) -> (Outcome, Option<Status>) {
    let status = storage::stored(attributes);
    let lanes = report.lanes.iter().flat_map(|lane| &lane.steps);
    let asked = lanes.filter(|step| !step.input.is_empty()).count() as u64;
    let by = match asked {
        0 => "no module was asked".to_owned(),
        count => format!("{} asked", crate::words::count(count, "module")),
    };
    let changed = match report.change_count {
        0 => String::new(),
        count => format!(", {} changed", crate::words::count(count, "field")),
    };
    let dry = if attributes.dry_run { "; a dry run stores nothing" } else { "" };
    let message = format!("{} passes the gate ({by}{changed}{dry})", report.request);
    (Outcome::new(OutcomeKind::Allowed, message), Some(status))
}
