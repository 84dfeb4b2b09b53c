//! What a plugin is given for one run: a home folder that holds no more than a kubeconfig without credentials, and of
//! everything else what was granted.
//!
//! Nothing of the machine goes in by default: no variable, no file, no credential. The cluster is asked by the
//! program's own client, which signs in; the plugin never can.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use engine::cluster::{Asked, Cluster, ClusterError, Limits, Request, Response};
use engine::report::EntryChange;
use engine::request::{
    Budget, Command, Directory, Entry, KubectlPlugin, Node, Plugin, RunRequest, Scenario, Variable, World,
};

use super::grants::{Grant, Granted};
use super::question::Person;
use crate::Failure;
use crate::cluster::{self, Ask, Consent, KubeCluster, Redacted, Source};
use crate::directories::Copied;

/// Where a plugin finds its home when it may not see the person's.
const HOME: &str = "/home/plugin";

/// Where its kubeconfig lies below.
const FOLDER: &str = ".kube";
const CONFIG: &str = ".kube/config";

/// Which plugin runs, and with what.
#[derive(Clone, Debug)]
pub struct Call {
    /// What the plugin is called.
    pub name: String,
    /// Its arguments, without the program's name.
    pub args: Vec<String>,
    /// Whether it imports what asks a cluster.
    pub asks: bool,
    /// The command that grants it more, such as `drydock plugin grants images`.
    pub granting: String,
}

/// What a plugin is given.
pub struct Given {
    command: Command,
    server: String,
    reach: Option<Reach>,
    home: Option<Copied>,
    trouble: Option<String>,
}

impl Given {
    /// Gathers what was granted. Where the kubeconfig wants more to sign in, `person` is asked, and the answer goes into
    /// `granted`.
    ///
    /// # Errors
    /// When the home folder was granted and cannot be read.
    pub fn gather(
        call: &Call,
        granted: &mut Granted,
        (source, context): (&Source, Option<&str>),
        person: &mut dyn Person,
    ) -> Result<Self, Failure> {
        let sight = cluster::redacted(source, context);
        let home = match granted.has(Grant::Home) {
            true => Some(Copied::nearest(&home()?)?),
            false => None,
        };
        let mut command = Command {
            module: call.name.clone(),
            args: std::iter::once(format!("kubectl-{}", call.name))
                .chain(call.args.iter().cloned())
                .collect(),
            ..Command::default()
        };
        command.directories = vec![match &home {
            Some(home) => home.directory(true),
            None => bare(sight.as_ref().ok()),
        }];
        command.env = environment(granted, sight.is_ok())?;
        let server = sight.as_ref().map(|sight| sight.server.clone()).unwrap_or_default();
        let trouble = sight.as_ref().err().map(|failure| failure.message.clone());
        let reach = call.asks.then(|| Reach::open(call, granted, sight, (source, context), person));
        Ok(Self { command, server, reach, home, trouble })
    }

    /// What asks the cluster, where the plugin may.
    pub fn cluster(&mut self) -> Option<Box<dyn Cluster>> {
        self.reach.take().map(|reach| Box::new(reach) as Box<dyn Cluster>)
    }

    /// Why nobody knows where the cluster is, so that no request can be meant for it.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// What was left out of the home folder, a sentence each.
    pub fn notes(&self) -> impl Iterator<Item = &String> {
        self.home.iter().flat_map(|home| &home.notes)
    }

    /// The run, at this hour and with chance of its own.
    #[must_use]
    pub fn request(&self, budget: Budget) -> RunRequest {
        let charge = self.home.as_ref().map(Copied::charge).unwrap_or_default();
        let plugin = KubectlPlugin {
            command: self.command.clone(),
            server: self.server.clone(),
            ..KubectlPlugin::default()
        };
        RunRequest {
            budget: Budget { file_bytes: budget.file_bytes.saturating_add(charge), ..budget },
            world: World { start_seconds: now(), seed: chance() },
            ..RunRequest::new(Scenario::Plugin(Plugin::Krew(Box::new(plugin))))
        }
    }

    /// Brings what the plugin changed to the home folder, where that was granted. Gives what was left out.
    ///
    /// # Errors
    /// A [`Failure`] for the first change that cannot be made.
    pub fn write_back(&self, changes: &[EntryChange]) -> Result<Vec<String>, Failure> {
        self.home.as_ref().map_or(Ok(Vec::new()), |home| home.write_back_nearest(changes))
    }
}

