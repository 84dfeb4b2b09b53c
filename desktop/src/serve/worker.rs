//! One plugin on a thread of its own: a run for each request, one after the other, with what is stored carried over.
//!
//! Of a report it takes the answer alone. What nobody waits for any more is not run.

use engine::cluster::Cluster;
use engine::machine::Machine;
use engine::report::{DashboardReport, Limit, OutcomeKind, Report};
use engine::request::{self, DashboardPlugin, DashboardRequest, RunRequest, Scenario};
use engine::run::{Kept, Modules};
use serde_json::{Value as Json, json};
use tokio::sync::{mpsc, oneshot};

use super::{Plugin, Served, Shared};
use crate::Failure;
use crate::runner::{Beside, StopSignal, run_with};

/// How many requests wait for a plugin; more are told to come later.
pub(super) const WAITING: usize = 128;

/// What a plugin's server lists of it.
const LIST: &str = "/api/plugins";

/// A request, and where its answer goes.
pub(super) struct Job {
    pub(super) asked: DashboardRequest,
    pub(super) answer: oneshot::Sender<Answered>,
}

/// An answer.
#[derive(Debug, Default)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
    /// What went wrong in the plugin; empty when nothing did.
    pub(super) error: String,
    /// What it logged.
    pub(super) logs: Vec<String>,
}

/// A plugin that answers.
pub(super) struct Worker {
    /// As `GET /api/plugins` lists it.
    pub(super) listed: Json,
    pub(super) jobs: mpsc::Sender<Job>,
}

impl Worker {
    /// Starts a thread, and waits until its plugin is set up.
    pub(super) fn start(
        id: u32,
        plugin: Plugin,
        cluster: Option<Shared>,
        stop: StopSignal,
    ) -> Result<(Self, Served), Failure> {
        let (jobs, mut waiting) = mpsc::channel::<Job>(WAITING);
        let (ready, is_ready) = std::sync::mpsc::sync_channel(1);
        let name = plugin.name.clone();
        let work = move || {
            let begun = Running::begin(id, plugin, cluster, stop);
            let mut running = match begun {
                Ok((running, listed, served)) => {
                    let _ = ready.send(Ok((listed, served)));
                    running
                }
                Err(failure) => return drop(ready.send(Err(failure))),
            };
            while let Some(job) = waiting.blocking_recv() {
                if !job.answer.is_closed() {
                    // Who asked may have gone meanwhile.
                    let _ = job.answer.send(running.answer(job.asked));
                }
            }
        };
        let lost = |why: String| Failure::new(format!("`{name}` cannot be served: {why}"));
        std::thread::Builder::new()
            .name(format!("plugin-{id}"))
            .spawn(work)
            .map_err(|error| lost(error.to_string()))?;
        let (listed, served) = is_ready.recv().map_err(|_| lost("its thread ended".into()))??;
        Ok((Self { listed, jobs }, served))
    }
}

/// A plugin between its runs.
struct Running {
    machine: Box<dyn Machine>,
    request: RunRequest,
    plugin: DashboardPlugin,
    modules: Modules,
    cluster: Option<Shared>,
    stop: StopSignal,
    kept: Kept,
}

impl Running {
    /// Runs a plugin once, to see that it can be set up.
    fn begin(
        id: u32,
        plugin: Plugin,
        cluster: Option<Shared>,
        stop: StopSignal,
    ) -> Result<(Self, Json, Served), Failure> {
        let name = plugin.name;
        let Scenario::Plugin(request::Plugin::Dashboard(held)) = &plugin.request.scenario else {
            return Err(Failure::new(format!("`{name}` is no dashboard plugin"))
                .with_hint("name packages (.tar.gz) and workspaces with `plugin.dashboard`"));
        };
        let held = DashboardPlugin { id, requests: Vec::new(), ..(**held).clone() };
        let (engine, metering) = plugin.machine;
        let mut running = Self {
            machine: engine.machine(metering)?,
            request: plugin.request,
            plugin: held,
            modules: plugin.modules,
            cluster,
            stop,
            kept: Kept::default(),
        };
        let report = running.run(DashboardRequest { path: LIST.into(), ..DashboardRequest::default() });
        let outcome = &report.outcome;
        if outcome.kind != OutcomeKind::Finished {
            let failure = Failure::new(format!("`{name}` cannot be served: {}", outcome.message));
            return Err(Failure { hint: outcome.hint.clone(), ..failure });
        }
        let dashboard = dashboard(&report).cloned().unwrap_or_default();
        let body = running.kept.bodies.first().map(Vec::as_slice).unwrap_or_default();
        let listed: Json = serde_json::from_slice(body).unwrap_or_default();
        let listed = listed.pointer("/plugins/0").cloned().unwrap_or_default();
        let facts = dashboard.manifest.unwrap_or_default();
        let noted = report.plugin.iter().flat_map(|plugin| plugin.notes.iter().cloned());
        let notes = dashboard.warnings.into_iter().chain(noted).collect();
        let served = Served { id, title: format!("{} {}", facts.name, facts.version), notes };
        Ok((running, listed, served))
    }

    fn run(&mut self, asked: DashboardRequest) -> Report {
        let plugin = DashboardPlugin { requests: vec![asked], ..self.plugin.clone() };
        let scenario = Scenario::Plugin(request::Plugin::Dashboard(Box::new(plugin)));
        let request = RunRequest { scenario, ..self.request.clone() };
        self.kept.bodies.clear();
        let cluster = self.cluster.clone().map(|cluster| Box::new(cluster) as Box<dyn Cluster>);
        let beside = Beside { cluster, kept: Some(&mut self.kept), ..Beside::default() };
        run_with(&request, &self.modules, self.machine.as_ref(), beside, &self.stop, |_| ())
    }

    fn answer(&mut self, asked: DashboardRequest) -> Answered {
        let report = self.run(asked);
        let first = dashboard(&report).and_then(|dashboard| dashboard.answers.first());
        let logs = first.map(|answer| answer.logs.clone()).unwrap_or_default();
        match first.and_then(|answer| Some((answer, answer.status?))).zip(self.kept.bodies.drain(..).next()) {
            Some(((answer, status), body)) => {
                let (content_type, error) = (answer.content_type.clone(), answer.error.clone());
                Answered { status, content_type, body, error, logs }
            }
            None => unanswered(&report, logs),
        }
    }
}

fn dashboard(report: &Report) -> Option<&DashboardReport> {
    report.plugin.as_deref()?.dashboard.as_deref()
}

/// What is answered where a limit ended the run, or the plugin was not set up.
fn unanswered(report: &Report, logs: Vec<String>) -> Answered {
    let outcome = &report.outcome;
    let status = match outcome.limit {
        Some(Limit::Time) => 504,
        Some(Limit::Person) => 503,
        _ => 500,
    };
    Answered { error: outcome.message.clone(), logs, ..error(status, &outcome.message) }
}

/// An error as KubeStellar writes it.
pub(super) fn error(status: u16, message: &str) -> Answered {
    let body = json!({ "error": message }).to_string().into_bytes();
    Answered { status, content_type: "application/json; charset=utf-8".into(), body, ..Answered::default() }
}
