//! A real cluster behind the seam: read-only unless a person said otherwise, bounded in bytes and time, on a thread of its own, so that whoever
//! asks needs no runtime.
//!
//! It sends no header of the caller's but `accept` and `content-type`, follows no redirect, and lets nothing
//! out that holds its credentials.

use std::cell::Cell;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use engine::cluster::{Asked, Cluster, ClusterError, Limits, Request, Response};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, USER_AGENT};
use http_body_util::BodyExt;
use tokio::runtime::{Builder, Runtime};

use super::connection::Connection;
use super::consent::Consent;
use super::kubeconfig::{Context, Source, place};
use super::{read_only, trouble};
use crate::Failure;

/// What it calls itself, for the cluster's audit log.
const AGENT: &str = concat!("drydock/", env!("CARGO_PKG_VERSION"));

/// How often an answer that says "later" is taken at its word.
const TRIES: u32 = 3;

/// The longest "later" that is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the thread gets beyond a request's time, to say how far it came.
const GRACE: Duration = Duration::from_millis(500);

/// A connection to a real cluster.
pub struct KubeCluster {
    context: Context,
    may_write: bool,
    questions: mpsc::Sender<Question>,
}

struct Question {
    request: Request,
    asked: Asked,
    limits: Limits,
    answer: mpsc::SyncSender<Result<Response, ClusterError>>,
}

/// Prepares a connection to a context, or to the current one. Nothing is sent yet; what the kubeconfig wants
/// beyond being read is asked for here, one by one.
///
/// # Errors
/// When there is no such context, something that it names is missing or broken, or nobody agreed to it.
pub fn connect(
    source: &Source,
    context: Option<&str>,
    consent: &mut dyn Consent,
) -> Result<KubeCluster, Failure> {
    let connection = Connection::prepare(place(source, context)?, consent)?;
    let cannot = |error: std::io::Error| Failure::new(format!("no connection can be prepared: {error}"));
    let runtime = Builder::new_current_thread().enable_all().build().map_err(cannot)?;
    let client = {
        let _within = runtime.enter();
        connection.client()?
    };
    let context = connection.context.clone();
    let (questions, asked) = mpsc::channel();
    let line = Line { connection, client };
    std::thread::Builder::new()
        .name("cluster".into())
        .spawn(move || serve(&runtime_of(runtime), line, &asked))
        .map_err(cannot)?;
    Ok(KubeCluster { context, may_write: false, questions })
}

impl KubeCluster {
    /// The context that it talks to.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Lets writes through, too: only where a person agreed to this by itself.
    pub fn allow_writes(&mut self) {
        self.may_write = true;
    }
}

impl Cluster for KubeCluster {
    fn ask(&mut self, request: &Request, limits: Limits) -> Result<Response, ClusterError> {
        let asked = Asked::of(request)?;
        if !self.may_write {
            read_only::check(&asked)?;
        }
        let limits = limits.within(Limits::default());
        let (answer, answered) = mpsc::sync_channel(1);
        let gone = || ClusterError::Broken {
            asked: asked.to_string(),
            why: format!("the connection to context `{}` has ended", self.context.name),
        };
        let question = Question { request: request.clone(), asked: asked.clone(), limits, answer };
        self.questions.send(question).map_err(|_| gone())?;
        match answered.recv_timeout(Duration::from_millis(limits.time_ms) + GRACE) {
            Ok(answer) => answer,
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(gone()),
            Err(mpsc::RecvTimeoutError::Timeout) => Err(ClusterError::TimedOut {
                asked: asked.to_string(),
                what: "there was no answer".into(),
                limit_ms: limits.time_ms,
            }),
        }
    }
}

/// A runtime that waits for nobody when it ends: a name that is being looked up cannot be hurried.
struct Hasty(Option<Runtime>);

fn runtime_of(runtime: Runtime) -> Hasty {
    Hasty(Some(runtime))
}

impl Drop for Hasty {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Answers one question after another until nobody can ask any more.
fn serve(runtime: &Hasty, mut line: Line, questions: &mpsc::Receiver<Question>) {
    let Some(runtime) = &runtime.0 else { return };
    while let Ok(question) = questions.recv() {
        let answer = runtime.block_on(line.answer(&question));
        // Whoever asked may have stopped waiting.
        let _ = question.answer.try_send(answer);
    }
}

/// A client with its credentials, which it can renew.
struct Line {
    connection: Connection,
    client: kube::Client,
}

impl Line {
    async fn answer(&mut self, question: &Question) -> Result<Response, ClusterError> {
        let Question { asked, limits, .. } = question;
        let time = Duration::from_millis(limits.time_ms);
        let read = Cell::new(None);
        let name = self.connection.context.name.clone();
        tokio::time::timeout(time, self.insist(question, Instant::now() + time, &read)).await.unwrap_or_else(
            |_| {
                let what = match read.get() {
                    None => format!("context `{name}` gave no answer"),
                    Some(bytes) => format!("context `{name}` gave only {bytes} bytes of its answer"),
                };
                Err(ClusterError::TimedOut { asked: asked.to_string(), what, limit_ms: limits.time_ms })
            },
        )
    }

