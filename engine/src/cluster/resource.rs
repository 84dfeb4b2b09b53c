//! What a path of the API means: a resource, its objects or one of them. Source: Kubernetes,
//! `apiserver/pkg/endpoints/request`.
//!
//! It knows no kind: whether a resource is served is not asked here.

use serde_json::Value as Json;

/// A resource of a cluster: what a kind is called in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Such as `v1` or `apps/v1`.
    pub api_version: String,
    /// Such as `Deployment`.
    pub kind: String,
    /// Such as `deployments`.
    pub plural: String,
    /// Whether its objects are in namespaces.
    pub namespaced: bool,
}

impl Resource {
    /// The path of its objects, or of one. Empty texts are left out; a name cannot leave its part of the path.
    #[must_use]
    pub fn path(&self, namespace: &str, name: &str) -> String {
        let base = if self.api_version.contains('/') { "/apis/" } else { "/api/" };
        let mut path = format!("{base}{}", self.api_version);
        if !namespace.is_empty() {
            path.push_str("/namespaces/");
            encode(namespace, &mut path);
        }
        path.push('/');
        path.push_str(&self.plural);
        if !name.is_empty() {
            path.push('/');
            encode(name, &mut path);
        }
        path
    }

    /// `deployments.apps`.
    pub(super) fn qualified(&self) -> String {
        match group(&self.api_version) {
            "" => self.plural.clone(),
            group => format!("{}.{group}", self.plural),
        }
    }

    /// Whether a path may name it so: its scope fits, and one object is named with its namespace.
    pub(super) fn fits(&self, target: &Target<'_>) -> bool {
        match target.namespace {
            Some(_) => self.namespaced,
            None => !self.namespaced || target.name.is_none(),
        }
    }
}

fn encode(text: &str, path: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' => {
                path.push(byte.into())
            }
            other => path.push_str(&format!("%{other:02X}")),
        }
    }
}

/// The group of an `apiVersion`.
pub(super) fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// A text of an object; empty where there is none.
pub(super) fn text<'a>(object: &'a Json, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Json::as_str).unwrap_or_default()
}

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target<'a> {
    pub(crate) api_version: String,
    pub(crate) namespace: Option<&'a str>,
    pub(crate) plural: &'a str,
    pub(crate) name: Option<&'a str>,
    pub(crate) subresource: Option<&'a str>,
}

impl<'a> Target<'a> {
    /// Reads the parts of a path; nothing when they name no resource.
    pub(crate) fn of(segments: &[&'a str]) -> Option<Self> {
        let (api_version, rest) = match segments {
            ["api", version, rest @ ..] => ((*version).to_owned(), rest),
            ["apis", group, version, rest @ ..] => (format!("{group}/{version}"), rest),
            _ => return None,
        };
        let (namespace, rest) = match rest {
            // What belongs to a namespace's object itself.
            ["namespaces", _, "status" | "finalize"] => (None, rest),
            ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (Some(*namespace), rest),
            rest => (None, rest),
        };
        let (plural, name, subresource) = match rest {
            [plural] => (*plural, None, None),
            [plural, name] => (*plural, Some(*name), None),
            [plural, name, subresource] => (*plural, Some(*name), Some(*subresource)),
            _ => return None,
        };
        Some(Self { api_version, namespace, plural, name, subresource })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_what_the_api_server_takes_them_for() {
        for (path, expected) in [
            ("api/v1/pods", Some("v1  pods  ")),
            ("api/v1/namespaces", Some("v1  namespaces  ")),
            ("api/v1/namespaces/a", Some("v1  namespaces a ")),
            ("api/v1/namespaces/a/status", Some("v1  namespaces a status")),
            ("api/v1/namespaces/a/pods", Some("v1 a pods  ")),
            ("api/v1/namespaces/a/pods/b", Some("v1 a pods b ")),
            ("apis/apps/v1/namespaces/a/deployments/b/scale", Some("apps/v1 a deployments b scale")),
            ("api/v1", None),
            ("apis/apps/v1", None),
            ("apis/apps", None),
            ("version", None),
            ("api/v1/namespaces/a/pods/b/proxy/c", None),
        ] {
            let segments: Vec<&str> = path.split('/').collect();
            let found = Target::of(&segments).map(|it| {
                let or = |text: Option<&str>| text.unwrap_or_default().to_owned();
                let (namespace, name, sub) = (or(it.namespace), or(it.name), or(it.subresource));
                format!("{} {namespace} {} {name} {sub}", it.api_version, it.plural)
            });
            assert_eq!(found.as_deref(), expected, "{path}");
        }
    }
}
