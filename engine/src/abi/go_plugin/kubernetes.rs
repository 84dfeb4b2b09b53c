//! The functions of the import module `kubernetes`, written as HTTP: `get`, which wasm-k8s-host-proxy has, and beyond it
//! `list`, `create`, `update`, `patch` and `delete`.
//!
//! It has no rules of its own about what may be asked: the cluster answers. The messages are `docs/kubernetes.proto`.

use http::header::{ACCEPT, CONTENT_TYPE};
use serde_json::Value as Json;

use super::go_json;
use super::wire::{self, Fields, Value};
use crate::cluster::{MAX_REQUEST_BYTES, Request, Resource};
use crate::plugin::calls::{Calls, unanswered};
use crate::report::HostCall;
use crate::words;

/// The import module.
pub(super) const MODULE: &str = "kubernetes";

/// The functions that there are. The first is upstream's.
pub(super) const VERBS: [&str; 6] = ["get", "list", "create", "update", "patch", "delete"];

const JSON: &str = "application/json";

/// What a patch is, where the request does not say.
const MERGE_PATCH: &str = "application/merge-patch+json";

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// In a sentence.
    Said(String),
    /// There is no such function.
    Unknown,
}

impl From<String> for Refused {
    fn from(cause: String) -> Self {
        Self::Said(cause)
    }
}

/// A message as single fields: the last text counts, and pieces of a message make one.
#[derive(Debug, Default)]
struct Message {
    fields: Vec<(u32, Vec<u8>)>,
    numbers: Vec<(u32, u64)>,
}

impl Message {
    fn read(bytes: &[u8], messages: &[u32]) -> Result<Self, String> {
        let mut read = Self::default();
        for field in Fields::of(bytes) {
            let (number, value) = field.map_err(|error| format!("the request is no message: {error}"))?;
            match (value, read.fields.iter_mut().find(|(other, _)| *other == number)) {
                (Value::Bytes(bytes), Some((_, before))) if messages.contains(&number) => {
                    before.extend(bytes)
                }
                (Value::Bytes(bytes), Some((_, before))) => *before = bytes.to_vec(),
                // What no field of these messages has is passed over, as readers do.
                (Value::Bytes(bytes), None) if number < 16 => read.fields.push((number, bytes.to_vec())),
                (Value::Varint(value), _) if number < 16 => {
                    read.numbers.retain(|(other, _)| *other != number);
                    read.numbers.push((number, value));
                }
                _ => {}
            }
        }
        Ok(read)
    }

    fn bytes(&self, number: u32) -> Option<&[u8]> {
        self.fields.iter().find(|(other, _)| *other == number).map(|(_, bytes)| bytes.as_slice())
    }

    fn text(&self, number: u32, name: &str) -> Result<String, String> {
        let bytes = self.bytes(number).unwrap_or_default();
        str::from_utf8(bytes).map(str::to_owned).map_err(|error| format!("`{name}` is not UTF-8: {error}"))
    }

    /// A message inside, which must be there: upstream reads it without a look.
    fn message(&self, number: u32, name: &str) -> Result<Self, String> {
        let bytes = self.bytes(number).ok_or_else(|| format!("the request has no `{name}`"))?;
        Self::read(bytes, &[])
    }

    fn number(&self, number: u32) -> u64 {
        self.numbers.iter().find(|(other, _)| *other == number).map_or(0, |(_, value)| *value)
    }
}

/// What is asked, and how.
#[derive(Debug)]
struct Asked {
    method: &'static str,
    path: String,
    query: String,
    content_type: String,
    body: Vec<u8>,
}

/// Asks the cluster.
///
/// # Errors
/// [`Refused`]: what would end the guest.
pub(super) fn ask(
    calls: &mut Calls,
    call: &mut HostCall,
    verb: &str,
    request: &[u8],
) -> Result<Vec<u8>, Refused> {
    if !VERBS.contains(&verb) {
        calls.asks(call, "", "", request);
        return Err(Refused::Unknown);
    }
    let asked = match asked(verb, request) {
        Ok(asked) => asked,
        Err(cause) => {
            calls.asks(call, "", "", request);
            return Err(cause.into());
        }
    };
    let uri = if asked.query.is_empty() { asked.path } else { format!("{}?{}", asked.path, asked.query) };
    calls.asks(call, asked.method, &uri, &asked.body);
    if asked.body.len() > MAX_REQUEST_BYTES {
        let limit = words::grouped(MAX_REQUEST_BYTES as u64);
        return Err(format!("its object has more than the {limit} bytes that an API server takes").into());
    }
    let mut builder = http::Request::builder().method(asked.method).uri(&uri).header(ACCEPT, JSON);
    if !asked.body.is_empty() {
        builder = builder.header(CONTENT_TYPE, &asked.content_type);
    }
    let request: Request =
        builder.body(asked.body).map_err(|error| format!("the request cannot be sent: {error}"))?;
    let response = calls.send(call, &request).map_err(|error| unanswered(&error))?;
    let status = response.status().as_u16();
    let body = serde_json::from_slice::<Json>(response.body());
    match (status, body) {
        (200..=299, Ok(_)) if verb == "delete" => Ok(Vec::new()),
        (200..=299, Ok(body)) => Ok(reply(&if verb == "list" { list(body) } else { body })),
        (200..=299, Err(error)) => Err(format!("the cluster did not answer with JSON: {error}").into()),
        (_, Ok(body)) => Err(message(status, &body).into()),
        (_, Err(_)) => Err(message(status, &Json::Null).into()),
    }
}

