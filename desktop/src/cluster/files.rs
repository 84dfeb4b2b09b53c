//! Files that a kubeconfig or a pod names: certificates, keys and tokens. Each is read whole within a bound.
//!
//! It asks nobody: whoever calls it has asked.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kube::config::{AuthInfo, Cluster};

use super::kubeconfig::{Context, Place, server_shown};
use super::secret::Secret;
use crate::Failure;

/// The largest file of certificates: a system's whole trust store is a quarter of it.
const MAX_CERTIFICATE_BYTES: usize = 1 << 20;

/// The largest token or key.
const MAX_SECRET_BYTES: usize = 64 << 10;

/// A file with a token, without the line's end.
pub(super) fn token(path: &Path) -> Result<Secret, Failure> {
    let text = crate::files::read_text(path, MAX_SECRET_BYTES)?;
    match text.trim() {
        "" => Err(Failure::new(format!("`{}` holds no token", path.display()))),
        token => Ok(Secret::new(token)),
    }
}

/// A certificate or key as PEM, given as base64 or as a file.
pub(super) fn pem(data: Option<&str>, path: Option<&Path>, what: &str) -> Result<Option<Vec<u8>>, Failure> {
    match (data, path) {
        (Some(data), _) => {
            let compact: String = data.split_ascii_whitespace().collect();
            let bytes = STANDARD.decode(compact);
            bytes.map(Some).map_err(|_| Failure::new(format!("`{what}-data` in the kubeconfig is no base64")))
        }
        (None, Some(path)) => crate::files::read(path, MAX_CERTIFICATE_BYTES).map(Some),
        (None, None) => Ok(None),
    }
}

/// A service account with its files in a folder, at the API server of this host and port.
pub(super) fn account(account: &Path, host: &str, port: &str) -> Result<Place, Failure> {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let server = format!("https://{host}:{port}");
    let namespace = crate::files::read_text(&account.join("namespace"), MAX_SECRET_BYTES)?;
    let file = |name: &str| Some(account.join(name).display().to_string());
    let context = Context {
        name: "in-cluster".into(),
        cluster: "in-cluster".into(),
        server: server_shown(&server),
        user: "the pod's service account".into(),
        namespace: namespace.trim().to_owned(),
        is_current: true,
    };
    let cluster =
        Cluster { server: Some(server), certificate_authority: file("ca.crt"), ..Cluster::default() };
    let user = AuthInfo { token_file: file("token"), ..AuthInfo::default() };
    Ok(Place { context, cluster, user, is_account: true })
}
