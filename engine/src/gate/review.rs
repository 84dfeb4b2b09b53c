//! The reviews that modules are given, field by field as the API server writes them; and a review that a person
//! pasted, read.
//!
//! Source: Kubernetes, `apiserver/pkg/admission/plugin/webhook/request`, and the `authentication.k8s.io/v1`,
//! `authorization.k8s.io/v1` and `admission.k8s.io/v1` types.

use serde_json::{Map, Value as Json, json};

use super::attributes::{Attributes, Resource, Target};
use super::status::{authorized_name, authorized_namespace};
use super::typed;
use crate::abi::fields::Fields;
use crate::cluster::kinds::Gvk;
use crate::report::{Outcome, OutcomeKind};
use crate::request::{UserInfo, Verb, Who};

/// A `TokenReview` of a token.
pub(crate) fn token(who: &Who) -> Json {
    let mut spec = json!({ "token": who.token });
    if !who.audiences.is_empty() {
        insert(&mut spec, "audiences", json!(who.audiences));
    }
    json!({
        "kind": "TokenReview",
        "apiVersion": "authentication.k8s.io/v1",
        "metadata": { "creationTimestamp": null },
        "spec": spec,
        "status": { "user": {} },
    })
}

/// A `SubjectAccessReview` of a request.
pub(crate) fn access(attributes: &Attributes, user: &UserInfo) -> Json {
    let verb = attributes.verb.word(attributes.resource().is_none());
    let mut spec = match &attributes.target {
        Target::Path(path) => json!({ "nonResourceAttributes": { "path": path, "verb": verb } }),
        Target::Resource(it) => {
            let texts = [
                ("namespace", authorized_namespace(attributes, it)),
                ("verb", verb),
                ("group", &it.group),
                ("version", &it.version),
                ("resource", &it.plural),
                ("subresource", &it.subresource),
                ("name", authorized_name(attributes, it)),
            ];
            json!({ "resourceAttributes": present(&texts) })
        }
    };
    if !user.username.is_empty() {
        insert(&mut spec, "user", json!(user.username));
    }
    if !user.groups.is_empty() {
        insert(&mut spec, "groups", json!(user.groups));
    }
    if !user.extra.is_empty() {
        insert(&mut spec, "extra", json!(user.extra));
    }
    if !user.uid.is_empty() {
        insert(&mut spec, "uid", json!(user.uid));
    }
    json!({
        "kind": "SubjectAccessReview",
        "apiVersion": "authorization.k8s.io/v1",
        "metadata": { "creationTimestamp": null },
        "spec": spec,
        "status": { "allowed": false },
    })
}

/// An `AdmissionReview` of a request, with the object as it stands at this moment.
pub(crate) fn admission(attributes: &Attributes, user: &UserInfo, uid: &str) -> Json {
    let request = match &attributes.pasted {
        Some(pasted) => {
            let mut request = pasted.clone();
            if let Some(object) = &attributes.object {
                insert(&mut request, "object", object.clone());
            }
            request
        }
        None => request(attributes, user, uid),
    };
    json!({ "kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": request })
}

fn request(attributes: &Attributes, user: &UserInfo, uid: &str) -> Json {
    let mut request = json!({ "uid": uid });
    let mut put = |key: &str, value: Json| insert(&mut request, key, value);
    if let Some(it) = attributes.resource() {
        let Gvk { group, version, kind } = &it.kind;
        let kind = json!({ "group": group, "version": version, "kind": kind });
        let resource = json!({ "group": it.group, "version": it.version, "resource": it.plural });
        let texts = |put: &mut dyn FnMut(&str, Json), texts: &[(&str, &str)]| {
            for (key, value) in texts.iter().filter(|(_, value)| !value.is_empty()) {
                put(key, json!(value));
            }
        };
        put("kind", kind.clone());
        put("resource", resource.clone());
        texts(&mut put, &[("subResource", &it.subresource)]);
        put("requestKind", kind);
        put("requestResource", resource);
        texts(
            &mut put,
            &[("requestSubResource", &it.subresource), ("name", &it.name), ("namespace", &it.namespace)],
        );
    }
    put("operation", json!(attributes.verb.operation().unwrap_or_default()));
    put("userInfo", json!(user));
    put("object", attributes.object.clone().unwrap_or_default());
    put("oldObject", attributes.old_object.clone().unwrap_or_default());
    put("dryRun", json!(attributes.dry_run));
    put("options", attributes.options.clone());
    request
}

