//! What a plugin's host keeps during a run: who answers, what was asked, which configurations were registered.
//!
//! One gate for every request: is it the cluster, is it whole, is there time. Redirects are not followed, and of the
//! headers only two go on. Everything a guest can make it keep is bounded.

use std::collections::BTreeSet;
use std::fmt;

use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::Form;
use super::lift::Bounded;
use super::url::{self, Origin, Refusal};
use crate::abi::policy::sentence;
use crate::cluster::{Cluster, ClusterError, Limits, Request, Response};
use crate::gate::Uids;
use crate::machine::{Stopped, Trap};
use crate::report::{
    HttpCall, Limit, MAX_CALL_BODIES, MAX_CALL_BODY, MAX_CALL_TEXT, MAX_CALLS, MAX_PLUGIN_NOTES, PluginReport,
};
use crate::request::{Budget, World};
use crate::words;

/// The most requests that are sent: more than a session records, and a loop without end is told soon.
const MAX_REQUESTS: u64 = 10_000;

/// The most configurations, and the longest id of one, in bytes: ids are unique numbers, and a plugin has one or two.
const MAX_CONFIGS: usize = 1_000;
const MAX_ID_BYTES: usize = 1 << 10;

/// What a plugin is told in place of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HttpError {
    DestinationNotAllowed,
    InvalidConfig,
    InvalidUrl,
    RequestError,
    RuntimeError,
}

impl HttpError {
    /// The number of the interface, which the older form counts without `invalid-cfg`.
    pub(super) fn tag(self, form: Form) -> u32 {
        let tag = match self {
            Self::DestinationNotAllowed => return 1,
            Self::InvalidConfig => 2,
            Self::InvalidUrl => 3,
            Self::RequestError => 4,
            Self::RuntimeError => 5,
        };
        if form == Form::Configured { tag } else { tag - 1 }
    }

    /// The name of the interface.
    fn name(self) -> &'static str {
        match self {
            Self::DestinationNotAllowed => "destination-not-allowed",
            Self::InvalidConfig => "invalid-cfg",
            Self::InvalidUrl => "invalid-url",
            Self::RequestError => "request-error",
            Self::RuntimeError => "runtime-error",
        }
    }
}

/// A request as it comes from the guest.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: &'static str,
    pub(super) url: String,
    pub(super) headers: Bounded<Vec<(String, String)>>,
    pub(super) params: Bounded<Vec<(String, String)>>,
    pub(super) body: Bounded<Vec<u8>>,
    pub(super) config: Option<String>,
}

/// An answer as it goes to the guest.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    pub(super) body: Vec<u8>,
}

/// The configuration of later requests, as far as anybody asks.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) any_hostname: bool,
    pub(super) any_certificate: bool,
    pub(super) certificates: Bounded<u32>,
    pub(super) identity: bool,
}

/// Why there is no answer, and what the guest is told.
type Refused = (HttpError, String);

/// A plugin's side of its host.
pub(crate) struct Krew {
    cluster: Box<dyn Cluster>,
    origin: Origin,
    /// Whether the module exports what answers are given with.
    pub(super) allocates: bool,
    configs: BTreeSet<String>,
    uids: Uids,
    report: PluginReport,
    /// How much of bodies is still kept, in bytes.
    room: usize,
    clock: fn() -> f64,
    /// When the run's time is over, by the clock.
    ends: f64,
    time_ms: u64,
}

impl fmt::Debug for Krew {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Krew").field("configs", &self.configs).field("report", &self.report).finish()
    }
}

impl Krew {
    /// The host of a plugin that asks this cluster, which is at this place. `clock` is the runner's, which has counted
    /// `millis` of this run.
    pub(crate) fn new(
        (cluster, origin): (Box<dyn Cluster>, Origin),
        allocates: bool,
        (budget, world): (&Budget, &World),
        (clock, millis): (fn() -> f64, f64),
    ) -> Self {
        Self {
            cluster,
            origin,
            allocates,
            configs: BTreeSet::new(),
            uids: Uids::new(world.seed),
            report: PluginReport::default(),
            room: MAX_CALL_BODIES,
            clock,
            ends: clock() - millis + budget.time_ms as f64,
            time_ms: budget.time_ms,
        }
    }

