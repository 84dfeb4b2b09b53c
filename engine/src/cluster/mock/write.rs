//! `create`, `update` and `patch`: what the API server does to an object between its arrival and its storage.
//!
//! A write that changes nothing stores nothing. With `dryRun=All` nothing is stored either, and the answer is that of
//! the real write. No kind's own schema is checked.

use serde_json::Value as Json;

use super::body::Body;
use super::names::{self, quoted};
use super::negotiate;
use super::refusal::{
    Fault, MODIFIED, Subject, bad_request, internal, invalid_options, unexplained, unreadable,
};
use super::store::Key;
use super::{Answered, Ask, Mock, facts, patch, read, system};
use crate::cluster::kinds::{Kind, Kinds, custom};
use crate::cluster::resource::text;
use crate::cluster::status::Answer;

/// How often a name is generated before it is given up: as often as the API server does.
const ATTEMPTS: u64 = 8;

/// What an update changes, and where.
#[derive(Clone, Copy, Debug)]
struct Update<'a> {
    kind: &'a Kind,
    key: &'a Key,
    /// Whether only the status is changed.
    is_status: bool,
    /// Whether what was sent is a patch.
    is_patch: bool,
    is_dry: bool,
}

impl Mock {
    pub(super) fn create(&mut self, ask: &Ask<'_>) -> Answered {
        let kind = ask.kind;
        negotiate::sent_json(ask.request)?;
        let mut body = Body::read(kind, ask.kinds, ask.request.body())?;
        let is_dry = is_dry(ask, "CreateOptions")?;
        let namespace = ask.target.namespace.unwrap_or_default();
        stand_in(namespace, &mut body)?;
        self.check_namespace(kind, namespace, body.text("name"))?;
        if body.text("name").is_empty() && !body.text("generateName").is_empty() {
            let name = self.free_name(ask, body.text("generateName"));
            body.set("name", name);
        }
        let key = ask.key(body.text("name"));
        for field in [
            "uid",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "managedFields",
            "selfLink",
            "generation",
        ] {
            body.metadata.shift_remove(field);
        }
        if kind.subresource("status").is_some() {
            body.fields.shift_remove("status");
        }
        system::complete(kind, &mut body).map_err(|why| unreadable(kind, &kind.gvk.kind, &why))?;
        check(kind, &body)?;
        if !body.text("resourceVersion").is_empty() {
            return Err(unexplained("resourceVersion should not be set on objects to be created"));
        }
        if let Some(old) = self.store.get(&key) {
            let is_being_deleted = !text(old, "/metadata/deletionTimestamp").is_empty();
            return Err(Subject::resource(kind, key.name()).already_exists(is_being_deleted));
        }
        body.set("uid", self.uid(&key, self.store.version().saturating_add(1)));
        body.set("creationTimestamp", self.now());
        if facts::has_generation(kind) {
            body.set("generation", 1);
        }
        let object = self.commit(kind, key, body, is_dry)?;
        Ok((201, object))
    }

    pub(super) fn update(&mut self, ask: &Ask<'_>, name: &str, is_status: bool) -> Answered {
        negotiate::sent_json(ask.request)?;
        let body = Body::read(ask.kind, ask.kinds, ask.request.body())?;
        let is_dry = is_dry(ask, "UpdateOptions")?;
        let key = ask.key(name);
        check_name(&key, &body)?;
        let update = Update { kind: ask.kind, key: &key, is_status, is_patch: false, is_dry };
        self.change(update, body)
    }

    pub(super) fn patch(&mut self, ask: &Ask<'_>, name: &str, is_status: bool) -> Answered {
        let form = negotiate::sent_patch(ask.request)?;
        let is_dry = is_dry(ask, "PatchOptions")?;
        let key = ask.key(name);
        let old = read::converted(ask.kind, self.stored(ask.kind, &key)?)?;
        let patched = patch::apply(form, old, ask.request.body())?;
        let undecodable = |why: &str| {
            let fault = Fault::invalid("patch", &quoted(&patched.to_string()), why);
            Subject { group: "", called: "", name: "" }.invalid(&[fault])
        };
        let (api_version, kind) = (ask.kind.gvk.api_version(), &ask.kind.gvk.kind);
        if text(&patched, "/apiVersion") != api_version || text(&patched, "/kind") != kind {
            return Err(undecodable(&format!("the patched object is no {kind} of {api_version}")));
        }
        super::body::check(&patched).map_err(|why| undecodable(&why))?;
        let body = Body::of(patched);
        check_name(&key, &body)?;
        let update = Update { kind: ask.kind, key: &key, is_status, is_patch: true, is_dry };
        self.change(update, body)
    }

