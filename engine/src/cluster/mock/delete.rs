//! `delete` and `deletecollection`: what has finalizers is marked, everything else goes at once.
//!
//! No controller runs: dependents stay, nothing waits for a grace period, and of a namespace's objects only those that
//! nothing holds go with it.

use serde_json::{Value as Json, json};

use super::body::Body;
use super::refusal::{Fault, Subject, bad_request, invalid_options};
use super::store::Key;
use super::write::check_dry;
use super::{Answered, Ask, Mock, facts, negotiate, read};
use crate::abi::fields::Fields;
use crate::cluster::kinds::{Kind, Kinds};
use crate::cluster::resource::text;
use crate::cluster::status::Answer;

/// What a deletion asks for.
#[derive(Debug, Default)]
struct Options {
    uid: Option<String>,
    version: Option<String>,
    is_dry: bool,
}

impl Mock {
    pub(super) fn delete(&mut self, ask: &Ask<'_>, name: &str) -> Answered {
        let kind = ask.kind;
        let options = Options::of(ask)?;
        let key = ask.key(name);
        if facts::is_namespace(kind) && ["default", "kube-public", "kube-system"].contains(&name) {
            let subject = Subject::resource(kind, name);
            return Err(subject.forbidden("this namespace may not be deleted", Vec::new()));
        }
        let object = self.stored(kind, &key)?.clone();
        options.check(kind, &object)?;
        if let Some(marked) = self.mark(kind, &key, &object, options.is_dry)? {
            return Ok((200, read::converted(kind, &marked)?));
        }
        if !options.is_dry {
            self.remove(&key);
        }
        if facts::is_answered_whole(kind) {
            return Ok((200, read::converted(kind, &object)?));
        }
        Ok((200, success(kind, name, text(&object, "/metadata/uid"))))
    }

    pub(super) fn delete_collection(&mut self, ask: &Ask<'_>) -> Answered {
        let options = Options::of(ask)?;
        let selected: Vec<(Key, Json)> =
            self.selected(ask)?.map(|(key, object)| (key.clone(), object.clone())).collect();
        let mut items = Vec::new();
        for (key, object) in selected {
            options.check(ask.kind, &object)?;
            let left = match self.mark(ask.kind, &key, &object, options.is_dry)? {
                Some(marked) => marked,
                None => {
                    if !options.is_dry {
                        self.remove(&key);
                    }
                    object
                }
            };
            items.push(read::converted(ask.kind, &left)?);
        }
        let metadata = json!({ "resourceVersion": self.store.version().to_string() });
        Ok((200, read::list(ask.kind, metadata, items)))
    }

    /// Marks an object for deletion if something holds it: a finalizer, or for a namespace what is in it.
    fn mark(&mut self, kind: &Kind, key: &Key, object: &Json, is_dry: bool) -> Result<Option<Json>, Answer> {
        let mut body = Body::of(object.clone());
        let is_namespace = facts::is_namespace(kind);
        if !is_namespace && body.texts("finalizers").next().is_none() {
            return Ok(None);
        }
        if !body.text("deletionTimestamp").is_empty() {
            return Ok(Some(object.clone()));
        }
        if body.number("generation") > 0 {
            body.set("generation", body.number("generation").saturating_add(1));
        }
        body.set("deletionTimestamp", self.now());
        if is_namespace {
            body.fields.insert("status".into(), json!({ "phase": "Terminating" }));
        } else {
            body.set("deletionGracePeriodSeconds", 0);
        }
        let marked = self.commit(kind, key.clone(), body, is_dry)?;
        if is_namespace && !is_dry {
            self.empty(key.name());
        }
        Ok(Some(marked))
    }

    /// Takes an object out, and what goes with it.
    pub(super) fn remove(&mut self, key: &Key) {
        let definition = self.definition_of(key);
        self.store.remove(key);
        self.store.next_version();
        if let Some((group, plural)) = definition {
            self.forget_kind(&group, &plural);
        }
        self.finish_namespace(key.namespace());
    }

    /// The resource that an object defines.
    fn definition_of(&self, key: &Key) -> Option<(String, String)> {
        if (key.group.as_str(), key.plural.as_str()) != ("apiextensions.k8s.io", "customresourcedefinitions")
        {
            return None;
        }
        let definition = self.store.get(key)?;
        Some((text(definition, "/spec/group").into(), text(definition, "/spec/names/plural").into()))
    }

    /// Takes out the objects of a resource that is defined no more.
    fn forget_kind(&mut self, group: &str, plural: &str) {
        let is_left = |key: &Key| key.group == group && key.plural == plural;
        let left: Vec<Key> =
            self.store.all().map(|(key, _)| key).filter(|key| is_left(key)).cloned().collect();
        let definitions = self.store.all().filter(|(key, _)| key.plural == "customresourcedefinitions");
        // What is left was read before.
        if let Ok(kinds) = Kinds::load(definitions.map(|(_, object)| object)) {
            self.kinds = kinds.into();
        }
        for key in left {
            self.store.remove(&key);
            self.finish_namespace(key.namespace());
        }
    }

