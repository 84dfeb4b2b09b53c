//! Pasted objects to be read: `get` and `list`, with label and field selectors, as the API server words it.
//!
//! It stores nothing and watches nothing, and a question it has no answer to gets the API server's 404, or a refusal
//! that says so. An object is given as it was pasted; no field is made up. What takes writes is `Mock`.

use std::sync::Arc;

use http::Method;
use serde_json::{Value as Json, json};

use super::resource::{Resource, Target, group, text};
use super::status::{Answer, failure, no_such_resource};
use super::{Asked, Cluster, ClusterError, Limits, Request, Response, answered, rbac, selectors};

/// A cluster of pasted objects.
#[derive(Clone, Debug, Default)]
pub struct Pasted {
    resources: Arc<[Resource]>,
    objects: Arc<[Json]>,
}

impl Pasted {
    /// A cluster that knows these resources and holds these objects. An object without a namespace whose kind has
    /// one is in `default`.
    #[must_use]
    pub fn new(resources: Arc<[Resource]>, objects: Vec<Json>) -> Self {
        Self { resources, objects: objects.into() }
    }

    /// The answer's code and body.
    fn answer(&self, asked: &Asked, body: &[u8]) -> Answer {
        if asked.method == Method::POST.as_str() && asked.path == rbac::REVIEWS {
            return rbac::review(&self.objects.iter().collect::<Vec<_>>(), body);
        }
        if asked.method != Method::GET.as_str() {
            return failure(405, "MethodNotAllowed", "the objects of a workspace can only be read");
        }
        if asked.is_watch() {
            return failure(405, "MethodNotAllowed", "the objects of a workspace cannot be watched");
        }
        let segments: Vec<&str> = asked.segments().collect();
        let Some((target, resource)) = self.target(&segments) else { return no_such_resource() };
        match target.name {
            Some(name) => self.get(&target, resource, name),
            None => self.list(&target, resource, asked),
        }
    }

    /// What a path means: the objects of a resource, or one of them.
    fn target<'a>(&'a self, segments: &[&'a str]) -> Option<(Target<'a>, &'a Resource)> {
        let target = Target::of(segments)?;
        let is = |it: &&Resource| it.api_version == target.api_version && it.plural == target.plural;
        let resource = self.resources.iter().find(is)?;
        (target.subresource.is_none() && resource.fits(&target)).then_some((target, resource))
    }

    /// The objects of a resource, in their order and in any version of its group.
    fn of<'a>(&'a self, target: &Target<'a>, resource: &'a Resource) -> impl Iterator<Item = &'a Json> {
        let namespace = target.namespace;
        self.objects.iter().filter(move |object| {
            group(&resource.api_version) == group(text(object, "/apiVersion"))
                && resource.kind == text(object, "/kind")
                && namespace.is_none_or(|namespace| namespace_of(object) == namespace)
        })
    }

    fn get(&self, target: &Target<'_>, resource: &Resource, name: &str) -> Answer {
        match self.of(target, resource).find(|object| text(object, "/metadata/name") == name) {
            Some(object) => converted(resource, object),
            None => failure(404, "NotFound", &format!("{} \"{name}\" not found", resource.qualified())),
        }
    }

    fn list(&self, target: &Target<'_>, resource: &Resource, asked: &Asked) -> Answer {
        let selector = match selectors::Selector::of(asked, resource) {
            Ok(selector) => selector,
            Err(message) => return failure(400, "BadRequest", &message),
        };
        let mut items = Vec::new();
        for object in self.of(target, resource).filter(|object| selector.select(object)) {
            match converted(resource, object) {
                (200, item) => items.push(item),
                refused => return refused,
            }
        }
        let list = json!({
            "apiVersion": resource.api_version,
            "kind": format!("{}List", resource.kind),
            "metadata": { "resourceVersion": "1" },
            "items": items,
        });
        (200, list)
    }
}

/// The namespace that an object of a namespaced kind is in.
fn namespace_of(object: &Json) -> &str {
    match text(object, "/metadata/namespace") {
        "" => "default",
        namespace => namespace,
    }
}

/// An object as a version of its resource; nothing is converted here.
fn converted(resource: &Resource, object: &Json) -> Answer {
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
    failure(500, "InternalError", &message)
}

impl Cluster for Pasted {
    fn ask(&mut self, request: &Request, limits: Limits) -> Result<Response, ClusterError> {
        let asked = Asked::of(request)?;
        let (code, body) = self.answer(&asked, request.body());
        answered(&asked, code, "application/json", body.to_string().into_bytes(), limits)
    }
}
