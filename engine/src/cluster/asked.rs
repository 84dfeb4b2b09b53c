//! What a request asks, in the one form in which requests are compared, shown and stored.
//!
//! Refuses a request that names a host, and a path that could mean another one than it shows: `..`, an encoded
//! slash, control characters. Guests write paths, and a path decides what a read-only cluster lets through.

use std::fmt;

use sha2::{Digest, Sha256};

use super::{ClusterError, MAX_REQUEST_BYTES, Request};

/// The longest path with its query: API servers refuse longer ones.
const MAX_URI_BYTES: usize = 8_192;

/// Parameters that change how an answer travels, but not what it says.
const TRAVEL: &[&str] = &["pretty", "timeout", "timeoutSeconds"];

/// Questions that are sent by POST and change nothing: what may somebody do, and who am I.
const QUESTIONS: &[&str] = &[
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
    "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    "/apis/authentication.k8s.io/v1/selfsubjectreviews",
];

/// A request's method, path, query and body in normal form. Two requests that are equal here ask the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// In capitals.
    pub method: String,
    /// Percent-decoded, without a slash at its end.
    pub path: String,
    /// Decoded, sorted, without parameters that change only how an answer travels.
    pub query: Vec<(String, String)>,
    /// The digest of the body in hexadecimal; empty when there is no body.
    pub body: String,
}

impl Asked {
    /// What a request asks.
    ///
    /// # Errors
    /// [`ClusterError::Unusable`] when it is none that may be sent.
    pub fn of(request: &Request) -> Result<Self, ClusterError> {
        let uri = request.uri();
        if uri.authority().is_some() || uri.scheme().is_some() {
            return Err(unusable(format!("`{uri}` names a host; give a path such as /api/v1/pods")));
        }
        if request.body().len() > MAX_REQUEST_BYTES {
            return Err(unusable(format!("its body is larger than {MAX_REQUEST_BYTES} bytes")));
        }
        Self::new(request.method().as_str(), uri.path(), uri.query().unwrap_or_default(), request.body())
    }

    /// The same, from its parts as text; the query without its question mark.
    ///
    /// # Errors
    /// As [`Asked::of`].
    pub fn new(method: &str, path: &str, query: &str, body: &[u8]) -> Result<Self, ClusterError> {
        if path.len() + query.len() > MAX_URI_BYTES {
            return Err(unusable(format!("its path and query are longer than {MAX_URI_BYTES} bytes")));
        }
        let mut query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| !TRAVEL.contains(&name.as_ref()))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        query.sort();
        let body = if body.is_empty() { String::new() } else { digest(body) };
        Ok(Self { method: method.to_ascii_uppercase(), path: normal_path(path)?, query, body })
    }

    /// A parameter of the query; the first, where it is given more than once.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether it asks for a stream of events.
    #[must_use]
    pub fn is_watch(&self) -> bool {
        self.parameter("watch").is_some_and(|value| value != "false" && value != "0")
    }

    /// Whether it changes nothing, whatever answers it: GET, HEAD, and questions that are sent by POST.
    #[must_use]
    pub fn is_read(&self) -> bool {
        match self.method.as_str() {
            "GET" | "HEAD" => true,
            "POST" => QUESTIONS.contains(&self.path.as_str()),
            _ => false,
        }
    }

    /// The path's parts: `["api", "v1", "pods"]`.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.path.split('/').filter(|part| !part.is_empty())
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.path)?;
        if self.query.is_empty() {
            return Ok(());
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        write!(formatter, "?{}", query.extend_pairs(&self.query).finish())
    }
}

fn normal_path(path: &str) -> Result<String, ClusterError> {
    if !path.starts_with('/') {
        return Err(unusable(format!("the path `{path}` does not begin with a slash")));
    }
    let mut normal = String::with_capacity(path.len());
    for part in path.trim_end_matches('/').split('/').skip(1) {
        let decoded = decode(part)
            .filter(|decoded| !decoded.is_empty() && decoded != "." && decoded != "..")
            .filter(|decoded| !decoded.contains(['/', '\\']) && !decoded.contains(char::is_control));
        let Some(decoded) = decoded else {
            return Err(unusable(format!("`{part}` in the path `{path}` names nothing")));
        };
        normal.push('/');
        normal.push_str(&decoded);
    }
    if normal.is_empty() {
        normal.push('/');
    }
    Ok(normal)
}

/// A path's part with `%3A` as `:`; nothing when it is broken.
pub(crate) fn decode(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            let digits =
                str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()))?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after;
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok()
}

fn digest(body: &[u8]) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unusable(why: String) -> ClusterError {
    ClusterError::Unusable { why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_questions_look_equal() {
        for (uri, shown) in [
            ("/api/v1/pods", "GET /api/v1/pods"),
            ("/api/v1/pods/", "GET /api/v1/pods"),
            ("/", "GET /"),
            ("/api/v1/pods?timeout=5s&pretty=true", "GET /api/v1/pods"),
            ("/api/v1/pods?limit=5&labelSelector=a%3Db", "GET /api/v1/pods?labelSelector=a%3Db&limit=5"),
            ("/api/v1/pods?labelSelector=a=b&limit=5", "GET /api/v1/pods?labelSelector=a%3Db&limit=5"),
            ("/apis/rbac/clusterroles/system%3Anode", "GET /apis/rbac/clusterroles/system:node"),
        ] {
            let request = http::Request::get(uri).body(Vec::new()).unwrap();
            assert_eq!(Asked::of(&request).unwrap().to_string(), shown, "{uri}");
        }
    }

    #[test]
    fn a_body_is_part_of_the_question() {
        let ask = |body: &[u8]| Asked::new("POST", "/apis", "", body).unwrap();
        assert_eq!(ask(b"one"), ask(b"one"));
        assert_ne!(ask(b"one"), ask(b"two"));
    }

    #[test]
    fn a_path_means_what_it_shows() {
        for path in [
            "",
            "api/v1",
            "/api/../v1",
            "/api/%2e%2e/v1",
            "/api/%2E./v1",
            "/api/v1%2fpods",
            "/api//v1",
            "/api/v1\\pods",
            "/api/%5cpods",
            "/api/%00",
            "/api/%zz",
            "/api/%+1",
            "/api/%f",
            "/api/%ff",
            "/./api",
        ] {
            assert!(matches!(Asked::new("GET", path, "", b""), Err(ClusterError::Unusable { .. })), "{path}");
        }
        let long = format!("/{}", "a".repeat(MAX_URI_BYTES));
        assert!(Asked::new("GET", &long, "", b"").is_err());
    }

    #[test]
    fn a_host_is_refused() {
        let request = http::Request::get("https://elsewhere.example/api").body(Vec::new()).unwrap();
        let error = Asked::of(&request).unwrap_err();
        assert!(error.to_string().contains("names a host"), "{error}");
    }
}
