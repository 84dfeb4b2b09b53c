//! The validator of k8s-wasm's demo, written anew: a ConfigMap must not have one key.

use policy::{AdmissionRequest, Failure, Verdict, at};

/// The key that must not be there.
const REFUSED: &str = "not-allowed-value";

policy::export!(validate = review);

/// Refuses the key.
fn review(request: &AdmissionRequest, _: &()) -> Result<Verdict, Failure> {
    if at(request.object()?, &["data", REFUSED]).is_null() {
        return Ok(Verdict::allow());
    }
    Ok(Verdict::deny(format!("value '{REFUSED}' not allowed in configmap")))
}
