//! A kubeconfig as somebody else's program may see it: one context, where its cluster is and what that is trusted by,
//! and placeholders where the credentials were.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::manifest;
use serde_json::json;

use super::connection;
use super::kubeconfig::{Context, Place, Source, place};
use crate::Failure;

/// Stands in place of a certificate or a key.
const PLACEHOLDER: &str = "drydock: a placeholder, the credentials are not shown\n";

/// What may be seen of a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// The context, as it is listed.
    pub context: Context,
    /// The cluster's URL as the kubeconfig has it.
    pub server: String,
    /// The whole kubeconfig, as YAML.
    pub text: String,
}

/// A context, or the current one, without credentials. It has every field that plugins of krew-wasm insist on.
///
/// # Errors
/// When there is no such context, or its cluster has no address.
pub fn redacted(source: &Source, context: Option<&str>) -> Result<Redacted, Failure> {
    let Place { context, cluster, .. } = place(source, context)?;
    connection::server(&cluster, &context)?;
    let server = cluster.server.clone().unwrap_or_default();
    let placeholder = STANDARD.encode(PLACEHOLDER);
    // One that cannot be read is told when the cluster is asked.
    let authority = connection::bundle(&cluster).ok().flatten().map(|bundle| STANDARD.encode(bundle));
    let user = if context.user.is_empty() { "none" } else { &context.user };
    let config = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": context.name,
        "clusters": [{
            "name": context.cluster,
            "cluster": {
                "server": server,
                "certificate-authority-data": authority.as_ref().unwrap_or(&placeholder),
            },
        }],
        "contexts": [{
            "name": context.name,
            "context": { "cluster": context.cluster, "user": user, "namespace": context.namespace },
        }],
        "users": [{
            "name": user,
            "user": { "client-certificate-data": placeholder, "client-key-data": placeholder },
        }],
    });
    let text = manifest::emit(&manifest::from_json(&config), manifest::SequenceIndent::Compact);
    Ok(Redacted { context, server, text })
}
