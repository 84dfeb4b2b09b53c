//! Dashboard plugins over real HTTP, under `/api/plugins/<id>/…`, as KubeStellar's server mounts them.
//!
//! It serves no front end, signs nobody in and changes no cluster. Each request is one run of the engine, with what the
//! plugin has stored carried over whole; the requests to one plugin are answered one after the other.

mod answer;
mod gate;
mod listen;
mod worker;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::cluster::{Cluster, ClusterError, Limits, Request, Response};
use engine::request::RunRequest;
use engine::run::Modules;
use tokio::sync::mpsc;

use self::answer::Site;
pub use self::gate::Gate;
use self::worker::Worker;
use crate::Failure;
use crate::cluster::KubeCluster;
use crate::machines::{Engine, Metering};
use crate::runner::StopSignal;

/// The most plugins of one server: each has a thread and a machine.
pub const MAX_PLUGINS: usize = 64;

/// How many lines of the log wait to be printed; who has more to say waits for that.
const LINES: usize = 256;

/// What is left to a server beyond the time of a run, once it was told to end.
const GRACE: Duration = Duration::from_secs(5);

/// A plugin to be served.
#[derive(Clone, Debug)]
pub struct Plugin {
    /// What it was read from, as a person knows it.
    pub name: String,
    /// Its run: a dashboard plugin, whose number and requests do not count.
    pub request: RunRequest,
    /// Its module.
    pub modules: Modules,
    /// What executes it.
    pub machine: (Engine, Metering),
}

/// A real cluster, one connection for all plugins.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<KubeCluster>>);

impl Shared {
    /// A connection that several ask through, one after the other.
    #[must_use]
    pub fn new(cluster: KubeCluster) -> Self {
        Self(Arc::new(Mutex::new(cluster)))
    }
}

impl Cluster for Shared {
    fn ask(&mut self, request: &Request, limits: Limits) -> Result<Response, ClusterError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).ask(request, limits)
    }
}

/// Plugins that answer.
pub struct Server {
    workers: BTreeMap<u32, Worker>,
    stop: StopSignal,
    /// How long the longest of their runs may take.
    longest: Duration,
}

/// A plugin that answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// Its number.
    pub id: u32,
    /// Its name and version, as its manifest says them.
    pub title: String,
    /// What the manifest and the host have to say, a sentence each.
    pub notes: Vec<String>,
}

impl Server {
    /// Sets up plugins, which have the numbers 1, 2, … in their order, and says what they are.
    ///
    /// # Errors
    /// A [`Failure`] that names the plugin which cannot be set up.
    pub fn start(plugins: Vec<Plugin>, cluster: Option<&Shared>) -> Result<(Self, Vec<Served>), Failure> {
        if plugins.len() > MAX_PLUGINS {
            return Err(Failure::new(format!("{} plugins are more than {MAX_PLUGINS}", plugins.len()))
                .with_hint("serve the others on another port"));
        }
        let longest = plugins.iter().map(|plugin| plugin.request.budget.time_ms).max().unwrap_or_default();
        let mut server = Self {
            workers: BTreeMap::new(),
            stop: StopSignal::new(),
            longest: Duration::from_millis(longest),
        };
        let mut all = Vec::new();
        for (id, plugin) in (1..).zip(plugins) {
            let (worker, served) = Worker::start(id, plugin, cluster.cloned(), server.stop.clone())?;
            server.workers.insert(id, worker);
            all.push(served);
        }
        Ok((server, all))
    }

    /// Answers until Ctrl-C; what is asked already is answered to its end, unless Ctrl-C comes again. `on_line` is given
    /// each line of the log.
    ///
    /// # Errors
    /// When the system gives no way to listen.
    pub fn run(self, listener: TcpListener, gate: Gate, on_line: impl FnMut(&str)) -> Result<(), Failure> {
        let cannot = |error: std::io::Error| Failure::new(format!("nobody can be answered: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(cannot)?;
        let (log, lines) = mpsc::channel(LINES);
        let site = Arc::new(Site::new(self.workers, gate, log));
        listener.set_nonblocking(true).map_err(cannot)?;
        let ended = runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let ending = listen::Ending { stop: self.stop, patience: self.longest + GRACE };
            listen::run(listener, answer::router(site), lines, ending, on_line).await;
            Ok(())
        });
        ended.map_err(cannot)
    }
}
