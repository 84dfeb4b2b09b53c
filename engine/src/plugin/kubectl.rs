//! A kubectl plugin as a scenario: its kubeconfig put where it is asked for, its guest run, what it asked told.
//!
//! It grants nothing by itself: a directory, a variable or a kubeconfig that the request does not name is not there.

use super::calls::Calls;
use super::cluster;
use crate::abi::krew;
use crate::abi::krew::host::Krew;
use crate::abi::krew::kubeconfig;
use crate::abi::krew::url::Origin;
use crate::cluster::Cluster;
use crate::command::{self, Offer};
use crate::host::Host;
use crate::machine::Machine;
use crate::module::Module;
use crate::report::{Outcome, OutcomeKind, Report};
use crate::request::{Command, Entry, KubectlPlugin, Node, RunRequest};
use crate::run::{Modules, Pace};

/// Runs a kubectl plugin.
pub(super) async fn run(
    request: &RunRequest,
    plugin: &KubectlPlugin,
    modules: &Modules,
    machine: &dyn Machine,
    pace: &mut impl Pace,
) -> Report {
    let clock = (pace.clock(), pace.millis());
    let given = prepare(request, plugin, pace.cluster());
    let command = given.as_ref().map_or(&plugin.command, |(command, _)| command).clone();
    let stdin = pace.stdin();
    let furnish = |module: &Module, host: &mut Host| {
        let (_, (cluster, origin)) = given?;
        let table = krew::functions(&module.info)
            .map_err(|cause| invalid(format!("module `{}`: {cause}", plugin.command.module)))?;
        let calls = Calls::new(cluster, &request.budget, clock);
        host.krew = Some(Box::new(Krew::new((calls, origin), krew::allocates(&module.info), &request.world)));
        if let Some(stdin) = stdin {
            host.wasi.set_stdin_source(stdin);
        }
        Ok(Offer { table, hint: krew::IMPORTS })
    };
    let mut report = command::run_with(request, &command, modules, machine, (pace, furnish)).await;
    report.plugin.get_or_insert_default();
    report
}

fn invalid(message: String) -> Outcome {
    Outcome::new(OutcomeKind::Invalid, message)
}

/// What a plugin is given, who answers it, and where.
type Given = (Command, (Box<dyn Cluster>, Origin));

/// Gathers it. A real cluster answers in place of what the request holds.
fn prepare(
    request: &RunRequest,
    plugin: &KubectlPlugin,
    real: Option<Box<dyn Cluster>>,
) -> Result<Given, Outcome> {
    let origin = Origin::new(&plugin.server)
        .map_err(|cause| invalid(format!("the plugin's `server` cannot be used: {cause}")))?;
    let cluster = cluster::of(request, (&plugin.objects, &plugin.session), real)?;
    let mut command = plugin.command.clone();
    if let Some(kubeconfig) = &plugin.kubeconfig {
        let text = kubeconfig::text(kubeconfig, &plugin.server).into_bytes();
        place(
            &mut command,
            &kubeconfig.directory,
            text,
            request.world.start_seconds.saturating_mul(1_000_000_000),
        )?;
    }
    Ok((command, (cluster, origin)))
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
