//! The authenticator of k8s-wasm's demo, written anew: it knows one token, and whose it is.

use policy::{Failure, Identity, TokenReview, UserInfo};

policy::export!(authn = identify);

/// Says whose the token is.
fn identify(review: &TokenReview, _: &()) -> Result<Identity, Failure> {
    if review.token != "magic-token" {
        return Ok(Identity::unknown());
    }
    Ok(Identity::user(UserInfo {
        username: "magic-user".into(),
        uid: "0".into(),
        groups: vec!["magic-group".into()],
        ..UserInfo::default()
    }))
}
