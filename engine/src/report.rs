//! Everything known about a run, as one versioned JSON shape. `outcome.kind` and `outcome.message` stand at
//! its top; the rest is detail.
//!
//! It holds no markup and no secret: what a guest printed is text, and is shown as text.

#[cfg(feature = "commands")]
mod command;
mod gate;
#[cfg(feature = "plugins")]
mod plugin;

use serde::{Deserialize, Serialize};

#[cfg(feature = "commands")]
pub use self::command::{Changed, CommandReport, EntryChange};
pub use self::gate::{
    GateReport, GateState, GateStep, HostAsk, Lane, LaneState, MAX_ASK_TEXT, MAX_ASKS, MAX_GATE_TEXT,
    MAX_WARNINGS, Stage, Status,
};

#[cfg(feature = "plugins")]
pub use self::plugin::{
    AnswerReport, CallReport, CallState, DashboardReport, FoundMethod, FoundService, Grant, HostCall,
    MAX_ANSWER_BODIES, MAX_ANSWER_BODY, MAX_ANSWER_LOGS, MAX_ANSWERS, MAX_CALL_BODIES, MAX_CALL_BODY,
    MAX_CALL_TEXT, MAX_CALLS, MAX_LOG_BYTES, MAX_LOGS, MAX_MESSAGE_TEXT, MAX_PLUGIN_NOTES, MAX_SERVICE_CALLS,
    ManifestFacts, Message, PluginReport, RouteReport, ServiceReport, SettingFacts, StoredValue,
};

use crate::machine::Machine;
use crate::request::{Budget, File, Role, RunRequest};

/// The version of the report's shape. Fields may be added within a version, never changed or removed.
pub const REPORT_VERSION: u32 = 1;

/// Everything known about one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// [`REPORT_VERSION`].
    pub version: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// What executed it.
    pub machine: MachineIdentity,
    /// The limits that were in force.
    pub budget: Budget,
    /// The steps in their order, up to and with the one that ended the run. Steps that are switched off or
    /// were not reached are listed too, and say so.
    pub steps: Vec<StepReport>,
    /// Every file of the input or the output.
    pub files: Vec<FileReport>,
    /// What a WASI command did, when the run was one, or a plugin that is one; it has no steps and no files then.
    #[cfg(feature = "commands")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Box<CommandReport>>,
    /// What became of an API request, when the run was one; it has no steps and no files then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Box<GateReport>>,
    /// What a plugin asked its cluster, when the run was one.
    #[cfg(feature = "plugins")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plugin: Option<Box<PluginReport>>,
    /// The same run without the request's `whatIf`, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_what_if: Option<Box<Report>>,
    /// Fuel over all steps, in the machine's own units; 0 where it was not counted.
    pub fuel: u64,
    /// Whether fuel was counted. Where it was not, every figure of fuel is 0, and the budget's was no limit.
    #[serde(default = "counted", skip_serializing_if = "Clone::clone")]
    pub fuel_counted: bool,
    /// The most memory that any step's guest held, in bytes.
    pub memory_bytes: u64,
    /// Milliseconds from the request to the report by the runner's clock; 0 where the runner has none.
    pub millis: f64,
}

impl Report {
    /// The report of a run that did nothing yet.
    pub(crate) fn begin(request: &RunRequest, machine: &dyn Machine, outcome: Outcome) -> Self {
        Self {
            version: REPORT_VERSION,
            outcome,
            machine: machine.identity(),
            budget: request.budget,
            steps: Vec::new(),
            files: Vec::new(),
            #[cfg(feature = "commands")]
            command: None,
            gate: None,
            #[cfg(feature = "plugins")]
            plugin: None,
            without_what_if: None,
            fuel: 0,
            fuel_counted: machine.counts_fuel(),
            memory_bytes: 0,
            millis: 0.0,
        }
    }
}

/// Reports of a machine that counts say nothing of it.
fn counted() -> bool {
    true
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Which way.
    pub kind: OutcomeKind,
    /// A sentence without a full stop that names the thing, the place and the cause.
    pub message: String,
    /// The way out, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The limit that ended it, when the kind is `stopped`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// The guest's exit code, when the kind is `exited`; the HTTP status code, when it is `denied`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i32>,
    /// The reason that the API server gives with its status, such as `Forbidden`, when the kind is `denied`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Box<str>>,
    /// The stage of the gate where the request ended, when it did not pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Where the cause stands, when it is in an input that a person can edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl Outcome {
    /// An outcome of a kind, with its message and nothing else.
    #[must_use]
    pub fn new(kind: OutcomeKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
            limit: None,
            code: None,
            reason: None,
            stage: None,
            place: None,
        }
    }

    /// The same with a way out.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with the stage where the request ended.
    #[must_use]
    pub fn at_stage(mut self, stage: Stage) -> Self {
        self.stage = Some(stage);
        self
    }

    /// The same with the place of the cause.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }
}

/// The ways a run can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OutcomeKind {
    /// It did what it was asked to.
    Finished,
    /// The request passed the gate.
    Allowed,
    /// A decision of the gate refused the request; `stage`, `code` and `reason` say more.
    Denied,
    /// A module of the gate said that it failed: an error of its own, no verdict. The request is refused.
    Failed,
    /// A guest ended itself with an exit code other than 0: for a KRM function, a failure.
    Exited,
    /// A guest broke a rule of WebAssembly or aborted.
    Trapped,
    /// A limit or the person ended it; `limit` names which.
    Stopped,
    /// A guest answered something that its ABI does not allow.
    Malformed,
    /// The run never began: a bad module or a bad input.
    Invalid,
    /// The host itself failed: a defect, to be reported.
    Internal,
}