fn home() -> Result<PathBuf, Failure> {
    std::env::home_dir()
        .ok_or_else(|| Failure::new("there is no home folder, which was granted").with_hint("set `$HOME`"))
}

/// A home folder that holds the kubeconfig alone.
fn bare(sight: Option<&Redacted>) -> Directory {
    let modified = now().saturating_mul(1_000_000_000);
    let entry = |path: &str, node| Entry { path: path.to_owned(), modified, node };
    let entries = sight.map(|sight| {
        let text = sight.text.clone().into_bytes();
        vec![entry(FOLDER, Node::Directory), entry(CONFIG, Node::File(text.into()))]
    });
    Directory { name: HOME.to_owned(), entries: entries.unwrap_or_default(), report_changes: false }
}

/// The variables that it sees: its home and its kubeconfig, or those of the person.
fn environment(granted: &Granted, has_kubeconfig: bool) -> Result<Vec<Variable>, Failure> {
    let variable = |name: &str, value: String| Variable { name: name.to_owned(), value };
    let has_home = granted.has(Grant::Home);
    let is_own = |name: &str| matches!(name, "HOME" | "KUBECONFIG");
    let mut env: Vec<Variable> = Vec::new();
    if granted.has(Grant::Environment) {
        let text = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        env.extend(
            text.filter(|(name, _)| has_home || !is_own(name)).map(|(name, value)| Variable { name, value }),
        );
    }
    match has_home {
        true if env.iter().all(|variable| variable.name != "HOME") => {
            env.push(variable("HOME", home()?.to_string_lossy().into_owned()));
        }
        true => {}
        false => {
            env.push(variable("HOME", HOME.to_owned()));
            if has_kubeconfig {
                env.push(variable("KUBECONFIG", format!("{HOME}/{CONFIG}")));
            }
        }
    }
    Ok(env)
}

/// Seconds since 1970; 0 on a machine whose clock is before.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A number that nobody foresees.
fn chance() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(now())
}

/// The cluster as far as a plugin reaches it.
pub struct Reach {
    way: Result<KubeCluster, String>,
    may_write: bool,
    granting: String,
}

impl Reach {
    fn open(
        call: &Call,
        granted: &mut Granted,
        sight: Result<Redacted, Failure>,
        (source, context): (&Source, Option<&str>),
        person: &mut dyn Person,
    ) -> Self {
        let granting = call.granting.clone();
        let shut = |why: String| Self { way: Err(why), may_write: false, granting: granting.clone() };
        if !granted.has(Grant::Read) {
            return shut(format!(
                "`{}` may not ask your cluster; `{granting} --grant read` lets it",
                call.name
            ));
        }
        if let Err(failure) = sight {
            return shut(failure.message);
        }
        let may_write = granted.has(Grant::Write);
        let mut sign_in = SignIn { granted, person, is_refused: false };
        match cluster::connect(source, context, &mut sign_in) {
            Ok(mut cluster) => {
                if may_write {
                    cluster.allow_writes();
                }
                Self { way: Ok(cluster), may_write, granting }
            }
            Err(failure) if sign_in.is_refused => {
                shut(format!("{}; `{granting} --grant sign-in` agrees to it", failure.message))
            }
            Err(failure) => shut(failure.message),
        }
    }
}

impl Cluster for Reach {
    fn ask(&mut self, request: &Request, limits: Limits) -> Result<Response, ClusterError> {
        let asked = Asked::of(request)?;
        let refused = |why: String| ClusterError::Unreachable { asked: asked.to_string(), why };
        let cluster = self.way.as_mut().map_err(|why| refused(why.clone()))?;
        if !self.may_write && cluster::check_read(&asked).is_err() {
            let granting = &self.granting;
            return Err(refused(format!("it may change your cluster; `{granting} --grant write` lets it")));
        }
        cluster.ask(request, limits)
    }
}

/// What the kubeconfig wants to sign in: agreed to once, word by word.
struct SignIn<'a> {
    granted: &'a mut Granted,
    person: &'a mut dyn Person,
    is_refused: bool,
}

impl Consent for SignIn<'_> {
    fn allows(&mut self, ask: &Ask) -> bool {
        let wish = ask.to_string();
        if self.granted.has(Grant::SignIn) || self.granted.agreed.contains(&wish) {
            return true;
        }
        let is_allowed = self.person.agrees(&format!("May your kubeconfig {wish}?")) == Some(true);
        if is_allowed {
            self.granted.agreed.insert(wish);
        }
        self.is_refused |= !is_allowed;
        is_allowed
    }
}
