//! An API request through the gate: who asks, for what, and the chains of modules that decide.
//!
//! It names nothing outside the workspace: modules by their names, the cluster as files of objects, and what
//! cannot be known offline as a table of answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ContextKind, File, PolicyMode};
use crate::abi::Abi;

/// An API request and the gate that it passes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct GateRequest {
    /// Who asks. Default: nobody, which the API server calls `system:anonymous`.
    #[serde(skip_serializing_if = "is_default")]
    pub who: Who,
    /// What is asked for. Default: `create`.
    #[serde(skip_serializing_if = "is_default")]
    pub verb: Verb,
    /// The object, as YAML or JSON: what is created, what it becomes, or the options of a `connect`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub object: String,
    /// The object as it stands, for `update`, `patch` and `delete`. Empty: looked up among `objects`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub old_object: String,
    /// The resource as kubectl names it, such as `pods`, `deployments.apps` or `deployments.v1.apps`. Empty:
    /// found by the kind of the object.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource: String,
    /// Such as `status`, `scale` or `exec`. Empty: none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subresource: String,
    /// The namespace of the request's path. Empty: the object's, or `default`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// The name of the request's path. Empty: the object's.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// A path that names no resource, such as `/healthz`: then only authentication and authorization are asked.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// What goes with the request.
    #[serde(skip_serializing_if = "is_default")]
    pub options: Options,
    /// A whole `AdmissionReview` or `AdmissionRequest` as JSON or YAML, taken as it is: it begins at admission,
    /// and the fields above must be empty. Empty: none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub review: String,
    /// A request of another system, as YAML or JSON: any value. Only raw policies are asked, in the admission
    /// stages, and the fields above must be empty. Empty: none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub raw: String,
    /// Who is asked who it is, in this order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authenticators: Vec<GateModule>,
    /// Who is asked whether it may, in this order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorizers: Vec<GateModule>,
    /// Who is asked whether the object is right, in this order: first those that mutate, then the others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub admission: Vec<GateModule>,
    /// What the cluster holds: namespaces for selectors, definitions of custom resources, objects as they stand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<File>,
    /// What a real cluster answered, as `drydock record` writes it: modules that ask the cluster are answered from
    /// it, and not from `objects`. Empty: none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub session: String,
    /// What modules may be told that nobody can know offline.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
}

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Who {
    /// A bearer token: the authenticators are asked whose it is. Empty: none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub token: String,
    /// The audiences that the API server wants a token to be for. Default: it does not ask.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<String>,
    /// The user, taken as it is where no token is given or no authenticator is there to read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserInfo>,
}

/// A user, as `authentication.k8s.io/v1` has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct UserInfo {
    /// The name, such as `jane` or `system:serviceaccount:shop:web`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub username: String,
    /// What tells two users of one name apart.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uid: String,
    /// The groups. None is added: write `system:authenticated` where it is wanted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Anything else that authenticators know.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, Vec<String>>,
}

/// What a request asks for, as authorizers see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// A new object.
    #[default]
    Create,
    /// An object replaced.
    Update,
    /// An object patched; `object` is what the patch makes of it.
    Patch,
    /// An object deleted.
    Delete,
    /// A connection, as `kubectl exec` opens it. Authorizers see `create` or `get`; here it is `create`.
    Connect,
    /// One object read.
    Get,
    /// Objects read.
    List,
    /// Objects watched.
    Watch,
}

/// What goes with a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Options {
    /// Everything but storing it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// Who manages the fields that are set, such as `kubectl-client-side-apply`. Empty: left out.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub field_manager: String,
    /// `Ignore`, `Warn` or `Strict`. Empty: left out. Passed on only: fields are not validated here.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub field_validation: String,
}

