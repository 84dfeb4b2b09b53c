//! Who answers a plugin: a real cluster that the runner brings, the workspace's objects, or what a real cluster answered
//! before.
//!
//! It reaches no network by itself.

use crate::cluster::{Altered, Cluster, Mock, Replay, Session};
use crate::objects::Objects;
use crate::report::{Outcome, OutcomeKind};
use crate::request::{File, RunRequest, World};

/// The cluster of a plugin; a real one counts first.
///
/// # Errors
/// An outcome that names the file or the session that cannot be read.
pub(super) fn of(
    request: &RunRequest,
    (objects, session): (&[File], &str),
    real: Option<Box<dyn Cluster>>,
) -> Result<Box<dyn Cluster>, Outcome> {
    let cluster = match real {
        Some(cluster) => cluster,
        None => unaltered(objects, session, request.world)?,
    };
    if request.what_if.is_empty() {
        return Ok(cluster);
    }
    Ok(Box::new(Altered::new(cluster, request.what_if.clone())))
}

fn unaltered(objects: &[File], session: &str, world: World) -> Result<Box<dyn Cluster>, Outcome> {
    let invalid = |message: String| Outcome::new(OutcomeKind::Invalid, message);
    if !session.trim().is_empty() {
        let session = Session::from_text(session)
            .map_err(|error| invalid(format!("`session` cannot be replayed: {error}")))?;
        return Ok(Box::new(Replay::new(session)));
    }
    let objects = Objects::load(objects)?;
    let mock = Mock::new(objects.all().cloned().collect(), world)
        .map_err(|error| invalid(format!("the cluster cannot be made of `objects`: {error}")))?;
    Ok(Box::new(mock))
}
