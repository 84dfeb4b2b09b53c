//! The seam to Kubernetes: an HTTP request in, an HTTP response out. Whatever asks a cluster something can be
//! written as HTTP, so one method serves every ABI, and recording and replay are a few lines.
//!
//! It names no host and holds no credentials: a request is a method, a path and a query, and whoever answers
//! knows where the cluster is. Implementations are [`Denied`], `Pasted`, `Mock`, [`Record`], [`Replay`], and on the
//! desktop a client of real clusters. A cluster's own refusals (401, 403, 404, 500) are answers, not errors.

#[cfg(any(feature = "gate", feature = "plugins"))]
mod altered;
mod asked;
mod denied;
#[cfg(any(feature = "gate", feature = "plugins"))]
pub(crate) mod kinds;
#[cfg(feature = "plugins")]
mod mock;
#[cfg(feature = "gate")]
mod pasted;
#[cfg(any(feature = "gate", feature = "plugins"))]
mod rbac;
mod record;
mod redact;
mod replay;
#[cfg(any(feature = "gate", feature = "plugins"))]
mod resource;
#[cfg(any(feature = "gate", feature = "plugins"))]
mod selectors;
mod session;
#[cfg(any(feature = "gate", feature = "plugins"))]
mod status;

use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

#[cfg(any(feature = "gate", feature = "plugins"))]
pub use altered::Altered;
#[cfg(feature = "plugins")]
pub(crate) use altered::Late;
pub use asked::Asked;
#[cfg(feature = "plugins")]
pub(crate) use asked::decode as percent_decode;
pub use denied::Denied;
#[cfg(feature = "plugins")]
pub use mock::{Change, MAX_OBJECTS, MAX_STORED_BYTES, Mock, MockError};
#[cfg(feature = "gate")]
pub use pasted::Pasted;
pub use record::Record;
pub use redact::{REDACTED, redact};
pub use replay::Replay;
#[cfg(any(feature = "gate", feature = "plugins"))]
pub use resource::Resource;
#[cfg(feature = "plugins")]
pub(crate) use resource::Target;
pub use session::{
    Body, Exchange, MAX_EXCHANGES, MAX_REQUEST_BYTES, MAX_SESSION_BYTES, SESSION_VERSION, Session,
    SessionError,
};

use crate::words;

/// What is asked: a relative URI (path and query), and only the headers `accept` and `content-type`; whoever
/// answers ignores the others.
pub type Request = http::Request<Vec<u8>>;

/// What is answered: a status, a `content-type`, and a body within the limit.
pub type Response = http::Response<Vec<u8>>;

/// Whatever answers Kubernetes requests.
pub trait Cluster: Send {
    /// Answers one request within its limits.
    ///
    /// # Errors
    /// When there is no answer, or none that may be given. A status of 400 or above is an answer.
    fn ask(&mut self, request: &Request, limits: Limits) -> Result<Response, ClusterError>;
}

impl<C: Cluster + ?Sized> Cluster for Box<C> {
    fn ask(&mut self, request: &Request, limits: Limits) -> Result<Response, ClusterError> {
        (**self).ask(request, limits)
    }
}

/// A cluster that somebody else keeps, and looks at when its run is over.
impl<C: Cluster> Cluster for Arc<Mutex<C>> {
    fn ask(&mut self, request: &Request, limits: Limits) -> Result<Response, ClusterError> {
        self.lock().unwrap_or_else(PoisonError::into_inner).ask(request, limits)
    }
}

/// What one request may cost: the smaller of the caller's own limits and what is left of its run's budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Milliseconds until the whole answer must be there.
    pub time_ms: u64,
    /// The most bytes of an answer's body.
    pub answer_bytes: u64,
}

impl Limits {
    /// Each limit, lowered to what is left.
    #[must_use]
    pub fn within(self, left: Self) -> Self {
        Self {
            time_ms: self.time_ms.min(left.time_ms),
            answer_bytes: self.answer_bytes.min(left.answer_bytes),
        }
    }
}

impl Default for Limits {
    /// 30 s, which is about what an API server allows itself, and 16 MiB: a list of some thousand objects.
    fn default() -> Self {
        Self { time_ms: 30_000, answer_bytes: 16 << 20 }
    }
}