/// The limits that can end a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Limit {
    /// [`Budget::fuel`].
    Fuel,
    /// [`Budget::time_ms`].
    Time,
    /// [`Budget::memory_bytes`].
    Memory,
    /// [`Budget::table_entries`].
    Table,
    /// [`Budget::stdout_bytes`].
    Output,
    /// [`Budget::file_bytes`].
    Files,
    /// [`Budget::host_bytes`].
    HostBytes,
    /// The person pressed Stop.
    Person,
}

impl Limit {
    /// The budget's field, as it is written in workspaces and requests; none for what no budget holds.
    #[must_use]
    pub fn field(self) -> Option<&'static str> {
        match self {
            Self::Fuel => Some("fuel"),
            Self::Time => Some("timeMs"),
            Self::Memory => Some("memoryBytes"),
            Self::Table => Some("tableEntries"),
            Self::Output => Some("stdoutBytes"),
            Self::Files => Some("fileBytes"),
            Self::HostBytes => Some("hostBytes"),
            Self::Person => None,
        }
    }
}

/// Where something stands in an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The file's path; empty for a step's configuration; for an API request, the name of its field, such as
    /// `object`, or of a cluster object's file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The step whose configuration it is, by its index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    /// The line, from 1; 0 when unknown.
    pub line: u32,
    /// The column in characters, from 1; 0 when unknown.
    pub column: u32,
}

/// The name and version of what executed a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineIdentity {
    /// Such as `wasmi`.
    pub name: String,
    /// Such as `2.0.0`.
    pub version: String,
}

/// One step of a pipeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepReport {
    /// The step's name.
    pub name: String,
    /// The module's name.
    pub module: String,
    /// The module's digest, `sha256:` and 64 hexadecimal digits; empty when it was not reached.
    pub digest: String,
    /// Mutator or validator.
    pub role: Role,
    /// How far it came.
    pub state: StepState,
    /// How it ended; absent when it did not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The results that the function reported.
    pub results: Vec<KrmResult>,
    /// What the host has to say: where kpt would do something dangerous, and what was done instead.
    pub notes: Vec<String>,
    /// What the function wrote to stderr, cut at the budget.
    pub stderr: String,
    /// What it wrote to stdout, only when that was not a usable answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stdout: String,
    /// Bytes of stderr that were dropped at the limit.
    pub stderr_dropped: u64,
    /// The fields it changed, at most [`MAX_CHANGES`].
    pub changes: Vec<FieldChange>,
    /// How many fields it changed, also beyond [`MAX_CHANGES`].
    pub change_count: u64,
    /// The files as they stand after this step, where they differ from before it; left out (empty) when all
    /// of a run's steps together would exceed [`MAX_STEP_FILE_BYTES`].
    pub files: Vec<File>,
    /// How many resources the function was given.
    pub items_in: u64,
    /// How many it gave back.
    pub items_out: u64,
    /// The host functions it called, with how often and how many bytes were copied, by name.
    pub host_calls: Vec<HostCallCount>,
    /// Fuel, in the machine's own units.
    pub fuel: u64,
    /// The most memory that its guest held, in bytes.
    pub memory_bytes: u64,
    /// Milliseconds by the runner's clock; 0 where it has none.
    pub millis: f64,
}

/// The most changes a step lists: enough to read, small enough to send; the count goes on beyond.
pub const MAX_CHANGES: usize = 1_000;

/// The most text of intermediate files that a report carries, over all steps: the page's per-step diff is for
/// reading, and nobody reads more.
pub const MAX_STEP_FILE_BYTES: usize = 2 << 20;

/// How far a step came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepState {
    /// It ran to its end and its answer was taken.
    Done,
    /// It failed, and the pipeline ended with it.
    Failed,
    /// It is switched off.
    Off,
    /// An earlier step failed.
    NotReached,
}

/// A result of a function, as the KRM functions specification words it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KrmResult {
    /// What it says.
    pub message: String,
    /// `error`, `warning` or `info`; `info` when the function left it out, as kpt prints it.
    pub severity: Severity,
    /// The resource it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceRef>,
    /// The field's path, such as `spec.template.spec.containers[0].image`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// What the field holds, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<serde_json::Value>,
    /// What it should hold, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<serde_json::Value>,
    /// Where the field stands in the input or the output, when it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The tags it carries.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub tags: std::collections::BTreeMap<String, String>,
}

/// How bad a result is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// For information.
    #[default]
    Info,
    /// Worth a look.
    Warning,
    /// Wrong.
    Error,
}

/// Names a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceRef {
    /// Such as `apps/v1`.
    pub api_version: String,
    /// Such as `Deployment`.
    pub kind: String,
    /// The resource's name.
    pub name: String,
    /// Its namespace; empty when it has none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
}

/// One changed field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// The file it stands in.
    pub file: String,
    /// The resource it belongs to.
    pub resource: ResourceRef,
    /// Its path; empty for a whole resource.
    pub path: String,
    /// What it held, cut to a line; absent when it was added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it holds now, cut to a line; absent when it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A file of the input or the output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileReport {
    /// Its path.
    pub path: String,
    /// What became of it.
    pub state: FileState,
    /// Its text after the run; for a file that would be deleted, the text it had. When the run failed this is
    /// the input: a failed pipeline writes nothing.
    pub text: String,
    /// How many resources it holds.
    pub resources: u64,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FileState {
    /// Byte for byte as it was.
    Unchanged,
    /// Changed.
    Changed,
    /// It was not in the input.
    Added,
    /// It holds no resource any more: kpt would delete it.
    Removed,
}

/// How often a host function was called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HostCallCount {
    /// Module and name, as in `wasi_snapshot_preview1.fd_write`.
    pub function: String,
    /// Calls.
    pub count: u64,
    /// Bytes copied in or out.
    pub bytes: u64,
}