    /// Stores an object in the place of another, if nobody was faster.
    fn change(&mut self, update: Update<'_>, mut body: Body) -> Answered {
        let Update { kind, key, is_status, is_patch, is_dry } = update;
        let stored = self.stored(kind, key)?;
        let old = Body::of(stored.clone());
        let subject = Subject::resource(kind, key.name());
        if !is_patch && !body.text("uid").is_empty() && body.text("uid") != old.text("uid") {
            return Err(subject.conflict(&other_uid(key, body.text("uid"), old.text("uid"))));
        }
        match body.text("resourceVersion") {
            "" if facts::is_unconditional(kind) => {}
            "" | "0" => {
                let fault =
                    Fault::invalid("metadata.resourceVersion", "0x0", "must be specified for an update");
                return Err(subject.invalid(&[fault]));
            }
            version if version != old.text("resourceVersion") => return Err(subject.conflict(MODIFIED)),
            _ => {}
        }
        if kind.namespaced {
            stand_in(key.namespace(), &mut body)?;
        } else {
            body.metadata.shift_remove("namespace");
        }
        if is_status {
            let status = body.fields.shift_remove("status");
            body = old.clone();
            body.fields.shift_remove("status");
            body.fields.extend(status.map(|status| ("status".to_owned(), status)));
        } else if kind.subresource("status").is_some() {
            body.keep_field("status", &old);
        }
        settle(kind, &mut body, &old)?;
        body.keep("resourceVersion", &old);
        if body == old && text(stored, "/apiVersion") == kind.gvk.api_version() {
            return Ok((200, body.into_object(kind)));
        }
        if !old.text("deletionTimestamp").is_empty() && body.texts("finalizers").next().is_none() {
            if !is_dry {
                self.remove(key);
            }
            return Ok((200, body.into_object(kind)));
        }
        let object = self.commit(kind, key.clone(), body, is_dry)?;
        Ok((200, object))
    }

    /// Stores an object with a new version, and gives it as it is stored.
    pub(super) fn commit(
        &mut self,
        kind: &Kind,
        key: Key,
        mut body: Body,
        is_dry: bool,
    ) -> Result<Json, Answer> {
        if is_dry {
            return Ok(body.into_object(kind));
        }
        let kinds = self.kinds_with(kind, &key, &body)?;
        body.set("resourceVersion", self.store.next_version().to_string());
        let object = body.into_object(kind);
        self.store.put(key, object.clone()).map_err(|why| internal(&why))?;
        if let Some(kinds) = kinds {
            self.kinds = kinds.into();
        }
        Ok(object)
    }

    /// The kinds that there are with a definition; nothing when the object is none.
    fn kinds_with(&self, kind: &Kind, key: &Key, body: &Body) -> Result<Option<Kinds>, Answer> {
        if !facts::is_definition(kind) {
            return Ok(None);
        }
        let definition = body.clone().into_object(kind);
        let invalid = |fault| Subject::kind(kind, key.name()).invalid(&[fault]);
        custom(&definition).map_err(|why| invalid(Fault::invalid("spec", "", &why)))?;
        let expected =
            format!("{}.{}", text(&definition, "/spec/names/plural"), text(&definition, "/spec/group"));
        if key.name() != expected {
            let why = "must be spec.names.plural+\".\"+spec.group";
            return Err(invalid(Fault::invalid("metadata.name", &quoted(key.name()), why)));
        }
        let others = self.store.of(kind, None).filter(|(other, _)| *other != key).map(|(_, object)| object);
        Kinds::load(others.chain([&definition])).map(Some).map_err(|why| internal(&why))
    }

    /// Whether something may be created in a namespace.
    fn check_namespace(&self, kind: &Kind, namespace: &str, name: &str) -> Result<(), Answer> {
        if !kind.namespaced {
            return Ok(());
        }
        let key = Key { group: String::new(), plural: "namespaces".into(), place: namespace.to_owned() };
        let Some(found) = self.store.get(&key) else {
            return Err(Subject { group: "", called: "namespaces", name: namespace }.not_found());
        };
        if text(found, "/metadata/deletionTimestamp").is_empty() {
            return Ok(());
        }
        let why =
            format!("unable to create new content in namespace {namespace} because it is being terminated");
        let cause = serde_json::json!({
            "reason": "NamespaceTerminating",
            "message": format!("namespace {namespace} is being terminated"),
            "field": "metadata.namespace",
        });
        Err(Subject::resource(kind, name).forbidden(&why, vec![cause]))
    }

    /// A generated name that is free, as far as some attempts find one.
    fn free_name(&self, ask: &Ask<'_>, beginning: &str) -> String {
        let mut names = (0..ATTEMPTS).map(|attempt| self.generated_name(ask.kind, beginning, attempt));
        let is_free = |name: &String| self.store.get(&ask.key(name)).is_none();
        names.find(is_free).unwrap_or_else(|| self.generated_name(ask.kind, beginning, 0))
    }
}

