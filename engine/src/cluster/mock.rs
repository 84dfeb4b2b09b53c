//! A cluster in memory that takes writes: pasted objects with uids and versions, read, created, updated, patched and
//! deleted as the API server does it, and discovery for the kinds that it knows.
//!
//! It runs no controllers, no admission and no schemas, sets no defaults, watches nothing and draws no tables: what is
//! not here is refused with the API server's words. Its clock and its numbers come from the run.

mod body;
mod delete;
mod discovery;
mod facts;
mod names;
mod negotiate;
mod paste;
mod patch;
mod read;
mod refusal;
mod store;
mod system;
mod write;

use std::sync::Arc;

use serde_json::Value as Json;

pub use self::paste::MockError;
use self::refusal::{method_not_allowed, unsupported};
pub use self::store::{Change, MAX_OBJECTS, MAX_STORED_BYTES};
use self::store::{Key, Store};
use super::kinds::{Kind, Kinds};
use super::resource::{Resource, Target};
use super::status::{Answer, no_such_resource};
use super::{Asked, Cluster, ClusterError, Limits, Request, Response, answered, rbac};
use crate::request::World;

/// An answer, or a refusal: both are answered.
type Answered = Result<Answer, Answer>;

/// A cluster in memory.
#[derive(Clone, Debug)]
pub struct Mock {
    world: World,
    kinds: Arc<Kinds>,
    store: Store,
}

/// A request for objects of a resource.
#[derive(Clone, Copy, Debug)]
struct Ask<'a> {
    request: &'a Request,
    asked: &'a Asked,
    kinds: &'a Kinds,
    kind: &'a Kind,
    target: &'a Target<'a>,
}

impl Ask<'_> {
    /// Where the object of a name stands, in the request's namespace.
    fn key(&self, name: &str) -> Key {
        Key::new(self.kind, self.target.namespace.unwrap_or_default(), name)
    }

    /// The request's resource as messages name it.
    fn qualified(&self) -> String {
        self.kind.resource().qualified()
    }
}

impl Mock {
    /// A cluster that holds these objects. A `List` stands for its items; an object without a namespace whose kind has
    /// one is in `default`; a namespace that objects are in exists, as do those that every cluster has.
    ///
    /// # Errors
    /// When an object cannot be one of a cluster, or there is no room.
    pub fn new(objects: Vec<Json>, world: World) -> Result<Self, MockError> {
        paste::cluster(objects, world)
    }

    /// All objects as they are now, by group, resource, namespace and name.
    pub fn objects(&self) -> impl Iterator<Item = &Json> {
        self.store.all().map(|(_, object)| object)
    }

    /// What became of the objects since they were pasted, in the order of [`Mock::objects`].
    #[must_use]
    pub fn changes(&self) -> Vec<Change<'_>> {
        self.store.changes()
    }

    /// The resources that it serves now.
    pub fn resources(&self) -> impl Iterator<Item = Resource> {
        self.kinds.all().filter(|kind| facts::is_stored(kind)).map(Kind::resource)
    }

    fn answer(&mut self, request: &Request, asked: &Asked) -> Answered {
        negotiate::accepted(request)?;
        let segments: Vec<&str> = asked.segments().collect();
        let kinds = Arc::clone(&self.kinds);
        if let Some(document) = discovery::document(&segments, &kinds, &self.world) {
            return if asked.method == "GET" { Ok((200, document)) } else { Err(method_not_allowed()) };
        }
        if asked.method == "POST" && asked.path == rbac::REVIEWS {
            let objects: Vec<&Json> = self.objects().collect();
            return Ok(rbac::review(&objects, request.body()));
        }
        let target = Target::of(&segments).ok_or_else(no_such_resource)?;
        let kind = kinds.served(&target.api_version, target.plural).ok_or_else(no_such_resource)?;
        let ask = Ask { request, asked, kinds: &kinds, kind, target: &target };
        self.dispatch(&ask)
    }

    fn dispatch(&mut self, ask: &Ask<'_>) -> Answered {
        let Ask { asked, kind, target, .. } = ask;
        let is_collection = target.name.is_none();
        if !kind.resource().fits(target) {
            return Err(no_such_resource());
        }
        if !facts::is_stored(kind) {
            let way_out =
                "who asks is not known to this cluster; of reviews, it answers `SubjectAccessReview`";
            return Err(unsupported(verb(asked, is_collection), &ask.qualified(), way_out));
        }
        let is_status = match target.subresource {
            None => false,
            Some(name) if kind.subresource(name).is_none() => return Err(no_such_resource()),
            Some("status") => true,
            Some(name) => {
                let of = format!("{}/{name}", ask.qualified());
                let way_out = "of subresources, this cluster has `status`";
                return Err(unsupported(verb(asked, is_collection), &of, way_out));
            }
        };
        if kind.namespaced && target.namespace.is_none() && asked.method != "GET" {
            return Err(method_not_allowed());
        }
        match (asked.method.as_str(), target.name) {
            ("GET", _) if asked.is_watch() => {
                let way_out = "nothing is watched in this cluster; list the objects again";
                Err(unsupported("watch", &ask.qualified(), way_out))
            }
            ("GET", Some(name)) => self.get(ask, name),
            ("GET", None) => self.list(ask),
            ("POST", None) => self.create(ask),
            ("PUT", Some(name)) => self.update(ask, name, is_status),
            ("PATCH", Some(name)) => self.patch(ask, name, is_status),
            ("DELETE", Some(name)) if !is_status => self.delete(ask, name),
            ("DELETE", None) if !facts::is_namespace(kind) => self.delete_collection(ask),
            _ => Err(method_not_allowed()),
        }
    }
}

/// The verb of a request, as authorizers name it.
fn verb(asked: &Asked, is_collection: bool) -> &'static str {
    match (asked.method.as_str(), is_collection) {
        ("GET", _) if asked.is_watch() => "watch",
        ("GET", true) => "list",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", true) => "deletecollection",
        ("DELETE", false) => "delete",
        _ => "get",
    }
}

impl Cluster for Mock {
    fn ask(&mut self, request: &Request, limits: Limits) -> Result<Response, ClusterError> {
        let asked = Asked::of(request)?;
        if asked.method == "GET" && discovery::HEALTH.contains(&asked.path.as_str()) {
            return answered(&asked, 200, "text/plain; charset=utf-8", b"ok".to_vec(), limits);
        }
        let (code, body) = self.answer(request, &asked).unwrap_or_else(|refused| refused);
        answered(&asked, code, "application/json", body.to_string().into_bytes(), limits)
    }
}
