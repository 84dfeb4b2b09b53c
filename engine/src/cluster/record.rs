//! Records what a cluster answers, so that a run can be repeated where the cluster is not.
//!
//! It keeps no credential and no value of a Secret: the caller gets the true answer, the session a cleaned one.
//! What was not answered is not recorded.

use std::collections::BTreeMap;

use super::{
    Asked, Cluster, ClusterError, Exchange, Limits, MAX_EXCHANGES, MAX_SESSION_BYTES, Request, Response,
    Session,
};
use crate::words;

/// What an exchange's fields cost beside its texts, about.
const EXCHANGE_BYTES: usize = 256;

/// A cluster whose answers are kept.
#[derive(Debug)]
pub struct Record<C> {
    cluster: C,
    session: Session,
    /// Where each request's last answer stands.
    last: BTreeMap<Asked, usize>,
    /// The first place behind the last write.
    since: usize,
    bytes: usize,
    redacted: u64,
}

impl<C> Record<C> {
    /// Records what this cluster answers from now on.
    #[must_use]
    pub fn new(cluster: C) -> Self {
        Self { cluster, session: Session::default(), last: BTreeMap::new(), since: 0, bytes: 0, redacted: 0 }
    }

    /// What is recorded.
    pub fn cluster(&self) -> &C {
        &self.cluster
    }

    /// What was recorded.
    #[must_use]
    pub fn into_session(self) -> Session {
        self.session
    }

    /// How many Secrets were recorded without their values.
    #[must_use]
    pub fn redacted(&self) -> u64 {
        self.redacted
    }

    /// Keeps an exchange, unless replay would give the same answer without it.
    fn keep(&mut self, request: &Request, response: &Response) -> Result<(), ClusterError> {
        let (exchange, redacted) = Exchange::of(request, response);
        let asked = exchange.asked().map_err(|why| ClusterError::Unusable { why })?;
        let last = self.last.get(&asked).filter(|index| **index >= self.since);
        let last = last.and_then(|index| self.session.exchanges.get(*index));
        if asked.is_read() && last.is_some_and(|last| last.answers_like(&exchange)) {
            return Ok(());
        }
        let bytes = self.bytes.saturating_add(size(&exchange));
        let limit = if bytes > MAX_SESSION_BYTES {
            format!("{} bytes", words::grouped(MAX_SESSION_BYTES as u64))
        } else if self.session.exchanges.len() == MAX_EXCHANGES {
            words::count(MAX_EXCHANGES as u64, "exchange")
        } else {
            self.bytes = bytes;
            self.redacted = self.redacted.saturating_add(redacted);
            if !asked.is_read() {
                self.since = self.session.exchanges.len().saturating_add(1);
            }
            self.last.insert(asked, self.session.exchanges.len());
            self.session.exchanges.push(exchange);
            return Ok(());
        };
        Err(ClusterError::Full { asked: asked.to_string(), limit })
    }
}

impl<C: Cluster> Cluster for Record<C> {
    fn ask(&mut self, request: &Request, limits: Limits) -> Result<Response, ClusterError> {
        let response = self.cluster.ask(request, limits)?;
        self.keep(request, &response)?;
        Ok(response)
    }
}

/// What an exchange adds to a session's text, about: JSON within JSON escapes its quotes, which doubles some.
fn size(exchange: &Exchange) -> usize {
    let quotes = |text: &super::Body| match text {
        super::Body::Text(text) => text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | b'\n')).count(),
        super::Body::Base64(_) => 0,
    };
    let texts = exchange.body.size() + exchange.request.size() + exchange.path.len() + exchange.query.len();
    texts + quotes(&exchange.body) + quotes(&exchange.request) + EXCHANGE_BYTES
}
