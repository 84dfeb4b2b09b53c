//! Cases of a plugin: how its input differs, and what it must have asked and printed.
//!
//! It judges only what a report says; it runs nothing.

mod reply;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use self::reply::ReplyExpect;
use super::{Expect, some};
use crate::bytes::Bytes;
use crate::report::{AnswerReport, CallReport, DashboardReport, HostCall, Report, ServiceReport};
use crate::request::{
    DashboardPlugin, DashboardRequest, HostAnswer, KubectlPlugin, Plugin, ServiceCall, ServicePlugin,
    Variable,
};
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
    /// All calls of a service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls: Option<Vec<ServiceCall>>,
    /// All that a service's host functions answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Vec<HostAnswer>>,
    /// The version that a service's host speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
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
        let Some(plugin) = &mut workspace.plugin else {
            return match self.is_empty() {
                true => Ok(()),
                false => Err("the case changes a plugin, which the workspace does not have".into()),
            };
        };
        self.refuse(plugin)?;
        let change = self.clone();
        match plugin {
            Plugin::Dashboard(plugin) => change.apply_to_dashboard(plugin),
            Plugin::Krew(plugin) => change.apply_to_kubectl(plugin),
            Plugin::Service(plugin) => change.apply_to_service(plugin),
        }
        Ok(())
    }

    /// Refuses to change what a plugin of another system has.
    fn refuse(&self, plugin: &Plugin) -> Result<(), String> {
        const DASHBOARD: &str = "a dashboard plugin";
        const KREW: &str = "a kubectl plugin";
        const SERVICE: &str = "a service";
        let what = match plugin {
            Plugin::Dashboard(_) => DASHBOARD,
            Plugin::Krew(_) => KREW,
            Plugin::Service(_) => SERVICE,
        };
        let fields = [
            ("args", self.args.is_some(), KREW),
            ("env", self.env.is_some(), KREW),
            ("stdin", self.stdin.is_some(), KREW),
            ("requests", self.requests.is_some(), DASHBOARD),
            ("config", self.config.is_some(), DASHBOARD),
            ("storage", self.storage.is_some(), DASHBOARD),
            ("manifest", self.manifest.is_some(), DASHBOARD),
            ("disabled", self.disabled.is_some(), DASHBOARD),
            ("calls", self.calls.is_some(), SERVICE),
            ("hosts", self.hosts.is_some(), SERVICE),
            ("version", self.version.is_some(), SERVICE),
        ];
        match fields.iter().find(|(_, is_changed, owner)| *is_changed && *owner != what) {
            Some((field, ..)) => {
                Err(format!("the case changes `plugin.{field}`, which {what} does not have"))
            }
            None => Ok(()),
        }
    }

    fn apply_to_dashboard(self, plugin: &mut DashboardPlugin) {
        replace(&mut plugin.requests, self.requests);
        replace(&mut plugin.config, self.config);
        replace(&mut plugin.storage, self.storage);
        replace(&mut plugin.manifest, self.manifest);
        replace(&mut plugin.disabled, self.disabled);
        replace(&mut plugin.session, self.session);
    }

    fn apply_to_kubectl(self, plugin: &mut KubectlPlugin) {
        replace(&mut plugin.command.args, self.args);
        replace(&mut plugin.command.env, self.env);
        replace(&mut plugin.command.stdin, self.stdin);
        replace(&mut plugin.session, self.session);
    }

    fn apply_to_service(self, plugin: &mut ServicePlugin) {
        replace(&mut plugin.calls, self.calls);
        replace(&mut plugin.hosts, self.hosts);
        plugin.version = self.version.or(plugin.version);
        replace(&mut plugin.session, self.session);
    }
}

fn replace<T>(value: &mut T, changed: Option<T>) {
    if let Some(changed) = changed {
        *value = changed;
    }
}

/// What a plugin printed to stderr.
pub(super) fn stderr(report: &Report) -> impl Iterator<Item = String> {
    let answers = answers(report).map(|answer| text(&answer.stderr));
    let service = service(report).map(|service| text(&service.stderr));
    let calls = service_calls(report).map(|call| text(&call.stderr));
    report.command.iter().map(|command| text(&command.stderr)).chain(answers).chain(service).chain(calls)
}

/// What a plugin printed to stdout.
fn stdout(report: &Report) -> impl Iterator<Item = String> {
    let answers = answers(report).map(|answer| text(&answer.stdout));
    let service = service(report).map(|service| text(&service.stdout));
    let calls = service_calls(report).map(|call| text(&call.stdout));
    report.command.iter().map(|command| text(&command.stdout)).chain(answers).chain(service).chain(calls)
}

/// What the host has to say of a plugin.
pub(super) fn notes(report: &Report) -> impl Iterator<Item = String> {
    let warnings = dashboard(report).into_iter().flat_map(|it| it.warnings.clone());
    report.plugin.iter().flat_map(|plugin| plugin.notes.clone()).chain(warnings)
}

/// The status of a dashboard plugin's last answer.
pub(super) fn code(report: &Report) -> Option<i32> {
    answers(report).last()?.status.map(i32::from)
}

fn dashboard(report: &Report) -> Option<&DashboardReport> {
    report.plugin.as_ref()?.dashboard.as_deref()
}

fn answers(report: &Report) -> impl Iterator<Item = &AnswerReport> {
    dashboard(report).into_iter().flat_map(|dashboard| &dashboard.answers)
}

fn service(report: &Report) -> impl Iterator<Item = &ServiceReport> {
    report.plugin.iter().filter_map(|plugin| plugin.service.as_deref())
}

fn service_calls(report: &Report) -> impl Iterator<Item = &CallReport> {
    service(report).flat_map(|service| &service.calls)
}

fn text(bytes: &Bytes) -> String {
    String::from_utf8_lossy(&bytes.0).into_owned()
}

/// What a report falls short of where an expectation speaks of a plugin.
pub(super) fn shortfalls(expect: &Expect, report: &Report, missing: &mut Vec<String>) {
    for pattern in &expect.stdout {
        some(pattern, stdout(report), "stdout", missing);
    }
    for pattern in &expect.calls {
        let calls = report.plugin.iter().flat_map(|plugin| &plugin.calls);
        some(pattern, calls.map(HostCall::line), "call", missing);
    }
    let calls: Vec<&CallReport> = service_calls(report).collect();
    for (index, expect) in expect.replies.iter().enumerate() {
        expect.shortfalls(index, calls.get(index).copied(), missing);
    }
    of_dashboard(expect, report, missing);
}

fn of_dashboard(expect: &Expect, report: &Report, missing: &mut Vec<String>) {
    for pattern in &expect.answers {
        some(pattern, answers(report).map(AnswerReport::line), "answer", missing);
    }
    for pattern in &expect.body {
        some(pattern, answers(report).map(|answer| text(&answer.body)), "body", missing);
    }
    for pattern in &expect.logs {
        let begun = dashboard(report).into_iter().flat_map(|dashboard| dashboard.logs.clone());
        let logs = begun.chain(answers(report).flat_map(|answer| answer.logs.clone()));
        some(pattern, logs, "log", missing);
    }
    for (key, expected) in &expect.storage {
        let stored = dashboard(report).and_then(|it| it.stored.iter().find(|stored| stored.key == *key));
        let found: Json = stored.map_or(Json::Null, |it| serde_json::from_str(&it.value).unwrap_or_default());
        if found != *expected {
            missing.push(format!("expected `{key}` to be stored as {expected}, it is {found}"));
        }
    }
}
