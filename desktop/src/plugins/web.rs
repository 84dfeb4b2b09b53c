//! Fetching over HTTP, for what a person named: bounded in bytes and time, over TLS but for this machine, and never
//! led from a protected place to an unprotected one.
//!
//! It sends GET alone, uses no proxy, takes no compressed answer and keeps no cookie. Credentials go to the place that
//! they are given for, and not where that redirects to.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use http::header::{AUTHORIZATION, HeaderMap, HeaderValue, LOCATION, USER_AGENT};
use http::{StatusCode, Uri};
use http_body_util::BodyExt;
use kube::config::Config;
use tokio::runtime::{Builder, Runtime};

use crate::Failure;

/// What it calls itself.
const AGENT: &str = concat!("drydock/", env!("CARGO_PKG_VERSION"));

/// How long a server may take to accept a connection, TLS included.
const CONNECT: Duration = Duration::from_secs(10);

/// How long everything may take that one address needs: 64 MiB at 2 Mbit/s.
const PATIENCE: Duration = Duration::from_secs(300);

/// How often one request may be sent elsewhere: registries send once, to where their layers lie.
const REDIRECTS: usize = 5;

/// A client for servers anywhere.
pub struct Web {
    runtime: Runtime,
    /// By scheme, host and port.
    clients: BTreeMap<String, kube::Client>,
}

/// A whole answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// A request.
pub(super) struct Get<'a> {
    pub(super) url: &'a Uri,
    /// What is said beside the usual.
    pub(super) headers: HeaderMap,
    /// The most bytes of the answer.
    pub(super) limit: usize,
    /// What the answer is, such as `the module`.
    pub(super) what: &'a str,
}

impl Web {
    /// A client that has sent nothing yet.
    ///
    /// # Errors
    /// When the system has no room for it.
    pub fn new() -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::new(format!("nothing can be fetched: {error}")))?;
        Ok(Self { runtime, clients: BTreeMap::new() })
    }

    /// Gets a URL, and follows where it leads.
    pub(super) fn get(&mut self, get: &Get<'_>) -> Result<Answer, Failure> {
        let mut url = get.url.clone();
        let mut headers = get.headers.clone();
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        for _ in 0..=REDIRECTS {
            check(&url)?;
            let answer = self.once(&url, &headers, get)?;
            if !answer.status.is_redirection() {
                return Ok(answer);
            }
            let next = next(&url, &answer)?;
            if origin(&next) != origin(&url) {
                headers.remove(AUTHORIZATION);
            }
            url = next;
        }
        Err(Failure::new(format!("`{}` leads on and on: more than {REDIRECTS} redirects", shown(get.url))))
    }

    fn once(&mut self, url: &Uri, headers: &HeaderMap, get: &Get<'_>) -> Result<Answer, Failure> {
        let client = self.client(url)?;
        let path = url.path_and_query().map_or("/", |path| path.as_str());
        let mut request = http::Request::get(path).body(kube::client::Body::empty());
        if let Ok(request) = &mut request {
            request.headers_mut().extend(headers.clone());
        }
        let request =
            request.map_err(|error| Failure::new(format!("`{}` cannot be asked: {error}", shown(url))))?;
        let fetched = async {
            let response = client.send(request).await.map_err(|error| unanswered(url, &error))?;
            let (parts, body) = response.into_parts();
            let body = whole(body, url, get).await?;
            Ok(Answer { status: parts.status, headers: parts.headers, body })
        };
        self.runtime.block_on(async {
            tokio::time::timeout(PATIENCE, fetched).await.unwrap_or_else(|_| {
                let seconds = PATIENCE.as_secs();
                Err(Failure::new(format!("`{}` gave no whole answer within {seconds} s", shown(url))))
            })
        })
    }

    fn client(&mut self, url: &Uri) -> Result<kube::Client, Failure> {
        let origin = origin(url);
        if let Some(client) = self.clients.get(&origin) {
            return Ok(client.clone());
        }
        // Whichever came first serves: all that is needed is that there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let unusable = || Failure::new(format!("`{}` cannot be asked: it is no address", shown(url)));
        let mut config = Config::new(origin.parse().map_err(|_| unusable())?);
        config.connect_timeout = Some(CONNECT);
        config.default_retry = false;
        let _within = self.runtime.enter();
        let client = kube::Client::try_from(config)
            .map_err(|error| Failure::new(format!("`{}` cannot be asked: {error}", shown(url))))?;
        self.clients.insert(origin, client.clone());
        Ok(client)
    }
}

async fn whole(mut body: kube::client::Body, url: &Uri, get: &Get<'_>) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame
            .map_err(|_| Failure::new(format!("`{}` broke off after {} bytes", shown(url), bytes.len())))?;
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > get.limit {
            let most = engine::visible::bytes(get.limit as u64);
            return Err(Failure::new(format!("{} at `{}` is larger than {most}", get.what, shown(url))));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// TLS, or this machine.
pub(super) fn check(url: &Uri) -> Result<(), Failure> {
    match url.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if is_here(url) => Ok(()),
        _ => Err(Failure::new(format!("`{}` is not asked: it is not protected by TLS", shown(url)))
            .with_hint("plain http:// is for this machine alone: localhost, 127.0.0.1 and [::1]")),
    }
}

/// Whether a URL names this machine.
pub(super) fn is_here(url: &Uri) -> bool {
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Where an answer leads.
fn next(url: &Uri, answer: &Answer) -> Result<Uri, Failure> {
    let nowhere = || Failure::new(format!("`{}` leads to a place that is none", shown(url)));
    let location = answer.headers.get(LOCATION).and_then(|it| it.to_str().ok()).ok_or_else(nowhere)?;
    let location = match location.starts_with('/') && !location.starts_with("//") {
        true => format!("{}{location}", origin(url)),
        false => location.to_owned(),
    };
    let next: Uri = location.split('#').next().unwrap_or_default().parse().map_err(|_| nowhere())?;
    let has_user = next.authority().is_none_or(|authority| authority.as_str().contains('@'));
    if has_user || !matches!(next.scheme_str(), Some("https" | "http")) {
        return Err(nowhere());
    }
    if url.scheme_str() == Some("https") && next.scheme_str() != Some("https") {
        return Err(Failure::new(format!(
            "`{}` leads to `{}`, which is not protected by TLS: it is not followed",
            shown(url),
            shown(&next)
        )));
    }
    Ok(next)
}

/// Scheme, host and port.
pub(super) fn origin(url: &Uri) -> String {
    let authority = url.authority().map_or("", |authority| authority.as_str());
    format!("{}://{authority}", url.scheme_str().unwrap_or_default())
}

/// A URL as messages name it: signed ones have secrets behind the question mark.
pub(super) fn shown(url: &Uri) -> String {
    format!("{}{}", origin(url), url.path())
}

fn unanswered(url: &Uri, error: &kube::Error) -> Failure {
    let mut cause = error as &dyn std::error::Error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let cause: String = cause.to_string().chars().filter(|char| !char.is_control()).take(300).collect();
    Failure::new(format!("`{}` gave no answer: {cause}", origin(url)))
        .with_hint("check the address; no proxy is used, and a certificate must be trusted by the system")
}
