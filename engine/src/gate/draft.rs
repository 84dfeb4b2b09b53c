//! A request half worked out: what it needs checked, its kind found, its namespace, name and old object settled.
//!
//! Every refusal here comes before anybody is asked, and says what to write instead.

use serde_json::{Value as Json, json};

use super::attributes::{Attributes, NAMESPACES_DIFFER, Resource, Target, invalid};
use super::typed::{self, Typed};
use crate::cluster::kinds::{Kind, Kinds};
use crate::objects::{Identity, Objects, identity};
use crate::report::Outcome;
use crate::request::{GateRequest, Options, Verb};

/// A request half worked out.
pub(super) struct Draft<'a> {
    gate: &'a GateRequest,
    kinds: &'a Kinds,
    object: Option<Typed>,
    old: Option<Json>,
    notes: Vec<String>,
}

impl<'a> Draft<'a> {
    /// What was typed.
    pub(super) fn read(gate: &'a GateRequest, kinds: &'a Kinds) -> Result<Self, Outcome> {
        Ok(Self {
            gate,
            kinds,
            object: typed::object("object", &gate.object)?,
            old: typed::object("oldObject", &gate.old_object)?.map(|typed| typed.value),
            notes: Vec::new(),
        })
    }

    /// What it comes to in a cluster that holds some objects.
    pub(super) fn work_out(mut self, objects: &Objects) -> Result<Attributes, Outcome> {
        self.check_needs()?;
        let kind = self.kind()?;
        let resource = self.resource(kind)?;
        self.find_old(&resource, objects)?;
        self.finish(resource, kind.namespaced)
    }

