//! From the name of a kind to its path in the API, as a cluster serves it: `deploy`, `deployments.apps`, `Pod/web`.
//!
//! The core group is looked into first, then the others in the cluster's order; nothing is guessed.

use engine::cluster::{Cluster, Limits};
use serde_json::Value;

use super::explain::get;
use super::kubeconfig::Context;
use crate::Failure;

/// The path of `KIND[.GROUP][/NAME]`; no namespace means all of them.
///
/// # Errors
/// When the cluster does not answer or serves no such kind, and for a name in no namespace that needs one.
pub fn path_of(
    cluster: &mut dyn Cluster,
    context: &Context,
    named: &str,
    namespace: Option<&str>,
    limits: Limits,
) -> Result<String, Failure> {
    let (kind, name) = match named.split_once('/') {
        Some((kind, name)) => (kind, Some(name)),
        None => (named, None),
    };
    let (kind, group) = match kind.split_once('.') {
        Some((kind, group)) => (kind, Some(group)),
        None => (kind, None),
    };
    let mut look = |path: &str| -> Result<Value, Failure> {
        let body = get(cluster, context, path, limits)?.into_body();
        serde_json::from_slice(&body)
            .map_err(|_| Failure::new(format!("what context `{}` has at {path} is no list", context.name)))
    };
    let mut places = Vec::new();
    if group.is_none() {
        places.push("/api/v1".to_owned());
    } else {
        places.extend(versions(&look("/apis")?, group));
    }
    let mut index = 0;
    while let Some(place) = places.get(index).cloned() {
        if let Some(resource) = resource(&look(&place)?, kind) {
            return path(&place, &resource, namespace, name);
        }
        if group.is_none() && index == 0 {
            places.extend(versions(&look("/apis")?, None));
        }
        index += 1;
    }
    let message = format!("context `{}` serves no kind `{kind}`", context.name);
    Err(Failure::new(message).with_hint("a path that begins with a slash, such as /apis, is asked as it is"))
}

/// A kind that a cluster serves.
struct Resource {
    plural: String,
    is_namespaced: bool,
}

/// The preferred version of each group, as paths.
fn versions(groups: &Value, wanted: Option<&str>) -> Vec<String> {
    let groups = groups.get("groups").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_wanted = |group: &&Value| {
        wanted.is_none_or(|wanted| group.get("name").and_then(Value::as_str) == Some(wanted))
    };
    let version = |group: &Value| Some(group.pointer("/preferredVersion/groupVersion")?.as_str()?.to_owned());
    groups.iter().filter(is_wanted).filter_map(version).map(|version| format!("/apis/{version}")).collect()
}

fn resource(list: &Value, kind: &str) -> Option<Resource> {
    let called = |resource: &&Value| {
        let word = |field: &str| resource.get(field).and_then(Value::as_str).unwrap_or_default();
        let short = resource.get("shortNames").and_then(Value::as_array);
        let mut names = ["name", "singularName", "kind"].map(word).to_vec();
        names.extend(short.into_iter().flatten().filter_map(Value::as_str));
        !word("name").contains('/') && names.iter().any(|name| name.eq_ignore_ascii_case(kind))
    };
    let resource = list.get("resources")?.as_array()?.iter().find(called)?;
    Some(Resource {
        plural: resource.get("name")?.as_str()?.to_owned(),
        is_namespaced: resource.get("namespaced")?.as_bool()?,
    })
}

fn path(
    place: &str,
    resource: &Resource,
    namespace: Option<&str>,
    name: Option<&str>,
) -> Result<String, Failure> {
    let mut path = place.to_owned();
    match namespace {
        Some(namespace) if resource.is_namespaced => path = format!("{path}/namespaces/{namespace}"),
        None if resource.is_namespaced && name.is_some() => {
            let kind = &resource.plural;
            return Err(Failure::new(format!("a name of {kind} is one in a namespace, and none is given")));
        }
        _ => {}
    }
    path = format!("{path}/{}", resource.plural);
    Ok(match name {
        Some(name) => format!("{path}/{name}"),
        None => path,
    })
}