/// Why there is no answer. Each says what was asked; [`ClusterError::hint`] says the way out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ClusterError {
    /// No cluster was given to the run.
    #[error("{asked}: no cluster is given")]
    Denied {
        /// What was asked.
        asked: String,
    },
    /// The request changes something, or may, and the cluster is read-only.
    #[error("{asked}: the cluster is read-only, and {why}")]
    Refused {
        /// What was asked.
        asked: String,
        /// What is not a read about it.
        why: String,
    },
    /// The request is none that can be sent.
    #[error("the request cannot be sent: {why}")]
    Unusable {
        /// What is wrong with it.
        why: String,
    },
    /// Nobody answers where the cluster should be.
    #[error("{asked}: {why}")]
    Unreachable {
        /// What was asked.
        asked: String,
        /// Who does not answer, and what happened instead.
        why: String,
    },
    /// Somebody answers, but cannot prove to be the cluster.
    #[error("{asked}: {why}")]
    Untrusted {
        /// What was asked.
        asked: String,
        /// Who, and what is wrong with the certificate.
        why: String,
    },
    /// The credentials could not be had.
    #[error("{asked}: {why}")]
    Unauthenticated {
        /// What was asked.
        asked: String,
        /// Which credentials, and what happened.
        why: String,
    },
    /// The answer was not there in time.
    #[error("{asked}: {what} within {}", words::millis(*.limit_ms))]
    TimedOut {
        /// What was asked.
        asked: String,
        /// How far it came.
        what: String,
        /// The limit.
        limit_ms: u64,
    },
    /// The answer is larger than allowed.
    #[error("{asked}: the answer is larger than the {} bytes that it may have", words::grouped(*.limit))]
    TooLarge {
        /// What was asked.
        asked: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// The answer is broken: it ends early, or is no HTTP.
    #[error("{asked}: {why}")]
    Broken {
        /// What was asked.
        asked: String,
        /// How.
        why: String,
    },
    /// A replayed session holds no answer to it.
    #[error("{asked}: the session holds no answer{}", near_words(.near))]
    NotRecorded {
        /// What was asked.
        asked: String,
        /// What was recorded that comes nearest, at most [`ClusterError::NEAR`].
        near: Vec<String>,
    },
    /// The recording has no room left.
    #[error("{asked}: the recording is full: {limit}")]
    Full {
        /// What was asked.
        asked: String,
        /// The limit, in words.
        limit: String,
    },
}

impl ClusterError {
    /// How many near requests are named when one was not recorded: enough to see a slip.
    pub const NEAR: usize = 3;

    /// The way out, where there is one.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Denied { .. } => "give the run a session, or choose a context of your kubeconfig",
            Self::Refused { .. } => "only reads are sent to a real cluster; use a mock for writes",
            Self::Untrusted { .. } => "check `certificate-authority` and `tls-server-name` in the kubeconfig",
            Self::Unauthenticated { .. } => "sign in again as you do for kubectl",
            Self::TimedOut { .. } => "allow more time, or ask for less",
            Self::TooLarge { .. } => "ask for less: a namespace, a label selector, or a `limit`",
            Self::NotRecorded { .. } => "record it too: `drydock record`",
            Self::Full { .. } => "record fewer or smaller answers",
            Self::Unusable { .. } | Self::Unreachable { .. } | Self::Broken { .. } => return None,
        })
    }
}

/// An answer within the limits.
#[cfg(any(feature = "gate", feature = "plugins"))]
fn answered(
    asked: &Asked,
    code: u16,
    media_type: &str,
    body: Vec<u8>,
    limits: Limits,
) -> Result<Response, ClusterError> {
    if body.len() as u64 > limits.answer_bytes {
        return Err(ClusterError::TooLarge { asked: asked.to_string(), limit: limits.answer_bytes });
    }
    http::Response::builder()
        .status(code)
        .header(http::header::CONTENT_TYPE, media_type)
        .body(body)
        .map_err(|error| ClusterError::Broken { asked: asked.to_string(), why: error.to_string() })
}

fn near_words(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; the nearest are {}", near.join(", ")) }
}
