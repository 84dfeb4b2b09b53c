//! What a manifest allows its plugin to read: `kubestellar:read:<resource>`, which KubeStellar stores and does not
//! enforce.
//!
//! What is not named is denied. Only the documents that say what an API has are open to everybody, as they are on a
//! real cluster.

use std::collections::BTreeSet;

use crate::cluster::kinds::{Kinds, split};
use crate::cluster::{Asked, Target};
use crate::words::sentence;

const READ: &str = "kubestellar:read:";

/// Names for several resources, which KubeStellar's own examples ask for.
const GROUPS: [(&str, &[&str]); 2] = [
    ("clusters", &["managedclusters.cluster.open-cluster-management.io", "nodes"]),
    (
        "workloads",
        &[
            "cronjobs.batch",
            "daemonsets.apps",
            "deployments.apps",
            "jobs.batch",
            "pods",
            "replicasets.apps",
            "replicationcontrollers",
            "statefulsets.apps",
        ],
    ),
];

/// The permissions of a plugin.
#[derive(Debug)]
pub(crate) struct Permissions {
    is_all: bool,
    /// Such as `pods`, `deployments.apps` or `pods/log`.
    granted: BTreeSet<String>,
    kinds: Kinds,
}

impl Permissions {
    /// Reads them as they are written, with a warning for each that allows nothing.
    pub(crate) fn read(texts: &[String]) -> (Self, Vec<String>) {
        // Only the cluster's own definitions can fail to load, and there are none.
        let kinds = Kinds::load(std::iter::empty()).unwrap_or_default();
        let mut permissions = Self { is_all: false, granted: BTreeSet::new(), kinds };
        let mut warnings = Vec::new();
        for text in texts {
            match text.strip_prefix(READ) {
                Some("*") => permissions.is_all = true,
                Some(what) if is_resource(what) => permissions.grant(what),
                _ => warnings.push(format!(
                    "the permission `{}` allows nothing: `{READ}pods` and the like do, and plugins only read",
                    sentence(text)
                )),
            }
        }
        (permissions, warnings)
    }

    fn grant(&mut self, what: &str) {
        match GROUPS.iter().find(|(name, _)| *name == what) {
            Some((_, resources)) => self.granted.extend(resources.iter().map(|it| (*it).to_owned())),
            None => {
                self.granted.insert(what.to_owned());
            }
        }
    }

    /// Fails unless a request may be sent.
    ///
    /// # Errors
    /// The permission that is missing, such as `kubestellar:read:pods`.
    pub(crate) fn check(&self, asked: &Asked) -> Result<(), String> {
        let segments: Vec<&str> = asked.segments().collect();
        if self.is_all || is_discovery(&segments) {
            return Ok(());
        }
        let Some(target) = Target::of(&segments) else { return Err(format!("{READ}*")) };
        let (group, _) = split(&target.api_version);
        let resource = self.resource(group, target.plural);
        let resource = match target.subresource {
            Some(subresource) => format!("{resource}/{subresource}"),
            None => resource,
        };
        if self.granted.contains(&resource) || self.granted.contains(&whole(group, &target)) {
            return Ok(());
        }
        Err(format!("{READ}{resource}"))
    }

    /// A resource by its shortest name: without its group where it is built in, and no other that is built in is
    /// called so.
    fn resource(&self, group: &str, plural: &str) -> String {
        let is_built_in =
            |group: &str| self.kinds.all().any(|kind| kind.gvk.group == group && kind.plural == plural);
        if group.is_empty() || (is_built_in(group) && !is_built_in("")) {
            plural.to_owned()
        } else {
            format!("{plural}.{group}")
        }
    }
}

/// A resource with its group: `deployments.apps`, `deployments.apps/scale`.
fn whole(group: &str, target: &Target<'_>) -> String {
    let dot = if group.is_empty() { "" } else { "." };
    let subresource = target.subresource.map(|name| format!("/{name}")).unwrap_or_default();
    format!("{}{dot}{group}{subresource}", target.plural)
}

