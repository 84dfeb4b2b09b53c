//! What a Kubewarden policy of a chain has beside the other modules: what it may ask its host, and how its verdict
//! counts. The names are those of Kubewarden's own resources and of its policy server.
//!
//! It grants nothing by default.

use serde::{Deserialize, Serialize};

/// A kind that a context-aware policy may read.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContextKind {
    /// Such as `v1` or `networking.k8s.io/v1`.
    pub api_version: String,
    /// Such as `Namespace`.
    pub kind: String,
}

/// Whether a policy's verdict counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PolicyMode {
    /// Its no refuses the request.
    #[default]
    Protect,
    /// Its verdict is reported, and the request goes on.
    Monitor,
}
