//! The authorizer of k8s-wasm's demo, written anew: one group may do anything with ConfigMaps, and nothing else is
//! its to decide.

use policy::{AccessReview, Decision, Failure};

policy::export!(authz = decide);

/// Says whether the user may.
fn decide(review: &AccessReview, _: &()) -> Result<Decision, Failure> {
    let is_member = review.groups.iter().any(|group| group == "magic-group");
    let is_config_map =
        review.resource_attributes.as_ref().is_some_and(|resource| resource.resource == "configmaps");
    if is_member && is_config_map {
        return Ok(Decision::allow("magic-group may use ConfigMaps"));
    }
    Ok(Decision::no_opinion())
}
