//! Which path a kind has, by what the server says that it serves: people write `po`, `pods`, `Pod` or `pods.example.com`.
//!
//! It looks at preferred versions only.

use serde_json::Value;

use crate::cluster::segment;
use crate::{Cluster, Failure, items, text};

/// A kind as the API serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Empty for the core group.
    pub group: String,
    /// The version of the group.
    pub version: String,
    /// The name in paths: `pods`.
    pub name: String,
    /// The name in objects: `Pod`.
    pub kind: String,
    /// Whether its objects are in namespaces.
    pub namespaced: bool,
}

impl Resource {
    /// The path of its group and version.
    #[must_use]
    pub fn api(&self) -> String {
        api(&self.group, &self.version)
    }

    /// The path of an object.
    #[must_use]
    pub fn path(&self, namespace: &str, name: &str) -> String {
        let name = segment(name);
        if self.namespaced {
            return format!("{}/namespaces/{}/{}/{name}", self.api(), segment(namespace), self.name);
        }
        format!("{}/{}/{name}", self.api(), self.name)
    }
}

fn api(group: &str, version: &str) -> String {
    if group.is_empty() {
        return format!("/api/{}", segment(version));
    }
    format!("/apis/{}/{}", segment(group), segment(version))
}

impl Cluster {
    /// Finds a resource by plural, singular, short name or kind, with `.GROUP` where the name alone is not enough. The
    /// core group comes first, then the others in the server's order.
    ///
    /// # Errors
    /// When the server serves no such thing, or does not answer.
    pub fn resource(&self, asked: &str) -> Result<Resource, Failure> {
        let (name, group) = asked.split_once('.').unwrap_or((asked, ""));
        if group.is_empty()
            && let Some(found) = self.served("", "v1", |entry| is_called(entry, name))?
        {
            return Ok(found);
        }
        let groups = self.get("/apis")?;
        for served in items(&groups, "/groups") {
            let (served, version) = (text(served, "/name"), text(served, "/preferredVersion/version"));
            if (group.is_empty() || group == served)
                && let Some(found) = self.served(served, version, |entry| is_called(entry, name))?
            {
                return Ok(found);
            }
        }
        Err(format!("the server doesn't have a resource type {asked:?}").into())
    }

    /// Finds a resource by the `apiVersion` and `kind` of an object.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn resource_of(&self, api_version: &str, kind: &str) -> Result<Option<Resource>, Failure> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        self.served(group, version, |entry| text(entry, "/kind") == kind)
    }

    /// The first resource of a group's version that is what is looked for.
    fn served(
        &self,
        group: &str,
        version: &str,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Option<Resource>, Failure> {
        let Some(list) = self.find(&api(group, version))? else { return Ok(None) };
        let is_whole = |entry: &&Value| !text(entry, "/name").contains('/');
        let found = items(&list, "/resources").filter(is_whole).find(|entry| is_it(entry));
        Ok(found.map(|entry| Resource {
            group: group.to_owned(),
            version: version.to_owned(),
            name: text(entry, "/name").to_owned(),
            kind: text(entry, "/kind").to_owned(),
            namespaced: entry.get("namespaced").and_then(Value::as_bool) == Some(true),
        }))
    }
}

/// Whether a resource goes by a name.
fn is_called(entry: &Value, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    text(entry, "/name") == name
        || text(entry, "/singularName") == name
        || text(entry, "/kind").to_ascii_lowercase() == name
        || items(entry, "/shortNames").any(|short| short.as_str() == Some(&name))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_resource_is_found_by_any_of_its_names() {
        let pods = json!({ "name": "pods", "singularName": "pod", "shortNames": ["po"], "kind": "Pod", "namespaced": true });
        let log = json!({ "name": "pods/log", "kind": "Log" });
        let nodes = json!({ "name": "nodes", "kind": "Node", "namespaced": false });
        let other = json!({ "name": "pods", "kind": "Pod", "namespaced": false });
        let group = json!({ "name": "example.com", "preferredVersion": { "version": "v2" } });
        let cluster = Cluster::of(
            "shop",
            &[
                ("/api/v1", json!({ "resources": [log, pods, nodes] })),
                ("/apis", json!({ "groups": [group] })),
                ("/apis/example.com/v2", json!({ "resources": [other] })),
            ],
        );
        for (asked, expected) in [
            ("po", "/api/v1/namespaces/shop/pods/a"),
            ("POD", "/api/v1/namespaces/shop/pods/a"),
            ("nodes", "/api/v1/nodes/a"),
            ("pods.example.com", "/apis/example.com/v2/pods/a"),
        ] {
            assert_eq!(cluster.resource(asked).unwrap().path("shop", "a"), expected, "{asked}");
        }
        let missing = "the server doesn't have a resource type \"log\"";
        assert_eq!(cluster.resource("log"), Err(missing.into()));
        assert_eq!(cluster.resource_of("v1", "Pod").unwrap().map(|found| found.name), Some("pods".into()));
        assert_eq!(cluster.resource_of("gone.io/v1", "Pod"), Ok(None));
    }
}
