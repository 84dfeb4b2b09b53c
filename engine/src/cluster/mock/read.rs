//! `get` and `list`: one object, or those that selectors leave, whole or page by page.
//!
//! The version that a read asks for is not looked at: what is given is always the newest. A list that something was
//! written behind is not continued.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};

use super::refusal::{Subject, bad_request, expired, internal};
use super::store::Key;
use super::{Answered, Ask, Mock};
use crate::cluster::kinds::Kind;
use crate::cluster::resource::text;
use crate::cluster::selectors::Selector;
use crate::cluster::status::Answer;

/// Where a list goes on.
#[derive(Debug)]
struct Start {
    version: u64,
    place: String,
}

impl Mock {
    pub(super) fn get(&self, ask: &Ask<'_>, name: &str) -> Answered {
        let object = self.stored(ask.kind, &ask.key(name))?;
        Ok((200, converted(ask.kind, object)?))
    }

    /// The object that stands somewhere.
    pub(super) fn stored(&self, kind: &Kind, key: &Key) -> Result<&Json, Answer> {
        self.store.get(key).ok_or_else(|| Subject::resource(kind, key.name()).not_found())
    }

    pub(super) fn list(&self, ask: &Ask<'_>) -> Answered {
        let limit = match ask.asked.parameter("limit") {
            None | Some("") => 0,
            Some(text) => text
                .parse::<i64>()
                .map_err(|_| bad_request(&format!("strconv.ParseInt: parsing {text:?}: invalid syntax")))?,
        };
        let limit = usize::try_from(limit).unwrap_or_default();
        let from = Start::of(ask.asked.parameter("continue").unwrap_or_default())?;
        if from.as_ref().is_some_and(|from| from.version != self.store.version()) {
            return Err(expired());
        }
        let selected: Vec<(&Key, &Json)> = self
            .selected(ask)?
            .filter(|(key, _)| from.as_ref().is_none_or(|from| key.place >= from.place))
            .collect();
        let shown = if limit == 0 { selected.len() } else { limit.min(selected.len()) };
        let (items, left) = selected.split_at_checked(shown).unwrap_or((&selected, &[]));
        let mut metadata = json!({ "resourceVersion": self.store.version().to_string() });
        if let (Some((next, _)), Some(metadata)) = (left.first(), metadata.as_object_mut()) {
            let start = Start { version: self.store.version(), place: next.place.clone() };
            metadata.insert("continue".into(), start.token().into());
            let is_all =
                ["labelSelector", "fieldSelector"].iter().all(|name| ask.asked.parameter(name).is_none());
            if is_all {
                metadata.insert("remainingItemCount".into(), left.len().into());
            }
        }
        let items = items.iter().map(|(_, object)| converted(ask.kind, object)).collect::<Result<_, _>>()?;
        Ok((200, list(ask.kind, metadata, items)))
    }

    /// The objects of a request's resource that its selectors leave.
    pub(super) fn selected<'a>(
        &'a self,
        ask: &'a Ask<'_>,
    ) -> Result<impl Iterator<Item = (&'a Key, &'a Json)>, Answer> {
        let selector = Selector::of(ask.asked, &ask.kind.resource()).map_err(|why| bad_request(&why))?;
        let all = self.store.of(ask.kind, ask.target.namespace);
        Ok(all.filter(move |(_, object)| selector.select(object)))
    }
}

/// A list of objects of a kind.
pub(super) fn list(kind: &Kind, metadata: Json, items: Vec<Json>) -> Json {
    json!({
        "kind": format!("{}List", kind.gvk.kind),
        "apiVersion": kind.gvk.api_version(),
        "metadata": metadata,
        "items": items,
    })
}

/// An object in a version of its kind: custom resources are the same in all of theirs, and others are not converted.
pub(super) fn converted(kind: &Kind, object: &Json) -> Result<Json, Answer> {
    let (is, asked) = (text(object, "/apiVersion"), kind.gvk.api_version());
    let mut object = object.clone();
    if is == asked {
        return Ok(object);
    }
    if !kind.is_custom {
        let name = text(&object, "/metadata/name");
        let resource = kind.resource().qualified();
        return Err(internal(&format!(
            "{resource} {name:?} is stored as {is}, and this cluster does not convert it to {asked}"
        )));
    }
    if let Some(fields) = object.as_object_mut() {
        fields.insert("apiVersion".into(), asked.into());
    }
    Ok(object)
}

impl Start {
    /// What a token says; nothing where there is none.
    fn of(token: &str) -> Result<Option<Self>, Answer> {
        if token.is_empty() {
            return Ok(None);
        }
        let invalid = |why: &str| bad_request(&format!("continue key is not valid{why}"));
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|error| invalid(&format!(": {error}")))?;
        let token: Json = serde_json::from_slice(&bytes).map_err(|error| invalid(&format!(": {error}")))?;
        if token.get("v").and_then(Json::as_str) != Some("meta.k8s.io/v1") {
            return Err(invalid(": server does not recognize this encoded version"));
        }
        let version = token.get("rv").and_then(Json::as_u64).filter(|version| *version > 0);
        let version = version
            .ok_or_else(|| invalid(": incorrect encoded start resourceVersion (version meta.k8s.io/v1)"))?;
        let place = text(&token, "/start");
        if place.is_empty() {
            return Err(invalid(": encoded start key empty (version meta.k8s.io/v1)"));
        }
        Ok(Some(Self { version, place: place.to_owned() }))
    }

    fn token(&self) -> String {
        let token = json!({ "v": "meta.k8s.io/v1", "rv": self.version, "start": self.place });
        URL_SAFE_NO_PAD.encode(token.to_string())
    }
}
