//! A saved input with an expected outcome, and whether a report meets it.
//!
//! An expectation that cannot be read is a failure of the workspace, never a case that holds.

#[cfg(feature = "plugins")]
mod plugin;
mod request;

use std::collections::BTreeMap;

use regex_lite::Regex;
use serde::{Deserialize, Serialize};

#[cfg(feature = "plugins")]
pub use self::plugin::{PluginChange, ReplyExpect};
pub use self::request::RequestChange;
use super::Workspace;
use crate::report::{FileState, OutcomeKind, Report, Stage, StepState};
use crate::request::File;

/// A case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Case {
    /// What it shows, as a sentence.
    pub name: String,
    /// How its input differs from the workspace's.
    #[serde(default, skip_serializing_if = "Change::is_empty")]
    pub change: Change,
    /// What must come out.
    pub expect: Expect,
}

/// How a case's input differs from the workspace's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Change {
    /// Files to replace or to add, by path: manifests of a pipeline, objects of a request's or a plugin's cluster.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// Configurations of steps, or settings of a request's modules, to replace, by title.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub config: BTreeMap<String, String>,
    /// Steps to switch off, by title.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub off: Vec<String>,
    /// Steps to switch on, by title.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<String>,
    /// What is different in the request itself.
    #[serde(skip_serializing_if = "RequestChange::is_empty")]
    pub request: RequestChange,
    /// What is different of the plugin itself.
    #[cfg(feature = "plugins")]
    #[serde(skip_serializing_if = "PluginChange::is_empty")]
    pub plugin: PluginChange,
}

/// What must come out. Everything that is given must hold; a text that begins and ends with `/` is a regular
/// expression, any other must be contained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Expect {
    /// How the run ends.
    pub outcome: OutcomeKind,
    /// The outcome's message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The step or the module that ended the run, by title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Results, each of which some step must report, as `severity field: message`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<String>,
    /// Notes of the host, each of which some step must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What stderr must hold: some step's, or the plugin's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stderr: Vec<String>,
    /// Files by path with their exact text; an empty text: the file must be gone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// The stage of the gate where the request ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The HTTP status code of the answer, of the last one where there are several, or a guest's exit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i32>,
    /// The reason of the answer, such as `Forbidden`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The name of the user who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Warnings, each of which the answer must carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Fields of the object as it came out of the gate, with their values; null: not there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, serde_json::Value>,
    /// What a plugin's stdout must hold.
    #[cfg(feature = "plugins")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stdout: Vec<String>,
    /// What a plugin must have asked, each as in `GET /api/v1/pods 200`.
    #[cfg(feature = "plugins")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<String>,
    /// What a dashboard must have answered, each as in `GET /api/plugins/1/status 200`.
    #[cfg(feature = "plugins")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<String>,
    /// What the bodies of a dashboard's answers must hold: each some answer's.
    #[cfg(feature = "plugins")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<String>,
    /// What a dashboard plugin must have logged.
    #[cfg(feature = "plugins")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<String>,
    /// What a dashboard plugin must have stored, by key; null: nothing.
    #[cfg(feature = "plugins")]
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub storage: BTreeMap<String, serde_json::Value>,
    /// What must come of a service's calls, in their order.
    #[cfg(feature = "plugins")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<ReplyExpect>,
}

impl Change {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The workspace with this change.
    ///
    /// # Errors
    /// A sentence when the change names a step that the workspace does not have, or changes a request or a plugin
    /// where there is none.
    pub fn apply(&self, workspace: &Workspace) -> Result<Workspace, String> {
        let mut changed = workspace.clone();
        for (path, text) in &self.files {
            set_file(&mut changed, path, text);
        }
        let switches =
            self.off.iter().map(|title| (title, true)).chain(self.on.iter().map(|title| (title, false)));
        for (title, off) in switches {
            *part(&mut changed, title)?.0 = off;
        }
        for (title, config) in &self.config {
            part(&mut changed, title)?.1.clone_from(config);
        }
        match &mut changed.request {
            Some(request) => self.request.apply(request),
            None if self.request.is_empty() => {}
            None => return Err("the case changes a request, which the workspace does not have".into()),
        }
        #[cfg(feature = "plugins")]
        self.plugin.apply(&mut changed)?;
        Ok(changed)
    }
}

/// Replaces or adds a file.
fn set_file(workspace: &mut Workspace, path: &str, text: &str) {
    let files = files(workspace);
    match files.iter_mut().find(|file| file.path == path) {
        Some(file) => text.clone_into(&mut file.text),
        None => files.push(File { path: path.to_owned(), text: text.to_owned() }),
    }
}

/// The manifests of a pipeline, or what the cluster of a request or a plugin holds.
fn files(workspace: &mut Workspace) -> &mut Vec<File> {
    #[cfg(feature = "plugins")]
    if let Some(plugin) = &mut workspace.plugin {
        return plugin.objects_mut();
    }
    match &mut workspace.request {
        Some(request) => &mut request.objects,
        None => &mut workspace.pipeline.files,
    }
}

