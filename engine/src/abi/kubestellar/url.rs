//! Where a plugin may ask: at the run's cluster, by a path of its API and by nothing else.
//!
//! A path is taken as it is written: one that could be read in two ways, or that names a host, is none.

use http::Uri;

use crate::cluster::{Asked, ClusterError, Request};

/// A request for a path, and what it asks.
///
/// # Errors
/// Why it is no path of the cluster.
pub(super) fn get(path: &str) -> Result<(Request, Asked), String> {
    if !path.starts_with('/') {
        return Err(
            "it is no path that begins with a slash, such as `/api/v1/pods`; no host is reached".into()
        );
    }
    if path.starts_with("//") {
        return Err("it names a host, and only the cluster is reached".into());
    }
    if !path.is_ascii() || path.contains(['#', '\\', ' ']) || path.contains(char::is_control) {
        return Err("it holds what no path may hold unencoded".into());
    }
    let uri = path.parse::<Uri>().map_err(|error| format!("it is no path: {error}"))?;
    let mut request = Request::new(Vec::new());
    *request.uri_mut() = uri;
    match Asked::of(&request) {
        Ok(asked) => Ok((request, asked)),
        Err(ClusterError::Unusable { why }) => Err(why),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn paths_of_the_cluster_are_asked() {
        for (path, shown) in [
            ("/api/v1/pods", "GET /api/v1/pods"),
            ("/api/v1/pods/", "GET /api/v1/pods"),
            ("/api/v1/pods?labelSelector=app%3Dweb", "GET /api/v1/pods?labelSelector=app%3Dweb"),
            (
                "/api/v1/pods?a=http://elsewhere.example/",
                "GET /api/v1/pods?a=http%3A%2F%2Felsewhere.example%2F",
            ),
            (
                "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode",
                "GET /apis/rbac.authorization.k8s.io/v1/clusterroles/system:node",
            ),
            ("/@elsewhere.example", "GET /@elsewhere.example"),
            ("/", "GET /"),
        ] {
            assert_eq!(get(path).unwrap().1.to_string(), shown, "{path}");
        }
    }

    #[test]
    fn nothing_else_is() {
        for path in [
            "",
            "api/v1/pods",
            "https://elsewhere.example/api",
            "https://user@mock.drydock.invalid:6443/api",
            "//elsewhere.example/api",
            "///api",
            "/api//v1",
            "/api/../v1",
            "/api/%2e%2e/v1",
            "/api/%2E./v1",
            "/api/v1%2fpods",
            "/api/v1/%5cpods",
            "/api/v1\\pods",
            "/\\elsewhere.example",
            "/api/v1/pods#a",
            "/api/v1/a b",
            "/api/v1/pods\r\nHost: elsewhere.example",
            "/api/\0",
            "/api/%00",
            "/api/%zz",
            "/api/ä",
            "*",
            "elsewhere.example:443",
            "?a",
        ] {
            assert!(get(path).is_err(), "{path}: {:?}", get(path));
        }
        assert!(get(&format!("/{}", "a".repeat(9_000))).is_err());
        assert!(get(&format!("/{}", "a".repeat(70_000))).is_err());
    }
}