/// A module of a chain. What is for admission only is refused elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GateModule {
    /// What reports call it; the module's name when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The name of a module of the workspace. Empty for a group of policies only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub module: String,
    /// How it is spoken to. Default: as detected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abi: Option<Abi>,
    /// Its settings, as YAML or JSON: any value. Empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub settings: String,
    /// Upstream's switch to log what goes in and comes out; reports hold both in any case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub debug: bool,
    /// A module that is switched off stays in the workspace and is passed over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
    /// Admission: whether it is called in the mutating phase, and only there. Default: as the module's metadata
    /// says; in the validating one, when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mutating: Option<bool>,
    /// Admission: the requests it is called for, as alternatives. Default: as the module's metadata says; without
    /// any it is never called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Admission: whether rules also mean other versions of what they name. Default: `Exact`, as in k8s-wasm.
    #[serde(default, skip_serializing_if = "is_default")]
    pub match_policy: MatchPolicy,
    /// Admission: the namespaces it is called for, by their labels. Default: all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub namespace_selector: LabelSelector,
    /// Admission: the objects it is called for, by the labels of the new object or the old one. Default: all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub object_selector: LabelSelector,
    /// Admission: CEL expressions that must all hold for it to be called. Default: none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub match_conditions: Vec<MatchCondition>,
    /// Admission: what happens when it fails. Default: the request does. k8s-wasm modules always fail it, and so do
    /// Kubewarden policies, whose server answers a failure with a no.
    #[serde(default, skip_serializing_if = "is_default")]
    pub failure_policy: FailurePolicy,
    /// Kubewarden: the kinds of the cluster that it may read. Default: none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context_aware: Vec<ContextKind>,
    /// Kubewarden: what else it may ask its host, as `oci/v1/verify`, `oci/*` or `*`. Default: nothing but to log.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub host_capabilities: Vec<String>,
    /// Kubewarden: whether its verdict counts. Default: it does.
    #[serde(default, skip_serializing_if = "is_default")]
    pub policy_mode: PolicyMode,
    /// Kubewarden: what a refusal says instead of the policy's own message. Groups need it. Default: its own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Kubewarden: which members of a group must say yes, such as `signed() && (reviewed() || !urgent())`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub expression: String,
    /// Kubewarden: the members of a group, by the names that its expression calls. Each has a `module`, and may have
    /// `abi`, `settings`, `contextAware` and `hostCapabilities`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub policies: BTreeMap<String, GateModule>,
}

impl GateModule {
    /// What reports call it.
    #[must_use]
    pub fn title(&self) -> &str {
        match (self.name.as_str(), self.module.as_str()) {
            ("", "") => "group",
            ("", module) => module,
            (name, _) => name,
        }
    }

    /// The names of the modules that it needs: its own, or those of a group's members.
    pub fn modules(&self) -> impl Iterator<Item = &String> {
        let own = (!self.is_group() || !self.module.is_empty()).then_some(&self.module);
        own.into_iter().chain(self.policies.values().map(|member| &member.module))
    }

    /// Whether it is a group of policies.
    #[must_use]
    pub fn is_group(&self) -> bool {
        !self.policies.is_empty() || !self.expression.is_empty()
    }
}

/// `RuleWithOperations` of `admissionregistration.k8s.io/v1`: all of its lists must match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Rule {
    /// `CREATE`, `UPDATE`, `DELETE`, `CONNECT` or `*`.
    pub operations: Vec<String>,
    /// API groups, `""` for the core one, or `*`.
    pub api_groups: Vec<String>,
    /// API versions, or `*`.
    pub api_versions: Vec<String>,
    /// Resources as `pods`, `pods/status`, `pods/*`, `*` or `*/*`.
    pub resources: Vec<String>,
    /// Namespaced resources, the others, or both. Default: both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

/// Which resources a rule means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// All.
    #[serde(rename = "*")]
    All,
    /// Those of the cluster, namespaces among them.
    Cluster,
    /// Those in a namespace.
    Namespaced,
}

/// Whether rules also mean other versions of what they name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MatchPolicy {
    /// Only what they name.
    #[default]
    Exact,
    /// Every version that the API server can convert. Nothing is converted here: a request that would have to be
    /// is refused and says so.
    Equivalent,
}

/// What happens when a module fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailurePolicy {
    /// The request is refused.
    #[default]
    Fail,
    /// The module is passed over.
    Ignore,
}

/// `LabelSelector` of `meta/v1`: everything in it must hold; empty, it selects all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LabelSelector {
    /// Labels with their values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub match_labels: BTreeMap<String, String>,
    /// Conditions on labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<Requirement>,
}

/// A condition on a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// The label.
    pub key: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what, for `In` and `NotIn`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// How a label is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    /// It has one of the values.
    In,
    /// It has none of the values, or is not there.
    NotIn,
    /// It is there.
    Exists,
    /// It is not there.
    DoesNotExist,
}

/// A CEL expression that must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchCondition {
    /// What it is called.
    pub name: String,
    /// The expression.
    pub expression: String,
}

/// What a module is told when it asks its host for something that nobody can know offline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What is asked, as `namespace/operation`, such as `oci/v1/manifest_digest`.
    pub ask: String,
    /// The question, which must be equal but for what is null. Absent: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<serde_json::Value>,
    /// The answer.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub answer: serde_json::Value,
    /// The error that is answered instead, such as `no valid signature`. Empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub error: String,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
