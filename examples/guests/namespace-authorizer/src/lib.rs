//! Groups may use the namespaces that are theirs, to read or to write; some namespaces are closed to everybody.

use policy::{AccessReview, Decision, Failure};
use serde::Deserialize;

/// The verbs that change nothing.
const READ: [&str; 3] = ["get", "list", "watch"];

/// Whose namespaces are whose.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// Who may use what. Without a line that fits, the next authorizer is asked.
    grants: Vec<Grant>,
    /// Namespaces that nobody may change, whatever other authorizers say.
    closed: Vec<String>,
}

/// One line of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Grant {
    /// The group.
    group: String,
    /// Namespaces. One that ends in `*` stands for all that begin so.
    namespaces: Vec<String>,
    /// Whether they may only be read. Default: no.
    #[serde(default)]
    read: bool,
}

policy::export!(authz = decide);

/// Says whether the user may.
fn decide(review: &AccessReview, settings: &Settings) -> Result<Decision, Failure> {
    let Some(resource) = &review.resource_attributes else { return Ok(Decision::no_opinion()) };
    let (namespace, verb) = (resource.namespace.as_str(), resource.verb.as_str());
    // What is the cluster's, and a list over all namespaces, is nobody's namespace.
    if namespace.is_empty() {
        return Ok(Decision::no_opinion());
    }
    let reads = READ.contains(&verb);
    if !reads && settings.closed.iter().any(|pattern| fits(pattern, namespace)) {
        return Ok(Decision::deny(format!("namespace `{namespace}` is closed")));
    }
    let grant = settings.grants.iter().find(|grant| {
        review.groups.contains(&grant.group)
            && (reads || !grant.read)
            && grant.namespaces.iter().any(|pattern| fits(pattern, namespace))
    });
    Ok(match grant {
        Some(grant) => Decision::allow(format!("namespace `{namespace}` is the group `{}`'s", grant.group)),
        None => Decision::no_opinion(),
    })
}

/// Whether a pattern names a namespace.
fn fits(pattern: &str, namespace: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => namespace.starts_with(beginning),
        None => namespace == pattern,
    }
}
