//! Cases of a plugin: how its input differs, and what it must have asked and printed.
//!
//! It judges only what a report says; it runs nothing.

mod reply;

use serde::{Deserialize, Serialize};

pub use self::reply::ReplyExpect;
use super::{Expect, some};
use crate::bytes::Bytes;
use crate::report::{CallReport, HostCall, Report, ServiceReport};
use crate::request::{HostAnswer, KubectlPlugin, Plugin, ServiceCall, ServicePlugin, Variable};
use crate::workspace::Workspace;

/// How a case's plugin differs. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PluginChange {
    /// All of its arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub args: Option<Vec<String>>,
    /// All of its environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<Vec<Variable>>,
    /// All of its stdin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stdin: Option<Bytes>,
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
        match &mut workspace.plugin {
            Some(Plugin::Krew(plugin)) => self.apply_to_kubectl(plugin),
            Some(Plugin::Service(plugin)) => self.apply_to_service(plugin),
            None if self.is_empty() => Ok(()),
            None => Err("the case changes a plugin, which the workspace does not have".into()),
        }
    }

    fn apply_to_kubectl(&self, plugin: &mut KubectlPlugin) -> Result<(), String> {
        let Self { args, env, stdin, calls, hosts, version, session } = self.clone();
        let others = [("calls", calls.is_some()), ("hosts", hosts.is_some()), ("version", version.is_some())];
        refuse("kubectl plugin", &others)?;
        let command = &mut plugin.command;
        replace(&mut command.args, args);
        replace(&mut command.env, env);
        replace(&mut command.stdin, stdin);
        replace(&mut plugin.session, session);
        Ok(())
    }

    fn apply_to_service(&self, plugin: &mut ServicePlugin) -> Result<(), String> {
        let Self { args, env, stdin, calls, hosts, version, session } = self.clone();
        refuse("service", &[("args", args.is_some()), ("env", env.is_some()), ("stdin", stdin.is_some())])?;
        replace(&mut plugin.calls, calls);
        replace(&mut plugin.hosts, hosts);
        plugin.version = version.or(plugin.version);
        replace(&mut plugin.session, session);
        Ok(())
    }
}

/// Refuses what a plugin of another system has.
fn refuse(what: &str, others: &[(&str, bool)]) -> Result<(), String> {
    match others.iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((name, _)) => {
            Err(format!("the case changes `{name}` of the plugin, which a {what} does not have"))
        }
    }
}

fn replace<T>(value: &mut T, changed: Option<T>) {
    if let Some(changed) = changed {
        *value = changed;
    }
}

/// What a plugin printed to stderr.
pub(super) fn stderr(report: &Report) -> impl Iterator<Item = String> {
    let service = service(report).map(|service| text(&service.stderr));
    let calls = service_calls(report).map(|call| text(&call.stderr));
    report.command.iter().map(|command| text(&command.stderr)).chain(service).chain(calls)
}

/// What a plugin printed to stdout.
fn stdout(report: &Report) -> impl Iterator<Item = String> {
    let service = service(report).map(|service| text(&service.stdout));
    let calls = service_calls(report).map(|call| text(&call.stdout));
    report.command.iter().map(|command| text(&command.stdout)).chain(service).chain(calls)
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
}
