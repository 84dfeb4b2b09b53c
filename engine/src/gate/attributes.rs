//! What a request is about, as the API server works it out before anybody is asked: the resource behind a kind, the
//! namespace and the name, the objects, the options.
//!
//! It fills in nothing that modules could mistake for the person's: no defaults of fields, no system fields. The one
//! thing it writes is the namespace, as the API server does before admission.

use serde_json::Value as Json;

use super::draft::Draft;
use super::typed::Typed;
use crate::cluster::kinds::{Gvk, Kinds};
use crate::objects::Objects;
use crate::report::{Outcome, OutcomeKind};
use crate::request::{GateRequest, Verb};

/// A request, worked out.
#[derive(Clone, Debug)]
pub(crate) struct Attributes {
    pub(crate) verb: Verb,
    pub(crate) target: Target,
    /// The object as it goes through the gate.
    pub(crate) object: Option<Json>,
    /// The object as it stands.
    pub(crate) old_object: Option<Json>,
    /// The request's options, as admission sees them; null when it has none.
    pub(crate) options: Json,
    pub(crate) dry_run: bool,
    /// A pasted request, whose other fields go to modules as they are.
    pub(crate) pasted: Option<Json>,
    /// Whether it is a request of another system: then the object is the whole of it.
    pub(crate) is_raw: bool,
    /// The object as it was typed.
    pub(crate) typed: Option<Typed>,
    /// Whether the namespace was written into the object.
    pub(crate) has_namespace_added: bool,
    /// What was assumed.
    pub(crate) notes: Vec<String>,
}

/// What a request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A resource.
    Resource(Resource),
    /// A path that names none.
    Path(String),
}

/// A resource, and which object of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resource {
    /// The kind of the object, or of what the subresource takes.
    pub(crate) kind: Gvk,
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) plural: String,
    pub(crate) subresource: String,
    /// The namespace that admission sees; empty for what is the cluster's.
    pub(crate) namespace: String,
    /// Empty where none is known: a list, or a name that is to be generated.
    pub(crate) name: String,
}

impl Resource {
    /// Whether it is a namespace itself: the cluster's, but with a namespace, its own.
    pub(crate) fn is_namespace(&self) -> bool {
        (self.group.as_str(), self.version.as_str(), self.plural.as_str()) == ("", "v1", "namespaces")
    }

    /// `pods`, `deployments.apps`.
    pub(crate) fn qualified(&self) -> String {
        if self.group.is_empty() { self.plural.clone() } else { format!("{}.{}", self.plural, self.group) }
    }
}

impl Verb {
    /// As authorizers see it.
    pub(crate) fn word(self, is_path: bool) -> &'static str {
        match self {
            Self::Create if is_path => "post",
            Self::Update if is_path => "put",
            Self::Create | Self::Connect => "create",
            Self::Update => "update",
            Self::Patch => "patch",
            Self::Delete => "delete",
            Self::Get => "get",
            Self::List => "list",
            Self::Watch => "watch",
        }
    }

    /// As admission sees it; none for what is only read.
    pub(crate) fn operation(self) -> Option<&'static str> {
        match self {
            Self::Create => Some("CREATE"),
            Self::Update | Self::Patch => Some("UPDATE"),
            Self::Delete => Some("DELETE"),
            Self::Connect => Some("CONNECT"),
            Self::Get | Self::List | Self::Watch => None,
        }
    }
}

/// An outcome of a request that never begins.
pub(super) fn invalid(message: impl Into<String>) -> Outcome {
    Outcome::new(OutcomeKind::Invalid, message)
}

impl Attributes {
    /// Works a request out.
    pub(crate) fn of(gate: &GateRequest, objects: &Objects, kinds: &Kinds) -> Result<Self, Outcome> {
        if !gate.path.is_empty() {
            return Self::of_path(gate);
        }
        Draft::read(gate, kinds)?.work_out(objects)
    }

    fn of_path(gate: &GateRequest) -> Result<Self, Outcome> {
        if !gate.path.starts_with('/') {
            return Err(invalid(format!("the path `{}` does not begin with a slash", gate.path)));
        }
        let is_plain = [&gate.object, &gate.old_object, &gate.resource, &gate.subresource]
            .iter()
            .all(|it| it.is_empty());
        if !is_plain {
            return Err(invalid("a path that names no resource has no object, resource or subresource")
                .with_hint("remove the path, or what belongs to a resource"));
        }
        if matches!(gate.verb, Verb::Connect | Verb::List | Verb::Watch) {
            return Err(invalid("a path that names no resource is read or written: no such verb")
                .with_hint("use `get`, `create` (post), `update` (put), `patch` or `delete`"));
        }
        Ok(Self {
            verb: gate.verb,
            target: Target::Path(gate.path.clone()),
            object: None,
            old_object: None,
            options: Json::Null,
            dry_run: false,
            pasted: None,
            is_raw: false,
            typed: None,
            has_namespace_added: false,
            notes: Vec::new(),
        })
    }

    /// The resource, unless the request is for a path.
    pub(crate) fn resource(&self) -> Option<&Resource> {
        match &self.target {
            Target::Resource(resource) => Some(resource),
            Target::Path(_) => None,
        }
    }

    /// `create pods/web in shop`.
    pub(crate) fn words(&self) -> String {
        if self.is_raw {
            return "raw request".to_owned();
        }
        let verb = match self.verb {
            Verb::Connect => "connect",
            verb => verb.word(matches!(self.target, Target::Path(_))),
        };
        match &self.target {
            Target::Path(path) => format!("{verb} {path}"),
            Target::Resource(it) => {
                let mut words = format!("{verb} {}", it.qualified());
                for part in [&it.name, &it.subresource].into_iter().filter(|part| !part.is_empty()) {
                    words.push_str(&format!("/{part}"));
                }
                if !it.namespace.is_empty() && !it.is_namespace() {
                    words.push_str(&format!(" in {}", it.namespace));
                }
                words
            }
        }
    }
}

/// How the API server words it.
pub(crate) const NAMESPACES_DIFFER: &str =
    "the namespace of the provided object does not match the namespace sent on the request";