/// Those of some texts that are not empty.
fn present(texts: &[(&str, &str)]) -> Json {
    texts
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(key, text)| ((*key).to_owned(), json!(text)))
        .collect::<Map<_, _>>()
        .into()
}

fn insert(object: &mut Json, key: &str, value: Json) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

/// Reads an `AdmissionReview`, or the `AdmissionRequest` in one, that a person pasted.
pub(crate) fn pasted(text: &str) -> Result<(Attributes, UserInfo), Outcome> {
    let typed = typed::object("review", text)?.ok_or_else(|| refused("is empty"))?;
    let review = &typed.value;
    let is_whole = review.get("request").is_some()
        || review.get("kind").and_then(Json::as_str) == Some("AdmissionReview");
    if is_whole {
        let version = review.get("apiVersion").and_then(Json::as_str).unwrap_or_default();
        if version != "admission.k8s.io/v1" {
            return Err(refused(&format!("is of `{version}`, not of `admission.k8s.io/v1`"))
                .with_hint("change `apiVersion`; the shape of v1beta1 is the same"));
        }
        if !review.get("request").is_some_and(Json::is_object) {
            return Err(
                refused("has no `request`").with_hint("paste what a module is given, not what it answers")
            );
        }
    }
    let request = if is_whole { review.get("request").unwrap_or(review) } else { review };
    read(request).map_err(|cause| refused(&format!("cannot be taken: {cause}")))
}

fn refused(cause: &str) -> Outcome {
    Outcome::new(OutcomeKind::Invalid, format!("`review` {cause}"))
}

fn read(request: &Json) -> Result<(Attributes, UserInfo), String> {
    let fields = Fields::of(request, "request")?;
    let needs = |field: &str, value: &str| match value {
        "" => Err(format!("`request.{field}` is missing")),
        _ => Ok(()),
    };
    needs("uid", &fields.text("uid")?)?;
    let verb = match fields.text("operation")?.as_str() {
        "CREATE" => Verb::Create,
        "UPDATE" => Verb::Update,
        "DELETE" => Verb::Delete,
        "CONNECT" => Verb::Connect,
        other => {
            return Err(format!(
                "`request.operation` is `{other}`, which is none of CREATE, UPDATE, DELETE, CONNECT"
            ));
        }
    };
    let (kind, resource) = (fields.object("kind")?, fields.object("resource")?);
    let target = Resource {
        kind: Gvk { group: kind.text("group")?, version: kind.text("version")?, kind: kind.text("kind")? },
        group: resource.text("group")?,
        version: resource.text("version")?,
        plural: resource.text("resource")?,
        subresource: fields.text("subResource")?,
        namespace: fields.text("namespace")?,
        name: fields.text("name")?,
    };
    needs("kind.kind", &target.kind.kind)?;
    needs("resource.resource", &target.plural)?;
    let info = fields.object("userInfo")?;
    let user = UserInfo {
        username: info.text("username")?,
        uid: info.text("uid")?,
        groups: info.texts("groups")?,
        extra: info.lists("extra")?,
    };
    let object = |key: &str| match fields.any(key) {
        Some(value) => Fields::of(value, &format!("request.{key}")).map(|_| Some(value.clone())),
        None => Ok(None),
    };
    let (object, old_object) = (object("object")?, object("oldObject")?);
    let mut notes = vec!["the pasted review is taken as it is; it begins at admission".to_owned()];
    if object.is_none() && verb != Verb::Delete {
        notes.push("the review has no object, which the API server never sends for this operation".into());
    }
    let attributes = Attributes {
        verb,
        target: Target::Resource(target),
        options: fields.any("options").cloned().unwrap_or_default(),
        dry_run: fields.flag("dryRun")?,
        pasted: Some(request.clone()),
        is_raw: false,
        typed: None,
        has_namespace_added: false,
        object,
        old_object,
        notes,
    };
    Ok((attributes, user))
}
