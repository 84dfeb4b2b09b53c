//! What lives in a cluster, as manifests to edit: without what the server put there (status, managed fields,
//! versions, times), and without the values of Secrets.
//!
//! They are copies. Nothing leads back into the cluster.

use engine::cluster::{Cluster, Limits, redact};
use engine::manifest;
use serde_json::{Map, Value};

use super::explain::get;
use super::kubeconfig::Context;
use crate::Failure;

/// The most objects that are taken from one list: more is nothing to edit.
pub const MAX_OBJECTS: usize = 1_000;

/// How many are asked for at a time, as kubectl does.
const PAGE: usize = 500;

/// Metadata that a server writes and a manifest does not have.
const SERVERS_OWN: &[&str] = &[
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// What `kubectl apply` keeps for itself.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// An object of a cluster as a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveObject {
    /// Such as `Deployment`.
    pub kind: String,
    /// Its namespace; empty when it has none.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The manifest, as YAML.
    pub text: String,
}

/// The objects at a path of the API, such as `/apis/apps/v1/namespaces/shop/deployments`: a list's, or the one.
/// At most [`MAX_OBJECTS`]; the flag says whether there are more.
///
/// # Errors
/// When the cluster gives no answer, or none of success, or what is there are no objects.
pub fn objects(
    cluster: &mut dyn Cluster,
    context: &Context,
    path: &str,
    limits: Limits,
) -> Result<(Vec<LiveObject>, bool), Failure> {
    let mut found = Vec::new();
    let mut next = String::new();
    loop {
        let separator = if path.contains('?') { '&' } else { '?' };
        let page = get(cluster, context, &format!("{path}{separator}limit={PAGE}{next}"), limits)?;
        let (body, _) = redact(path, page.body());
        let no_objects = || Failure::new(format!("there are no objects at {path}"));
        let page: Value = serde_json::from_slice(&body).map_err(|_| no_objects())?;
        found.extend(items(&page).ok_or_else(no_objects)?.into_iter().filter_map(live));
        let more = page.pointer("/metadata/continue").and_then(Value::as_str).filter(|more| !more.is_empty());
        if found.len() >= MAX_OBJECTS || more.is_none() {
            let is_cut = found.len() > MAX_OBJECTS || more.is_some();
            found.truncate(MAX_OBJECTS);
            return Ok((found, is_cut));
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        next = format!("&{}", query.append_pair("continue", more.unwrap_or_default()).finish());
    }
}

/// A list's items with the kind that the list says for all of them; or the one object.
fn items(page: &Value) -> Option<Vec<Value>> {
    let kind = page.get("kind")?.as_str()?;
    let version = page.get("apiVersion")?.clone();
    let Some(list) = page.get("items").and_then(Value::as_array) else {
        return page.pointer("/metadata/name").map(|_| vec![page.clone()]);
    };
    let kind = Value::from(kind.strip_suffix("List").unwrap_or(kind));
    let whole = |item: &Value| {
        let mut fields = Map::new();
        fields.insert("apiVersion".into(), version.clone());
        fields.insert("kind".into(), kind.clone());
        fields.extend(item.as_object().cloned().unwrap_or_default());
        Value::Object(fields)
    };
    Some(list.iter().map(whole).collect())
}

/// An object as a manifest; nothing when it has no name.
fn live(mut object: Value) -> Option<LiveObject> {
    let fields = object.as_object_mut()?;
    fields.remove("status");
    let metadata = fields.get_mut("metadata")?.as_object_mut()?;
    metadata.retain(|field, _| !SERVERS_OWN.contains(&field.as_str()));
    if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
        annotations.remove(LAST_APPLIED);
        if annotations.is_empty() {
            metadata.remove("annotations");
        }
    }
    let word = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    Some(LiveObject {
        kind: word("/kind"),
        namespace: word("/metadata/namespace"),
        name: Some(word("/metadata/name")).filter(|name| !name.is_empty())?,
        text: manifest::emit(&manifest::from_json(&object), manifest::SequenceIndent::Compact),
    })
}
