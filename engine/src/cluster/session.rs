//! Recorded answers of a cluster as one text file, which the page, the desktop and the command line replay.
//!
//! It holds no header but the content type, so no credential; and no value of a Secret: [`super::Record`] takes
//! them out. A later version, an unknown field and a file beyond the limits are refused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Asked, Request, Response, redact};
use crate::words;

/// The version of the file's shape.
pub const SESSION_VERSION: u32 = 1;

/// The largest session, as text: it travels with a workspace, and a page reads it at once.
pub const MAX_SESSION_BYTES: usize = 32 << 20;

/// The most exchanges of a session: more than a run can ask within its time.
pub const MAX_EXCHANGES: usize = 10_000;

/// The largest body of a request: API servers take no larger ones.
pub const MAX_REQUEST_BYTES: usize = 3 << 20;

/// Recorded exchanges, in the order they happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Session {
    /// [`SESSION_VERSION`].
    pub drydock_session: u32,
    /// What was asked and answered.
    pub exchanges: Vec<Exchange>,
}

/// One request and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exchange {
    /// Such as `GET`.
    pub method: String,
    /// Such as `/api/v1/pods`.
    pub path: String,
    /// Without its question mark, such as `limit=5`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// What was sent; left out when it was nothing.
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub request: Body,
    /// The answer's status.
    pub status: u16,
    /// The answer's media type.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content_type: String,
    /// The answer's body.
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub body: Body,
}

/// A body: as text where it is UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Body {
    /// As it is.
    Text(String),
    /// What is not UTF-8, as standard base64.
    Base64(String),
}

impl Default for Body {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        match str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(STANDARD.encode(bytes)),
        }
    }
}

impl Body {
    fn is_empty(&self) -> bool {
        self.size() == 0
    }

    /// Its bytes as they stand in the file, about.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(text) | Self::Base64(text) => text.len(),
        }
    }

    /// Its bytes; nothing when the base64 is broken.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Text(text) => Some(text.as_bytes().to_vec()),
            Self::Base64(text) => STANDARD.decode(text).ok(),
        }
    }
}

impl Exchange {
    /// An exchange without what must not be kept, with the number of Secrets whose values were taken out.
    pub(super) fn of(request: &Request, response: &Response) -> (Self, u64) {
        let path = request.uri().path();
        let (sent, _) = redact(path, request.body());
        let (answered, redacted) = redact(path, response.body());
        let content_type = response.headers().get(http::header::CONTENT_TYPE);
        let exchange = Self {
            method: request.method().to_string(),
            path: path.to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            request: Body::from(sent.as_ref()),
            status: response.status().as_u16(),
            content_type: content_type.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned(),
            body: Body::from(answered.as_ref()),
        };
        (exchange, redacted)
    }

    /// Whether both answer the same.
    pub(super) fn answers_like(&self, other: &Self) -> bool {
        self.status == other.status && self.content_type == other.content_type && self.body == other.body
    }

    /// What it answers.
    pub(super) fn asked(&self) -> Result<Asked, String> {
        let body = self.request.bytes().ok_or("the base64 of its request is broken")?;
        Asked::new(&self.method, &self.path, &self.query, &body).map_err(|error| error.to_string())
    }

    /// The answer.
    pub(super) fn response(&self) -> Result<Response, String> {
        let body = self.body.bytes().ok_or("the base64 of its body is broken")?;
        let mut response = http::Response::builder().status(self.status);
        if !self.content_type.is_empty() {
            response = response.header(http::header::CONTENT_TYPE, &self.content_type);
        }
        response.body(body).map_err(|error| error.to_string())
    }
}

/// Why a text is no session.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not a session: {message}")]
pub struct SessionError {
    /// What is wrong, and where.
    pub message: String,
    /// The line in the text, from 1; 0 when it is no single one.
    pub line: usize,
}

impl Default for Session {
    fn default() -> Self {
        Self { drydock_session: SESSION_VERSION, exchanges: Vec::new() }
    }
}

impl Session {
    /// Reads a session's text.
    ///
    /// # Errors
    /// When it is none, of a later version, beyond the limits, or an exchange could not be replayed.
    pub fn from_text(text: &str) -> Result<Self, SessionError> {
        let fail = |message: String| SessionError { message, line: 0 };
        if text.len() > MAX_SESSION_BYTES {
            let limit = words::grouped(MAX_SESSION_BYTES as u64);
            return Err(fail(format!("it is larger than the {limit} bytes that one may have")));
        }
        let session: Self = serde_json::from_str(text)
            .map_err(|error| SessionError { message: error.to_string(), line: error.line() })?;
        if session.drydock_session != SESSION_VERSION {
            let version = session.drydock_session;
            return Err(fail(format!("it is of version {version}, and this drydock reads version 1")));
        }
        if session.exchanges.len() > MAX_EXCHANGES {
            let limit = words::grouped(MAX_EXCHANGES as u64);
            return Err(fail(format!("it has more than {limit} exchanges")));
        }
        for (index, exchange) in session.exchanges.iter().enumerate() {
            let asked = exchange.asked().and_then(|_| exchange.response());
            asked.map_err(|why| fail(format!("exchange {}: {why}", index + 1)))?;
        }
        Ok(session)
    }

    /// Its text, as [`Session::from_text`] reads it.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Only a map with keys that are no strings could fail, and there is none.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_survive() {
        for bytes in [b"".as_slice(), b"{}", "žluť".as_bytes(), b"k8s\0\xff"] {
            assert_eq!(Body::from(bytes).bytes().unwrap(), bytes);
        }
    }

    #[test]
    fn what_is_no_session_is_refused() {
        let exchange = |fields: &str| format!(r#"{{"drydockSession":1,"exchanges":[{{{fields}}}]}}"#);
        for (text, message) in [
            ("", "EOF while parsing"),
            ("drydock: 1", "expected value"),
            (r#"{"drydockSession":2,"exchanges":[]}"#, "version 2"),
            (r#"{"drydockSession":1,"exchanges":[],"more":1}"#, "unknown field `more`"),
            (&exchange(r#""method":"GET","path":"/a","status":99"#), "exchange 1: invalid status code"),
            (&exchange(r#""method":"GET","path":"/../a","status":200"#), "exchange 1: the request cannot be"),
            (
                &exchange(r#""method":"GET","path":"/a","status":200,"body":{"base64":"%"}"#),
                "exchange 1: the base64 of its body",
            ),
            (
                &exchange(r#""method":"GET","path":"/a","status":200,"contentType":"a\nb""#),
                "exchange 1: failed to parse header value",
            ),
        ] {
            let error = Session::from_text(text).unwrap_err().to_string();
            assert!(error.starts_with("not a session: ") && error.contains(message), "{text}: {error}");
        }
    }
}
