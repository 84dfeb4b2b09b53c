//! What is known of a request that went through the gate: a lane for each stage, a step for each module.
//!
//! Texts of modules are kept as they came, cut at limits that this file names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FieldChange, HostCallCount, Outcome};
use crate::abi::Abi;
use crate::request::UserInfo;

/// The most that is kept of what a module was given, or of what it answered, in bytes: enough for any object
/// that a person reads. The rest is cut and a note says so.
pub const MAX_GATE_TEXT: usize = 256 << 10;

/// The most characters of warnings that a response carries: what the API server's header holds.
pub const MAX_WARNINGS: usize = 4 << 10;

/// The most questions to its host that are kept of a module: enough to see what it does.
pub const MAX_ASKS: usize = 100;

/// The most that is kept of one question or answer, in bytes.
pub const MAX_ASK_TEXT: usize = 4 << 10;

/// A request that went through the gate, or stopped there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GateReport {
    /// The request in words, such as `create pods/web in shop`; empty when it could not be read.
    pub request: String,
    /// The operation that admission sees: `CREATE`, `UPDATE`, `DELETE`, `CONNECT`; empty for a read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub operation: String,
    /// Who asks, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserInfo>,
    /// What the API server would answer; absent when the request never began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// All five stages, in their order.
    pub lanes: Vec<Lane>,
    /// Warnings that the response carries, in their order, at most [`MAX_WARNINGS`] characters.
    pub warnings: Vec<String>,
    /// Annotations of the audit event, by `module/key`.
    pub audit_annotations: BTreeMap<String, String>,
    /// The object after the last module that changed it, as YAML or JSON like the one given; empty when there is
    /// none.
    pub object: String,
    /// The object that was given, written as `object` is; only where what was given is a whole review.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub given: String,
    /// What differs from the object that was given, at most [`super::MAX_CHANGES`].
    pub changes: Vec<FieldChange>,
    /// How many fields differ.
    pub change_count: u64,
    /// What the host has to say of the request as a whole: what was assumed.
    pub notes: Vec<String>,
}

/// What the API server answers, as `meta/v1` has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The HTTP status code, such as 201 or 403.
    pub code: i32,
    /// Such as `Forbidden`; empty where the API server has none.
    pub reason: String,
    /// The message, word for word.
    pub message: String,
}

/// The stages of the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Who asks?
    Authentication,
    /// May they?
    Authorization,
    /// Admission that changes the object.
    Mutating,
    /// Admission that only judges.
    Validating,
    /// What is kept.
    Storage,
}

impl Stage {
    /// All of them, in the order in which a request passes them.
    pub const ALL: [Self; 5] =
        [Self::Authentication, Self::Authorization, Self::Mutating, Self::Validating, Self::Storage];

    /// The name in a sentence.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Authorization => "authorization",
            Self::Mutating => "mutating admission",
            Self::Validating => "validating admission",
            Self::Storage => "storage",
        }
    }
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lane {
    /// Which.
    pub stage: Stage,
    /// What became of the request there.
    pub state: LaneState,
    /// Why, as a sentence without a full stop; empty when it was not reached.
    pub summary: String,
    /// The modules of the stage, in their order.
    pub steps: Vec<GateStep>,
}

/// What became of a request at a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LaneState {
    /// It went on.
    Passed,
    /// It was refused by a decision.
    Denied,
    /// It ended without a decision: a module failed, or was stopped.
    Failed,
    /// The stage has nothing to say to such a request.
    NotAsked,
    /// An earlier stage ended it.
    NotReached,
}

/// One module of a stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GateStep {
    /// What the chain calls it.
    pub name: String,
    /// The module's name.
    pub module: String,
    /// The module's digest, `sha256:` and 64 hexadecimal digits; empty when it was not looked into.
    pub digest: String,
    /// How it was spoken to.
    pub abi: Abi,
    /// What came of it.
    pub state: GateState,
    /// Why, as a sentence without a full stop.
    pub message: String,
    /// How the module ended when it did not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// What it was given, as JSON, at most [`MAX_GATE_TEXT`].
    pub input: String,
    /// What it answered, as it came, at most [`MAX_GATE_TEXT`].
    pub output: String,
    /// What it wrote to stderr, cut at the budget.
    pub stderr: String,
    /// Bytes of stderr that were dropped at the limit.
    pub stderr_dropped: u64,
    /// What it logged through its host, an entry each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<String>,
    /// What it asked its host for, at most [`MAX_ASKS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<HostAsk>,
    /// What the host has to say.
    pub notes: Vec<String>,
    /// Its warnings.
    pub warnings: Vec<String>,
    /// Its audit annotations.
    pub audit_annotations: BTreeMap<String, String>,
    /// The patch it sent, decoded, at most [`MAX_GATE_TEXT`]; empty when it sent none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub patch: String,
    /// What it changed of the object, at most [`super::MAX_CHANGES`].
    pub changes: Vec<FieldChange>,
    /// How many fields it changed.
    pub change_count: u64,
    /// The host functions it called, by name.
    pub host_calls: Vec<HostCallCount>,
    /// Fuel, in the machine's own units.
    pub fuel: u64,
    /// The most memory that its guest held, in bytes.
    pub memory_bytes: u64,
    /// Milliseconds by the runner's clock; 0 where it has none.
    pub millis: f64,
    /// The members of a group that were asked, in that order; what they cost is in the group's own figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<GateStep>,
}

/// What a module asked its host for, and what it was told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HostAsk {
    /// As `namespace/operation`, such as `kubernetes/get_resource`.
    pub ask: String,
    /// The question, as it came, cut at [`MAX_ASK_TEXT`].
    pub with: String,
    /// The answer, cut at [`MAX_ASK_TEXT`]; empty for an error.
    pub answer: String,
    /// Why there is none; empty when there is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub error: String,
    /// Which request of the run to its cluster it became, from 1; 0 when no cluster was asked.
    #[serde(default)]
    pub number: u64,
    /// When it was asked, in milliseconds since the run began, by the runner's clock; 0 where it has none.
    #[serde(default)]
    pub at: f64,
    /// How long the answer took, in milliseconds; 0 without a clock.
    #[serde(default)]
    pub millis: f64,
}

/// What came of asking a module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GateState {
    /// It said yes: authenticated, or allowed.
    Allowed,
    /// It said no.
    Denied,
    /// It does not know: the next one is asked.
    NoOpinion,
    /// It was not called: the request does not match.
    Skipped,
    /// It did not answer, or nothing usable: a trap, an exit code, an error of its own, a malformed answer.
    Failed,
    /// A limit or the person ended it.
    Stopped,
    /// It is switched off.
    Off,
    /// The request did not come to it.
    #[default]
    NotReached,
}
