//! What a policy is given, and the verdict that its results come to, read strictly.
//!
//! An undefined result, several, or one of another shape are failures. Kubewarden takes some of them for "no
//! violations".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json, json};

use super::Kind;
use crate::abi::fields::{Fields, shape};
use crate::abi::policy::{Admission, Failure, sentence};

/// The most copies in a patch, and the largest object that one may lead to, in bytes: the largest request that the API
/// server takes.
const MAX_COPIES: usize = 100;
const MAX_PATCHED_BYTES: usize = 3 << 20;

/// The input and the data of a request.
pub(crate) fn question(kind: Kind, request: &Json, settings: &Json, inventory: Option<Json>) -> (Json, Json) {
    match kind {
        Kind::Opa => {
            let mut data = settings.as_object().cloned().unwrap_or_default();
            if let Some(inventory) = inventory {
                data.insert("kubernetes".into(), inventory);
            }
            (json!({ "request": request }), Json::Object(data))
        }
        Kind::Gatekeeper => {
            let mut data = Map::new();
            if let Some(inventory) = inventory {
                data.insert("inventory".into(), inventory);
            }
            (json!({ "parameters": settings, "review": request }), Json::Object(data))
        }
    }
}

/// The verdict that results come to, about `original`: the request's object, or the whole of a raw request.
pub(crate) fn admission(
    kind: Kind,
    results: &Json,
    entrypoint: &str,
    original: Option<&Json>,
) -> Result<Admission, Failure> {
    let result = only(results, entrypoint)?;
    match kind {
        Kind::Opa => review(result, original),
        Kind::Gatekeeper => violations(result, entrypoint),
    }
}

/// The one result.
fn only<'a>(results: &'a Json, entrypoint: &str) -> Result<&'a Json, Failure> {
    let Json::Array(all) = results else {
        return Err(malformed(format!("its results are {}, not a list", shape(results))));
    };
    match all.as_slice() {
        [] => Err(Failure::malformed(format!(
            "gave no result: its entrypoint `{}` is undefined",
            sentence(entrypoint)
        ))
        .with_hint("give the rule a default, or build it with the entrypoint that decides")),
        [Json::Object(one)] => {
            one.get("result").ok_or_else(|| malformed("its result has no `result`".into()))
        }
        [other] => Err(malformed(format!("its result is {}, not an object", shape(other)))),
        many => Err(malformed(format!("it gave {} results, and one is a verdict", many.len()))),
    }
}

/// A list of violations, empty for a yes.
fn violations(result: &Json, entrypoint: &str) -> Result<Admission, Failure> {
    let Json::Array(all) = result else {
        let entrypoint = sentence(entrypoint);
        return Err(malformed(format!("`{entrypoint}` is {}, not a list of violations", shape(result)))
            .with_hint("build it with the entrypoint that ends in `/violation`"));
    };
    let mut messages = Vec::new();
    for violation in all {
        if !violation.is_object() {
            return Err(malformed(format!("a violation is {}, not an object", shape(violation))));
        }
        let message =
            Fields::of(violation, "violation").and_then(|fields| fields.text("msg")).map_err(malformed)?;
        if !message.is_empty() {
            messages.push(message);
        }
    }
    Ok(Admission { allowed: all.is_empty(), message: sentence(&messages.join(", ")), ..Admission::default() })
}

/// An `AdmissionReview`, or what has its `response`.
fn review(result: &Json, original: Option<&Json>) -> Result<Admission, Failure> {
    let none = || {
        malformed("it has no `response`".into())
            .with_hint("the entrypoint's rule must be an AdmissionReview with a `response`")
    };
    let Json::Object(review) = result else { return Err(none()) };
    let response = review.get("response").filter(|it| it.is_object()).ok_or_else(none)?;
    let fields = Fields::of(response, "response").map_err(malformed)?;
    if fields.any("allowed").is_none() {
        return Err(malformed("`response.allowed` is missing".into()));
    }
    let status = fields.object("status").map_err(malformed)?;
    let read = || {
        Ok(Admission {
            allowed: fields.flag("allowed")?,
            message: sentence(&status.text("message")?),
            code: status.number("code")?,
            reason: sentence(&status.text("reason")?),
            warnings: fields.texts("warnings")?,
            audit_annotations: fields.pairs("auditAnnotations")?,
            ..Admission::default()
        })
    };
    let mut admission: Admission = read().map_err(malformed)?;
    let patch = fields.text("patch").map_err(malformed)?;
    let kind = fields.text("patchType").map_err(malformed)?;
    match (patch.is_empty(), kind.as_str()) {
        (true, "") => {}
        (false, "JSONPatch") => {
            let (object, text) = patched(&patch, original)?;
            admission.patch = text;
            admission.object = (Some(&object) != original).then_some(object);
        }
        (true, _) => return Err(Failure::malformed("answered with a `patchType` but without a `patch`")),
        (false, "") => return Err(Failure::malformed("answered with a `patch` but without a `patchType`")),
        (false, other) => {
            let other = sentence(other);
            return Err(Failure::malformed(format!(
                "answered with a patch of type `{other}`, and only `JSONPatch` is one"
            )));
        }
    }
    Ok(admission)
}

/// The object that a patch leads to, and the patch's text.
fn patched(patch: &str, original: Option<&Json>) -> Result<(Json, String), Failure> {
    let refuse = |cause: String| Failure::malformed(format!("answered with a patch that {cause}"));
    let bytes = STANDARD.decode(patch).map_err(|error| refuse(format!("is not base64: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| refuse("is not UTF-8 inside".into()))?;
    let object =
        original.cloned().ok_or_else(|| refuse("changes an object, and the request has none".into()))?;
    let object = apply(object, &text).map_err(refuse)?;
    Ok((object, text))
}

/// Applies a JSON patch, within bounds. The error is a predicate of the patch.
pub(super) fn apply(mut object: Json, patch: &str) -> Result<Json, String> {
    let operations: json_patch::Patch =
        serde_json::from_str(patch).map_err(|error| format!("is no JSON patch: {error}"))?;
    let mut copies = 0;
    for operation in operations.0 {
        let is_copy = matches!(operation, json_patch::PatchOperation::Copy(_));
        json_patch::patch(&mut object, &[operation]).map_err(|error| format!("does not apply: {error}"))?;
        // Each copy can double the object.
        copies += usize::from(is_copy);
        if is_copy && (copies > MAX_COPIES || object.to_string().len() > MAX_PATCHED_BYTES) {
            return Err(format!("copies more than {MAX_COPIES} times, or too much"));
        }
    }
    Ok(object)
}

fn malformed(cause: String) -> Failure {
    Failure::malformed(format!("gave a malformed answer: {cause}"))
}
