//! A dashboard plugin: its module and manifest, what it is configured with and has stored, and what it is asked.
//!
//! It holds no user and no token: whoever asks is taken for signed in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::bytes::Bytes;
use crate::request::File;

/// A dashboard plugin of KubeStellar: functions that answer HTTP requests, and may read one cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct DashboardPlugin {
    /// The name of a module of the workspace.
    pub module: String,
    /// The text of its `plugin.yml`.
    pub manifest: String,
    /// Its number in the addresses of its routes, `/api/plugins/<id>/…`. Default: 1.
    #[serde(skip_serializing_if = "is_first")]
    pub id: u32,
    /// Whether it is switched off: its routes then answer 403.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
    /// Settings that are other than the manifest's defaults.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub config: BTreeMap<String, Json>,
    /// What it has stored before the run.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub storage: BTreeMap<String, Json>,
    /// What it is asked, in this order and in one instance. Empty: it is only loaded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<DashboardRequest>,
    /// What else its package holds, such as its front end. It is listed and never run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assets: Vec<PackagedFile>,
    /// What the cluster holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<File>,
    /// What a real cluster answered, as `drydock record` writes it: the plugin is answered from it, and not from
    /// `objects`. Empty: none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub session: String,
}

impl Default for DashboardPlugin {
    fn default() -> Self {
        Self {
            module: String::new(),
            manifest: String::new(),
            id: FIRST,
            disabled: false,
            config: BTreeMap::new(),
            storage: BTreeMap::new(),
            requests: Vec::new(),
            assets: Vec::new(),
            objects: Vec::new(),
            session: String::new(),
        }
    }
}

/// A file of a package that nothing here needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PackagedFile {
    /// Its path in the package, such as `frontend/dist/index.js`.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// The number of the first plugin that is installed.
const FIRST: u32 = 1;

fn is_first(id: &u32) -> bool {
    *id == FIRST
}

/// A request to the dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct DashboardRequest {
    /// Such as `POST`. Default: `GET`.
    #[serde(skip_serializing_if = "is_get")]
    pub method: String,
    /// The path of one of the plugin's routes, such as `/status`; or one that begins with `/api/plugins`, as the
    /// dashboard's server sees it. It may have a query, which no plugin is given.
    pub path: String,
    /// All of the body, which is all that a plugin is given.
    #[serde(skip_serializing_if = "Bytes::is_empty")]
    pub body: Bytes,
}

impl Default for DashboardRequest {
    fn default() -> Self {
        Self { method: GET.into(), path: String::new(), body: Bytes::default() }
    }
}

const GET: &str = "GET";

fn is_get(method: &str) -> bool {
    method == GET
}
