//! What is a read. Everything else is refused before it leaves this machine, whatever the person may do there.
//!
//! Refuses also what only looks like a read: a GET on `exec` or `proxy` acts in the cluster.

use engine::cluster::{Asked, ClusterError};

/// Subresources that act even on a GET.
const ACTING: &[&str] = &["attach", "exec", "portforward", "proxy"];

/// Lets reads through.
///
/// # Errors
/// [`ClusterError::Refused`] that says what is no read about it.
pub fn check(asked: &Asked) -> Result<(), ClusterError> {
    let refused = |why: String| ClusterError::Refused { asked: asked.to_string(), why };
    match asked.method.as_str() {
        "GET" | "HEAD" => match subresource(asked).filter(|name| ACTING.contains(name)) {
            Some(name) => Err(refused(format!("`{name}` acts in it"))),
            None => Ok(()),
        },
        _ if asked.is_read() => Ok(()),
        method => Err(refused(format!("{method} may change it"))),
    }
}

/// The part behind a resource's name, as in `/api/v1/namespaces/a/pods/b/log`.
fn subresource(asked: &Asked) -> Option<&str> {
    let mut parts = asked.segments();
    match parts.next()? {
        "api" => drop(parts.next()?),
        "apis" => drop((parts.next()?, parts.next()?)),
        _ => return None,
    }
    let first = parts.next()?;
    if first == "proxy" {
        // Of old clusters: `/api/v1/proxy/namespaces/…`.
        return Some(first);
    }
    // `/<resource>/<name>/<subresource>`, or the same behind `/namespaces/<namespace>`.
    let behind = if first == "namespaces" { 3 } else { 1 };
    parts.nth(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reads_pass() {
        for (method, path, passes) in [
            ("GET", "/version", true),
            ("GET", "/", true),
            ("HEAD", "/api", true),
            ("GET", "/api/v1/pods", true),
            ("GET", "/api/v1/namespaces/proxy/pods/exec", true),
            ("GET", "/api/v1/namespaces/a/pods/b/log", true),
            ("GET", "/apis/apps/v1/namespaces/a/deployments/proxy", true),
            ("GET", "/apis/apps/v1/namespaces/a/deployments/b/scale", true),
            ("GET", "/api/v1/namespaces/a/pods/b/exec", false),
            ("GET", "/api/v1/namespaces/a/pods/b/attach", false),
            ("GET", "/api/v1/namespaces/a/pods/b/portforward", false),
            ("GET", "/api/v1/namespaces/a/services/b/proxy/delete-everything", false),
            ("GET", "/api/v1/namespaces/a/services/http:b:80/proxy", false),
            ("GET", "/api/v1/nodes/n/proxy/run/a/b/c", false),
            ("GET", "/api/v1/proxy/namespaces/a/services/b", false),
            ("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", true),
            ("POST", "/apis/authentication.k8s.io/v1/tokenreviews", false),
            ("POST", "/api/v1/namespaces/a/pods", false),
            ("POST", "/api/v1/namespaces/a/serviceaccounts/b/token", false),
            ("PUT", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", false),
            ("PATCH", "/api/v1/namespaces/a/pods/b", false),
            ("DELETE", "/api/v1/namespaces/a/pods/b", false),
            ("CONNECT", "/api/v1/namespaces/a/pods/b", false),
            ("OPTIONS", "/api", false),
        ] {
            let asked = Asked::new(method, path, "", b"").unwrap();
            assert_eq!(check(&asked).is_ok(), passes, "{method} {path}");
        }
    }
}
