//! A cluster made of pasted objects: it answers `get` and `list`, with label and field selectors, as the API server
//! words it.
//!
//! Read-only: it stores nothing and watches nothing, and a question it has no answer to gets the API server's 404, or a
//! refusal that says so. An object is given as it was pasted; no field is made up.

mod rbac;
mod selectors;

use std::sync::Arc;

use http::Method;
use serde_json::{Value as Json, json};

use super::{Asked, Cluster, ClusterError, Limits, Request, Response};

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
    fn qualified(&self) -> String {
        match self.api_version.split_once('/') {
            Some((group, _)) => format!("{}.{group}", self.plural),
            None => self.plural.clone(),
        }
    }

    /// Whether an object of some `apiVersion` and kind is one of its objects, in any version of its group.
    fn holds(&self, api_version: &str, kind: &str) -> bool {
        group(&self.api_version) == group(api_version) && self.kind == kind
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
fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// A cluster of pasted objects.
#[derive(Clone, Debug, Default)]
pub struct Mock {
    resources: Arc<[Resource]>,
    objects: Arc<[Json]>,
}

impl Mock {
    /// A cluster that knows these resources and holds these objects. An object without a namespace whose kind has
    /// one is in `default`.
    #[must_use]
    pub fn new(resources: Arc<[Resource]>, objects: Vec<Json>) -> Self {
        Self { resources, objects: objects.into() }
    }

    /// The answer's code and body.
    fn answer(&self, asked: &Asked, body: &[u8]) -> (u16, Json) {
        if asked.method == Method::POST.as_str() && asked.path == rbac::REVIEWS {
            return rbac::review(&self.objects, body);
        }
        if asked.method != Method::GET.as_str() {
            return status(405, "MethodNotAllowed", "the objects of a workspace can only be read");
        }
        let query =
            |name: &str| asked.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        if query("watch").is_some_and(|value| value != "false" && value != "0") {
            return status(405, "MethodNotAllowed", "the objects of a workspace cannot be watched");
        }
        let segments: Vec<&str> = asked.segments().collect();
        let Some(wanted) = self.wanted(&segments) else {
            return status(404, "NotFound", "the server could not find the requested resource");
        };
        match wanted.name {
            Some(name) => self.get(&wanted, name),
            None => {
                let selectors = (query("labelSelector").unwrap_or(""), query("fieldSelector").unwrap_or(""));
                self.list(&wanted, selectors)
            }
        }
    }

    /// What a path means: the objects of a resource, or one of them.
    fn wanted<'a>(&'a self, segments: &[&'a str]) -> Option<Wanted<'a>> {
        let (api_version, rest) = match segments {
            ["api", version, rest @ ..] => ((*version).to_owned(), rest),
            ["apis", group, version, rest @ ..] => (format!("{group}/{version}"), rest),
            _ => return None,
        };
        let (namespace, plural, name) = match rest {
            ["namespaces", namespace, plural] => (Some(*namespace), *plural, None),
            ["namespaces", namespace, plural, name] => (Some(*namespace), *plural, Some(*name)),
            [plural] => (None, *plural, None),
            [plural, name] => (None, *plural, Some(*name)),
            _ => return None,
        };
        let is = |it: &&Resource| it.api_version == api_version && it.plural == plural;
        let resource = self.resources.iter().find(is)?;
        let fits = resource.namespaced || namespace.is_none();
        let is_whole = !resource.namespaced || namespace.is_some() || name.is_none();
        (fits && is_whole).then_some(Wanted { resource, namespace, name })
    }

    /// The objects of a resource, in their order.
    fn of<'a>(&'a self, wanted: &'a Wanted<'_>) -> impl Iterator<Item = &'a Json> {
        self.objects.iter().filter(move |object| {
            let is_kind = wanted.resource.holds(text(object, "/apiVersion"), text(object, "/kind"));
            is_kind && wanted.namespace.is_none_or(|namespace| namespace_of(object) == namespace)
        })
    }

    fn get(&self, wanted: &Wanted<'_>, name: &str) -> (u16, Json) {
        match self.of(wanted).find(|object| text(object, "/metadata/name") == name) {
            Some(object) => converted(wanted.resource, object),
            None => {
                let message = format!("{} \"{name}\" not found", wanted.resource.qualified());
                status(404, "NotFound", &message)
            }
        }
    }

    fn list(&self, wanted: &Wanted<'_>, (labels, fields): (&str, &str)) -> (u16, Json) {
        let selected = selectors::Labels::parse(labels).and_then(|labels| {
            let fields = selectors::Fields::parse(fields)?;
            fields.check(wanted.resource)?;
            Ok((labels, fields))
        });
        let (labels, fields) = match selected {
            Ok(selectors) => selectors,
            Err(message) => return status(400, "BadRequest", &message),
        };
        let mut items = Vec::new();
        for object in self.of(wanted).filter(|object| labels.select(object) && fields.select(object)) {
            match converted(wanted.resource, object) {
                (200, item) => items.push(item),
                refused => return refused,
            }
        }
        let Resource { api_version, kind, .. } = wanted.resource;
        let list = json!({
            "apiVersion": api_version,
            "kind": format!("{kind}List"),
            "metadata": { "resourceVersion": "1" },
            "items": items,
        });
        (200, list)
    }
}

/// An object as a version of its resource; nothing is converted here.
fn converted(resource: &Resource, object: &Json) -> (u16, Json) {
    let is = text(object, "/apiVersion");
    if is == resource.api_version {
        return (200, object.clone());
    }
    let message = format!(
        "{} \"{}\" is pasted as `{is}`, and nothing is converted to `{}` here",
        resource.qualified(),
        text(object, "/metadata/name"),
        resource.api_version
    );
    status(500, "InternalError", &message)
}

/// What a path means.
#[derive(Debug)]
struct Wanted<'a> {
    resource: &'a Resource,
    namespace: Option<&'a str>,
    name: Option<&'a str>,
}

/// A text of an object; empty where there is none.
fn text<'a>(object: &'a Json, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Json::as_str).unwrap_or_default()
}

/// The namespace that an object of a namespaced kind is in.
fn namespace_of(object: &Json) -> &str {
    match text(object, "/metadata/namespace") {
        "" => "default",
        namespace => namespace,
    }
}

fn status(code: u16, reason: &str, message: &str) -> (u16, Json) {
    let status = json!({
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        "code": code,
    });
    (code, status)
}

impl Cluster for Mock {
    fn ask(&mut self, request: &Request, limits: Limits) -> Result<Response, ClusterError> {
        let asked = Asked::of(request)?;
        let (code, body) = self.answer(&asked, request.body());
        let body = body.to_string().into_bytes();
        if body.len() as u64 > limits.answer_bytes {
            return Err(ClusterError::TooLarge { asked: asked.to_string(), limit: limits.answer_bytes });
        }
        http::Response::builder()
            .status(code)
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(body)
            .map_err(|error| ClusterError::Broken { asked: asked.to_string(), why: error.to_string() })
    }
}