    /// Sends a request, again where the server says "later", and once more with new credentials.
    async fn insist(
        &mut self,
        question: &Question,
        deadline: Instant,
        read: &Cell<Option<usize>>,
    ) -> Result<Response, ClusterError> {
        let mut may_renew = true;
        let mut tries = 1;
        loop {
            read.set(None);
            let (response, later) = self.send(question, read).await?;
            let left = deadline.saturating_duration_since(Instant::now());
            if response.status() == http::StatusCode::UNAUTHORIZED && may_renew {
                may_renew = false;
                if self.renew(&question.asked, left)? {
                    continue;
                }
            }
            // A server that failed may have done some of it: only what was turned away is sent again, and reads.
            let may_repeat =
                response.status() == http::StatusCode::TOO_MANY_REQUESTS || question.asked.is_read();
            match later.filter(|later| may_repeat && tries < TRIES && *later <= PATIENCE.min(left)) {
                Some(later) => tokio::time::sleep(later).await,
                None => return Ok(response),
            }
            tries += 1;
        }
    }

    fn renew(&mut self, asked: &Asked, left: Duration) -> Result<bool, ClusterError> {
        let Connection { context, credentials, .. } = &mut self.connection;
        let failed = |failure: Failure| ClusterError::Unauthenticated {
            asked: asked.to_string(),
            why: format!("the credentials of user `{}` cannot be renewed: {failure}", context.user),
        };
        if !credentials.renew(left).map_err(failed)? {
            return Ok(false);
        }
        self.client = self.connection.client().map_err(|failure| ClusterError::Unauthenticated {
            asked: asked.to_string(),
            why: failure.message,
        })?;
        Ok(true)
    }

    /// One request and its whole answer, with the time after which the server wants to be asked again.
    async fn send(
        &self,
        question: &Question,
        read: &Cell<Option<usize>>,
    ) -> Result<(Response, Option<Duration>), ClusterError> {
        let Question { asked, limits, .. } = question;
        let Connection { context, credentials, .. } = &self.connection;
        let request = self.outgoing(question)?;
        let response = self.client.send(request).await;
        let response = response.map_err(|error| {
            trouble::unanswered(context, self.connection.proxy_shown().as_deref(), asked, &error)
        })?;
        let (parts, mut body) = response.into_parts();
        let limit = limits.answer_bytes;
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| trouble::half(context, asked, bytes.len()))?;
            let Ok(data) = frame.into_data() else { continue };
            if (bytes.len() + data.len()) as u64 > limit {
                return Err(ClusterError::TooLarge { asked: asked.to_string(), limit });
            }
            bytes.extend_from_slice(&data);
            read.set(Some(bytes.len()));
        }
        let mut response = Response::new(credentials.scrub(bytes));
        *response.status_mut() = parts.status;
        if let Some(kind) = parts.headers.get(CONTENT_TYPE) {
            response.headers_mut().insert(CONTENT_TYPE, kind.clone());
        }
        Ok((response, later(&parts)))
    }

    /// The request as it leaves: what the caller may say, and who asks.
    fn outgoing(&self, question: &Question) -> Result<http::Request<kube::client::Body>, ClusterError> {
        let Question { request, asked, .. } = question;
        let unusable = |why: String| ClusterError::Unusable { why };
        let mut outgoing = http::Request::new(kube::client::Body::from(request.body().clone()));
        *outgoing.method_mut() = request.method().clone();
        *outgoing.uri_mut() = request.uri().clone();
        let headers = outgoing.headers_mut();
        let json = HeaderValue::from_static("application/json");
        headers.insert(ACCEPT, request.headers().get(ACCEPT).unwrap_or(&json).clone());
        if !request.body().is_empty() {
            headers.insert(CONTENT_TYPE, request.headers().get(CONTENT_TYPE).unwrap_or(&json).clone());
        }
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        let header = self.connection.credentials.header();
        if let Some(header) = header.map_err(|failure| unusable(format!("{asked}: {failure}")))? {
            headers.insert(AUTHORIZATION, header);
        }
        Ok(outgoing)
    }
}

/// After how long a server that is busy wants to be asked again, if it says so in seconds.
fn later(parts: &http::response::Parts) -> Option<Duration> {
    let is_busy = parts.status == http::StatusCode::TOO_MANY_REQUESTS || parts.status.is_server_error();
    let seconds = parts.headers.get(RETRY_AFTER).filter(|_| is_busy)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}