    /// What is known of the run.
    pub(crate) fn report(self) -> PluginReport {
        self.report
    }

    /// Sends a request, and keeps what came of it.
    ///
    /// # Errors
    /// [`Trap::Stopped`] when the time of the run is over: a guest that asks without end must not outlive it.
    pub(super) fn ask(&mut self, asked: Asked) -> Result<Result<Answer, HttpError>, Trap> {
        let began = (self.clock)();
        self.report.call_count = self.report.call_count.saturating_add(1);
        let mut call = HttpCall { method: asked.method.to_owned(), ..HttpCall::default() };
        call.url = match self.origin.path(&asked.url) {
            Ok(path) => cut(&path),
            Err(_) => cut(&url::shown(&asked.url)),
        };
        if let Ok(body) = &asked.body {
            call.request_bytes = body.len() as u64;
            call.request = self.keep_body(body);
        }
        let result = self.answer(asked);
        let now = (self.clock)();
        call.millis = now - began;
        let result = match result {
            Ok(answer) => {
                call.status = Some(answer.status);
                call.content_type = cut(answer.content_type.as_deref().unwrap_or_default());
                call.answer_bytes = answer.body.len() as u64;
                call.answer = self.keep_body(&answer.body);
                Ok(answer)
            }
            Err((error, cause)) => {
                error.name().clone_into(&mut call.error);
                call.cause = cause;
                Err(error)
            }
        };
        if self.report.calls.len() < MAX_CALLS {
            self.report.calls.push(call);
        }
        if now >= self.ends {
            let detail = format!("the {} time limit was reached in `request`", words::millis(self.time_ms));
            return Err(Trap::Stopped(Stopped { limit: Limit::Time, detail }));
        }
        Ok(result)
    }

    /// The one gate.
    fn answer(&mut self, asked: Asked) -> Result<Answer, Refused> {
        let path = self.origin.path(&asked.url).map_err(|refusal| match refusal {
            Refusal::Invalid(cause) => (HttpError::InvalidUrl, cause),
            Refusal::Elsewhere(cause) => (HttpError::DestinationNotAllowed, cause),
        })?;
        if let Some(id) = asked.config.filter(|id| !self.configs.contains(id)) {
            let cause = format!("no configuration is registered as `{}`", sentence(&id));
            return Err((HttpError::InvalidConfig, cause));
        }
        asked.params.map_err(|cause| (HttpError::RuntimeError, cause))?;
        let headers = asked.headers.map_err(|cause| (HttpError::RuntimeError, cause))?;
        let headers = self.headers(headers).map_err(|cause| (HttpError::RuntimeError, cause))?;
        let body = asked.body.map_err(|cause| (HttpError::RequestError, cause))?;
        if self.report.call_count > MAX_REQUESTS {
            let cause = format!("more than {} requests are not sent", words::grouped(MAX_REQUESTS));
            return Err((HttpError::RequestError, cause));
        }
        let mut request = Request::new(body);
        *request.method_mut() = http::Method::from_bytes(asked.method.as_bytes())
            .map_err(|error| (HttpError::RuntimeError, error.to_string()))?;
        *request.uri_mut() = path
            .parse::<http::Uri>()
            .map_err(|error| (HttpError::InvalidUrl, format!("its path is none: {error}")))?;
        *request.headers_mut() = headers;
        let limits = Limits::default();
        let limits = Limits { time_ms: limits.time_ms.min(self.time_ms), ..limits };
        self.cluster.ask(&request, limits).map(answer).map_err(|error| unanswered(&error))
    }

