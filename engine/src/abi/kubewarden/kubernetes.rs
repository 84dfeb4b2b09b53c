//! Questions about a cluster's objects and rights, written as HTTP, and the answers as policies take them.
//!
//! It keeps no cache: each question is asked anew, so that a run is repeatable. Source: Kubewarden's
//! `callback_handler/kubernetes`.

use serde_json::{Map, Value as Json, json};

use super::capabilities::Reach;
use crate::abi::fields::Fields;
use crate::abi::policy::sentence;
use crate::cluster::{Limits, Request, Resource};

/// A question for objects of a kind.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) api_version: String,
    pub(super) kind: String,
    /// The one object; empty for a list.
    name: String,
    is_list: bool,
    namespace: Option<String>,
    label_selector: String,
    field_selector: String,
    /// What is kept of each object, as dotted paths; everything when empty.
    masks: Vec<String>,
}

impl Read {
    /// The question of a capability's payload; nothing when it reads no objects.
    pub(super) fn of(capability: &str, payload: &Json) -> Result<Option<Self>, String> {
        let (is_list, needs_namespace) = match capability {
            "kubernetes/get_resource" => (false, false),
            "kubernetes/list_resources_all" => (true, false),
            "kubernetes/list_resources_by_namespace" => (true, true),
            _ => return Ok(None),
        };
        if !payload.is_object() {
            return Err("the question is not an object".into());
        }
        let fields = Fields::of(payload, "")?;
        let needed = |key: &str| match fields.text(key)? {
            text if text.is_empty() => Err(format!("`{key}` is missing in the question")),
            text => Ok(text),
        };
        Ok(Some(Self {
            api_version: needed("api_version")?,
            kind: needed("kind")?,
            name: if is_list { String::new() } else { needed("name")? },
            is_list,
            namespace: match needs_namespace {
                true => Some(needed("namespace")?),
                false if is_list => None,
                false => Some(fields.text("namespace")?).filter(|it| !it.is_empty()),
            },
            label_selector: fields.text("label_selector")?,
            field_selector: fields.text("field_selector")?,
            masks: fields.texts("field_masks")?,
        }))
    }

    /// What the cluster says.
    pub(super) fn answer(&self, reach: &mut Reach) -> Result<Json, String> {
        let Self { api_version, kind, namespace, .. } = self;
        let whole = format!("{}/{}", sentence(api_version), sentence(kind));
        let is = |it: &&Resource| it.api_version == *api_version && it.kind == *kind;
        let resource = reach.resources.iter().find(is).cloned().ok_or_else(|| {
            format!(
                "no kind {whole} is known: paste its CustomResourceDefinition among the cluster's objects"
            )
        })?;
        let namespace = match (namespace, resource.namespaced) {
            (Some(_), false) if self.is_list => {
                return Err(format!(
                    "resource {whole} is cluster wide. Cannot search for it inside of a namespace"
                ));
            }
            (None, true) if !self.is_list => {
                return Err(format!("resource {whole} is namespaced, and the question names no namespace"));
            }
            (Some(namespace), true) => namespace.as_str(),
            _ => "",
        };
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, value) in [("labelSelector", &self.label_selector), ("fieldSelector", &self.field_selector)]
        {
            if !value.is_empty() {
                query.append_pair(key, value);
            }
        }
        let mut uri = resource.path(namespace, &self.name);
        let query = query.finish();
        if !query.is_empty() {
            uri = format!("{uri}?{query}");
        }
        match send(reach, "GET", &uri, Vec::new())? {
            (404, _) if !self.is_list => Err(format!(
                "Cannot find {whole} named '{}' inside of namespace '{:?}'",
                sentence(&self.name),
                self.namespace
            )),
            (200, answer) if self.is_list => Ok(self.list(answer)),
            (200, answer) => Ok(self.masked(answer)),
            (code, answer) => Err(refused(code, &answer)),
        }
    }

    /// A list as policies take it: without what only clients of an API server need.
    fn list(&self, answer: Json) -> Json {
        let items = answer.get("items").and_then(Json::as_array).cloned().unwrap_or_default();
        let item = |mut item: Json| {
            fill(&mut item, "apiVersion", &self.api_version);
            fill(&mut item, "kind", &self.kind);
            if let Some(metadata) = item.get_mut("metadata").and_then(Json::as_object_mut) {
                metadata.shift_remove("managedFields");
                if let Some(annotations) = metadata.get_mut("annotations").and_then(Json::as_object_mut) {
                    annotations.shift_remove("kubectl.kubernetes.io/last-applied-configuration");
                }
            }
            self.masked(item)
        };
        json!({
            "apiVersion": self.api_version,
            "kind": format!("{}List", self.kind),
            "metadata": {},
            "items": items.into_iter().map(item).collect::<Vec<_>>(),
        })
    }

    fn masked(&self, object: Json) -> Json {
        if self.masks.is_empty() {
            return object;
        }
        let masks: Vec<Vec<&str>> = self.masks.iter().map(|mask| mask.split('.').collect()).collect();
        let masks: Vec<&[&str]> = masks.iter().map(Vec::as_slice).collect();
        masked(&object, &masks)
    }
}

