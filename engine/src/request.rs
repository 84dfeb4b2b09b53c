//! What a runner is asked to run: frozen and self-contained, so that the page, the worker, the desktop and the
//! command line speak of the same thing.
//!
//! It holds no module's bytes: those travel beside it (see [`crate::run::run`]), so that a request stays text.

#[cfg(feature = "commands")]
mod command;
mod gate;
#[cfg(feature = "plugins")]
mod plugin;
mod policy;
mod what_if;

use serde::{Deserialize, Serialize};

#[cfg(feature = "commands")]
pub use self::command::{Command, Directory, Entry, Node, Variable};
pub use self::gate::{
    Answer, FailurePolicy, GateModule, GateRequest, LabelSelector, MatchCondition, MatchPolicy, Operator,
    Options, Requirement, Rule, Scope, UserInfo, Verb, Who,
};
#[cfg(feature = "plugins")]
pub use self::plugin::{
    DashboardPlugin, DashboardRequest, HostAnswer, Kubeconfig, KubeconfigUser, KubectlPlugin, PackagedFile,
    Plugin, RawField, RawType, ServiceCall, ServicePlugin,
};
pub use self::policy::{ContextKind, PolicyMode};
pub use self::what_if::WhatIf;

/// The version of this contract. A runner refuses another one.
pub const REQUEST_VERSION: u32 = 1;

/// One run, asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunRequest {
    /// [`REQUEST_VERSION`].
    pub version: u32,
    /// What to run.
    pub scenario: Scenario,
    /// The limits of this run.
    #[serde(default)]
    pub budget: Budget,
    /// Clock and randomness, fixed so that a run is repeatable.
    #[serde(default)]
    pub world: World,
    /// Host functions that no guest of the run may call, as `module.name`, such as `env.host_log`. WASI's answer
    /// `notcapable` (76); a call of another one ends the guest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<String>,
    /// Answers of the cluster that shall be others than they are. With any, the run is made twice: first as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub what_if: Vec<WhatIf>,
}

impl RunRequest {
    /// A request with the limits of [`Budget::default`], a fixed clock, and nothing denied or changed.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        Self {
            version: REQUEST_VERSION,
            scenario,
            budget: Budget::default(),
            world: World::default(),
            deny: Vec::new(),
            what_if: Vec::new(),
        }
    }
}

/// What a workspace runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Scenario {
    /// KRM functions in a row over files of manifests.
    Pipeline(Pipeline),
    /// A WASI command. With the feature `commands`.
    #[cfg(feature = "commands")]
    Command(Command),
    /// An API request through the gate.
    Request(Box<GateRequest>),
    /// A plugin against a cluster. With the feature `plugins`.
    #[cfg(feature = "plugins")]
    Plugin(Plugin),
}

/// KRM functions in a row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Pipeline {
    /// The manifests, in the order a person sees them.
    pub files: Vec<File>,
    /// The functions, in the order they run.
    pub steps: Vec<PipelineStep>,
}

/// A file of manifests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// A relative path with `/`, such as `app/web.yaml`.
    pub path: String,
    /// YAML or JSON, one or more documents.
    pub text: String,
}

/// One function of a pipeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PipelineStep {
    /// What reports call the step; the module's name when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The name of a module of the workspace.
    pub module: String,
    /// Whether the step may change manifests.
    #[serde(default, skip_serializing_if = "Role::is_mutator")]
    pub role: Role,
    /// The `functionConfig`, as YAML or JSON text: any KRM object. Empty: none is given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub config: String,
    /// The resources that the function sees; empty: all. Selectors are alternatives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub selectors: Vec<Selector>,
    /// The resources that the function does not see, even when selected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<Selector>,
    /// How the `ResourceList` is written for the function.
    #[serde(default, skip_serializing_if = "Wire::is_yaml")]
    pub wire: Wire,
    /// The `apiVersion` of the `ResourceList` that the function is given.
    #[serde(default, skip_serializing_if = "ListVersion::is_v1")]
    pub list_version: ListVersion,
    /// A step that is switched off stays in the workspace and is passed over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
}