/// The switch and the configuration of a step, or of a request's module.
fn part<'a>(workspace: &'a mut Workspace, title: &str) -> Result<(&'a mut bool, &'a mut String), String> {
    let found = match &mut workspace.request {
        Some(request) => request::module(request, title).map(|it| (&mut it.off, &mut it.settings)),
        None => workspace
            .pipeline
            .steps
            .iter_mut()
            .find(|step| step.title() == title)
            .map(|step| (&mut step.off, &mut step.config)),
    };
    found.ok_or_else(|| format!("the case changes step `{title}`, which the workspace does not have"))
}

impl Expect {
    /// An outcome, and nothing else.
    #[must_use]
    pub fn new(outcome: OutcomeKind) -> Self {
        Self {
            outcome,
            message: None,
            step: None,
            results: Vec::new(),
            notes: Vec::new(),
            stderr: Vec::new(),
            files: BTreeMap::new(),
            stage: None,
            code: None,
            reason: None,
            user: None,
            warnings: Vec::new(),
            fields: BTreeMap::new(),
            #[cfg(feature = "plugins")]
            stdout: Vec::new(),
            #[cfg(feature = "plugins")]
            calls: Vec::new(),
            #[cfg(feature = "plugins")]
            answers: Vec::new(),
            #[cfg(feature = "plugins")]
            body: Vec::new(),
            #[cfg(feature = "plugins")]
            logs: Vec::new(),
            #[cfg(feature = "plugins")]
            storage: BTreeMap::new(),
            #[cfg(feature = "plugins")]
            replies: Vec::new(),
        }
    }

    /// What a report falls short of, a sentence each; nothing when it meets the expectation.
    #[must_use]
    pub fn shortfalls(&self, report: &Report) -> Vec<String> {
        let mut missing = Vec::new();
        let outcome = &report.outcome;
        if outcome.kind != self.outcome {
            missing.push(format!("expected {:?}, got {:?}: {}", self.outcome, outcome.kind, outcome.message));
        }
        if let Some(pattern) = &self.message {
            some(pattern, [outcome.message.clone()], "message", &mut missing);
        }
        if let Some(title) = &self.step {
            let failed = report.steps.iter().find(|step| step.state == StepState::Failed);
            let ended = failed.map(|step| step.name.clone());
            let ended = ended.or_else(|| report.gate.as_deref().and_then(request::ended_by));
            some(title, ended, "failing step", &mut missing);
        }
        let steps = report.steps.iter();
        let results: Vec<String> = steps.clone().flat_map(|step| step.results.iter().map(line)).collect();
        for pattern in &self.results {
            some(pattern, results.clone(), "result", &mut missing);
        }
        for pattern in &self.notes {
            let notes = steps.clone().flat_map(|step| step.notes.clone());
            let gate = report.gate.iter().flat_map(|gate| gate.notes.clone());
            let of_modules = request::said(report, |step| step.notes.clone());
            let notes = notes.chain(gate).chain(of_modules);
            #[cfg(feature = "plugins")]
            let notes = notes.chain(plugin::notes(report));
            some(pattern, notes, "note", &mut missing);
        }
        for pattern in &self.stderr {
            let of_modules = request::said(report, |step| vec![step.stderr.clone()]);
            let texts = steps.clone().map(|step| step.stderr.clone()).chain(of_modules);
            #[cfg(feature = "plugins")]
            let texts = texts.chain(plugin::stderr(report));
            some(pattern, texts, "stderr", &mut missing);
        }
        self.files(report, &mut missing);
        request::shortfalls(self, report, &mut missing);
        #[cfg(feature = "plugins")]
        plugin::shortfalls(self, report, &mut missing);
        missing
    }

    fn files(&self, report: &Report, missing: &mut Vec<String>) {
        for (path, text) in &self.files {
            let file = report.files.iter().find(|file| file.path == *path);
            let now = file.filter(|file| file.state != FileState::Removed).map_or("", |file| &file.text);
            if now != text {
                missing.push(format!("file `{path}` is not as expected; it holds:\n{now}"));
            }
        }
    }
}

fn line(result: &crate::report::KrmResult) -> String {
    let severity = format!("{:?}", result.severity).to_ascii_lowercase();
    if result.field.is_empty() {
        format!("{severity}: {}", result.message)
    } else {
        format!("{severity} {}: {}", result.field, result.message)
    }
}

fn some(pattern: &str, texts: impl IntoIterator<Item = String>, what: &str, missing: &mut Vec<String>) {
    let texts: Vec<String> = texts.into_iter().collect();
    match Pattern::new(pattern) {
        Err(error) => missing.push(format!("the expected {what} `{pattern}` cannot be read: {error}")),
        Ok(wanted) if texts.iter().any(|text| wanted.matches(text)) => {}
        Ok(_) => missing.push(format!("no {what} matches `{pattern}`; there is: {}", texts.join(" | "))),
    }
}

enum Pattern<'a> {
    Contains(&'a str),
    Regex(Regex),
}

impl<'a> Pattern<'a> {
    fn new(text: &'a str) -> Result<Self, String> {
        match text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some(regex) if text.len() > 1 => {
                Regex::new(regex).map(Self::Regex).map_err(|error| error.to_string())
            }
            _ => Ok(Self::Contains(text)),
        }
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Contains(part) => text.contains(part),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}
