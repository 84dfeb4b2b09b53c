//! A plugin as a scenario: its cluster made of what the workspace holds, its kubeconfig put where it is asked for, its
//! guest run, what it asked told.
//!
//! It grants nothing by itself: a directory, a variable or a kubeconfig that the request does not name is not there. A
//! real cluster is the runner's to bring, and no request can name one.

use crate::abi::krew;
use crate::abi::krew::host::Krew;
use crate::abi::krew::kubeconfig;
use crate::abi::krew::url::Origin;
use crate::cluster::{Cluster, Mock, Replay, Session};
use crate::command::{self, Offer};
use crate::gate::Objects;
use crate::host::Host;
use crate::machine::{HostFunction, Machine};
use crate::module::Module;
use crate::report::{Outcome, OutcomeKind, Report};
use crate::request::{Command, Entry, KubectlPlugin, Node, Plugin, RunRequest, World};
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
    let Plugin::Krew(plugin) = plugin;
    let clock = (pace.clock(), pace.millis());
    let given = prepare(plugin, request.world, pace.cluster());
    let command = given.as_ref().map_or(&plugin.command, |(command, _)| command).clone();
    let stdin = pace.stdin();
    let furnish = |module: &Module, host: &mut Host| {
        let (_, cluster) = given?;
        let table = krew::functions(&module.info)
            .map_err(|cause| invalid(format!("module `{}`: {cause}", plugin.command.module)))?;
        let limits = (&request.budget, &request.world);
        host.krew = Some(Box::new(Krew::new(cluster, krew::allocates(&module.info), limits, clock)));
        if let Some(stdin) = stdin {
            host.wasi.set_stdin_source(stdin);
        }
        Ok(Offer { table, hint: krew::IMPORTS })
    };
    let mut report = command::run_with(request, &command, modules, machine, (pace, furnish)).await;
    report.plugin.get_or_insert_default();
    report
}

/// What a plugin may import; of one that cannot be looked into, WASI.
pub(crate) fn offered(module: &[u8]) -> &'static [HostFunction] {
    let table = Module::load(module).ok().and_then(|module| krew::functions(&module.info).ok());
    table.unwrap_or_else(wasi::functions)
}

fn invalid(message: String) -> Outcome {
    Outcome::new(OutcomeKind::Invalid, message)
}

/// What a plugin is given, who answers it, and where.
type Given = (Command, (Box<dyn Cluster>, Origin));

/// Gathers it. A real cluster answers in place of what the request holds.
fn prepare(plugin: &KubectlPlugin, world: World, real: Option<Box<dyn Cluster>>) -> Result<Given, Outcome> {
    let origin = Origin::new(&plugin.server)
        .map_err(|cause| invalid(format!("the plugin's `server` cannot be used: {cause}")))?;
    let cluster = match real {
        Some(cluster) => cluster,
        None => cluster(plugin, world)?,
    };
    let mut command = plugin.command.clone();
    if let Some(kubeconfig) = &plugin.kubeconfig {
        let text = kubeconfig::text(kubeconfig, &plugin.server).into_bytes();
        place(&mut command, &kubeconfig.directory, text, world.start_seconds.saturating_mul(1_000_000_000))?;
    }
    Ok((command, (cluster, origin)))
}

/// Who answers: the workspace's objects, or what a real cluster answered before.
fn cluster(plugin: &KubectlPlugin, world: World) -> Result<Box<dyn Cluster>, Outcome> {
    if !plugin.session.trim().is_empty() {
        let session = Session::from_text(&plugin.session)
            .map_err(|error| invalid(format!("`session` cannot be replayed: {error}")))?;
        return Ok(Box::new(Replay::new(session)));
    }
    let objects = Objects::load(&plugin.objects)?;
    let mock = Mock::new(objects.all().cloned().collect(), world)
        .map_err(|error| invalid(format!("the cluster cannot be made of `objects`: {error}")))?;
    Ok(Box::new(mock))
}

/// Puts the kubeconfig into a directory.
fn place(command: &mut Command, name: &str, text: Vec<u8>, modified: u64) -> Result<(), Outcome> {
    let Some(directory) = command.directories.iter_mut().find(|directory| directory.name == name) else {
        let message = format!("the kubeconfig is to lie in the directory `{name}`, which is not granted");
        return Err(invalid(message).with_hint("add it to the command's `directories`, or name another"));
    };
    let has = |path: &str| directory.entries.iter().any(|entry| entry.path == path);
    if has(kubeconfig::PATH) {
        let message = format!("the directory `{name}` holds a `{}` already", kubeconfig::PATH);
        return Err(invalid(message).with_hint("remove it, or offer no kubeconfig"));
    }
    let entry = |path: &str, node| Entry { path: path.to_owned(), modified, node };
    if !has(kubeconfig::FOLDER) {
        directory.entries.push(entry(kubeconfig::FOLDER, Node::Directory));
    }
    directory.entries.push(entry(kubeconfig::PATH, Node::File(text.into())));
    Ok(())
}
