//! Who answers a run's policies: the workspace's own table, and the cluster it holds, as pasted objects or as a
//! recorded session.
//!
//! It reaches no network. A table that answers a question nobody can ask is refused.

use std::sync::Arc;

use super::attributes::invalid;
use crate::abi::kubewarden::capabilities::Reach;
use crate::abi::kubewarden::grants::CAPABILITIES;
use crate::cluster::kinds::Kinds;
use crate::cluster::{Altered, Cluster, Pasted, Replay, Session};
use crate::objects::Objects;
use crate::report::Outcome;
use crate::request::{GateRequest, RunRequest};

/// Who answers the policies of a request.
pub(super) fn of(
    request: &RunRequest,
    gate: &GateRequest,
    objects: &Objects,
    kinds: &Kinds,
) -> Result<Reach, Outcome> {
    for answer in &gate.answers {
        let ask = answer.ask.as_str();
        if !CAPABILITIES.contains(&ask) {
            let known = CAPABILITIES.join("`, `");
            return Err(invalid(format!("`answers` answers `{ask}`, which nobody can ask"))
                .with_hint(format!("a question is one of `{known}`")));
        }
        if !answer.answer.is_null() && !answer.error.is_empty() {
            return Err(invalid(format!("an answer to `{ask}` has both `answer` and `error`")));
        }
    }
    let resources: Arc<[_]> = kinds.resources().collect();
    let cluster: Box<dyn Cluster> = if gate.session.trim().is_empty() {
        Box::new(Pasted::new(Arc::clone(&resources), objects.all().cloned().collect()))
    } else {
        let session = Session::from_text(&gate.session)
            .map_err(|error| invalid(format!("`session` cannot be replayed: {error}")))?;
        Box::new(Replay::new(session))
    };
    let cluster: Box<dyn Cluster> = match request.what_if.as_slice() {
        [] => cluster,
        changes => Box::new(Altered::new(cluster, changes.to_vec())),
    };
    Ok(Reach { cluster: Some(cluster), resources, answers: gate.answers.clone().into(), ..Reach::default() })
}