/// The error of an answer, as client-go words it.
fn message(status: u16, body: &Json) -> String {
    match body.get("message").and_then(Json::as_str) {
        Some(message) if !message.is_empty() => words::sentence(message),
        _ => format!("the server rejected our request for an unknown reason (status {status})"),
    }
}

/// An object in the reply's only field.
fn reply(object: &Json) -> Vec<u8> {
    let mut bytes = Vec::new();
    wire::write(1, Value::Bytes(go_json::write(object).as_bytes()), &mut bytes);
    bytes
}

/// A list as client-go holds it: each item says what it is.
fn list(mut list: Json) -> Json {
    let text = |name: &str| list.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    let kind = kind.strip_suffix("List").unwrap_or(&kind).to_owned();
    for item in list.get_mut("items").and_then(Json::as_array_mut).into_iter().flatten() {
        let Some(item) = item.as_object_mut() else { continue };
        for (key, value) in [("apiVersion", &api_version), ("kind", &kind)] {
            if !value.is_empty() && !item.contains_key(key) {
                item.insert(key.to_owned(), value.as_str().into());
            }
        }
    }
    list
}

/// What a request asks for: field 1 is always the resource.
fn asked(verb: &str, request: &[u8]) -> Result<Asked, String> {
    let named = matches!(verb, "get" | "patch" | "delete");
    let read = Message::read(request, if named { &[1, 2] } else { &[1] })?;
    let gvr = read.message(1, "gvr")?;
    let (group, version) = (gvr.text(1, "gvr.group")?, gvr.text(2, "gvr.version")?);
    let resource = gvr.text(3, "gvr.resource")?;
    for (text, name) in [(&group, "group"), (&version, "version"), (&resource, "resource")] {
        // They are parts of the path as they are: another place must not be reached by them.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let is_missing = text.is_empty() && name != "group";
        if is_missing || !text.chars().all(is_plain) || matches!(text.as_str(), "." | "..") {
            return Err(format!("`gvr.{name}` is {:?}, which no resource has", words::sentence(text)));
        }
    }
    let resource = Resource {
        api_version: if group.is_empty() { version } else { format!("{group}/{version}") },
        kind: String::new(),
        plural: resource,
        namespaced: true,
    };
    if named {
        let name = read.message(2, "name")?;
        let namespace = plain(name.text(2, "name.namespace")?, "namespace")?;
        let path = resource.path(&namespace, &required(name.text(1, "name.name")?)?);
        return of_one(verb, &read, path);
    }
    let namespace = plain(read.text(2, "namespace")?, "namespace")?;
    of_many(verb, &read, &resource, &namespace)
}

/// A request for one object.
fn of_one(verb: &str, read: &Message, path: String) -> Result<Asked, String> {
    let asked =
        |method, content_type: String, body| Asked { method, path, query: String::new(), content_type, body };
    Ok(match verb {
        "get" => asked("GET", String::new(), Vec::new()),
        "delete" => asked("DELETE", String::new(), Vec::new()),
        _ => {
            let kind = read.text(3, "type")?;
            let kind = if kind.is_empty() { MERGE_PATCH.to_owned() } else { kind };
            asked("PATCH", kind, read.bytes(4).unwrap_or_default().to_vec())
        }
    })
}

/// A request for a list, or with an object that names itself.
fn of_many(verb: &str, read: &Message, resource: &Resource, namespace: &str) -> Result<Asked, String> {
    if verb == "list" {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (number, name, key) in
            [(3, "label_selector", "labelSelector"), (4, "field_selector", "fieldSelector")]
        {
            let text = read.text(number, name)?;
            if !text.is_empty() {
                query.append_pair(key, &text);
            }
        }
        if read.number(5) > 0 {
            query.append_pair("limit", &read.number(5).to_string());
        }
        let go_on = read.text(6, "continue")?;
        if !go_on.is_empty() {
            query.append_pair("continue", &go_on);
        }
        let path = resource.path(namespace, "");
        return Ok(Asked {
            method: "GET",
            path,
            query: query.finish(),
            content_type: String::new(),
            body: Vec::new(),
        });
    }
    let body = read.bytes(3).unwrap_or_default().to_vec();
    let (method, name) = match verb {
        "create" => ("POST", String::new()),
        _ => {
            let object: Json =
                serde_json::from_slice(&body).map_err(|error| format!("`payload` is no JSON: {error}"))?;
            let name = object.pointer("/metadata/name").and_then(Json::as_str).unwrap_or_default();
            ("PUT", required(name.to_owned())?)
        }
    };
    let path = resource.path(namespace, &name);
    Ok(Asked { method, path, query: String::new(), content_type: JSON.to_owned(), body })
}

fn required(name: String) -> Result<String, String> {
    if name.is_empty() { Err("name is required".into()) } else { plain(name, "name") }
}

/// Refuses a part of the path that means another one.
fn plain(text: String, what: &str) -> Result<String, String> {
    if matches!(text.as_str(), "." | "..") { Err(format!("{what} {text:?} is none")) } else { Ok(text) }
}
