//! The dashboard's server as far as plugins see it: which route a request meets, and what is answered without one.
//!
//! It calls no plugin, knows no users, and answers nothing that it would have to invent. Sources: KubeStellar's
//! `pkg/plugins/manager.go`, `middleware/plugin.go` and `api/plugins.go`, gin, and Go's `net/http`.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::abi::kubestellar::routes::{Found, Mounted, Routes};
use crate::cluster::percent_decode;
use crate::report::ManifestFacts;
use crate::request::DashboardRequest;

/// Below it lie the plugins' routes, by their numbers.
const PLUGINS: &str = "/api/plugins";

/// The longest path with its query, in bytes: API servers take no longer ones.
const MAX_PATH_BYTES: usize = 8 << 10;

const JSON: &str = "application/json; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// What a plugin is managed by, which this server does not answer.
const UNANSWERED: [&str; 4] = ["disable", "enable", "feedback", "reload"];

/// An answer that no plugin gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// The media type of its body; empty without one.
    pub content_type: &'static str,
    /// Its body.
    pub body: Vec<u8>,
    /// What is to be said of it; empty when it says all itself.
    pub note: String,
}

/// Whom a request to a server of several plugins is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum For {
    /// The plugin of this number, of which a run with the request gives the answer.
    Plugin(u32),
    /// None of them.
    Server(Answer),
}

/// Says whom a request is for. `plugins` are those of the server by their numbers, each as its own
/// `GET /api/plugins` lists it.
#[must_use]
pub fn route(asked: &DashboardRequest, plugins: &BTreeMap<u32, Json>) -> For {
    let path = asked.path.split('?').next().unwrap_or_default();
    let is_below = path.strip_prefix(PLUGINS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    match place(asked, path) {
        Place::Answered(answer) => For::Server(answer),
        _ if !is_below => For::Server(not_found()),
        Place::All => For::Server(list(plugins.values())),
        Place::Plugin { id, rest, .. } => match plugins.keys().find(|it| it.to_string() == id) {
            Some(id) => For::Plugin(*id),
            None => For::Server(absent(asked, rest.as_deref())),
        },
    }
}

/// Where a path leads.
enum Place {
    Answered(Answer),
    /// The list of all plugins.
    All,
    /// A plugin's, by its number as it was written, with the part behind the number; and the whole path, decoded.
    Plugin {
        id: String,
        rest: Option<String>,
        path: String,
    },
}

/// Where a request for a path, which has no query, leads.
fn place(asked: &DashboardRequest, path: &str) -> Place {
    if asked.path.len() > MAX_PATH_BYTES {
        return Place::Answered(text(431, "431 Request Header Fields Too Large"));
    }
    let Some(path) = decoded(path).filter(|_| is_method(&asked.method)) else {
        return Place::Answered(text(400, "400 Bad Request"));
    };
    if asked.method == "OPTIONS" {
        return Place::Answered(Answer { status: 204, ..Answer::default() });
    }
    let mut parts = path.strip_prefix(PLUGINS).unwrap_or_default().split('/').skip(1);
    let (first, second) = (parts.next(), parts.next());
    match first {
        None if asked.method == "GET" && path == PLUGINS => Place::All,
        Some(id) if id.parse::<i64>().is_ok() => {
            Place::Plugin { id: id.to_owned(), rest: second.map(str::to_owned), path: path.clone() }
        }
        Some("install" | "manifests" | "system") => Place::Answered(unanswered(&path)),
        Some(key) if key.contains('~') => Place::Answered(unanswered(&path)),
        Some(id) if !id.is_empty() => Place::Answered(error(400, "Invalid plugin ID")),
        _ => Place::Answered(not_found()),
    }
}

/// `GET /api/plugins`
fn list<'a>(plugins: impl Iterator<Item = &'a Json>) -> Answer {
    let plugins: Vec<&Json> = plugins.collect();
    json(200, &json!({ "plugins": plugins, "count": plugins.len() }))
}

/// What is answered below a number that no plugin has.
fn absent(asked: &DashboardRequest, rest: Option<&str>) -> Answer {
    match rest {
        None if asked.method == "GET" => error(404, "Plugin not found"),
        _ => not_found(),
    }
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply<'a> {
    /// This handler's plugin.
    Plugin(&'a Mounted),
    /// The server.
    Server(Answer),
}

/// The server.
#[derive(Debug)]
pub(super) struct Server<'a> {
    pub(super) id: u32,
    pub(super) is_disabled: bool,
    pub(super) facts: &'a ManifestFacts,
    pub(super) routes: &'a Routes,
}

/// What comes before the routes of a plugin.
pub(super) fn prefix(id: u32) -> String {
    format!("{PLUGINS}/{id}")
}

