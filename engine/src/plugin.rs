//! Plugins as a scenario: each system's in a file of its own, over one cluster and one list of calls.
//!
//! It grants nothing by itself: what the request does not name is not there.

pub(crate) mod calls;
mod cluster;
mod kubectl;
mod service;

use crate::machine::Machine;
use crate::report::Report;
use crate::request::{Plugin, RunRequest};
use crate::run::{Modules, Pace};

/// Runs a plugin.
pub(crate) async fn run(
    request: &RunRequest,
    plugin: &Plugin,
    modules: &Modules,
    machine: &dyn Machine,
    pace: &mut impl Pace,
) -> Report {
    match plugin {
        Plugin::Krew(plugin) => kubectl::run(request, plugin, modules, machine, pace).await,
        Plugin::Service(plugin) => service::run(request, plugin, modules, machine, pace).await,
    }
}