fn is_resource(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '/');
    !text.is_empty() && text.chars().all(is_part) && text.split('/').all(|part| !part.is_empty())
}

/// Whether a path says what a cluster is and has, and nothing of its objects.
fn is_discovery(segments: &[&str]) -> bool {
    match segments {
        [] | ["version" | "healthz" | "livez" | "readyz" | "openapi", ..] => true,
        ["api", rest @ ..] => rest.len() <= 1,
        ["apis", rest @ ..] => rest.len() <= 2,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[track_caller]
    fn check(granted: &str, path: &str, missing: Option<&str>) {
        let texts: Vec<String> = granted.split_whitespace().map(|it| format!("{READ}{it}")).collect();
        let (permissions, warnings) = Permissions::read(&texts);
        assert!(warnings.is_empty(), "{warnings:?}");
        let asked = Asked::new("GET", path, "", b"").unwrap();
        let missing = missing.map(|it| format!("{READ}{it}"));
        assert_eq!(permissions.check(&asked).err(), missing, "{granted}: {path}");
    }

    #[test]
    fn what_is_not_named_is_missing() {
        let all = "/api/v1/pods";
        check("", all, Some("pods"));
        check("pods", all, None);
        check("pods", "/api/v1/namespaces/a/pods/b", None);
        check("pods", "/api/v1/namespaces/a/pods/b/log", Some("pods/log"));
        check("pods/log", "/api/v1/namespaces/a/pods/b/log", None);
        check("pods/log", all, Some("pods"));
        check("pods", "/apis/metrics.k8s.io/v1beta1/pods", Some("pods.metrics.k8s.io"));
        check("pods.metrics.k8s.io", "/apis/metrics.k8s.io/v1beta1/pods", None);
        check("secrets", all, Some("pods"));
        check("*", "/api/v1/secrets", None);
    }

    #[test]
    fn groups_are_told_apart() {
        let deployments = "/apis/apps/v1/deployments";
        check("", deployments, Some("deployments"));
        check("deployments", deployments, None);
        check("deployments.apps", deployments, None);
        check("deployments", "/apis/example.com/v1/deployments", Some("deployments.example.com"));
        check("events", "/apis/events.k8s.io/v1/events", Some("events.events.k8s.io"));
        check("events", "/api/v1/events", None);
        check("widgets", "/apis/example.com/v1/widgets", Some("widgets.example.com"));
        check("widgets.example.com", "/apis/example.com/v1/widgets", None);
    }

    #[test]
    fn names_for_several_are_their_sum() {
        check("workloads", "/api/v1/pods", None);
        check("workloads", "/apis/apps/v1/deployments", None);
        check("workloads", "/apis/batch/v1/namespaces/a/jobs", None);
        check("workloads", "/api/v1/secrets", Some("secrets"));
        check("workloads", "/api/v1/nodes", Some("nodes"));
        check("clusters", "/api/v1/nodes", None);
        check("clusters", "/apis/cluster.open-cluster-management.io/v1/managedclusters/a", None);
    }

    #[test]
    fn what_a_cluster_has_is_open() {
        for path in [
            "/",
            "/version",
            "/api",
            "/api/v1",
            "/apis",
            "/apis/apps",
            "/apis/apps/v1",
            "/healthz",
            "/openapi/v2",
        ] {
            check("", path, None);
        }
        check("pods", "/api/v1/namespaces/a/pods/b/proxy/c", Some("*"));
        check("", "/logs/kubelet.log", Some("*"));
        check("", "/metrics", Some("*"));
    }

    #[test]
    fn what_allows_nothing_is_told() {
        for text in [
            "",
            "read:pods",
            "kubestellar:write:pods",
            "kubestellar:read:",
            "kubestellar:read:Pods",
            "kubestellar:read:/a",
            "kubestellar:read:pods*",
        ] {
            let (permissions, warnings) = Permissions::read(&[text.to_owned()]);
            assert_eq!(warnings.len(), 1, "{text}");
            assert!(permissions.granted.is_empty() && !permissions.is_all);
        }
    }
}