    fn check_needs(&mut self) -> Result<(), Outcome> {
        match self.gate.verb {
            Verb::Create | Verb::Update | Verb::Patch if self.object.is_none() => {
                let verb = self.gate.verb.word(false);
                Err(invalid(format!("`{verb}` needs an object"))
                    .with_hint("write the manifest under `object`"))
            }
            Verb::Delete if self.old.is_none() && self.object.is_some() => {
                self.old = self.object.take().map(|typed| typed.value);
                self.notes
                    .push("the object given is taken as the one that stands: a delete sends none".into());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The object that says of what kind the request is.
    fn subject(&self) -> Option<&Json> {
        self.object.as_ref().map(|typed| &typed.value).or(self.old.as_ref())
    }

    fn subject_identity(&self) -> Result<Identity, Outcome> {
        let field = if self.object.is_some() { "object" } else { "oldObject" };
        self.subject().map_or_else(|| Ok(Identity::default()), |object| identity(field, object))
    }

    fn kind(&mut self) -> Result<&'a Kind, Outcome> {
        let Identity { api_version, kind, .. } = self.subject_identity()?;
        if !self.gate.resource.is_empty() {
            return self.kinds.named(&self.gate.resource, &api_version).ok_or_else(|| {
                invalid(format!("there is no resource `{}` here", self.gate.resource)).with_hint(UNKNOWN)
            });
        }
        if self.subject().is_none() {
            return Err(invalid("the request names no resource")
                .with_hint("give an object, or `resource` as kubectl names it, such as `deployments.apps`"));
        }
        if api_version.is_empty() || kind.is_empty() {
            let field = if kind.is_empty() { "kind" } else { "apiVersion" };
            return Err(invalid(format!("the object has no `{field}`"))
                .with_hint("begin it with `apiVersion: v1` and `kind: Pod`, or whatever it is"));
        }
        if let Some(found) = self.kinds.of_object(&api_version, &kind) {
            return Ok(found);
        }
        let mut parents = self.kinds.parents(&api_version, &kind);
        let wanted = &self.gate.subresource;
        parents.retain(|(_, name)| wanted.is_empty() || name == wanted);
        match parents.as_slice() {
            [(parent, _)] => Ok(parent),
            [] => {
                Err(invalid(format!("the kind `{kind}` of `{api_version}` is not known here"))
                    .with_hint(UNKNOWN))
            }
            several => {
                let names: Vec<_> =
                    several.iter().map(|(parent, name)| format!("{}/{name}", parent.plural)).collect();
                Err(invalid(format!("`{kind}` is a subresource of several resources: {}", names.join(", ")))
                    .with_hint("say which with `resource`, such as `deployments.apps`"))
            }
        }
    }

    fn resource(&mut self, kind: &Kind) -> Result<Resource, Outcome> {
        let subject = self.subject_identity()?;
        let subresource = self.subresource(kind, &subject)?;
        let gvk = match kind.subresource(&subresource).and_then(|it| it.kind.clone()) {
            Some(own) => own,
            None => kind.gvk.clone(),
        };
        if self.object.is_some()
            && (subject.api_version.as_str(), &subject.kind) != (gvk.api_version().as_str(), &gvk.kind)
            && self.gate.verb.operation().is_some()
        {
            let is = format!("{} {}", subject.api_version, subject.kind);
            let wanted = format!("{} {}", gvk.api_version(), gvk.kind);
            let path = if subresource.is_empty() {
                kind.plural.clone()
            } else {
                format!("{}/{subresource}", kind.plural)
            };
            return Err(invalid(format!("the object is `{is}`, but `{path}` takes `{wanted}`"))
                .with_hint("correct the object, `resource` or `subresource`"));
        }
        let mut resource = Resource {
            kind: gvk,
            group: kind.gvk.group.clone(),
            version: kind.gvk.version.clone(),
            plural: kind.plural.clone(),
            subresource,
            name: self.name(&subject)?,
            namespace: self.namespace(kind, &subject)?,
        };
        if resource.is_namespace() {
            resource.namespace.clone_from(&resource.name);
        }
        Ok(resource)
    }

    fn subresource(&self, kind: &Kind, subject: &Identity) -> Result<String, Outcome> {
        let given = &self.gate.subresource;
        if given.is_empty() {
            let parents = self.kinds.parents(&subject.api_version, &subject.kind);
            let own =
                parents.iter().find(|(parent, _)| parent.gvk == kind.gvk).map(|(_, name)| (*name).to_owned());
            return Ok(own.unwrap_or_default());
        }
        if kind.subresource(given).is_some() {
            return Ok(given.clone());
        }
        let names: Vec<_> = kind.subresources.iter().map(|it| it.name.as_str()).collect();
        let has =
            if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", names.join(", ")) };
        Err(invalid(format!("`{}` has no subresource `{given}`", kind.plural)).with_hint(has))
    }

    fn name(&self, subject: &Identity) -> Result<String, Outcome> {
        if matches!(self.gate.verb, Verb::List | Verb::Watch) {
            return Ok(String::new());
        }
        let (given, own) = (&self.gate.name, &subject.name);
        if !given.is_empty() && !own.is_empty() && given != own {
            let cause =
                format!("the name of the object ({own}) does not match the name on the URL ({given})");
            return Err(invalid(cause).with_hint("leave `name` empty, or make both the same"));
        }
        let name = if given.is_empty() { own } else { given };
        let may_lack = self.gate.verb == Verb::Create && !subject.generate_name.is_empty();
        if name.is_empty() && !may_lack {
            return Err(invalid("the request names no object")
                .with_hint("give `metadata.name`, or `name`; a create may use `metadata.generateName`"));
        }
        Ok(name.clone())
    }

    fn namespace(&mut self, kind: &Kind, subject: &Identity) -> Result<String, Outcome> {
        let (given, own) = (&self.gate.namespace, &subject.namespace);
        if !kind.namespaced {
            let wrong = if given.is_empty() { own } else { given };
            if wrong.is_empty() {
                return Ok(String::new());
            }
            return Err(invalid(format!("`{}` are not in namespaces, but `{wrong}` is given", kind.plural))
                .with_hint("remove the namespace"));
        }
        if !given.is_empty() && !own.is_empty() && given != own {
            return Err(invalid(format!("{NAMESPACES_DIFFER}: `{own}` and `{given}`"))
                .with_hint("leave `namespace` empty, or make both the same"));
        }
        match (given.as_str(), own.as_str(), self.gate.verb) {
            ("", "", Verb::List | Verb::Watch) => Ok(String::new()),
            ("", "", _) => {
                self.notes.push("no namespace is given: it is `default`, as with kubectl".into());
                Ok("default".into())
            }
            ("", own, _) => Ok(own.to_owned()),
            (given, _, _) => Ok(given.to_owned()),
        }
    }

    /// The object as it stands, where the request needs it.
    fn find_old(&mut self, resource: &Resource, objects: &Objects) -> Result<(), Outcome> {
        let verb = self.gate.verb;
        if !matches!(verb, Verb::Update | Verb::Patch | Verb::Delete) {
            if self.old.is_some() && verb.operation().is_some() {
                return Err(invalid(format!("`{}` has no old object", verb.word(false)))
                    .with_hint("remove `oldObject`, or choose `update`"));
            }
            return Ok(());
        }
        if let Some(old) = &self.old {
            let old = identity("oldObject", old)?;
            let is_other =
                old.kind != resource.kind.kind || (!old.name.is_empty() && old.name != resource.name);
            return match is_other {
                false => Ok(()),
                true => Err(invalid(format!(
                    "`oldObject` is {} `{}`, but the request is for {} `{}`",
                    old.kind, old.name, resource.kind.kind, resource.name
                ))
                .with_hint("an update changes neither kind nor name; paste the object as it stands")),
            };
        }
        let namespace = if resource.is_namespace() { "" } else { &resource.namespace };
        let found = objects.find((&resource.group, &resource.kind.kind), namespace, &resource.name);
        self.old = Some(found.cloned().ok_or_else(|| {
            let message = format!(
                "`{}` needs the object as it stands: {} `{}` is not among the cluster's objects",
                verb.word(false),
                resource.kind.kind,
                resource.name
            );
            invalid(message).with_hint("paste it under `oldObject`, or among the cluster's objects")
        })?);
        Ok(())
    }

    fn finish(self, resource: Resource, namespaced: bool) -> Result<Attributes, Outcome> {
        let Self { gate, object: typed, mut old, mut notes, .. } = self;
        let verb = gate.verb;
        let mut object = typed.as_ref().map(|typed| typed.value.clone());
        if verb == Verb::Connect && object.is_none() {
            object = Some(json!({ "kind": resource.kind.kind, "apiVersion": resource.kind.api_version() }));
        }
        if verb.operation().is_none() {
            (object, old) = (None, None);
        }
        let wants_namespace = namespaced && resource.subresource.is_empty();
        if let Some(old) = old.as_mut().filter(|_| wants_namespace) {
            add_namespace(old, &resource.namespace);
        }
        let has_namespace_added = wants_namespace
            && object.as_mut().is_some_and(|object| add_namespace(object, &resource.namespace));
        if has_namespace_added {
            notes.push(format!(
                "the API server writes `metadata.namespace: {}` into the object before admission",
                resource.namespace
            ));
        }
        Ok(Attributes {
            verb,
            target: Target::Resource(resource),
            typed: typed.filter(|_| object.is_some()),
            object,
            old_object: old,
            options: options(verb, &gate.options),
            dry_run: gate.options.dry_run,
            pasted: None,
            is_raw: false,
            has_namespace_added,
            notes,
        })
    }
}

/// The way out of a kind that is not known.
const UNKNOWN: &str = "built-in kinds of Kubernetes 1.33 are known; paste the CustomResourceDefinition of any other \
among the cluster's objects";

fn add_namespace(object: &mut Json, namespace: &str) -> bool {
    let metadata = object
        .as_object_mut()
        .map(|object| object.entry("metadata").or_insert_with(|| json!({})))
        .and_then(Json::as_object_mut);
    match metadata {
        Some(metadata) if metadata.get("namespace").and_then(Json::as_str).is_none_or(str::is_empty) => {
            metadata.insert("namespace".into(), namespace.into());
            true
        }
        _ => false,
    }
}

/// `CreateOptions` and the like, as admission sees them.
fn options(verb: Verb, given: &Options) -> Json {
    let kind = match verb {
        Verb::Create => "CreateOptions",
        Verb::Update => "UpdateOptions",
        Verb::Patch => "PatchOptions",
        Verb::Delete => "DeleteOptions",
        Verb::Connect | Verb::Get | Verb::List | Verb::Watch => return Json::Null,
    };
    let mut options = json!({ "kind": kind, "apiVersion": "meta.k8s.io/v1" });
    if given.dry_run {
        set(&mut options, "dryRun", json!(["All"]));
    }
    // A delete has no fields to manage or to validate.
    if verb != Verb::Delete {
        for (key, value) in
            [("fieldManager", &given.field_manager), ("fieldValidation", &given.field_validation)]
        {
            if !value.is_empty() {
                set(&mut options, key, value.as_str().into());
            }
        }
    }
    options
}

fn set(object: &mut Json, key: &str, value: Json) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}