impl PipelineStep {
    /// What reports call the step.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.module } else { &self.name }
    }
}

/// Whether a step may change manifests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Its output goes on.
    #[default]
    Mutator,
    /// It runs on a copy; changes are discarded.
    Validator,
}

impl Role {
    fn is_mutator(&self) -> bool {
        *self == Self::Mutator
    }
}

/// How a `ResourceList` is written for a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Wire {
    /// YAML with its comments, as kpt writes it.
    #[default]
    Yaml,
    /// Compact JSON, for functions that parse nothing else. Comments cannot travel, and are put back after.
    Json,
}

impl Wire {
    fn is_yaml(&self) -> bool {
        *self == Self::Yaml
    }
}

/// The `apiVersion` of a `ResourceList`, under `config.kubernetes.io/`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListVersion {
    /// `v1`: what kpt and kustomize send.
    #[default]
    #[serde(rename = "v1")]
    V1,
    /// `v1beta1`, of older tools.
    #[serde(rename = "v1beta1")]
    V1Beta1,
    /// `v1alpha1`, of the first functions.
    #[serde(rename = "v1alpha1")]
    V1Alpha1,
}

impl ListVersion {
    fn is_v1(&self) -> bool {
        *self == Self::V1
    }

    /// The whole `apiVersion`.
    #[must_use]
    pub fn api_version(self) -> &'static str {
        match self {
            Self::V1 => "config.kubernetes.io/v1",
            Self::V1Beta1 => "config.kubernetes.io/v1beta1",
            Self::V1Alpha1 => "config.kubernetes.io/v1alpha1",
        }
    }
}

/// Picks resources: every field that is given must be equal (kpt's Kptfile selectors).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Selector {
    /// The resource's `apiVersion`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// The resource's `kind`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The resource's `metadata.name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The resource's `metadata.namespace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Labels that the resource must carry.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub labels: std::collections::BTreeMap<String, String>,
    /// Annotations that the resource must carry.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub annotations: std::collections::BTreeMap<String, String>,
}

/// The limits of a run. Every one is enforced, printed with the run, and tested.
///
/// A workspace, a link or a guest can lower them below what the person allows, never raise them: see
/// [`Wish`](crate::workspace::wish::Wish).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Budget {
    /// Fuel over all steps, in the machine's units (about one for each WebAssembly instruction).
    pub fuel: u64,
    /// Wall time over all steps, in milliseconds; the runner's clock, and guests' pretended sleep, count.
    pub time_ms: u64,
    /// Memory of one guest, over all its memories, in bytes.
    pub memory_bytes: u64,
    /// Entries of one guest's tables, over all its tables.
    pub table_entries: u64,
    /// What one guest may print to stdout, in bytes. A function's answer must fit.
    pub stdout_bytes: u64,
    /// What is kept of one guest's stderr, in bytes; the rest is dropped and counted.
    pub stderr_bytes: u64,
    /// What one guest may keep in files, in bytes, with a fixed charge for each file and name.
    pub file_bytes: u64,
    /// What all host calls of one guest may copy, in bytes.
    pub host_bytes: u64,
}

impl Default for Budget {
    /// The published limits: 5 s, 256 MiB, and enough fuel that time ends a run first on any machine of today.
    fn default() -> Self {
        Self {
            fuel: 100_000_000_000,
            time_ms: 5_000,
            memory_bytes: 256 << 20,
            table_entries: 1_000_000,
            // Ten thousand Deployments are 4 MiB of YAML; four times that still parses within a second.
            stdout_bytes: 16 << 20,
            stderr_bytes: 1 << 20,
            file_bytes: 32 << 20,
            host_bytes: 1 << 30,
        }
    }
}

/// What a guest sees of time and chance. Fixed by default: the same run gives the same bytes everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct World {
    /// The wall clock at the start, in seconds since 1970-01-01T00:00:00Z.
    pub start_seconds: u64,
    /// The seed of the random numbers.
    pub seed: u64,
}

impl Default for World {
    /// 2026-01-01T00:00:00Z and seed 0.
    fn default() -> Self {
        Self { start_seconds: 1_767_225_600, seed: 0 }
    }
}
