//! Cases of a plugin: how its input differs, and what it must have asked and printed.
//!
//! It judges only what a report says; it runs nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Expect, some};
use crate::bytes::Bytes;
use crate::report::{AnswerReport, DashboardReport, HostCall, Report};
use crate::request::{DashboardPlugin, DashboardRequest, KubectlPlugin, Plugin, Variable};
use crate::workspace::Workspace;

/// How a case's plugin differs. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PluginChange {
    /// All arguments of a kubectl plugin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub args: Option<Vec<String>>,
    /// All of a kubectl plugin's environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<Vec<Variable>>,
    /// All of a kubectl plugin's stdin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stdin: Option<Bytes>,
    /// All that a dashboard plugin is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<Vec<DashboardRequest>>,
    /// All settings of a dashboard plugin that are other than its manifest's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<BTreeMap<String, Json>>,
    /// All that a dashboard plugin has stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<BTreeMap<String, Json>>,
    /// The manifest of a dashboard plugin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<String>,
    /// Whether a dashboard plugin is switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// What a real cluster answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
}

impl PluginChange {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn apply(&self, workspace: &mut Workspace) -> Result<(), String> {
        match &mut workspace.plugin {
            Some(Plugin::Dashboard(plugin)) => self.apply_to_dashboard(plugin),
            Some(Plugin::Krew(plugin)) => self.apply_to_kubectl(plugin),
            None if self.is_empty() => Ok(()),
            None => Err("the case changes a plugin, which the workspace does not have".into()),
        }
    }

    fn apply_to_dashboard(&self, plugin: &mut DashboardPlugin) -> Result<(), String> {
        let Self { args, env, stdin, requests, config, storage, manifest, disabled, session } = self.clone();
        refuse(
            "a dashboard plugin",
            &[("args", args.is_some()), ("env", env.is_some()), ("stdin", stdin.is_some())],
        )?;
        replace(&mut plugin.requests, requests);
        replace(&mut plugin.config, config);
        replace(&mut plugin.storage, storage);
        replace(&mut plugin.manifest, manifest);
        replace(&mut plugin.disabled, disabled);
        replace(&mut plugin.session, session);
        Ok(())
    }

    fn apply_to_kubectl(&self, plugin: &mut KubectlPlugin) -> Result<(), String> {
        let Self { args, env, stdin, requests, config, storage, manifest, disabled, session } = self.clone();
        refuse(
            "a kubectl plugin",
            &[
                ("requests", requests.is_some()),
                ("config", config.is_some()),
                ("storage", storage.is_some()),
                ("manifest", manifest.is_some()),
                ("disabled", disabled.is_some()),
            ],
        )?;
        let command = &mut plugin.command;
        replace(&mut command.args, args);
        replace(&mut command.env, env);
        replace(&mut command.stdin, stdin);
        replace(&mut plugin.session, session);
        Ok(())
    }
}

/// Fails where a field is changed that such a plugin does not have.
fn refuse(what: &str, fields: &[(&str, bool)]) -> Result<(), String> {
    match fields.iter().find(|(_, is_changed)| *is_changed) {
        Some((field, _)) => Err(format!("the case changes `plugin.{field}`, which {what} does not have")),
        None => Ok(()),
    }
}

fn replace<T>(value: &mut T, changed: Option<T>) {
    if let Some(changed) = changed {
        *value = changed;
    }
}

/// What a plugin printed to stderr.
pub(super) fn stderr(report: &Report) -> impl Iterator<Item = String> {
    let answers = dashboard(report).into_iter().flat_map(|it| &it.answers);
    let commands = report.command.iter().map(|command| text(&command.stderr));
    commands.chain(answers.map(|answer| text(&answer.stderr)))
}

/// What the host has to say of a plugin.
pub(super) fn notes(report: &Report) -> impl Iterator<Item = String> {
    let warnings = dashboard(report).into_iter().flat_map(|it| it.warnings.clone());
    report.plugin.iter().flat_map(|plugin| plugin.notes.clone()).chain(warnings)
}

/// The status of a dashboard plugin's last answer.
pub(super) fn code(report: &Report) -> Option<i32> {
    dashboard(report)?.answers.last()?.status.map(i32::from)
}

fn dashboard(report: &Report) -> Option<&DashboardReport> {
    report.plugin.as_ref()?.dashboard.as_deref()
}

fn text(bytes: &Bytes) -> String {
    String::from_utf8_lossy(&bytes.0).into_owned()
}

/// What a report falls short of where an expectation speaks of a plugin.
pub(super) fn shortfalls(expect: &Expect, report: &Report, missing: &mut Vec<String>) {
    let empty = DashboardReport::default();
    let dashboard = dashboard(report).unwrap_or(&empty);
    for pattern in &expect.stdout {
        let answers = dashboard.answers.iter().map(|answer| text(&answer.stdout));
        let all = report.command.iter().map(|command| text(&command.stdout)).chain(answers);
        some(pattern, all, "stdout", missing);
    }
    for pattern in &expect.calls {
        let calls = report.plugin.iter().flat_map(|plugin| &plugin.calls);
        some(pattern, calls.map(HostCall::line), "call", missing);
    }
    for pattern in &expect.answers {
        some(pattern, dashboard.answers.iter().map(AnswerReport::line), "answer", missing);
    }
    for pattern in &expect.body {
        some(pattern, dashboard.answers.iter().map(|answer| text(&answer.body)), "body", missing);
    }
    for pattern in &expect.logs {
        let logs = dashboard.answers.iter().flat_map(|answer| answer.logs.clone());
        some(pattern, dashboard.logs.iter().cloned().chain(logs), "log", missing);
    }
    for (key, expected) in &expect.storage {
        let stored = dashboard.stored.iter().find(|stored| stored.key == *key);
        let found: Json = stored.map_or(Json::Null, |it| serde_json::from_str(&it.value).unwrap_or_default());
        if found != *expected {
            missing.push(format!("expected `{key}` to be stored as {expected}, it is {found}"));
        }
    }
}
