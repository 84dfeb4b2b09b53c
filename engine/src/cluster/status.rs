//! A `Status`: what the API server answers when it refuses.
//!
//! It holds the shape alone; the sentences stand where they are said.

use serde_json::{Value as Json, json};

/// An answer's code and body.
pub(super) type Answer = (u16, Json);

/// A refusal.
pub(super) fn failure(code: u16, reason: &str, message: &str) -> Answer {
    let status = json!({
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        "code": code,
    });
    (code, status)
}

/// What the path of no resource gets.
pub(super) fn no_such_resource() -> Answer {
    failure(404, "NotFound", "the server could not find the requested resource")
}
