//! Plugins as a scenario: each system's in a file of its own, over one cluster and one list of calls.
//!
//! It grants nothing by itself: what the request does not name is not there. A real cluster is the runner's to bring, and
//! no request can name one.

pub(crate) mod calls;
mod cluster;
mod dashboard;
mod grant;
mod kubectl;
mod service;

pub use self::dashboard::{Answer, For, route};
use crate::abi::{krew, kubestellar};
use crate::machine::{HostFunction, Machine};
use crate::module::Module;
use crate::report::Report;
use crate::request::{Plugin, RunRequest};
use crate::run::{Modules, Pace};
use crate::wasi;

/// Runs a plugin.
pub(crate) async fn run(
    request: &RunRequest,
    plugin: &Plugin,
    modules: &Modules,
    machine: &dyn Machine,
    pace: &mut impl Pace,
) -> Report {
    let mut report = match plugin {
        Plugin::Dashboard(plugin) => dashboard::run(request, plugin, modules, machine, pace).await,
        Plugin::Krew(plugin) => kubectl::run(request, plugin, modules, machine, pace).await,
        Plugin::Service(plugin) => service::run(request, plugin, modules, machine, pace).await,
    };
    grant::add(&mut report, plugin, modules);
    report
}

/// What a module of a plugin may import, to prepare a machine for it before the run.
pub(crate) fn offered(plugin: &Plugin, module: &[u8]) -> &'static [HostFunction] {
    let module = Module::load(module).ok();
    let table = module.and_then(|module| match plugin {
        Plugin::Dashboard(_) => kubestellar::functions(&module.info).ok(),
        Plugin::Krew(_) => krew::functions(&module.info).ok(),
        // Its table is made for each module, when it runs.
        Plugin::Service(_) => None,
    });
    table.unwrap_or_else(wasi::functions)
}
