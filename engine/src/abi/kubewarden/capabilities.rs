//! The one gate of a policy's questions to its host: is it granted, is it known, who answers.
//!
//! Answers come from the workspace's own table, then from the cluster for what a cluster knows. Nothing is asked of a
//! registry or a network: what nobody answers is an error that names the way out. Source: Kubewarden's
//! `callback_handler` and `host_capabilities.rs`.

use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

use super::grants::CAPABILITIES;
use super::host::Policy;
use super::kubernetes;
use crate::abi::policy::sentence;
use crate::cluster::{Cluster, Resource};
use crate::report::HostAsk;
use crate::request::Answer;

/// Who answers a policy. Default: nobody.
#[derive(Default)]
pub(crate) struct Reach {
    pub(crate) cluster: Option<Box<dyn Cluster>>,
    /// What kinds are called in a path.
    pub(crate) resources: Arc<[Resource]>,
    /// The workspace's own answers.
    pub(crate) answers: Arc<[Answer]>,
    /// How many requests went to the cluster.
    pub(crate) asked: u64,
    /// The runner's clock, and when the run began by it, in milliseconds; none where there is no clock.
    pub(crate) clock: Option<(fn() -> f64, f64)>,
}

impl Reach {
    /// Milliseconds since the run began; 0 where there is no clock.
    fn now(&self) -> f64 {
        self.clock.map_or(0.0, |(clock, began)| clock() - began)
    }
}

impl fmt::Debug for Reach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_cluster = self.cluster.is_some();
        formatter
            .debug_struct("Reach")
            .field("cluster", &has_cluster)
            .field("answers", &self.answers)
            .finish()
    }
}

/// What a question is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) binding: &'a str,
    pub(crate) namespace: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) payload: &'a [u8],
}

/// Answers a question, and keeps what came of it; the error is what the guest is told.
pub(crate) fn ask(policy: &mut Policy, question: Question<'_>) -> Result<Vec<u8>, String> {
    let Question { binding, namespace, operation, payload } = question;
    if (binding, namespace, operation) == ("kubewarden", "tracing", "log") {
        // Policies break when logging fails, so it never does.
        policy.logs.event(payload);
        return Ok(Vec::new());
    }
    let capability = format!("{namespace}/{operation}");
    let (asked, at) = (policy.reach.asked, policy.reach.now());
    let result = known(binding, &capability, question).and_then(|()| {
        if !policy.grants.capability(&capability) {
            policy.note(format!(
                "it asked for `{capability}`, which neither `hostCapabilities` nor `contextAware` grants"
            ));
            return Err(format!(
                "Policy has not been granted access to the '{capability}' host capability. The violation has been reported."
            ));
        }
        granted(policy, &capability, payload)
    });
    let number = if policy.reach.asked > asked { policy.reach.asked } else { 0 };
    let millis = policy.reach.now() - at;
    policy.record(HostAsk { ask: capability, number, at, millis, ..HostAsk::default() }, payload, &result);
    result
}

/// Whether there is such a question at all.
fn known(binding: &str, capability: &str, question: Question<'_>) -> Result<(), String> {
    if binding != "kubewarden" {
        return Err(format!("unknown binding: {}", sentence(binding)));
    }
    let begins = format!("{}/", question.namespace);
    if question.namespace != "tracing" && !CAPABILITIES.iter().any(|it| it.starts_with(&begins)) {
        return Err(format!("unknown namespace: {}", sentence(question.namespace)));
    }
    if !CAPABILITIES.contains(&capability) {
        return Err(format!("unknown operation: {}", sentence(question.operation)));
    }
    Ok(())
}

fn granted(policy: &mut Policy, capability: &str, payload: &[u8]) -> Result<Vec<u8>, String> {
    let fail = |cause: String| format!("Callback evaluation failure: {cause}");
    let payload: Json = serde_json::from_slice(payload)
        .map_err(|error| fail(format!("the question is not JSON: {error}")))?;
    let read = kubernetes::Read::of(capability, &payload).map_err(fail)?;
    if let Some(read) = &read
        && !policy.grants.kind(&read.api_version, &read.kind)
    {
        let kind = format!("{}/{}", sentence(&read.api_version), sentence(&read.kind));
        policy.note(format!("it asked for {kind}, which `contextAware` does not grant"));
        return Err(format!(
            "Policy has not been granted access to Kubernetes {kind} resources. The violation has been reported."
        ));
    }
    if let Some(answer) = from_table(&policy.reach.answers, capability, &payload) {
        return match answer.error.as_str() {
            "" => Ok(answer.answer.to_string().into_bytes()),
            error => Err(fail(error.to_owned())),
        };
    }
    let answer = match &read {
        Some(read) => read.answer(&mut policy.reach),
        None if capability == "kubernetes/can_i" => kubernetes::can_i(&mut policy.reach, &payload),
        None => {
            policy.note(format!(
                "it asked for `{capability}` with `{}`, which only `answers` can tell: add `ask: {capability}`",
                sentence(&payload.to_string())
            ));
            Err(format!("`{capability}` cannot be asked here, and the workspace's `answers` do not tell it"))
        }
    };
    answer.map(|answer| answer.to_string().into_bytes()).map_err(fail)
}

/// The first of the workspace's answers that fits.
fn from_table<'a>(answers: &'a [Answer], capability: &str, payload: &Json) -> Option<&'a Answer> {
    let payload = plain(payload);
    answers
        .iter()
        .find(|it| it.ask == capability && it.with.as_ref().is_none_or(|with| plain(with) == payload))
}

/// A question without what some SDKs write and others leave out: nulls, and whether a cache may answer; and with one
/// spelling of what two SDKs spell differently.
fn plain(value: &Json) -> Json {
    match value {
        Json::Object(fields) => fields
            .iter()
            .filter(|(key, value)| !value.is_null() && *key != "disable_cache")
            .map(|(key, value)| {
                let key = if key == "resourceAttributes" { "resource_attributes" } else { key };
                (key.to_owned(), plain(value))
            })
            .collect(),
        Json::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}
