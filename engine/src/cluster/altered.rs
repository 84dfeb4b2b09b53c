//! A cluster with some answers changed, for the question what a guest would do with others.
//!
//! It counts requests, and changes the answers that are named by their numbers. All others pass through untouched.

use http::header::{CONTENT_TYPE, HeaderValue};

use super::status::failure;
use super::{Asked, Cluster, ClusterError, Limits, Request, Response};
use crate::request::WhatIf;

/// How much later an answer came than it did, in milliseconds: an extension of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Late(pub(crate) u64);

/// A cluster whose answers are changed.
#[derive(Debug)]
pub struct Altered<C> {
    cluster: C,
    changes: Vec<WhatIf>,
    /// How many requests there were.
    asked: u64,
}

impl<C> Altered<C> {
    /// The cluster with these changes; of two for one request the first counts.
    #[must_use]
    pub fn new(cluster: C, changes: Vec<WhatIf>) -> Self {
        Self { cluster, changes, asked: 0 }
    }
}

impl<C: Cluster> Cluster for Altered<C> {
    fn ask(&mut self, request: &Request, limits: Limits) -> Result<Response, ClusterError> {
        self.asked = self.asked.saturating_add(1);
        let Some(change) = self.changes.iter().find(|change| change.call == self.asked) else {
            return self.cluster.ask(request, limits);
        };
        let asked = Asked::of(request)?.to_string();
        if change.drop {
            let why = "its answer is lost, as `whatIf` says".to_owned();
            return Err(ClusterError::Broken { asked, why });
        }
        if change.delay_ms >= limits.time_ms {
            let what = "`whatIf` delays the answer, and it did not come".to_owned();
            return Err(ClusterError::TimedOut { asked, what, limit_ms: limits.time_ms });
        }
        let mut response = self.cluster.ask(request, limits)?;
        change_answer(&mut response, change)
            .map_err(|why| ClusterError::Broken { asked: asked.clone(), why })?;
        if response.body().len() as u64 > limits.answer_bytes {
            return Err(ClusterError::TooLarge { asked, limit: limits.answer_bytes });
        }
        if change.delay_ms > 0 {
            response.extensions_mut().insert(Late(change.delay_ms));
        }
        Ok(response)
    }
}

fn change_answer(response: &mut Response, change: &WhatIf) -> Result<(), String> {
    if let Some(status) = change.status {
        *response.status_mut() =
            http::StatusCode::from_u16(status).ok().filter(|code| code.as_u16() < 600).ok_or_else(|| {
                format!("`whatIf` answers with the status {status}, which HTTP does not have")
            })?;
        if status >= 400 && change.body.is_none() {
            let message = format!("the answer is {status}, as `whatIf` says");
            *response.body_mut() = failure(status, reason(status), &message).1.to_string().into_bytes();
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
    }
    if let Some(body) = &change.body {
        *response.body_mut() = body.clone().into_bytes();
    }
    Ok(())
}

/// The reason that API servers give with a status. Source: `metav1.StatusReason` of Kubernetes' apimachinery.
fn reason(status: u16) -> &'static str {
    match status {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        409 => "Conflict",
        410 => "Gone",
        413 => "RequestEntityTooLarge",
        422 => "Invalid",
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "",
    }
}
