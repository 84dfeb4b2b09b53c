//! The kubeconfig: which server, as whom, in which namespace. Read from the file that `KUBECONFIG` names, or else from
//! `.kube/config` in the home directory, which is what krew-wasm opens for plugins.
//!
//! It runs no program for credentials: a plugin cannot.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::http::{Config, Identity};
use crate::{Failure, items, manifest, text};

/// What the current context comes to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kubeconfig {
    /// Where the cluster is, without a slash at the end.
    pub(crate) server: String,
    /// Default: `default`.
    pub(crate) namespace: String,
    pub(crate) token: Option<String>,
    pub(crate) config: Config,
}

impl Kubeconfig {
    /// Reads the file.
    ///
    /// # Errors
    /// When there is none, or it does not say which server to ask.
    pub(crate) fn load() -> Result<Self, Failure> {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let path = variable("KUBECONFIG")
            .or_else(|| variable("HOME").map(|home| home.join(".kube/config")))
            .ok_or("no kubeconfig: neither HOME nor KUBECONFIG is set")?;
        let place = |cause: String| Failure::from(format!("the kubeconfig {}: {cause}", path.display()));
        let source = fs::read_to_string(&path).map_err(|error| place(error.to_string()))?;
        Self::read(&source, &|file| fs::read(file)).map_err(|failure| place(failure.to_string()))
    }

    /// Reads a kubeconfig's text; `open` reads the files that it names.
    fn read(source: &str, open: &dyn Fn(&Path) -> std::io::Result<Vec<u8>>) -> Result<Self, Failure> {
        let documents =
            manifest::parse(source, &manifest::Limits::default()).map_err(|error| error.to_string())?;
        let whole = documents.first().map(|document| manifest::to_json(&document.root)).unwrap_or_default();
        let context = named(&whole, "contexts", "context", text(&whole, "/current-context"))?;
        let cluster = named(&whole, "clusters", "cluster", text(context, "/cluster"))?;
        let user = named(&whole, "users", "user", text(context, "/user"))?;
        let server = text(cluster, "/server").trim_end_matches('/');
        if server.is_empty() {
            return Err("the cluster has no `server`".into());
        }
        let authority = credential(cluster, "certificate-authority", open)?;
        let certificate = credential(user, "client-certificate", open)?;
        let key = credential(user, "client-key", open)?;
        let identity = certificate.zip(key).map(|(certificate, key)| Identity { certificate, key });
        let insecure = cluster.get("insecure-skip-tls-verify").and_then(Value::as_bool) == Some(true);
        let namespace = Some(text(context, "/namespace")).filter(|namespace| !namespace.is_empty());
        let token = Some(text(user, "/token")).filter(|token| !token.is_empty());
        Ok(Self {
            server: server.to_owned(),
            namespace: namespace.unwrap_or("default").to_owned(),
            token: token.map(str::to_owned),
            config: Config { authority, identity, insecure },
        })
    }
}

/// The entry of a list that has a name.
fn named<'a>(whole: &'a Value, list: &str, part: &str, name: &str) -> Result<&'a Value, Failure> {
    items(whole, &format!("/{list}"))
        .find(|entry| text(entry, "/name") == name)
        .and_then(|entry| entry.get(part))
        .ok_or_else(|| format!("`{list}` has no {part} `{name}`").into())
}

/// What stands under `<key>-data` in base64, or in the file that `<key>` names.
fn credential(
    of: &Value,
    key: &str,
    open: &dyn Fn(&Path) -> std::io::Result<Vec<u8>>,
) -> Result<Option<Vec<u8>>, Failure> {
    let data = text(of, &format!("/{key}-data"));
    if !data.is_empty() {
        let bytes = STANDARD.decode(data).map_err(|error| format!("`{key}-data`: {error}"))?;
        return Ok(Some(bytes));
    }
    let file = text(of, &format!("/{key}"));
    if file.is_empty() {
        return Ok(None);
    }
    open(Path::new(file)).map(Some).map_err(|error| format!("`{key}`: {file}: {error}").into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    const TEXT: &str = "
current-context: shop
clusters:
- name: c
  cluster: {server: 'https://example.com:6443/', certificate-authority-data: Q0E=}
contexts:
- name: shop
  context: {cluster: c, user: u, namespace: shop}
users:
- name: u
  user: {client-certificate: /home/me/cert.pem, client-key-data: S0VZ}
";

    fn read(source: &str) -> Result<Kubeconfig, Failure> {
        Kubeconfig::read(source, &|path| Ok(path.display().to_string().into_bytes()))
    }

    #[test]
    fn the_current_context_counts() {
        let found = read(TEXT).unwrap();
        assert_eq!((found.server.as_str(), found.namespace.as_str()), ("https://example.com:6443", "shop"));
        let identity = Identity { certificate: b"/home/me/cert.pem".to_vec(), key: b"KEY".to_vec() };
        let config = Config { authority: Some(b"CA".to_vec()), identity: Some(identity), insecure: false };
        assert_eq!(found.config, config);
        let token = read(&TEXT.replace("client-key-data: S0VZ", "token: t")).unwrap();
        assert_eq!((token.token.as_deref(), token.config.identity), (Some("t"), None));
    }

    #[test]
    fn what_is_missing_is_named() {
        for (from, to, expected) in [
            ("current-context: shop", "", "`contexts` has no context ``"),
            ("cluster: c,", "cluster: other,", "`clusters` has no cluster `other`"),
            ("server:", "host:", "the cluster has no `server`"),
            ("Q0E=", "?", "`certificate-authority-data`: Invalid symbol 63, offset 0."),
        ] {
            assert_eq!(read(&TEXT.replace(from, to)), Err(expected.into()), "{from}");
        }
    }
}
