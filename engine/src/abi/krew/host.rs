//! What a plugin's host keeps during a run: who answers, what was asked, which configurations were registered.
//!
//! One gate for every request: is it the cluster, is it whole, is there time. Redirects are not followed, and of the
//! headers only two go on. Everything a guest can make it keep is bounded.

use std::collections::BTreeSet;

use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::Form;
use super::lift::Bounded;
use super::url::{self, Origin, Refusal};
use crate::cluster::{ClusterError, Request, Response};
use crate::machine::Trap;
use crate::plugin::calls::{Calls, content_type, unanswered};
use crate::report::{HostCall, PluginReport};
use crate::request::World;
use crate::uid::Uids;
use crate::words::{self, sentence};

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
#[derive(Debug)]
pub(crate) struct Krew {
    calls: Calls,
    /// Where the cluster is.
    origin: Origin,
    /// Whether the module exports what answers are given with.
    pub(super) allocates: bool,
    configs: BTreeSet<String>,
    uids: Uids,
}

impl Krew {
    /// The host of a plugin that asks the cluster behind these calls, which is at this place.
    pub(crate) fn new((calls, origin): (Calls, Origin), allocates: bool, world: &World) -> Self {
        Self { calls, origin, allocates, configs: BTreeSet::new(), uids: Uids::new(world.seed) }
    }

    /// How much later answers came than they did, in milliseconds.
    pub(super) fn late(&self) -> u64 {
        self.calls.late()
    }

    /// What is known of the run.
    pub(crate) fn report(self) -> PluginReport {
        self.calls.report()
    }

    /// Sends a request, and keeps what came of it.
    ///
    /// # Errors
    /// As [`Calls::end`].
    pub(super) fn ask(&mut self, asked: Asked) -> Result<Result<Answer, HttpError>, Trap> {
        let mut call = self.calls.begin("wasi-outbound-http.request");
        let shown = self.origin.path(&asked.url).unwrap_or_else(|_| url::shown(&asked.url));
        let body = asked.body.as_deref().unwrap_or_default();
        self.calls.asks(&mut call, asked.method, &shown, body);
        let result = self.answer(asked, &mut call).map_err(|(error, cause)| {
            Calls::refuses(&mut call, error.name(), cause);
            error
        });
        self.calls.end(call)?;
        Ok(result)
    }

    /// The one gate.
    fn answer(&mut self, asked: Asked, call: &mut HostCall) -> Result<Answer, Refused> {
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
        if self.calls.count() > MAX_REQUESTS {
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
        self.calls.send(call, &request).map(answer).map_err(|error| told(&error))
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
                self.calls.note(format!(
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
                self.calls.note(format!("a configuration of requests is refused: {cause}"));
                return Err(HttpError::InvalidConfig);
            }
        };
        let id = id.unwrap_or_else(|| self.uids.next());
        if id.len() > MAX_ID_BYTES || (self.configs.len() >= MAX_CONFIGS && !self.configs.contains(&id)) {
            let limit = words::count(MAX_CONFIGS as u64, "configuration");
            self.calls.note(format!(
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
        self.calls.note(format!(
            "it registered a configuration of requests with {parts}: that is taken unread and changes nothing, since a plugin does not choose how the cluster is reached"
        ));
        self.configs.insert(id.clone());
        Ok(id)
    }
}

fn answer(response: Response) -> Answer {
    Answer {
        status: response.status().as_u16(),
        content_type: content_type(&response).map(str::to_owned),
        body: response.into_body(),
    }
}

/// What a plugin is told of a cluster that does not answer.
fn told(error: &ClusterError) -> Refused {
    let told = match error {
        ClusterError::Unusable { .. } => HttpError::InvalidUrl,
        _ => HttpError::RequestError,
    };
    (told, unanswered(error))
}
