//! What a cluster says it serves: versions, groups and resources, in the form that clients of all versions read. Source:
//! Kubernetes, `apimachinery/pkg/apis/meta/v1` and `apiserver/pkg/endpoints/discovery`.
//!
//! It names only what is answered here: no `watch` among the verbs, of subresources `status` alone, and no schemas.

use serde_json::{Value as Json, json};

use super::{facts, system};
use crate::cluster::kinds::{Gvk, Kind, Kinds};
use crate::request::World;

/// Where a cluster says that it is well.
pub(super) const HEALTH: [&str; 3] = ["/healthz", "/livez", "/readyz"];

/// What can be done to the objects of a resource, but for what namespaces lack.
const VERBS: [&str; 7] = ["create", "delete", "deletecollection", "get", "list", "patch", "update"];

/// The document of a path; nothing when it is none of discovery.
pub(super) fn document(segments: &[&str], kinds: &Kinds, world: &World) -> Option<Json> {
    match segments {
        [] => Some(paths(kinds)),
        ["version"] => Some(version(world)),
        ["api"] => Some(json!({
            "kind": "APIVersions",
            "versions": ["v1"],
            "serverAddressByClientCIDRs": [],
        })),
        ["apis"] => {
            let groups: Vec<Json> = groups(kinds).iter().map(|name| group(kinds, name)).collect();
            Some(json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups }))
        }
        ["apis", name] if groups(kinds).contains(name) => {
            let mut document = json!({ "kind": "APIGroup", "apiVersion": "v1" });
            if let (Some(document), Json::Object(group)) = (document.as_object_mut(), group(kinds, name)) {
                document.extend(group);
            }
            Some(document)
        }
        ["api", version] => resources(kinds, "", version),
        ["apis", group, version] => resources(kinds, group, version),
        _ => None,
    }
}

fn version(world: &World) -> Json {
    json!({
        "major": "1",
        "minor": "33",
        "gitVersion": "v1.33.0+drydock",
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": system::timestamp(world.start_seconds),
        "goVersion": "",
        "compiler": "",
        "platform": "drydock/mock",
    })
}

fn paths(kinds: &Kinds) -> Json {
    let mut paths = vec!["/api".to_owned(), "/api/v1".into(), "/apis".into()];
    for group in groups(kinds) {
        paths.push(format!("/apis/{group}"));
        paths.extend(versions(kinds, group).iter().map(|version| format!("/apis/{group}/{version}")));
    }
    paths.extend(HEALTH.map(str::to_owned));
    paths.push("/version".into());
    json!({ "paths": paths })
}

fn served(kinds: &Kinds) -> impl Iterator<Item = &Kind> {
    kinds.all().filter(|kind| facts::is_stored(kind) || kind.gvk.kind == "SubjectAccessReview")
}

/// All groups but the core one, in the order of their first kinds.
fn groups(kinds: &Kinds) -> Vec<&str> {
    let mut groups: Vec<&str> = Vec::new();
    for kind in served(kinds) {
        let group = kind.gvk.group.as_str();
        if !group.is_empty() && !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups
}

/// The versions of a group, the preferred one first: those of custom resources by their stability.
fn versions<'a>(kinds: &'a Kinds, group: &str) -> Vec<&'a str> {
    let mut versions: Vec<&str> = Vec::new();
    let mut is_custom = true;
    for kind in served(kinds).filter(|kind| kind.gvk.group == group) {
        is_custom &= kind.is_custom;
        if !versions.contains(&kind.gvk.version.as_str()) {
            versions.push(&kind.gvk.version);
        }
    }
    if is_custom {
        versions.sort_by_key(|version| (std::cmp::Reverse(rank(version)), *version));
    }
    versions
}

/// Stable versions before beta ones before alpha ones, later before earlier; what is no such version last.
fn rank(version: &str) -> (u8, u32, u32) {
    let read = || {
        let version = version.strip_prefix('v')?;
        let end = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
        let (major, rest) = version.split_at_checked(end)?;
        let (stage, minor) = match (rest.strip_prefix("beta"), rest.strip_prefix("alpha")) {
            (Some(minor), _) => (2, minor.parse().ok()?),
            (_, Some(minor)) => (1, minor.parse().ok()?),
            _ if rest.is_empty() => (3, 0),
            _ => return None,
        };
        Some((stage, major.parse().ok()?, minor))
    };
    read().unwrap_or_default()
}

fn group(kinds: &Kinds, name: &str) -> Json {
    let of = |version: &&str| json!({ "groupVersion": format!("{name}/{version}"), "version": version });
    let versions: Vec<Json> = versions(kinds, name).iter().map(of).collect();
    let preferred = versions.first().cloned();
    json!({ "name": name, "versions": versions, "preferredVersion": preferred })
}

fn resources(kinds: &Kinds, group: &str, version: &str) -> Option<Json> {
    let of = |kind: &&Kind| kind.gvk.group == group && kind.gvk.version == version;
    let resources: Vec<Json> = served(kinds).filter(of).flat_map(resource).collect();
    if resources.is_empty() {
        return None;
    }
    let version = Gvk { group: group.into(), version: version.into(), kind: String::new() }.api_version();
    Some(json!({
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": version,
        "resources": resources,
    }))
}

/// A resource, and its status where it has one.
fn resource(kind: &Kind) -> Vec<Json> {
    let verbs: Vec<&str> = match () {
        () if !facts::is_stored(kind) => vec!["create"],
        () if facts::is_namespace(kind) => {
            VERBS.into_iter().filter(|verb| *verb != "deletecollection").collect()
        }
        () => VERBS.into(),
    };
    let mut resource = json!({
        "name": kind.plural,
        "singularName": kind.singular,
        "namespaced": kind.namespaced,
        "kind": kind.gvk.kind,
        "verbs": verbs,
    });
    if let (Some(resource), false) = (resource.as_object_mut(), kind.short.is_empty()) {
        resource.insert("shortNames".into(), json!(kind.short));
    }
    let status = kind.subresource("status").map(|_| {
        json!({
            "name": format!("{}/status", kind.plural),
            "singularName": "",
            "namespaced": kind.namespaced,
            "kind": kind.gvk.kind,
            "verbs": ["get", "patch", "update"],
        })
    });
    std::iter::once(resource).chain(status).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_rank_by_stability() {
        let mut versions = ["foo", "v1alpha2", "v2", "v1beta1", "v10", "v1", "v1beta2", "v1gamma"];
        versions.sort_by_key(|version| (std::cmp::Reverse(rank(version)), *version));
        assert_eq!(versions, ["v10", "v2", "v1", "v1beta2", "v1beta1", "v1alpha2", "foo", "v1gamma"]);
    }
}
