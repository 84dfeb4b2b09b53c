//! Answers from a session. Equal requests get their answers in the order they were recorded, and then the last
//! one again and again; a read gets no answer that was recorded behind a write which was not asked for yet.
//!
//! It makes nothing up: what was not recorded has no answer, and the error names what comes near.

use std::collections::BTreeMap;

use super::{Asked, Cluster, ClusterError, Limits, Request, Response, Session, redact};

/// A cluster that answers from a session.
#[derive(Clone, Debug)]
pub struct Replay {
    session: Session,
    /// The exchanges of each request, and which comes next.
    answers: BTreeMap<Asked, (Vec<usize>, usize)>,
    /// The exchanges that may have changed something, in their order.
    writes: Vec<usize>,
    /// Behind the last write that was replayed.
    from: usize,
}

impl Replay {
    /// Replays from the session's beginning.
    #[must_use]
    pub fn new(session: Session) -> Self {
        let mut answers: BTreeMap<Asked, (Vec<usize>, usize)> = BTreeMap::new();
        let mut writes = Vec::new();
        for (index, exchange) in session.exchanges.iter().enumerate() {
            // A session that was read or recorded has only such.
            if let Ok(asked) = exchange.asked() {
                if !asked.is_read() {
                    writes.push(index);
                }
                answers.entry(asked).or_default().0.push(index);
            }
        }
        Self { session, answers, writes, from: 0 }
    }

    /// The exchange that answers, and takes its turn.
    fn turn(&mut self, key: &Asked) -> Option<usize> {
        let until = self.writes.iter().find(|write| **write >= self.from).copied().unwrap_or(usize::MAX);
        let (indexes, next) = self.answers.get_mut(key)?;
        if key.is_read() {
            // What was recorded before the last write is out of date, if anything was recorded since.
            let since = indexes.partition_point(|index| *index < self.from);
            let is_newer = |index: &usize| *index < until;
            if since > *next && indexes.get(since).is_some_and(is_newer) {
                *next = since;
            }
            if !indexes.get(*next).is_some_and(is_newer) {
                let before = indexes.partition_point(is_newer);
                return indexes.get(before.saturating_sub(1)).copied();
            }
        }
        let index = indexes.get(*next).or(indexes.last()).copied()?;
        *next = next.saturating_add(1).min(indexes.len());
        if !key.is_read() {
            self.from = self.from.max(index.saturating_add(1));
        }
        Some(index)
    }

    /// What was recorded that looks most like this, best first.
    fn near(&self, asked: &Asked) -> Vec<String> {
        let mut near: Vec<(usize, &Asked)> =
            self.answers.keys().map(|other| (likeness(asked, other), other)).collect();
        near.sort_by(|(a, first), (b, second)| b.cmp(a).then(first.cmp(second)));
        near.iter().take(ClusterError::NEAR).map(|(_, other)| other.to_string()).collect()
    }
}

impl Cluster for Replay {
    fn ask(&mut self, request: &Request, limits: Limits) -> Result<Response, ClusterError> {
        let asked = Asked::of(request)?;
        let (body, _) = redact(request.uri().path(), request.body());
        let (method, uri) = (request.method().as_str(), request.uri());
        let key = Asked::new(method, uri.path(), uri.query().unwrap_or_default(), &body)?;
        let not_recorded = |near| ClusterError::NotRecorded { asked: asked.to_string(), near };
        let Some(index) = self.turn(&key) else { return Err(not_recorded(self.near(&asked))) };
        let exchange = self.session.exchanges.get(index).ok_or_else(|| not_recorded(Vec::new()))?;
        let response = exchange.response();
        let response = response.map_err(|why| ClusterError::Broken { asked: asked.to_string(), why })?;
        if response.body().len() as u64 > limits.answer_bytes {
            return Err(ClusterError::TooLarge { asked: asked.to_string(), limit: limits.answer_bytes });
        }
        Ok(response)
    }
}

/// How much two requests have in common: the beginning of the path, its end, the method, the query.
fn likeness(one: &Asked, other: &Asked) -> usize {
    let beginning = one.segments().zip(other.segments()).take_while(|(a, b)| a == b).count();
    let end = one.segments().last() == other.segments().last();
    2 * beginning
        + usize::from(end)
        + usize::from(one.method == other.method)
        + usize::from(one.path == other.path && one.query == other.query)
}
