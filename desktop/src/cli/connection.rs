//! The options that name a real cluster and agree to what its kubeconfig wants, once for all commands.
//!
//! It asks nothing on a terminal: what nobody agreed to is refused in a sentence that names the option.

use std::path::PathBuf;

use crate::Failure;
use crate::cluster::{Ask, Consent, Source};

/// Where contexts come from.
#[derive(Debug, clap::Args)]
pub(crate) struct Contexts {
    /// Read this kubeconfig alone, not $KUBECONFIG or ~/.kube/config
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<PathBuf>,
    /// Use the service account of the pod that this runs in
    #[arg(long, conflicts_with = "kubeconfig")]
    in_cluster: bool,
}

impl Contexts {
    /// Whether one was named.
    pub(crate) fn is_named(&self) -> bool {
        self.kubeconfig.is_some() || self.in_cluster
    }

    pub(crate) fn source(&self) -> Result<Source, Failure> {
        Ok(match &self.kubeconfig {
            _ if self.in_cluster => Source::in_cluster()?,
            Some(file) => Source::File(file.clone()),
            None => Source::Default,
        })
    }
}

/// Which cluster, and what its kubeconfig may do.
#[derive(Debug, clap::Args)]
pub(crate) struct Connection {
    #[command(flatten)]
    pub(crate) contexts: Contexts,
    /// The context to use; the current one if not given
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
    #[command(flatten)]
    pub(crate) consent: Allowed,
}

impl Connection {
    /// Whether a cluster was named.
    pub(crate) fn is_named(&self) -> bool {
        self.context.is_some() || self.contexts.is_named()
    }
}

/// What was agreed to, for this one command.
#[derive(Debug, clap::Args)]
pub(crate) struct Allowed {
    /// Let the kubeconfig run its program for credentials (exec)
    #[arg(long)]
    allow_exec: bool,
    /// Let the kubeconfig read files with credentials (tokenFile, client-key, client-certificate)
    #[arg(long)]
    allow_files: bool,
    /// Let the kubeconfig use the token that an auth-provider left in it
    #[arg(long)]
    allow_auth_provider: bool,
    /// Let the kubeconfig talk to a server that does not prove who it is
    #[arg(long)]
    allow_unprotected: bool,
}

impl Consent for &Allowed {
    fn allows(&mut self, ask: &Ask) -> bool {
        match ask {
            Ask::Run { .. } => self.allow_exec,
            Ask::Read { .. } => self.allow_files,
            Ask::Provider { .. } => self.allow_auth_provider,
            Ask::Unprotected { .. } => self.allow_unprotected,
        }
    }
}
