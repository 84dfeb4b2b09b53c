//! HTTP in, HTTP out: a request is read within bounds, given to whom it is for, and its answer and a line of the log are
//! written.
//!
//! A plugin gets the body alone, as everywhere: no query, no header.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use engine::request::DashboardRequest;
use engine::run::{For, route};
use engine::visible::visible;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE,
    HeaderValue, LOCATION, RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{Method, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value as Json;
use tokio::sync::{mpsc, oneshot};

use super::gate::Gate;
use super::worker::{Answered, Job, WAITING, Worker, error};

/// The largest body of a request, in bytes: as much as is taken of an answer.
pub(super) const MAX_BODY_BYTES: usize = 8 << 20;

/// How much more of a larger body is read and dropped, in bytes, so that its sender comes to read why.
const DROPPED_BYTES: usize = 64 << 20;

/// How long a body may take to come.
const BODY_TIME: Duration = Duration::from_secs(30);

/// The longest path in the log, in bytes.
const LOGGED_BYTES: usize = 200;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, DELETE, PATCH, OPTIONS");
const HEADERS: HeaderValue = HeaderValue::from_static("Origin, Content-Type, Accept, Authorization");

/// What answers.
pub(super) struct Site {
    plugins: BTreeMap<u32, mpsc::Sender<Job>>,
    listed: BTreeMap<u32, Json>,
    gate: Gate,
    log: mpsc::Sender<String>,
}

impl Site {
    pub(super) fn new(workers: BTreeMap<u32, Worker>, gate: Gate, log: mpsc::Sender<String>) -> Self {
        let listed = workers.iter().map(|(id, worker)| (*id, worker.listed.clone())).collect();
        let plugins = workers.into_iter().map(|(id, worker)| (id, worker.jobs)).collect();
        Self { plugins, listed, gate, log }
    }
}

/// What the log says beside a request's line.
#[derive(Clone, Default)]
struct Said {
    error: String,
    logs: Vec<String>,
}

/// The server of a site. Which route is met the engine says, by the rules of gin.
pub(super) fn router(site: Arc<Site>) -> Router {
    Router::new().fallback(answer).layer(from_fn_with_state(Arc::clone(&site), around)).with_state(site)
}

/// Around every request: may it be answered, what is a page told of that, and the log.
async fn around(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let checked = site.gate.check(request.headers());
    let mut response = match &checked {
        Err(cause) => respond(error(403, cause)),
        Ok(_) if method == Method::OPTIONS => respond(Answered { status: 204, ..Answered::default() }),
        Ok(_) => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    if let Ok(Some(origin)) = checked {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    }
    let said = response.extensions_mut().remove::<Said>().unwrap_or_default();
    let status = response.status().as_u16();
    let millis = began.elapsed().as_secs_f64() * 1_000.0;
    log(&site, format!("{method} {} {status} {millis:.1} ms", cut(&path)), &said).await;
    response
}

/// Writes a request's line, with what the plugin logged below it.
async fn log(site: &Site, mut line: String, said: &Said) {
    if !said.error.is_empty() {
        line = format!("{line}: {}", said.error);
    }
    let logged = said.logs.iter().map(|text| format!("  log: {text}"));
    for line in std::iter::once(line).chain(logged) {
        // Where nobody prints any more the server ends.
        let _ = site.log.send(visible(&line).replace('\n', "␊")).await;
    }
}

fn cut(path: &str) -> &str {
    path.get(..path.floor_char_boundary(LOGGED_BYTES)).unwrap_or_default()
}

async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = match tokio::time::timeout(BODY_TIME, read(body)).await {
        Ok(Ok(body)) => body,
        Ok(Err(refused)) => return respond(refused),
        Err(_) => return respond(error(408, "the request body did not come in time")),
    };
    let asked = DashboardRequest {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path_and_query().map(|path| path.as_str().to_owned()).unwrap_or_default(),
        body: body.into(),
    };
    let answered = match route(&asked, &site.listed) {
        For::Plugin(id) => ask(&site, id, asked).await,
        For::Server(answer) => Answered {
            status: answer.status,
            content_type: answer.content_type.to_owned(),
            body: answer.body,
            ..Answered::default()
        },
    };
    let place = location(&parts, answered.status);
    let mut response = respond(answered);
    if let Some(place) = place {
        response.headers_mut().insert(LOCATION, place);
    }
    response
}

/// All of a body within its bounds; or what is answered in its place.
async fn read(mut body: Body) -> Result<Vec<u8>, Answered> {
    let mut kept = Vec::new();
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| error(400, "failed to read request body"))?;
        let Ok(data) = frame.into_data() else { continue };
        bytes += data.len();
        match bytes {
            0..=MAX_BODY_BYTES => kept.extend_from_slice(&data),
            _ if bytes > DROPPED_BYTES => break,
            _ => kept = Vec::new(),
        }
    }
    match bytes {
        0..=MAX_BODY_BYTES => Ok(kept),
        _ => Err(error(413, &format!("the request body has more than {MAX_BODY_BYTES} bytes"))),
    }
}

/// Asks a plugin, once those before are answered.
async fn ask(site: &Site, id: u32, asked: DashboardRequest) -> Answered {
    let (answer, answered) = oneshot::channel();
    let is_sent = site.plugins.get(&id).map(|plugin| plugin.try_send(Job { asked, answer }));
    match is_sent {
        Some(Ok(())) => answered.await.unwrap_or_else(|_| error(503, "the plugin's thread has ended")),
        Some(Err(mpsc::error::TrySendError::Full(_))) => {
            error(503, &format!("{WAITING} requests wait for this plugin already"))
        }
        _ => error(503, "the plugin's thread has ended"),
    }
}

fn respond(answered: Answered) -> Response {
    let Answered { status, content_type, body, error, logs } = answered;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(kind) = HeaderValue::from_str(&content_type).ok().filter(|kind| !kind.is_empty()) {
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    if status == 503 {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response.extensions_mut().insert(Said { error, logs });
    response
}

/// Where gin sends on whoever wrote a slash too many or too few.
fn location(parts: &Parts, status: u16) -> Option<HeaderValue> {
    if !matches!(status, 301 | 307) {
        return None;
    }
    let path = parts.uri.path();
    let other = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
    let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    HeaderValue::from_str(&format!("{other}{query}")).ok()
}
