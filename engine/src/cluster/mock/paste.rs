//! A cluster out of pasted objects: what the API server would have written into them is added, and what they say
//! themselves stays.
//!
//! Refuses what could never be asked for: an object without a name or of a kind that nothing defines, and one that
//! stands twice.

use serde_json::Value as Json;
use thiserror::Error;

use super::body::{self, Body};
use super::store::{Key, MAX_OBJECTS, Store};
use super::{Mock, facts, system};
use crate::cluster::kinds::{Kind, Kinds};
use crate::cluster::resource::text;
use crate::request::World;
use crate::words;

/// Namespaces that every cluster has.
const NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// Versions from here on are taken for no versions: the next ones could not be counted.
const VERSIONS_END: u64 = 1 << 53;

/// Why objects are no cluster.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MockError {
    /// An object cannot be one of a cluster.
    #[error("{what} cannot be taken: {why}")]
    Object {
        /// Which one, by its kind and name where it has them.
        what: String,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing defines an object's kind.
    #[error("{what} cannot be taken: no kind `{kind}` of `{api_version}` is known")]
    Unknown {
        /// Which object.
        what: String,
        /// What it says it is.
        kind: String,
        /// In which version.
        api_version: String,
    },
    /// A definition of a custom resource cannot be read; the sentence names it.
    #[error("{0}")]
    Definition(String),
    /// There is no room; the sentence has the limit.
    #[error("{0}")]
    Full(String),
}

impl MockError {
    /// The way out, where there is one.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Object { .. } => {
                Some("give what the cluster holds as whole objects, as `kubectl get -o yaml` prints them")
            }
            Self::Unknown { .. } => Some(
                "built-in kinds of Kubernetes 1.33 are known; paste the CustomResourceDefinition of any other",
            ),
            Self::Definition(_) => None,
            Self::Full(_) => Some("paste only what is asked for"),
        }
    }
}

/// The cluster of some objects.
pub(super) fn cluster(objects: Vec<Json>, world: World) -> Result<Mock, MockError> {
    let mut all = Vec::new();
    for object in objects {
        flatten(object, &mut all);
    }
    if all.len() > MAX_OBJECTS {
        let limit = words::count(MAX_OBJECTS as u64, "object");
        return Err(MockError::Full(format!("the cluster holds no more than {limit}")));
    }
    let definitions = all.iter().filter(|it| text(it, "/kind") == "CustomResourceDefinition");
    let kinds = Kinds::load(definitions).map_err(MockError::Definition)?;
    let mut mock = Mock { world, kinds: kinds.into(), store: Store::default() };
    let versions = all.iter().filter_map(|object| version(text(object, "/metadata/resourceVersion")));
    mock.store.reach_version(versions.max().unwrap_or_default());
    for object in all {
        mock.paste(object)?;
    }
    mock.add_namespaces()?;
    mock.store.begin();
    Ok(mock)
}

/// A list stands for its items.
fn flatten(object: Json, into: &mut Vec<Json>) {
    match object {
        Json::Object(mut list) if list.get("kind").and_then(Json::as_str) == Some("List") => {
            match list.shift_remove("items") {
                Some(Json::Array(items)) => into.extend(items),
                _ => into.push(list.into()),
            }
        }
        other => into.push(other),
    }
}

fn version(text: &str) -> Option<u64> {
    text.parse().ok().filter(|version| *version < VERSIONS_END)
}

impl Mock {
    fn paste(&mut self, object: Json) -> Result<(), MockError> {
        let (api_version, kind) = (text(&object, "/apiVersion"), text(&object, "/kind"));
        let name = text(&object, "/metadata/name");
        let what = if kind.is_empty() { "an object".to_owned() } else { format!("{kind} `{name}`") };
        let refuse = |why: &str| MockError::Object { what: what.clone(), why: why.to_owned() };
        if api_version.is_empty() || kind.is_empty() || name.is_empty() {
            return Err(refuse("`apiVersion`, `kind` or `metadata.name` is missing, or no text"));
        }
        if name.contains(['/', '%']) || name == "." || name == ".." {
            return Err(refuse("its name could not stand in a path"));
        }
        body::check(&object).map_err(|why| refuse(&why))?;
        let Some(kind) = self.kinds.of_object(api_version, kind).cloned() else {
            let (kind, api_version) = (kind.to_owned(), api_version.to_owned());
            return Err(MockError::Unknown { what, kind, api_version });
        };
        if !facts::is_stored(&kind) {
            return Err(refuse("no cluster stores objects of this kind"));
        }
        let mut body = Body::of(object);
        if !kind.namespaced {
            body.metadata.shift_remove("namespace");
        } else if body.text("namespace").is_empty() {
            body.set("namespace", "default");
        }
        let key = Key::new(&kind, body.text("namespace"), body.text("name"));
        if self.store.get(&key).is_some() {
            return Err(refuse("it stands twice among the objects"));
        }
        system::complete(&kind, &mut body).map_err(|why| refuse(&why))?;
        self.put(&kind, key, body)
    }

    /// Stores an object with what it lacks of what the API server writes.
    fn put(&mut self, kind: &Kind, key: Key, mut body: Body) -> Result<(), MockError> {
        if body.text("uid").is_empty() {
            body.set("uid", self.uid(&key, 0));
        }
        if body.text("creationTimestamp").is_empty() {
            body.set("creationTimestamp", self.now());
        }
        if facts::has_generation(kind) && body.number("generation") == 0 {
            body.set("generation", 1);
        }
        if version(body.text("resourceVersion")).is_none() {
            body.set("resourceVersion", self.store.next_version().to_string());
        }
        let what = format!("{} `{}`", kind.gvk.kind, key.name());
        self.store.put(key, body.into_object(kind)).map_err(|why| MockError::Full(format!("{what}: {why}")))
    }

    /// Adds the namespaces that there must be: those of every cluster, and those that objects are in.
    fn add_namespaces(&mut self) -> Result<(), MockError> {
        let Some(kind) = self.kinds.of_object("v1", "Namespace").cloned() else { return Ok(()) };
        let mut names: Vec<String> = NAMESPACES.map(str::to_owned).into();
        names.extend(
            self.store.all().map(|(key, _)| key.namespace().to_owned()).filter(|name| !name.is_empty()),
        );
        names.sort();
        names.dedup();
        for name in names {
            let key = Key::new(&kind, "", &name);
            if self.store.get(&key).is_none() {
                let mut body = Body::default();
                body.set("name", name);
                // Only the data of a Secret could be wrong.
                if system::complete(&kind, &mut body).is_ok() {
                    self.put(&kind, key, body)?;
                }
            }
        }
        Ok(())
    }
}