    /// The headers that go on. Of two with one name the later counts.
    fn headers(&mut self, headers: Vec<(String, String)>) -> Result<HeaderMap, String> {
        let mut kept = HeaderMap::new();
        for (name, value) in headers {
            let shown = sentence(&name);
            let header = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| format!("`{shown}` is no name of a header"))?;
            let value = HeaderValue::from_bytes(value.as_bytes())
                .map_err(|_| format!("the header `{shown}` has a value that none may have"))?;
            if header == ACCEPT || header == CONTENT_TYPE {
                kept.insert(header, value);
            } else {
                self.note(format!(
                    "the header `{}` is not sent on: only `accept` and `content-type` are",
                    sentence(header.as_str())
                ));
            }
        }
        Ok(kept)
    }

    /// Registers a configuration, and gives its id.
    pub(super) fn register(&mut self, config: Config, id: Option<String>) -> Result<String, HttpError> {
        let certificates = match config.certificates {
            Ok(certificates) => certificates,
            Err(cause) => {
                self.note(format!("a configuration of requests is refused: {cause}"));
                return Err(HttpError::InvalidConfig);
            }
        };
        let id = id.unwrap_or_else(|| self.uids.next());
        if id.len() > MAX_ID_BYTES || (self.configs.len() >= MAX_CONFIGS && !self.configs.contains(&id)) {
            let limit = words::count(MAX_CONFIGS as u64, "configuration");
            self.note(format!(
                "a configuration of requests is refused: there may be {limit}, with ids of up to {MAX_ID_BYTES} bytes"
            ));
            return Err(HttpError::RuntimeError);
        }
        let parts = [
            (config.any_hostname, "any hostname".to_owned()),
            (config.any_certificate, "any certificate".to_owned()),
            (certificates > 0, words::count(certificates.into(), "root certificate")),
            (config.identity, "a client certificate".to_owned()),
        ];
        let parts: Vec<_> =
            parts.into_iter().filter(|(is_there, _)| *is_there).map(|(_, part)| part).collect();
        let parts = if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") };
        self.note(format!(
            "it registered a configuration of requests with {parts}: that is taken unread and changes nothing, since a plugin does not choose how the cluster is reached"
        ));
        self.configs.insert(id.clone());
        Ok(id)
    }

    /// Keeps a note, once.
    fn note(&mut self, note: String) {
        let notes = &mut self.report.notes;
        if notes.len() < MAX_PLUGIN_NOTES && !notes.contains(&note) {
            notes.push(note);
        }
    }

    /// What is kept of a body. Text stays text where it is cut.
    fn keep_body(&mut self, body: &[u8]) -> crate::bytes::Bytes {
        if self.report.calls.len() >= MAX_CALLS {
            return Vec::new().into();
        }
        let end = body.len().min(MAX_CALL_BODY).min(self.room);
        let is_middle = |end: &usize| body.get(*end).is_some_and(|byte| byte & 0xc0 == 0x80);
        let whole = (end.saturating_sub(3)..=end).rev().find(|end| !is_middle(end)).unwrap_or(end);
        self.room = self.room.saturating_sub(whole);
        body.get(..whole).unwrap_or_default().to_vec().into()
    }
}

fn answer(response: Response) -> Answer {
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    Answer {
        status: response.status().as_u16(),
        content_type: content_type.map(str::to_owned),
        body: response.into_body(),
    }
}

/// What a plugin is told of a cluster that does not answer.
fn unanswered(error: &ClusterError) -> Refused {
    let told = match error {
        ClusterError::Unusable { .. } => HttpError::InvalidUrl,
        _ => HttpError::RequestError,
    };
    let cause = match error.hint() {
        Some(hint) => format!("{error}: {hint}"),
        None => error.to_string(),
    };
    (told, cause)
}

/// The beginning of a text.
fn cut(text: &str) -> String {
    match text.get(..text.floor_char_boundary(MAX_CALL_TEXT)) {
        Some(begin) if begin.len() < text.len() => format!("{begin}…"),
        _ => text.to_owned(),
    }
}
