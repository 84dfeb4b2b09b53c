//! What a Kubewarden policy says of itself, in its custom section `io.kubewarden.metadata`: what it wants to judge,
//! whether it changes objects, what it reads, how it is run.
//!
//! It grants nothing and decides nothing. A section that breaks a rule is told, with the rule. Source: Kubewarden's
//! `policy_metadata.rs`; like there, unknown fields are passed over, and the first section counts.

mod lines;
mod reading;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::lines::lines;
pub(crate) use self::reading::read;
use crate::request::{ContextKind, Rule};

/// The section's name.
pub const SECTION: &str = "io.kubewarden.metadata";

/// A policy's metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyMetadata {
    /// `v1`, or `Unknown` where the kind of policy has no protocol version.
    pub protocol_version: String,
    /// The requests it wants to judge.
    #[serde(deserialize_with = "absent")]
    pub rules: Vec<Rule>,
    /// Title, author, licence and the like, by their keys.
    #[serde(deserialize_with = "absent", skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Whether it changes objects.
    pub mutating: bool,
    /// Whether a scanner of what a cluster already holds may ask it. Default: yes.
    #[serde(default = "yes")]
    pub background_audit: bool,
    /// How it is run. Default: waPC.
    pub execution_mode: ExecutionMode,
    /// What it judges. Default: Kubernetes' requests.
    pub policy_type: PolicyType,
    /// The kinds it wants to read.
    #[serde(deserialize_with = "absent", skip_serializing_if = "Vec::is_empty")]
    pub context_aware_resources: Vec<ContextKind>,
    /// What it asks its host for, as it says itself; absent when it does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_capabilities: Option<Vec<String>>,
    /// The oldest Kubewarden it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_kubewarden_version: Option<String>,
    /// What is wrong with the section; empty when nothing is.
    #[serde(skip_deserializing, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

/// How a policy is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExecutionMode {
    /// Over waPC.
    #[default]
    KubewardenWapc,
    /// As a WASI program.
    Wasi,
    /// By Open Policy Agent's evaluator, as OPA's admission policies are.
    Opa,
    /// By the same evaluator, as Gatekeeper's constraint templates are.
    Gatekeeper,
}

/// What a policy judges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyType {
    /// Admission requests.
    #[default]
    Kubernetes,
    /// Any JSON.
    Raw,
}

fn yes() -> bool {
    true
}

/// Null is the same as left out.
fn absent<'de, D: serde::Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Option::deserialize(from).map(Option::unwrap_or_default)
}
