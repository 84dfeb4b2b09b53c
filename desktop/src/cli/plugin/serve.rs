//! `drydock plugin serve`: dashboard plugins over HTTP on this machine, before pasted objects or a real cluster that is
//! only read.
//!
//! It listens on loopback unless a person says that others may ask.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use engine::request::{File, Plugin, RunRequest, Scenario};
use engine::visible::visible;
use engine::workspace::wish::Wish;

use super::super::connection::Connection;
use super::super::input::Input;
use super::super::limits::Means;
use super::super::run::dashboard;
use super::super::{Console, Status, text};
use crate::cluster::connect;
use crate::serve::{self, Gate, Server, Shared};
use crate::{Failure, load};

/// Serve dashboard plugins over HTTP, under /api/plugins/1/…, /api/plugins/2/…
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Packages (.tar.gz) and workspaces (drydock.yaml, or folders that have one), numbered in this order
    #[arg(required = true, value_name = "PLUGIN")]
    plugins: Vec<String>,
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4000")]
    listen: SocketAddr,
    /// Let other machines ask: nobody signs in, so whoever reaches the port may
    #[arg(long)]
    allow_remote: bool,
    /// Let pages of this origin ask, such as https://console.example, beside those of this machine
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    allow_origin: Vec<String>,
    /// What the cluster of the packages' plugins holds; `-` for stdin
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// Where a workspace's `example` modules lie [default: `built` beside the workspace's folder]
    #[arg(long, value_name = "DIR")]
    guests: Option<PathBuf>,
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    means: Means,
}

const EXAMPLES: &str = "\
Examples:
  drydock plugin serve hello.tar.gz --input cluster.yaml
  drydock plugin serve hello.tar.gz examples/pod-counter --listen 127.0.0.1:8080
  drydock plugin serve hello.tar.gz --context staging
  curl localhost:4000/api/plugins/1/status

With --context, --kubeconfig or --in-cluster a plugin reads that cluster, as far as its manifest's permissions go,
and changes nothing there; else what --input or its workspace holds. Limits are those of one request. The front end
of a package is not served. Ctrl-C ends it once what was asked is answered, with status 0; Ctrl-C again at once.";

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    check(args)?;
    let cluster = real(args)?;
    let objects = match &args.input {
        Some(path) => Input::read(path)?.manifests()?.0,
        None => Vec::new(),
    };
    let plugins = args.plugins.iter().map(|named| plugin(args, named, &objects)).collect::<Result<_, _>>()?;
    // Before the modules are compiled: a port that is taken is told at once.
    let listener = TcpListener::bind(args.listen).map_err(|error| {
        Failure::new(format!("nothing can listen on {}: {error}", args.listen))
            .with_hint("`--listen 127.0.0.1:0` takes any port that is free")
    })?;
    let address = listener.local_addr().unwrap_or(args.listen);
    let (server, served) = Server::start(plugins, cluster.as_ref())?;
    for plugin in served {
        console.line(format!("http://{address}/api/plugins/{} {}", plugin.id, visible(&plugin.title)));
        for note in &plugin.notes {
            console.remark(format!("{} {}", text::note(), visible(note)));
        }
    }
    let gate = Gate { is_remote: args.allow_remote, origins: args.allow_origin.clone() };
    server.run(listener, gate, |line| console.remark(line))?;
    Ok(Status::DONE)
}

/// Refuses what has no use here, and an address that others reach unless they may.
fn check(args: &Args) -> Result<(), Failure> {
    if !args.listen.ip().is_loopback() && !args.allow_remote {
        return Err(Failure::new(format!("{} is reached by other machines", args.listen.ip()))
            .with_hint("listen on 127.0.0.1; `--allow-remote` lets whoever reaches the port ask"));
    }
    let is_any_package = args.plugins.iter().any(|named| is_package(named));
    let is_any_workspace = args.plugins.iter().any(|named| !is_package(named));
    let useless = |option: &str, what: &str| Err(Failure::new(format!("{option} is for {what} only")));
    match args {
        Args { input: Some(_), .. } if !is_any_package => useless("--input", "a dashboard plugin's package"),
        Args { guests: Some(_), .. } if !is_any_workspace => useless("--guests", "a workspace"),
        Args { input: Some(_), connection, .. } if connection.is_named() => {
            Err(Failure::new("--input is no cluster's where a real one was named")
                .with_hint("leave out one of the two"))
        }
        _ => Ok(()),
    }
}

fn is_package(named: &str) -> bool {
    dashboard::is_package(Path::new(named))
}

/// The real cluster, where one was named.
fn real(args: &Args) -> Result<Option<Shared>, Failure> {
    let options = &args.connection;
    if !options.is_named() {
        return Ok(None);
    }
    let source = options.contexts.source()?;
    let cluster = connect(&source, options.context.as_deref(), &mut &options.consent)?;
    Ok(Some(Shared::new(cluster)))
}

fn plugin(args: &Args, named: &str, objects: &[File]) -> Result<serve::Plugin, Failure> {
    let Means { engine, limits } = args.means;
    if is_package(named) {
        let package = dashboard::open(Path::new(named))?;
        let (plugin, modules) = dashboard::plugin(&package, objects.to_vec());
        let scenario = Scenario::Plugin(Plugin::Dashboard(Box::new(plugin)));
        let request = RunRequest { budget: limits.budget(), ..RunRequest::new(scenario) };
        let machine = (engine, limits.metering(Wish::default()));
        return Ok(serve::Plugin { name: named.to_owned(), request, modules, machine });
    }
    let loaded = load::load(named, args.guests.as_deref())?;
    let request = limits.request(&loaded.workspace);
    if !request.what_if.is_empty() {
        return Err(Failure::new(format!("`{named}` has `whatIf`, which is not served"))
            .with_hint("leave it out; `drydock run` shows what it changes"));
    }
    let machine = (engine, limits.metering(loaded.workspace.budget));
    Ok(serve::Plugin { name: loaded.name, request, modules: loaded.modules, machine })
}

/// An origin as browsers write it.
fn origin(text: &str) -> Result<String, String> {
    let authority =
        text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).unwrap_or_default();
    match authority.is_empty() || authority.contains(['/', '*', '?', '#', '@', ' ']) {
        true => Err("give it as https://HOST[:PORT], without a path".into()),
        false => Ok(text.to_owned()),
    }
}
