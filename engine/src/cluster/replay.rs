//! Answers from a session. Equal requests get their answers in the order they were recorded, and then the last
//! one again and again.
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
}

impl Replay {
    /// Replays from the session's beginning.
    #[must_use]
    pub fn new(session: Session) -> Self {
        let mut answers: BTreeMap<Asked, (Vec<usize>, usize)> = BTreeMap::new();
        for (index, exchange) in session.exchanges.iter().enumerate() {
            // A session that was read or recorded has only such.
            if let Ok(asked) = exchange.asked() {
                answers.entry(asked).or_default().0.push(index);
            }
        }
        Self { session, answers }
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
        let Some((indexes, next)) = self.answers.get_mut(&key) else {
            return Err(not_recorded(self.near(&asked)));
        };
        let index = indexes.get(*next).or(indexes.last()).copied().unwrap_or_default();
        *next = next.saturating_add(1).min(indexes.len());
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