/// The whole path of a request, without its query: a path of the plugin's own lies below its prefix.
pub(super) fn whole(id: u32, path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    match path.strip_prefix(PLUGINS) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => path.to_owned(),
        _ if path.starts_with('/') => format!("{}{path}", prefix(id)),
        _ => path.to_owned(),
    }
}

impl Server<'_> {
    /// Who answers a request for a path, which [`whole`] made.
    pub(super) fn reply(&self, asked: &DashboardRequest, path: &str) -> Reply<'_> {
        match place(asked, path) {
            Place::Answered(answer) => server(answer),
            Place::All => server(list([self.one()].iter())),
            Place::Plugin { id, rest, path } => self.plugin(asked, &path, &id, rest.as_deref()),
        }
    }

    fn plugin(&self, asked: &DashboardRequest, path: &str, id: &str, rest: Option<&str>) -> Reply<'_> {
        let is_get = asked.method == "GET";
        if id != self.id.to_string() {
            return server(absent(asked, rest));
        }
        match self.routes.find(&asked.method, path) {
            Found::Route(_) if self.is_disabled => server(error(403, "Plugin is disabled")),
            Found::Route(route) => Reply::Plugin(route),
            Found::Redirect(other) => server(redirect(&asked.method, &other)),
            Found::Nothing => server(match rest {
                None if is_get => json(200, &self.one()),
                Some("status") if is_get => json(200, &self.status()),
                None if asked.method == "DELETE" => unanswered(path),
                Some(name) if UNANSWERED.contains(&name) => unanswered(path),
                _ => not_found(),
            }),
        }
    }

    fn listed(&self) -> Vec<String> {
        let path = |path: &str| path.strip_prefix(&prefix(self.id)).unwrap_or(path).to_owned();
        self.routes.listed.iter().map(|route| format!("{} {}", route.method, path(&route.path))).collect()
    }

    fn state(&self) -> &'static str {
        if self.is_disabled { "inactive" } else { "active" }
    }

    /// `GET /api/plugins/:id`, without the times at which somebody installed it.
    fn one(&self) -> Json {
        json!({
            "id": self.id,
            "name": self.facts.name,
            "version": self.facts.version,
            "enabled": !self.is_disabled,
            "description": self.facts.description,
            "author": self.facts.author,
            "routes": self.listed(),
            "status": self.state(),
        })
    }

    /// `GET /api/plugins/:id/status`, where the plugin has no such route of its own.
    fn status(&self) -> Json {
        json!({
            "id": self.id,
            "name": self.facts.name,
            "version": self.facts.version,
            "enabled": true,
            "status": self.state(),
            "routes": self.listed(),
        })
    }
}

fn server(answer: Answer) -> Reply<'static> {
    Reply::Server(answer)
}

/// A path as the server reads it; nothing when no request can carry it.
fn decoded(path: &str) -> Option<String> {
    let is_fine = path.starts_with('/') && !path.contains(' ') && !path.contains(char::is_control);
    percent_decode(path).filter(|_| is_fine)
}

/// Whether a text can be a method: the rule of HTTP's tokens.
fn is_method(text: &str) -> bool {
    http::Method::from_bytes(text.as_bytes()).is_ok()
}

/// An answer as gin writes JSON.
fn json(status: u16, value: &Json) -> Answer {
    // As Go does, so that no text in it is taken for markup.
    let text = value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    Answer { status, content_type: JSON, body: text.into_bytes(), note: String::new() }
}

/// An error as KubeStellar writes it.
pub(super) fn error(status: u16, message: &str) -> Answer {
    json(status, &json!({ "error": message }))
}

fn text(status: u16, text: &str) -> Answer {
    Answer { status, content_type: TEXT, body: text.as_bytes().to_vec(), note: String::new() }
}

/// What gin answers where there is no route, and where there is one for another method.
fn not_found() -> Answer {
    text(404, "404 page not found")
}

/// What gin answers where a path has a slash too many or too few.
fn redirect(method: &str, other: &str) -> Answer {
    let note = format!("`{other}` is the path of the route, where a browser is sent on to");
    if method != "GET" {
        return Answer { status: 307, note, ..Answer::default() };
    }
    let mut shown = String::new();
    for c in other.chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&#34;"),
            '\'' => shown.push_str("&#39;"),
            c => shown.push(c),
        }
    }
    let body = format!("<a href=\"{shown}\">Moved Permanently</a>.\n\n").into_bytes();
    Answer { status: 301, content_type: "text/html; charset=utf-8", body, note }
}

/// What is KubeStellar's to answer, and is not here.
fn unanswered(path: &str) -> Answer {
    let note =
        format!("`{path}` is a path of KubeStellar's own, which nothing here answers: only plugins run here");
    Answer { note, ..error(501, "not answered by this host") }
}
