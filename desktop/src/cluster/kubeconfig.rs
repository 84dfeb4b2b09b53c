//! Where clusters are written down: `$KUBECONFIG`, the default path, one file, or the pod that this runs in.
//! Files are merged as kubectl merges them: the first to name something wins.
//!
//! Messages quote nothing from a kubeconfig but names: what stands beside them may be a token. Proxies come from
//! the kubeconfig alone, never from the environment.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use kube::config::{AuthInfo, Cluster, Kubeconfig, KubeconfigError};
use serde::{Deserialize, Serialize};

use super::files;
use crate::Failure;

/// The largest kubeconfig: hundreds of clusters with their certificates.
const MAX_KUBECONFIG_BYTES: usize = 4 << 20;

/// Where a pod finds its service account.
const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Where a context comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// `$KUBECONFIG`, a list of files, or else `.kube/config` in the home folder.
    #[default]
    Default,
    /// This file alone.
    File(PathBuf),
    /// A service account with its files in a folder of its own, as pods are given them.
    Account {
        /// The folder with `ca.crt`, `namespace` and `token`.
        folder: PathBuf,
        /// The API server's host, a name or an address.
        host: String,
        /// The API server's port.
        port: String,
    },
}

impl Source {
    /// The service account of the pod that this runs in, as Kubernetes tells every pod.
    ///
    /// # Errors
    /// When this runs in no pod.
    pub fn in_cluster() -> Result<Self, Failure> {
        let variable = |name: &str| {
            std::env::var(name).ok().filter(|value| !value.is_empty()).ok_or_else(|| {
                Failure::new(format!("this does not run in a pod: `${name}` is not set"))
                    .with_hint("leave out `--in-cluster` to use a kubeconfig")
            })
        };
        let (host, port) = (variable("KUBERNETES_SERVICE_HOST")?, variable("KUBERNETES_SERVICE_PORT")?);
        Ok(Self::Account { folder: ACCOUNT.into(), host, port })
    }
}

/// What there is to see of a context. It holds no credential.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    /// Its name.
    pub name: String,
    /// The name of its cluster.
    pub cluster: String,
    /// The cluster's host and port; empty when the kubeconfig has none.
    pub server: String,
    /// The name of its user; empty when it has none.
    pub user: String,
    /// The namespace that is meant where none is named.
    pub namespace: String,
    /// Whether it is the one that kubectl uses.
    pub is_current: bool,
}

/// The contexts of a source, in the order they are written down.
///
/// # Errors
/// When there is no kubeconfig, or one cannot be read.
pub fn contexts(source: &Source) -> Result<Vec<Context>, Failure> {
    if let Source::Account { folder, host, port } = source {
        return Ok(vec![files::account(folder, host, port)?.context]);
    }
    let config = read(source)?;
    Ok(config.contexts.iter().map(|named| summary(&config, &named.name)).collect())
}

/// A context with what is needed to connect to it. It can not be printed.
pub(super) struct Place {
    pub(super) context: Context,
    pub(super) cluster: Cluster,
    pub(super) user: AuthInfo,
    /// Whether it is a service account, which was named by itself and not by a kubeconfig.
    pub(super) is_account: bool,
}

/// A context by its name, or the current one.
pub(super) fn place(source: &Source, name: Option<&str>) -> Result<Place, Failure> {
    if let Source::Account { folder, host, port } = source {
        return files::account(folder, host, port);
    }
    let config = read(source)?;
    let known =
        || config.contexts.iter().map(|named| format!("`{}`", named.name)).collect::<Vec<_>>().join(", ");
    let Some(name) = name.or(config.current_context.as_deref()) else {
        return Err(Failure::new("the kubeconfig has no current context")
            .with_hint(format!("name one: {}", or_none(known()))));
    };
    let Some(named) = config.contexts.iter().find(|named| named.name == name) else {
        return Err(Failure::new(format!("the kubeconfig has no context `{name}`"))
            .with_hint(format!("it has {}", or_none(known()))));
    };
    let fields = named.context.clone().unwrap_or_default();
    let cluster = config.clusters.iter().find(|cluster| cluster.name == fields.cluster);
    let Some(cluster) = cluster.and_then(|named| named.cluster.clone()) else {
        let cluster = &fields.cluster;
        return Err(Failure::new(format!(
            "context `{name}` names the cluster `{cluster}`, which is not there"
        )));
    };
    let user = fields.user.clone().unwrap_or_default();
    let found = config.auth_infos.iter().find(|named| named.name == user);
    // As kubectl: a user that is not there is nobody, and the server decides.
    let user = found.and_then(|named| named.auth_info.clone()).unwrap_or_default();
    Ok(Place { context: summary(&config, name), cluster, user, is_account: false })
}

