//! Cases of a plugin: how its input differs, and what it must have asked and printed.
//!
//! It judges only what a report says; it runs nothing.

use serde::{Deserialize, Serialize};

use super::{Expect, some};
use crate::bytes::Bytes;
use crate::report::{HostCall, Report};
use crate::request::{Plugin, Variable};
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
        let plugin = match &mut workspace.plugin {
            Some(Plugin::Krew(plugin)) => plugin,
            None if self.is_empty() => return Ok(()),
            None => return Err("the case changes a plugin, which the workspace does not have".into()),
        };
        let Self { args, env, stdin, session } = self.clone();
        let command = &mut plugin.command;
        replace(&mut command.args, args);
        replace(&mut command.env, env);
        replace(&mut command.stdin, stdin);
        replace(&mut plugin.session, session);
        Ok(())
    }
}

fn replace<T>(value: &mut T, changed: Option<T>) {
    if let Some(changed) = changed {
        *value = changed;
    }
}

/// What a plugin printed to stderr.
pub(super) fn stderr(report: &Report) -> impl Iterator<Item = String> {
    report.command.iter().map(|command| text(&command.stderr))
}

fn text(bytes: &Bytes) -> String {
    String::from_utf8_lossy(&bytes.0).into_owned()
}

/// What a report falls short of where an expectation speaks of a plugin.
pub(super) fn shortfalls(expect: &Expect, report: &Report, missing: &mut Vec<String>) {
    for pattern in &expect.stdout {
        some(pattern, report.command.iter().map(|command| text(&command.stdout)), "stdout", missing);
    }
    for pattern in &expect.calls {
        let calls = report.plugin.iter().flat_map(|plugin| &plugin.calls);
        some(pattern, calls.map(HostCall::line), "call", missing);
    }
}
