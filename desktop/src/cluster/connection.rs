//! From a context to an HTTP client that can talk to its cluster: address, trust, proxy, identity.
//!
//! It sends nothing. The client follows no redirect, retries nothing by itself and takes no compressed answer;
//! it uses no proxy but the kubeconfig's.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kube::config::{AuthInfo, Cluster, Config, ExecAuthCluster};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::consent::{Ask, Consent, Named};
use super::credentials::{Credentials, asked};
use super::files;
use super::kubeconfig::{Context, Place, server_shown};
use crate::Failure;

/// How long a server may take to accept a connection, TLS included.
pub(super) const CONNECT: Duration = Duration::from_secs(10);

/// A cluster's address and what it is trusted by, with its user's credentials. It can not be printed.
pub(super) struct Connection {
    pub(super) context: Context,
    pub(super) credentials: Credentials,
    server: http::Uri,
    proxy: Option<http::Uri>,
    roots: Option<Vec<Vec<u8>>>,
    is_unverified: bool,
    tls_name: Option<String>,
    /// Of the user, only whom it acts as.
    acting: AuthInfo,
}

impl Connection {
    /// Prepares everything that needs a person's consent or can fail for good.
    pub(super) fn prepare(place: Place, consent: &mut dyn Consent) -> Result<Self, Failure> {
        let Place { context, cluster, mut user, is_account } = place;
        let server = server(&cluster, &context)?;
        let is_unverified = cluster.insecure_skip_tls_verify == Some(true);
        protection(&server, is_unverified, &context, consent)?;
        let bundle = bundle(&cluster)?;
        if let Some(exec) = user.exec.as_mut().filter(|exec| exec.provide_cluster_info) {
            exec.cluster = Some(told(&cluster, bundle.as_deref())?);
        }
        Ok(Self {
            roots: bundle.map(|bundle| roots(&bundle, &context)).transpose()?,
            proxy: cluster
                .proxy_url
                .filter(|url| !url.is_empty())
                .map(|url| proxy(&url, &context))
                .transpose()?,
            credentials: match is_account {
                true => Credentials::gather(&user, &context.user, &mut Named)?,
                false => Credentials::gather(&user, &context.user, consent)?,
            },
            tls_name: cluster.tls_server_name.filter(|name| !name.is_empty()),
            acting: AuthInfo {
                impersonate: user.impersonate,
                impersonate_uid: user.impersonate_uid,
                impersonate_groups: user.impersonate_groups,
                impersonate_user_extra: user.impersonate_user_extra,
                ..AuthInfo::default()
            },
            context,
            server,
            is_unverified,
        })
    }

    /// The host and port of the kubeconfig's proxy, without what may stand before and behind them.
    pub(super) fn proxy_shown(&self) -> Option<String> {
        self.proxy.as_ref().map(|proxy| server_shown(&proxy.to_string()))
    }

    /// A client with the credentials as they are now. It must be made within a runtime.
    pub(super) fn client(&self) -> Result<kube::Client, Failure> {
        // Whichever came first serves: all that is needed is that there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let identity = self.credentials.identity();
        let mut config = Config::new(self.server.clone());
        config.auth_info = AuthInfo {
            client_certificate_data: identity.client_certificate_data,
            client_key_data: identity.client_key_data,
            ..self.acting.clone()
        };
        config.root_cert.clone_from(&self.roots);
        config.proxy_url.clone_from(&self.proxy);
        config.tls_server_name.clone_from(&self.tls_name);
        config.accept_invalid_certs = self.is_unverified;
        config.connect_timeout = Some(CONNECT);
        config.default_retry = false;
        kube::Client::try_from(config).map_err(|_| {
            // The cause would quote the key's text.
            let Context { user, cluster, .. } = &self.context;
            Failure::new(format!(
                "the certificate or key of user `{user}`, or the trust of cluster `{cluster}`, cannot be used"
            ))
            .with_hint(
                "`kubectl config view` shows where they come from; a key must be PKCS#8, PKCS#1 or SEC1",
            )
        })
    }
}

/// The address of a cluster, which holds no credentials.
pub(super) fn server(cluster: &Cluster, context: &Context) -> Result<http::Uri, Failure> {
    let name = &context.cluster;
    let Some(server) = cluster.server.as_deref().filter(|server| !server.is_empty()) else {
        return Err(Failure::new(format!("cluster `{name}` has no server in the kubeconfig")));
    };
    let uri = server.parse::<http::Uri>().ok().filter(|uri| {
        matches!(uri.scheme_str(), Some("https" | "http"))
            && uri.host().is_some()
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
    });
    uri.ok_or_else(|| {
        Failure::new(format!("the server of cluster `{name}` is no address of an API server"))
            .with_hint("it looks like https://host:6443; credentials belong to `users`")
    })
}

/// Whoever listens must prove to be the cluster, unless a person says otherwise. A proxy on this machine, as
/// `kubectl proxy` is, need not.
fn protection(
    server: &http::Uri,
    is_unverified: bool,
    context: &Context,
    consent: &mut dyn Consent,
) -> Result<(), Failure> {
    let host = server.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let why = match server.scheme_str() {
        Some("http") if is_here => return Ok(()),
        Some("http") => "its address begins with http://",
        _ if is_unverified => "its certificate is not checked (`insecure-skip-tls-verify`)",
        _ => return Ok(()),
    };
    asked(consent, Ask::Unprotected { server: context.server.clone(), why })
}

/// The cluster's certificate authority, as PEM. It is no secret, so nobody is asked.
pub(super) fn bundle(cluster: &Cluster) -> Result<Option<Vec<u8>>, Failure> {
    let path = cluster.certificate_authority.as_deref().filter(|path| !path.is_empty());
    let data = cluster.certificate_authority_data.as_deref().filter(|data| !data.is_empty());
    files::pem(data, path.map(Path::new), "certificate-authority")
}

fn roots(bundle: &[u8], context: &Context) -> Result<Vec<Vec<u8>>, Failure> {
    let name = &context.cluster;
    let parsed: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bundle).collect();
    let roots = parsed.ok().filter(|roots| !roots.is_empty());
    let roots = roots.ok_or_else(|| {
        Failure::new(format!("the certificate authority of cluster `{name}` holds no certificate in PEM"))
    })?;
    Ok(roots.into_iter().map(|root| root.to_vec()).collect())
}

fn proxy(url: &str, context: &Context) -> Result<http::Uri, Failure> {
    let uri = url.parse::<http::Uri>().ok();
    uri.filter(|uri| matches!(uri.scheme_str(), Some("http" | "https" | "socks5")) && uri.host().is_some())
        .ok_or_else(|| {
            Failure::new(format!("the `proxy-url` of cluster `{}` is no proxy", context.cluster))
                .with_hint("it begins with http://, https:// or socks5://")
        })
}

/// What a program for credentials is told of the cluster, when it asks for it.
fn told(cluster: &Cluster, bundle: Option<&[u8]>) -> Result<ExecAuthCluster, Failure> {
    let mut cluster = cluster.clone();
    cluster.certificate_authority = None;
    cluster.certificate_authority_data = bundle.map(|bundle| STANDARD.encode(bundle));
    let server = server_shown(cluster.server.as_deref().unwrap_or_default());
    ExecAuthCluster::try_from(&cluster)
        .map_err(|_| Failure::new(format!("the certificate authority of `{server}` cannot be used")))
}
