//! The cluster of the kubeconfig, asked by `GET` alone: plugins made with this crate change nothing.

use serde_json::{Value, json};

use crate::http::{self, Config, Response};
use crate::kubeconfig::Kubeconfig;
use crate::{Failure, Scope, items, text};

/// How many objects a page of a list has: kubectl's number.
const PAGE: &str = "limit=500";

/// How many pages of a list are read: half a million objects are more than a plugin can hold.
const PAGES: usize = 1_000;

/// Answers a `GET` of a path.
type Ask = dyn Fn(&str) -> Result<Response, Failure>;

/// A cluster, and where in it one is.
pub struct Cluster {
    namespace: String,
    ask: Box<Ask>,
}

impl Cluster {
    /// The cluster of the kubeconfig's current context. Nothing is sent yet.
    ///
    /// # Errors
    /// When there is no kubeconfig, or its certificates cannot be read.
    pub fn connect() -> Result<Self, Failure> {
        let Kubeconfig { server, namespace, token, config } = Kubeconfig::load()?;
        let id = if config == Config::default() { None } else { Some(http::register(&config)?) };
        let bearer = token.map(|token| format!("Bearer {token}"));
        let ask = move |path: &str| {
            let mut headers = vec![("Accept", "application/json")];
            headers.extend(bearer.as_deref().map(|bearer| ("Authorization", bearer)));
            http::get(&format!("{server}{path}"), &headers, id.as_deref())
        };
        Ok(Self { namespace, ask: Box::new(ask) })
    }

    /// A cluster for tests, which knows these answers and no others.
    #[must_use]
    pub fn of(namespace: &str, answers: &[(&str, Value)]) -> Self {
        let answers: Vec<_> =
            answers.iter().map(|(path, value)| ((*path).to_owned(), value.clone())).collect();
        let ask = move |path: &str| {
            let found =
                answers.iter().find(|(known, _)| known == path).map(|(_, value)| (200, value.clone()));
            let missing = || (404, json!({ "reason": "NotFound", "message": format!("{path} not found") }));
            let (status, value) = found.unwrap_or_else(missing);
            Ok(Response { status, body: value.to_string().into_bytes() })
        };
        Self { namespace: namespace.to_owned(), ask: Box::new(ask) }
    }

    /// The namespace of a scope; none when it is all of them.
    #[must_use]
    pub fn namespace<'a>(&'a self, scope: &'a Scope) -> Option<&'a str> {
        match scope {
            Scope::Current => Some(&self.namespace),
            Scope::Namespace(namespace) => Some(namespace),
            Scope::All => None,
        }
    }

    /// The path of a namespaced kind's list: `api` is `/api/v1`, or `/apis/GROUP/VERSION`.
    #[must_use]
    pub fn path(&self, api: &str, resource: &str, scope: &Scope) -> String {
        match self.namespace(scope) {
            Some(namespace) => format!("{api}/namespaces/{}/{resource}", segment(namespace)),
            None => format!("{api}/{resource}"),
        }
    }

    /// The path of an object of a namespaced kind.
    #[must_use]
    pub fn object(&self, api: &str, resource: &str, scope: &Scope, name: &str) -> String {
        format!("{}/{}", self.path(api, resource, scope), segment(name))
    }

    /// The object at a path.
    ///
    /// # Errors
    /// When it is not there, the server refuses, or what it answers is no JSON.
    pub fn get(&self, path: &str) -> Result<Value, Failure> {
        read(path, &(self.ask)(path)?)
    }

    /// The object at a path; none when the server says that it is not there.
    ///
    /// # Errors
    /// As [`Cluster::get`].
    pub fn find(&self, path: &str) -> Result<Option<Value>, Failure> {
        match (self.ask)(path)? {
            Response { status: 404, .. } => Ok(None),
            response => read(path, &response).map(Some),
        }
    }

    /// All objects of a list, page by page.
    ///
    /// # Errors
    /// As [`Cluster::get`], and when the list does not end.
    pub fn list(&self, path: &str) -> Result<Vec<Value>, Failure> {
        let mut all = Vec::new();
        let mut next = format!("{path}?{PAGE}");
        for _ in 0..PAGES {
            let page = self.get(&next)?;
            all.extend(items(&page, "/items").cloned());
            match text(&page, "/metadata/continue") {
                "" => return Ok(all),
                token => next = format!("{path}?{PAGE}&continue={}", segment(token)),
            }
        }
        Err(format!("{path}: the list has no end after {PAGES} pages").into())
    }
}

/// The object that a server answers with, or its `Status` as a failure.
fn read(path: &str, response: &Response) -> Result<Value, Failure> {
    let status = response.status;
    let value: Value = serde_json::from_slice(&response.body)
        .map_err(|error| format!("{path}: status {status}, and no JSON: {error}"))?;
    let message = text(&value, "/message");
    match status {
        200..300 => Ok(value),
        _ if message.is_empty() => Err(format!("{path}: the server answers with status {status}").into()),
        _ => Err(format!("the server says {}: {message}", text(&value, "/reason")).into()),
    }
}

/// A name as a part of a path: a slash in it separates nothing.
#[must_use]
pub(crate) fn segment(name: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    name.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_list_is_read_to_its_end() {
        let first = json!({ "metadata": { "continue": "a=" }, "items": [1, 2] });
        let cluster = Cluster::of(
            "shop",
            &[
                ("/api/v1/pods?limit=500", first),
                ("/api/v1/pods?limit=500&continue=a%3D", json!({ "items": [3] })),
            ],
        );
        assert_eq!(cluster.list("/api/v1/pods").unwrap(), [1, 2, 3].map(Value::from));
    }

    #[test]
    fn a_refusal_keeps_the_servers_words() {
        let cluster = Cluster::of("shop", &[]);
        let path = cluster.path("/api/v1", "pods", &Scope::Namespace("a/b".into()));
        assert_eq!(path, "/api/v1/namespaces/a%2Fb/pods");
        assert_eq!(cluster.get("/x"), Err("the server says NotFound: /x not found".into()));
        assert_eq!(cluster.find("/x"), Ok(None));
    }
}
