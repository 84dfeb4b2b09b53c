//! The mutator of k8s-wasm's demo, written anew: every ConfigMap gets one more value.

use policy::{AdmissionRequest, Failure, Verdict, set};

policy::export!(validate = review);

/// Adds the value.
fn review(request: &AdmissionRequest, _: &()) -> Result<Verdict, Failure> {
    let mut object = request.object()?.clone();
    set(&mut object, &["data", "magic-value"], "foobar".into());
    Ok(Verdict::mutate(object))
}
