//! A dashboard plugin as a scenario: its manifest read, its routes mounted, every request answered in one instance.
//!
//! It grants nothing by itself: a plugin reads of the cluster what its manifest asks for, and reaches nobody else.

mod answers;
mod live;
mod server;
mod serving;

use std::collections::{BTreeMap, BTreeSet};

use self::live::{Live, Plan};
use self::server::Server;
pub use self::server::{Answer, For, route};
use self::serving::Serving;
use super::calls::{Calls, Clock};
use super::cluster;
use crate::abi::kubestellar;
use crate::abi::kubestellar::host::Dashboard;
use crate::abi::kubestellar::manifest::{self, Manifest};
use crate::abi::kubestellar::permissions::Permissions;
use crate::abi::kubestellar::routes::Routes;
use crate::abi::kubestellar::signature::{self, Signature};
use crate::cluster::Cluster;
use crate::ending;
use crate::host::Host;
use crate::machine::Machine;
use crate::module::Module;
use crate::report::{DashboardReport, Outcome, OutcomeKind, Report};
use crate::request::{DashboardPlugin, RunRequest};
use crate::run::{Modules, Pace, check_version};
use crate::words;

/// The most requests of a run: more than anybody types, and enough to see a plugin run out of memory.
const MAX_REQUESTS: usize = 10_000;

/// Runs a dashboard plugin.
pub(super) async fn run(
    request: &RunRequest,
    plugin: &DashboardPlugin,
    modules: &Modules,
    machine: &dyn Machine,
    pace: &mut impl Pace,
) -> Report {
    let finished = Outcome::new(OutcomeKind::Finished, String::new());
    let mut report = Report::begin(request, machine, finished);
    let mut done = DashboardReport { module: plugin.module.clone(), ..DashboardReport::default() };
    let ran = attempt(request, plugin, modules, machine, (pace, &mut report, &mut done)).await;
    report.outcome = ran.unwrap_or_else(|outcome| outcome);
    report.plugin.get_or_insert_default().dashboard = Some(Box::new(done));
    report.millis = pace.millis();
    report
}

fn invalid(message: String) -> Outcome {
    Outcome::new(OutcomeKind::Invalid, message)
}

async fn attempt(
    request: &RunRequest,
    plugin: &DashboardPlugin,
    modules: &Modules,
    machine: &dyn Machine,
    (pace, report, done): (&mut impl Pace, &mut Report, &mut DashboardReport),
) -> Result<Outcome, Outcome> {
    check_version(request)?;
    if plugin.requests.len() > MAX_REQUESTS {
        let (is, most) = (plugin.requests.len() as u64, MAX_REQUESTS as u64);
        let message =
            format!("{} are more than the {} of a run", words::count(is, "request"), words::grouped(most));
        return Err(invalid(message).with_hint("ask for less, or in several workspaces"));
    }
    let mut manifest = manifest::read(&plugin.manifest)?;
    let module = load(&plugin.module, modules)?;
    done.digest.clone_from(&module.info.digest);
    done.assets = plugin.assets.iter().take(crate::package::MAX_ENTRIES).cloned().collect();
    let (permissions, warnings) = Permissions::read(&manifest.facts.permissions);
    warnings.into_iter().for_each(|warning| manifest.warn(warning));
    let signatures = signatures(&module, &manifest);
    let routes = mount(plugin, &mut manifest, &signatures);
    done.manifest = Some(manifest.facts.clone());
    done.routes.clone_from(&routes.listed);
    done.warnings.clone_from(&manifest.warnings);

    let table = kubestellar::functions(&module.info).map_err(|cause| {
        invalid(format!("module `{}`: {cause}", plugin.module)).with_hint(kubestellar::IMPORTS)
    })?;
    let around = (pace.cluster(), (pace.clock(), pace.millis()));
    let mut host = host(request, plugin, (&manifest, permissions), &signatures, around)?;
    restore(&mut host, pace)?;
    let prepared = machine
        .prepare(&module.bytes, table)
        .map_err(|error| ending::refused(&plugin.module, &error, kubestellar::IMPORTS))?;
    let entrypoint = manifest.facts.entrypoint.as_str();
    let plan = Plan { prepared, signatures, entrypoint, budget: request.budget };
    let mut live = Live::new(plan, host);
    notes(&module, &manifest, &mut live);
    done.stored_before = live.stored();
    let server =
        Server { id: plugin.id, is_disabled: plugin.disabled, facts: &manifest.facts, routes: &routes };
    let outcome = Serving::new(plugin, server, &mut live).run(pace, done).await;
    settle(live, pace, report, done);
    Ok(outcome)
}

