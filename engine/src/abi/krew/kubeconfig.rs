//! The kubeconfig that a plugin is offered: it points to the run's cluster, and to nobody else.
//!
//! It holds no secret. What stands in place of certificate, key and token says so itself: nothing is sent over TLS, and
//! nobody asks who a plugin is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::url::SERVER;
use crate::request::{Kubeconfig, KubeconfigUser};

/// Where it lies in a home directory, and the folder that it needs.
pub(crate) const PATH: &str = ".kube/config";
pub(crate) const FOLDER: &str = ".kube";

/// What cluster, context and user are called.
const NAME: &str = "drydock";

/// Stands in place of a token, a certificate or a key.
const PLACEHOLDER: &str = "drydock: a placeholder, nothing is sent over TLS here\n";

/// The text of a kubeconfig that points to this server; empty: [`SERVER`]. It has all keys that plugins of krew-wasm insist on.
pub(crate) fn text(kubeconfig: &Kubeconfig, server: &str) -> String {
    let server = if server.is_empty() { SERVER } else { server };
    let placeholder = STANDARD.encode(PLACEHOLDER);
    let user = match kubeconfig.user {
        KubeconfigUser::Certificate => {
            json!({ "client-certificate-data": placeholder, "client-key-data": placeholder })
        }
        KubeconfigUser::Token => json!({ "token": "drydock-placeholder" }),
    };
    let mut context = json!({ "cluster": NAME, "user": NAME });
    if let Some(context) = context.as_object_mut()
        && !kubeconfig.namespace.is_empty()
    {
        context.insert("namespace".into(), json!(kubeconfig.namespace));
    }
    let config = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": NAME,
        "clusters": [{
            "name": NAME,
            "cluster": { "server": server, "certificate-authority-data": placeholder },
        }],
        "contexts": [{ "name": NAME, "context": context }],
        "users": [{ "name": NAME, "user": user }],
    });
    manifest::emit(&manifest::from_json(&config), manifest::SequenceIndent::Compact)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::Value as Json;

    use super::*;

    fn read(kubeconfig: &Kubeconfig) -> Json {
        let documents = manifest::parse(&text(kubeconfig, ""), &manifest::Limits::default()).unwrap();
        manifest::to_json(&documents.first().unwrap().root)
    }

    #[test]
    fn it_points_to_the_cluster_and_holds_placeholders() {
        let config = read(&Kubeconfig { namespace: "on".into(), ..Kubeconfig::default() });
        let at =
            |pointer: &str| config.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_owned();
        assert_eq!(at("/clusters/0/cluster/server"), "https://mock.drydock.invalid:6443");
        assert_eq!((at("/current-context"), at("/contexts/0/name")), ("drydock".into(), "drydock".into()));
        assert_eq!(at("/contexts/0/context/namespace"), "on");
        for data in [
            "/clusters/0/cluster/certificate-authority-data",
            "/users/0/user/client-certificate-data",
            "/users/0/user/client-key-data",
        ] {
            assert_eq!(STANDARD.decode(at(data)).unwrap(), PLACEHOLDER.as_bytes(), "{data}");
        }
    }

    #[test]
    fn a_token_takes_the_place_of_certificates() {
        let config = read(&Kubeconfig { user: KubeconfigUser::Token, ..Kubeconfig::default() });
        let user = config.pointer("/users/0/user").unwrap();
        assert_eq!(user, &json!({ "token": "drydock-placeholder" }));
        assert_eq!(config.pointer("/contexts/0/context/namespace"), None);
    }
}