fn or_none(names: String) -> String {
    if names.is_empty() { "none".into() } else { names }
}

fn summary(config: &Kubeconfig, name: &str) -> Context {
    let named = config.contexts.iter().find(|named| named.name == name);
    let fields = named.and_then(|named| named.context.clone()).unwrap_or_default();
    let cluster = config.clusters.iter().find(|cluster| cluster.name == fields.cluster);
    let server = cluster.and_then(|named| named.cluster.as_ref()?.server.as_deref()).unwrap_or_default();
    Context {
        name: name.to_owned(),
        cluster: fields.cluster,
        server: server_shown(server),
        user: fields.user.unwrap_or_default(),
        namespace: fields.namespace.filter(|name| !name.is_empty()).unwrap_or_else(|| "default".into()),
        is_current: config.current_context.as_deref() == Some(name),
    }
}

/// A server's host and port, without what may stand before and behind them.
pub(super) fn server_shown(server: &str) -> String {
    let Ok(uri) = server.parse::<http::Uri>() else { return String::new() };
    match (uri.host(), uri.port_u16()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    }
}

fn read(source: &Source) -> Result<Kubeconfig, Failure> {
    match source {
        Source::File(path) => read_file(path),
        _ => read_default(std::env::var_os("KUBECONFIG").as_deref(), std::env::home_dir()),
    }
}

/// The files that `$KUBECONFIG` lists and that exist, or else the one in the home folder.
fn read_default(listed: Option<&OsStr>, home: Option<PathBuf>) -> Result<Kubeconfig, Failure> {
    let listed = listed.filter(|list| !list.is_empty());
    let files: Vec<PathBuf> = match listed {
        Some(list) => std::env::split_paths(list).filter(|path| !path.as_os_str().is_empty()).collect(),
        None => home.iter().map(|home| home.join(".kube").join("config")).collect(),
    };
    let mut merged: Option<Kubeconfig> = None;
    for path in files.iter().filter(|path| path.exists()) {
        let next = read_file(path)?;
        merged = Some(match merged {
            None => next,
            Some(first) => first.merge(next).map_err(|_| no_kubeconfig(path, "its kind is another"))?,
        });
    }
    merged.ok_or_else(|| {
        let shown: Vec<String> = files.iter().map(|path| format!("`{}`", path.display())).collect();
        let named = if listed.is_some() { "`$KUBECONFIG` names " } else { "" };
        let places = if shown.is_empty() { "no home folder".into() } else { shown.join(" and ") };
        Failure::new(format!("there is no kubeconfig: {named}{places}, which does not exist"))
            .with_hint("name one with `--kubeconfig FILE` or `$KUBECONFIG`; inside a pod, use `--in-cluster`")
    })
}

/// Reads one file. Relative paths in it are relative to it.
fn read_file(path: &Path) -> Result<Kubeconfig, Failure> {
    // Read first with a bound, so that no FIFO and no large file reaches the reader below.
    let _ = crate::files::read(path, MAX_KUBECONFIG_BYTES)?;
    let mut config = Kubeconfig::read_from(path).map_err(|error| match error {
        // The parser's own words would quote the lines around, and those hold tokens.
        KubeconfigError::Parse(error) => match error.location() {
            Some(at) => {
                no_kubeconfig(path, &format!("line {}, column {}, does not fit", at.line(), at.column()))
            }
            None => no_kubeconfig(path, "it is not written as one"),
        },
        _ => no_kubeconfig(path, "it is not UTF-8, or its parts do not fit together"),
    })?;
    if let Some(kind) = config.kind.as_deref().filter(|kind| *kind != "Config") {
        return Err(no_kubeconfig(path, &format!("it is a `{kind}`")));
    }
    config.current_context = config.current_context.filter(|name| !name.is_empty());
    Ok(config)
}

fn no_kubeconfig(path: &Path, why: &str) -> Failure {
    Failure::new(format!("`{}` is no kubeconfig: {why}", path.display()))
        .with_hint("`kubectl config view` shows what kubectl reads")
}
