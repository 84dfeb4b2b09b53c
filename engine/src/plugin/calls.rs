//! What a plugin asked its host for: every call is begun, answered or refused, and kept here, and a cluster is asked
//! only through it.
//!
//! It decides nothing about where a request may go: that is each system's own host. All that it keeps is bounded, and
//! a guest that asks without end does not outlive its run.

use std::fmt;

use http::header::CONTENT_TYPE;

use crate::bytes::Bytes;
use crate::cluster::{Cluster, ClusterError, Late, Limits, Request, Response};
use crate::machine::{Stopped, Trap};
use crate::report::{
    HostCall, Limit, MAX_CALL_BODIES, MAX_CALL_BODY, MAX_CALL_TEXT, MAX_CALLS, MAX_PLUGIN_NOTES, PluginReport,
};
use crate::request::Budget;
use crate::words;

/// The runner's clock, and what it has counted of this run, in milliseconds.
pub(crate) type Clock = (fn() -> f64, f64);

/// The calls of a run, and the cluster behind them.
pub(crate) struct Calls {
    cluster: Box<dyn Cluster>,
    report: PluginReport,
    /// How much of bodies is still kept, in bytes.
    room: usize,
    clock: fn() -> f64,
    /// When the run began, by the clock.
    began: f64,
    /// How much later answers came than they did, in milliseconds.
    late: u64,
    time_ms: u64,
    /// How many requests went to the cluster.
    sent: u64,
}

impl fmt::Debug for Calls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Calls").field("report", &self.report).finish_non_exhaustive()
    }
}

impl Calls {
    /// No calls yet, of a plugin that asks this cluster.
    pub(crate) fn new(cluster: Box<dyn Cluster>, budget: &Budget, (clock, millis): Clock) -> Self {
        Self {
            cluster,
            report: PluginReport::default(),
            room: MAX_CALL_BODIES,
            clock,
            began: clock() - millis,
            late: 0,
            time_ms: budget.time_ms,
            sent: 0,
        }
    }

    /// What is known of the run.
    pub(crate) fn report(self) -> PluginReport {
        self.report
    }

    /// How many calls were begun.
    pub(crate) fn count(&self) -> u64 {
        self.report.call_count
    }

    /// Begins a call of a host function.
    pub(crate) fn begin(&mut self, function: &str) -> HostCall {
        self.report.call_count = self.report.call_count.saturating_add(1);
        HostCall { function: function.to_owned(), at: self.now(), ..HostCall::default() }
    }

    /// Milliseconds since the run began, with what answers came late.
    fn now(&self) -> f64 {
        (self.clock)() - self.began + self.late as f64
    }

    /// How much later answers came than they did, in milliseconds: a guest's clock has to move as much.
    pub(crate) fn late(&self) -> u64 {
        self.late
    }

    /// Notes what is asked.
    pub(crate) fn asks(&mut self, call: &mut HostCall, method: &str, asked: &str, body: &[u8]) {
        method.clone_into(&mut call.method);
        call.asked = cut(asked);
        call.request_bytes = body.len() as u64;
        call.request = self.keep(body);
    }

    /// Notes an answer that no cluster gave.
    pub(crate) fn says(&mut self, call: &mut HostCall, answer: &[u8]) {
        call.answer_bytes = answer.len() as u64;
        call.answer = self.keep(answer);
    }

    /// Notes that there is no answer: what the plugin is told instead, and why.
    pub(crate) fn refuses(call: &mut HostCall, error: &str, cause: String) {
        error.clone_into(&mut call.error);
        call.cause = cause;
    }

    /// Asks the cluster, and notes its answer. What a caller makes of a [`ClusterError`] it notes itself.
    ///
    /// # Errors
    /// As [`Cluster::ask`].
    pub(crate) fn send(&mut self, call: &mut HostCall, request: &Request) -> Result<Response, ClusterError> {
        let limits = Limits::default();
        let limits = Limits { time_ms: limits.time_ms.min(self.time_ms), ..limits };
        self.sent = self.sent.saturating_add(1);
        call.number = self.sent;
        let response = self.cluster.ask(request, limits)?;
        let late = response.extensions().get::<Late>().map_or(0, |late| late.0);
        self.late = self.late.saturating_add(late);
        call.status = Some(response.status().as_u16());
        call.content_type = cut(content_type(&response).unwrap_or_default());
        self.says(call, response.body());
        Ok(response)
    }

    /// Ends a call, and keeps it.
    ///
    /// # Errors
    /// [`Trap::Stopped`] when the time of the run is over: a guest that asks without end must not outlive it.
    pub(crate) fn end(&mut self, mut call: HostCall) -> Result<(), Trap> {
        let now = self.now();
        call.millis = now - call.at;
        let name = call.function.clone();
        if self.report.calls.len() < MAX_CALLS {
            self.report.calls.push(call);
        }
        if now < self.time_ms as f64 {
            return Ok(());
        }
        let detail = format!("the {} time limit was reached in `{name}`", words::millis(self.time_ms));
        Err(Trap::Stopped(Stopped { limit: Limit::Time, detail }))
    }

    /// Keeps a note, once.
    pub(crate) fn note(&mut self, note: String) {
        let notes = &mut self.report.notes;
        if notes.len() < MAX_PLUGIN_NOTES && !notes.contains(&note) {
            notes.push(note);
        }
    }

    /// What is kept of a body. Text stays text where it is cut.
    fn keep(&mut self, body: &[u8]) -> Bytes {
        if self.report.calls.len() >= MAX_CALLS {
            return Vec::new().into();
        }
        let kept = words::prefix(body, MAX_CALL_BODY.min(self.room));
        self.room = self.room.saturating_sub(kept.len());
        kept.to_vec().into()
    }
}

/// The media type of an answer.
pub(crate) fn content_type(response: &Response) -> Option<&str> {
    response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
}

/// Why a cluster does not answer, with the way out.
pub(crate) fn unanswered(error: &ClusterError) -> String {
    match error.hint() {
        Some(hint) => format!("{error}: {hint}"),
        None => error.to_string(),
    }
}

/// The beginning of a text.
fn cut(text: &str) -> String {
    match text.get(..text.floor_char_boundary(MAX_CALL_TEXT)) {
        Some(begin) if begin.len() < text.len() => format!("{begin}…"),
        _ => text.to_owned(),
    }
}