    /// Takes out what is in a namespace and held by nothing, and marks the rest.
    fn empty(&mut self, namespace: &str) {
        let inside: Vec<Key> = self
            .store
            .all()
            .map(|(key, _)| key)
            .filter(|key| key.namespace() == namespace)
            .cloned()
            .collect();
        for key in inside {
            let Some(object) = self.store.get(&key).cloned() else { continue };
            let kind = self.kinds.of_object(text(&object, "/apiVersion"), text(&object, "/kind")).cloned();
            let Some(kind) = kind else { continue };
            // There is room for a mark where the object was.
            if let Ok(None) = self.mark(&kind, &key, &object, false) {
                self.store.remove(&key);
                self.store.next_version();
            }
        }
        self.finish_namespace(namespace);
    }

    /// Takes out a namespace that is to go, once nothing is left in it and it has no finalizer of its own.
    fn finish_namespace(&mut self, name: &str) {
        let key = Key { group: String::new(), plural: "namespaces".into(), place: name.to_owned() };
        let Some(namespace) = self.store.get(&key) else { return };
        let body = Body::of(namespace.clone());
        let is_held = body.text("deletionTimestamp").is_empty() || body.texts("finalizers").next().is_some();
        if !is_held && self.store.all().all(|(key, _)| key.namespace() != name) {
            self.store.remove(&key);
            self.store.next_version();
        }
    }
}

impl Options {
    /// The options of a request: in its body, or in its query where it has none.
    fn of(ask: &Ask<'_>) -> Result<Self, Answer> {
        let bytes = ask.request.body();
        if bytes.is_empty() {
            let policy = ask.asked.parameter("propagationPolicy").unwrap_or_default();
            check_policy(policy, ask.asked.parameter("orphanDependents").is_some())?;
            let is_dry = super::write::is_dry(ask, "DeleteOptions")?;
            return Ok(Self { is_dry, ..Self::default() });
        }
        negotiate::sent_json(ask.request)?;
        let value: Json = serde_json::from_slice(bytes)
            .map_err(|error| bad_request(&format!("couldn't get version/kind; json parse error: {error}")))?;
        Self::read(&value).map_err(|why| bad_request(&why))?
    }

    fn read(value: &Json) -> Result<Result<Self, Answer>, String> {
        let fields = Fields::of(value, "DeleteOptions")?;
        let preconditions = fields.object("preconditions")?;
        let given = |key: &str| match preconditions.any(key) {
            Some(_) => preconditions.text(key).map(Some),
            None => Ok(None),
        };
        let dry = fields.texts("dryRun")?;
        let options =
            Self { uid: given("uid")?, version: given("resourceVersion")?, is_dry: !dry.is_empty() };
        let policy = fields.text("propagationPolicy")?;
        let checked = check_policy(&policy, fields.any("orphanDependents").is_some())
            .and_then(|()| check_dry(&dry.iter().map(String::as_str).collect::<Vec<_>>(), "DeleteOptions"));
        Ok(checked.map(|()| options))
    }

    /// Whether an object is the one that is meant.
    fn check(&self, kind: &Kind, object: &Json) -> Result<(), Answer> {
        let subject = Subject::kind(kind, text(object, "/metadata/name"));
        let parts = [
            ("UID", &self.uid, "/metadata/uid", "deleted and then recreated"),
            ("ResourceVersion", &self.version, "/metadata/resourceVersion", "modified"),
        ];
        for (what, wanted, pointer, became) in parts {
            let found = text(object, pointer);
            if let Some(wanted) = wanted.as_ref().filter(|wanted| *wanted != found) {
                return Err(subject.conflict(&format!(
                    "the {what} in the precondition ({wanted}) does not match the {what} in record ({found}). The \
                     object might have been {became}"
                )));
            }
        }
        Ok(())
    }
}

fn check_policy(policy: &str, has_orphans: bool) -> Result<(), Answer> {
    const POLICIES: [&str; 4] = ["Foreground", "Background", "Orphan", "nil"];
    let is_known = policy.is_empty() || POLICIES.iter().take(3).any(|known| *known == policy);
    let fault = match (is_known, has_orphans && !policy.is_empty()) {
        (false, _) => Fault::unsupported("propagationPolicy", &format!("{policy:?}"), &POLICIES),
        (true, true) => Fault::invalid(
            "propagationPolicy",
            &format!("{policy:?}"),
            "orphanDependents and deletionPropagation cannot be both set",
        ),
        (true, false) => return Ok(()),
    };
    Err(invalid_options("DeleteOptions", fault))
}

/// What a deletion answers that gives no object.
fn success(kind: &Kind, name: &str, uid: &str) -> Json {
    let mut details = serde_json::Map::new();
    details.insert("name".into(), name.into());
    if !kind.gvk.group.is_empty() {
        details.insert("group".into(), kind.gvk.group.clone().into());
    }
    details.insert("kind".into(), kind.plural.clone().into());
    details.insert("uid".into(), uid.into());
    json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details })
}