fn load(name: &str, modules: &Modules) -> Result<Module, Outcome> {
    let Some(bytes) = modules.get(name) else {
        return Err(invalid(format!("the module `{name}` is not here")).with_hint("bring its file"));
    };
    Module::load(bytes).map_err(|error| invalid(format!("module `{name}`: {error}")).with_hint(error.hint()))
}

/// The functions that may be called.
fn signatures(module: &Module, manifest: &Manifest) -> BTreeMap<String, Signature> {
    let handlers = manifest.routes.iter().map(|route| route.handler.as_str());
    let names: BTreeSet<&str> =
        handlers.chain([kubestellar::ALLOCATE, manifest.facts.entrypoint.as_str()]).collect();
    signature::exported(&module.bytes, &names)
}

/// Mounts the routes, and warns of those that are not answered as they stand.
fn mount(
    plugin: &DashboardPlugin,
    manifest: &mut Manifest,
    signatures: &BTreeMap<String, Signature>,
) -> Routes {
    let listed = if manifest.is_backend { manifest.routes.as_slice() } else { &[] };
    let routes = Routes::mount(&server::prefix(plugin.id), listed, |name| signatures.contains_key(name));
    for route in routes.listed.iter().filter(|route| !route.trouble.is_empty()) {
        let (method, path) = (words::sentence(&route.method), words::sentence(&route.path));
        manifest.warn(format!("`{method} {path}`: {}", route.trouble));
    }
    for name in plugin.config.keys().filter(|name| !manifest.config.contains_key(*name)) {
        manifest.warnings.push(format!("`spec.configuration` has no setting `{}`", words::sentence(name)));
    }
    manifest.warnings.truncate(crate::report::MAX_PLUGIN_NOTES);
    for (name, value) in &plugin.config {
        manifest.config.insert(name.clone(), value.clone());
    }
    routes
}

fn host(
    request: &RunRequest,
    plugin: &DashboardPlugin,
    (manifest, permissions): (&Manifest, Permissions),
    signatures: &BTreeMap<String, Signature>,
    (real, clock): (Option<Box<dyn Cluster>>, Clock),
) -> Result<Host, Outcome> {
    let cluster = cluster::of(request, (&plugin.objects, &plugin.session), real)?;
    let calls = Calls::new(cluster, &request.budget, clock);
    let allocate = signatures.get(kubestellar::ALLOCATE).copied();
    let (name, config) = (&manifest.facts.name, manifest.config.clone());
    let dashboard = Dashboard::new(calls, name, permissions, config, &plugin.storage, allocate)
        .map_err(|cause| invalid(format!("`storage`: {cause}")))?;
    let mut host = Host::new(&request.budget, &request.world);
    host.gate.deny(request.deny.clone());
    host.dashboard = Some(Box::new(dashboard));
    Ok(host)
}

/// Brings back what earlier runs stored, where the runner kept it.
fn restore(host: &mut Host, pace: &mut impl Pace) -> Result<(), Outcome> {
    let stored = pace.kept().and_then(|kept| kept.stored.as_ref());
    let Some((stored, dashboard)) = stored.zip(host.dashboard.as_deref_mut()) else { return Ok(()) };
    dashboard.restore(stored).map_err(|cause| invalid(format!("what was stored before: {cause}")))
}

/// What sets a module up, of which KubeStellar calls only what a manifest names.
const INITIALIZE: &str = "_initialize";
const START: &str = "_start";

fn notes(module: &Module, manifest: &Manifest, live: &mut Live<'_>) {
    let exports = |name: &str| module.info.exports.iter().any(|it| it.name == name && it.kind == "func");
    let entrypoint = manifest.facts.entrypoint.as_str();
    let note = match entrypoint {
        START if exports(START) => {
            format!(
                "the entrypoint `{START}` mostly ends in an exit, after which KubeStellar calls no handler; here it goes on"
            )
        }
        INITIALIZE => return,
        _ if exports(INITIALIZE) => format!(
            "the module exports `{INITIALIZE}`, which sets it up and which nobody calls: `spec.wasm.entrypoint: {INITIALIZE}` in its manifest does"
        ),
        _ => return,
    };
    live.note(note);
}

fn settle(mut live: Live<'_>, pace: &mut impl Pace, report: &mut Report, done: &mut DashboardReport) {
    done.stored = live.stored();
    let (host, fuel, memory) = live.end();
    report.fuel = fuel;
    report.memory_bytes = memory;
    let Some(host) = host else { return };
    done.host_calls = host.gate.counts();
    if let Some((kept, dashboard)) = pace.kept().zip(host.dashboard.as_deref()) {
        kept.stored = Some(dashboard.texts().clone());
    }
    report.plugin = host.dashboard.map(|dashboard| Box::new(dashboard.report()));
}
