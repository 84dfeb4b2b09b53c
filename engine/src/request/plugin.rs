//! A plugin, and the cluster that it talks to.
//!
//! It reaches nothing outside the workspace and holds no credentials: the cluster is files of objects, or a recorded
//! session, unless the runner brings one.

mod dashboard;
mod kubectl;
mod service;

use serde::{Deserialize, Serialize};

pub use self::dashboard::{DashboardPlugin, DashboardRequest, PackagedFile};
pub use self::kubectl::{Kubeconfig, KubeconfigUser, KubectlPlugin};
pub use self::service::{HostAnswer, RawField, RawType, ServiceCall, ServicePlugin};
use super::File;

/// A plugin, by the system it is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Plugin {
    /// A dashboard plugin of KubeStellar.
    Dashboard(Box<DashboardPlugin>),
    /// A kubectl plugin of krew-wasm.
    Krew(Box<KubectlPlugin>),
    /// A service of go-plugin.
    Service(Box<ServicePlugin>),
}

impl Plugin {
    /// The names of its modules.
    pub fn modules(&self) -> impl Iterator<Item = &String> {
        std::iter::once(match self {
            Self::Dashboard(plugin) => &plugin.module,
            Self::Krew(plugin) => &plugin.command.module,
            Self::Service(plugin) => &plugin.module,
        })
    }

    /// What its cluster holds.
    pub fn objects_mut(&mut self) -> &mut Vec<File> {
        match self {
            Self::Dashboard(plugin) => &mut plugin.objects,
            Self::Krew(plugin) => &mut plugin.objects,
            Self::Service(plugin) => &mut plugin.objects,
        }
    }
}