/// Whether the request wants to know, and to change nothing.
pub(super) fn is_dry(ask: &Ask<'_>, options: &str) -> Result<bool, Answer> {
    let values: Vec<&str> =
        ask.asked.query.iter().filter(|(key, _)| key == "dryRun").map(|(_, value)| value.as_str()).collect();
    check_dry(&values, options)?;
    Ok(!values.is_empty())
}

pub(super) fn check_dry(values: &[&str], options: &str) -> Result<(), Answer> {
    if values.iter().all(|value| *value == "All") {
        return Ok(());
    }
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    let given = format!("[]string{{{}}}", values.join(", "));
    Err(invalid_options(options, Fault::unsupported("dryRun", &given, &["All"])))
}

/// Puts an object into the namespace of its request.
fn stand_in(namespace: &str, body: &mut Body) -> Result<(), Answer> {
    match body.text("namespace") {
        own if own == namespace => {}
        "" => body.set("namespace", namespace),
        _ if namespace.is_empty() => drop(body.metadata.shift_remove("namespace")),
        _ => {
            let why = "the namespace of the provided object does not match the namespace sent on the request";
            return Err(bad_request(why));
        }
    }
    Ok(())
}

/// Whether an object is the one that its path names.
fn check_name(key: &Key, body: &Body) -> Result<(), Answer> {
    let (name, namespace) = (body.text("name"), body.text("namespace"));
    if name.is_empty() {
        let name = key.name();
        return Err(bad_request(&format!(
            "the name of the object ({name} based on URL) was undeterminable: name must be provided"
        )));
    }
    if name != key.name() {
        return Err(bad_request(&format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            key.name()
        )));
    }
    if !key.namespace().is_empty() && !namespace.is_empty() && namespace != key.namespace() {
        return Err(bad_request(&format!(
            "the namespace of the object ({namespace}) does not match the namespace on the request ({})",
            key.namespace()
        )));
    }
    Ok(())
}

/// Keeps what an update cannot change, checks the rest, and counts what is asked for anew.
fn settle(kind: &Kind, body: &mut Body, old: &Body) -> Result<(), Answer> {
    if body.text("uid").is_empty() {
        body.keep("uid", old);
    }
    for field in [
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "generation",
        "managedFields",
    ] {
        body.keep(field, old);
    }
    system::complete(kind, body).map_err(|why| unreadable(kind, &kind.gvk.kind, &why))?;
    let mut faults = names::faults(kind, body);
    faults.extend(added_finalizers(body, old));
    if body.text("uid") != old.text("uid") {
        faults.push(Fault::invalid("metadata.uid", &quoted(body.text("uid")), "field is immutable"));
    }
    if !faults.is_empty() {
        return Err(Subject::kind(kind, body.text("name")).invalid(&faults));
    }
    let wanted = |of: &Body| {
        let mut fields = of.fields.clone();
        // Without a subresource, a status is a field as any other.
        if kind.subresource("status").is_some() {
            fields.shift_remove("status");
        }
        fields
    };
    let is_annotated = facts::is(kind, "apps", "deployments")
        && body.metadata.get("annotations") != old.metadata.get("annotations");
    if facts::has_generation(kind) && (wanted(body) != wanted(old) || is_annotated) {
        body.set("generation", old.number("generation").saturating_add(1));
    }
    Ok(())
}

/// What is being deleted gets no new finalizers.
fn added_finalizers(body: &Body, old: &Body) -> Option<Fault> {
    if old.text("deletionTimestamp").is_empty() {
        return None;
    }
    let mut added: Vec<String> = body
        .texts("finalizers")
        .filter(|name| old.texts("finalizers").all(|it| it != *name))
        .map(quoted)
        .collect();
    if added.is_empty() {
        return None;
    }
    added.sort();
    let added = added.join(", ");
    let why = format!(
        "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{added}}}"
    );
    Some(Fault::forbidden("metadata.finalizers", &why))
}

fn check(kind: &Kind, body: &Body) -> Result<(), Answer> {
    match names::faults(kind, body) {
        faults if faults.is_empty() => Ok(()),
        faults => Err(Subject::kind(kind, body.text("name")).invalid(&faults)),
    }
}

/// What the storage says of an object that was deleted and created again.
fn other_uid(key: &Key, wanted: &str, found: &str) -> String {
    let Key { group, plural, place } = key;
    let group =
        if group.contains('.') && !group.ends_with(".k8s.io") { format!("{group}/") } else { String::new() };
    format!(
        "StorageError: invalid object, Code: 4, Key: /registry/{group}{plural}/{place}, ResourceVersion: 0, \
         AdditionalErrorMsg: Precondition failed: UID in precondition: {wanted}, UID in object meta: {found}"
    )
}