/// What the paths name of a value; lists are looked through.
fn masked(value: &Json, masks: &[&[&str]]) -> Json {
    if masks.iter().any(|mask| mask.is_empty()) {
        return value.clone();
    }
    match value {
        Json::Object(fields) => {
            let mut kept = Map::new();
            for (key, value) in fields {
                let inner: Vec<&[&str]> = masks
                    .iter()
                    .filter_map(|mask| {
                        mask.split_first().filter(|(first, _)| *first == key).map(|(_, rest)| rest)
                    })
                    .collect();
                if !inner.is_empty() {
                    kept.insert(key.clone(), masked(value, &inner));
                }
            }
            Json::Object(kept)
        }
        Json::Array(items) => items.iter().map(|item| masked(item, masks)).collect(),
        other => other.clone(),
    }
}

/// Items of a real cluster's list carry neither.
fn fill(item: &mut Json, key: &str, value: &str) {
    if let Some(item) = item.as_object_mut()
        && !item.contains_key(key)
    {
        item.insert(key.to_owned(), json!(value));
    }
}

/// Whether somebody may, by a `SubjectAccessReview`.
pub(super) fn can_i(reach: &mut Reach, payload: &Json) -> Result<Json, String> {
    let review = Fields::of(payload, "")?.object("subject_access_review")?;
    let attributes = match review.any("resourceAttributes") {
        Some(_) => review.object("resourceAttributes")?,
        None => review.object("resource_attributes")?,
    };
    let mut asked = Map::new();
    for key in ["group", "name", "namespace", "resource", "subresource", "verb", "version"] {
        let text = attributes.text(key)?;
        if !text.is_empty() {
            asked.insert(key.to_owned(), json!(text));
        }
    }
    let user = review.text("user")?;
    for (field, is_there) in [
        ("user", !user.is_empty()),
        ("resource_attributes.resource", asked.contains_key("resource")),
        ("resource_attributes.verb", asked.contains_key("verb")),
    ] {
        if !is_there {
            return Err(format!("`subject_access_review.{field}` is missing in the question"));
        }
    }
    let mut spec = json!({ "user": user, "resourceAttributes": asked });
    let groups = review.texts("groups")?;
    if let Some(spec) = spec.as_object_mut()
        && !groups.is_empty()
    {
        spec.insert("groups".into(), json!(groups));
    }
    let body =
        json!({ "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec });
    let uri = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    match send(reach, "POST", uri, body.to_string().into_bytes())? {
        (200 | 201, answer) => {
            let status =
                answer.get("status").filter(|status| status.get("allowed").is_some_and(Json::is_boolean));
            status.cloned().ok_or_else(|| "the cluster answered no `status.allowed`".to_owned())
        }
        (code, answer) => Err(refused(code, &answer)),
    }
}

fn send(reach: &mut Reach, method: &str, uri: &str, body: Vec<u8>) -> Result<(u16, Json), String> {
    let request: Request = http::Request::builder()
        .method(method)
        .uri(uri)
        .header(http::header::ACCEPT, "application/json")
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(body)
        .map_err(|error| format!("the question cannot be sent: {error}"))?;
    let cluster = reach.cluster.as_mut().ok_or("no cluster is given")?;
    reach.asked = reach.asked.saturating_add(1);
    let answer = cluster.ask(&request, Limits::default()).map_err(|error| error.to_string())?;
    let code = answer.status().as_u16();
    match serde_json::from_slice(answer.body()) {
        Ok(body) => Ok((code, body)),
        Err(_) if code >= 400 => Ok((code, Json::Null)),
        Err(error) => Err(format!("the cluster did not answer with JSON: {error}")),
    }
}

fn refused(code: u16, answer: &Json) -> String {
    let message = answer.get("message").and_then(Json::as_str).unwrap_or_default();
    format!("the cluster answered {code}: {}", sentence(message)).trim_end_matches([' ', ':']).to_owned()
}
