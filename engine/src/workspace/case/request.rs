//! Cases of an API request: how its input differs, and what must come of it at the gate.
//!
//! It judges only what a report says; it runs nothing.

use std::collections::BTreeMap;

use manifest::{Limits, locate};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Expect, some};
use crate::report::{GateReport, GateState, Report};
use crate::request::{GateModule, GateRequest, Options, Verb, Who};

/// How a case's request differs. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RequestChange {
    /// Who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<Who>,
    /// What is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verb: Option<Verb>,
    /// The object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The object as it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_object: Option<String>,
    /// The resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The subresource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subresource: Option<String>,
    /// The namespace of the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The name of the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A path that names no resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What goes with the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Options>,
    /// A whole review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review: Option<String>,
    /// A request of another system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// What a real cluster answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
}

impl RequestChange {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn apply(&self, request: &mut GateRequest) {
        let Self { who, verb, options, .. } = self.clone();
        request.who = who.unwrap_or_else(|| std::mem::take(&mut request.who));
        request.verb = verb.unwrap_or(request.verb);
        request.options = options.unwrap_or_else(|| std::mem::take(&mut request.options));
        let texts = [
            (&mut request.object, &self.object),
            (&mut request.old_object, &self.old_object),
            (&mut request.resource, &self.resource),
            (&mut request.subresource, &self.subresource),
            (&mut request.namespace, &self.namespace),
            (&mut request.name, &self.name),
            (&mut request.path, &self.path),
            (&mut request.review, &self.review),
            (&mut request.raw, &self.raw),
            (&mut request.session, &self.session),
        ];
        for (text, changed) in texts {
            if let Some(changed) = changed {
                text.clone_from(changed);
            }
        }
    }
}

/// A module of any chain.
pub(super) fn module<'a>(request: &'a mut GateRequest, title: &str) -> Option<&'a mut GateModule> {
    let GateRequest { authenticators, authorizers, admission, .. } = request;
    authenticators.iter_mut().chain(authorizers).chain(admission).find(|module| module.title() == title)
}

/// What a report falls short of where an expectation speaks of the gate.
pub(super) fn shortfalls(expect: &Expect, report: &Report, missing: &mut Vec<String>) {
    let outcome = &report.outcome;
    let gate = report.gate.as_deref();
    let differ = |what: &str, expected: String, is: Option<String>| {
        let is = is.unwrap_or_else(|| "none".into());
        format!("expected the {what} {expected}, got {is}")
    };
    if expect.stage.is_some() && expect.stage != outcome.stage {
        let title = |stage: Option<crate::report::Stage>| stage.map(|stage| stage.title().to_owned());
        missing.push(differ("stage", title(expect.stage).unwrap_or_default(), title(outcome.stage)));
    }
    let status = gate.and_then(|gate| gate.status.as_ref());
    let code = status.map(|status| status.code).or(outcome.code);
    #[cfg(feature = "commands")]
    let code = code.or_else(|| report.command.as_ref()?.code);
    #[cfg(feature = "plugins")]
    let code = code.or_else(|| super::plugin::code(report));
    if let Some(expected) = expect.code.filter(|expected| Some(*expected) != code) {
        missing.push(differ("code", expected.to_string(), code.map(|code| code.to_string())));
    }
    if let Some(pattern) = &expect.reason {
        some(pattern, status.map(|status| status.reason.clone()), "reason", missing);
    }
    if let Some(pattern) = &expect.user {
        let user = gate.and_then(|gate| gate.user.as_ref());
        some(pattern, user.map(|user| user.username.clone()), "user", missing);
    }
    for pattern in &expect.warnings {
        some(pattern, gate.map(|gate| gate.warnings.clone()).unwrap_or_default(), "warning", missing);
    }
    if !expect.fields.is_empty() {
        fields(&expect.fields, gate.map_or("", |gate| &gate.object), missing);
    }
}

/// The name of the module that ended the request.
pub(super) fn ended_by(gate: &GateReport) -> Option<String> {
    let ends = |state| matches!(state, GateState::Denied | GateState::Failed | GateState::Stopped);
    let steps = gate.lanes.iter().flat_map(|lane| &lane.steps);
    steps.rev().find(|step| ends(step.state)).map(|step| step.name.clone())
}

/// What every step of a gate says in some respect.
pub(super) fn said(report: &Report, what: impl Fn(&crate::report::GateStep) -> Vec<String>) -> Vec<String> {
    let lanes = report.gate.iter().flat_map(|gate| &gate.lanes);
    lanes.flat_map(|lane| &lane.steps).flat_map(what).collect()
}

fn fields(expected: &BTreeMap<String, Json>, object: &str, missing: &mut Vec<String>) {
    let Ok(documents) = manifest::parse(object, &Limits::default()) else {
        missing.push("the object that came out does not parse".into());
        return;
    };
    let root = documents.first().map(|document| &document.root);
    for (path, value) in expected {
        let found = root.and_then(|root| locate(root, path)).map_or(Json::Null, manifest::to_json);
        if found != *value {
            missing.push(format!("expected `{path}` to be {value}, it is {found}"));
        }
    }
}
