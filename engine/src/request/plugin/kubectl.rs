//! A kubectl plugin: the program, what it is given, and its kubeconfig.
//!
//! It holds no credentials: a kubeconfig that is made for a run has placeholders.

use serde::{Deserialize, Serialize};

use crate::request::{Command, File};

/// A kubectl plugin: a WASI command that may ask one cluster over HTTP, and nobody else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct KubectlPlugin {
    /// The program, and all that it is given. Its home directory is one of the directories, or it has none.
    pub command: Command,
    /// A kubeconfig that points to the cluster. Default: none, and the plugin finds only those that it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubeconfig: Option<Kubeconfig>,
    /// The cluster's URL, as kubeconfigs have it: requests to its scheme, host and port are the cluster's, and no
    /// others. It reaches nobody by itself. Empty: `https://mock.drydock.invalid:6443`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub server: String,
    /// What the cluster holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<File>,
    /// What a real cluster answered, as `drydock record` writes it: the plugin is answered from it, and not from
    /// `objects`. Empty: none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub session: String,
}

/// A kubeconfig that is made for the run. It holds placeholders where others hold credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Kubeconfig {
    /// The name of the directory that gets it as `.kube/config`: one of the command's. The environment is left as it
    /// is: a plugin that looks for `HOME` or `KUBECONFIG` needs them in `env`.
    pub directory: String,
    /// How its user says who it is. Default: by a client certificate, which is all that plugins of krew-wasm know.
    #[serde(skip_serializing_if = "KubeconfigUser::is_certificate")]
    pub user: KubeconfigUser,
    /// The namespace of its context. Empty: it names none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
}

/// How the user of a kubeconfig says who it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KubeconfigUser {
    /// `client-certificate-data` and `client-key-data`.
    #[default]
    Certificate,
    /// `token`.
    Token,
}

impl KubeconfigUser {
    fn is_certificate(&self) -> bool {
        *self == Self::Certificate
    }
}
