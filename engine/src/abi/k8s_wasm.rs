//! k8s-wasm modules: authentication, authorization and admission by exported functions that read one JSON
//! document from stdin and write one to stdout.
//!
//! Pure functions over bytes: it runs no guest, and takes no verdict from an answer that breaks a rule. Source: the
//! specification in dvob/k8s-wasm (`spec/README.md`) and its API server. Where this differs on purpose:
//! - modules without settings are given `null`, which guests take that refuse an absent field;
//! - `_initialize` is called where it is exported, so that reactors of Go run;
//! - a mutating answer that allows without a patch changes nothing; upstream refuses it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::answer::{Way, document};
use super::fields::{Fields, shape};
use super::policy::{Admission, Authentication, Authorization, Failure, sentence};
use crate::machine::Trap;
use crate::request::UserInfo;

/// The export of an authenticator.
pub(crate) const AUTHN: &str = "authn";
/// The export of an authorizer.
pub(crate) const AUTHZ: &str = "authz";
/// The export of an admission module, mutating or not.
pub(crate) const VALIDATE: &str = "validate";

/// What a module reads from stdin.
pub(crate) fn envelope(request: &Json, settings: &Json) -> String {
    json!({ "request": request, "settings": settings }).to_string()
}

/// The `response` of what a module printed.
pub(crate) fn response(result: &Result<(), Trap>, stdout: &[u8]) -> Result<Json, Failure> {
    if let Err(trap) = result {
        return Err(trap.into());
    }
    let envelope = document(stdout, Way::Printed)?;
    if !envelope.is_object() {
        return Err(answered(format!("it is {}, not an object", shape(&envelope))));
    }
    let fields = Fields::of(&envelope, "").map_err(answered)?;
    let error = fields.text("error").map_err(answered)?;
    if !error.is_empty() {
        return Err(Failure::reported(&error));
    }
    match fields.any("response") {
        Some(response @ Json::Object(_)) => Ok(response.clone()),
        Some(other) => Err(answered(format!("`response` is {}, not an object", shape(other)))),
        None => Err(Failure::malformed("answered with neither a `response` nor an `error`")),
    }
}

/// What an authenticator answered: a `TokenReview`.
pub(crate) fn authentication(response: &Json) -> Result<Authentication, Failure> {
    let read = || {
        let status = Fields::of(response, "response")?.object("status")?;
        let user = status.object("user")?;
        Ok(Authentication {
            authenticated: status.flag("authenticated")?,
            user: UserInfo {
                username: user.text("username")?,
                uid: user.text("uid")?,
                groups: user.texts("groups")?,
                extra: user.lists("extra")?,
            },
            audiences: status.texts("audiences")?,
            error: sentence(&status.text("error")?),
        })
    };
    read().map_err(answered)
}

/// What an authorizer answered: a `SubjectAccessReview`. `evaluationError` is ignored, as upstream does.
pub(crate) fn authorization(response: &Json) -> Result<Authorization, Failure> {
    let read = || {
        let status = Fields::of(response, "response")?.object("status")?;
        Ok(Authorization {
            allowed: status.flag("allowed")?,
            denied: status.flag("denied")?,
            reason: sentence(&status.text("reason")?),
        })
    };
    read().map_err(answered)
}

/// What an admission module answered to the review of `uid`: an `AdmissionReview`, verified as the API server
/// verifies those of webhooks.
pub(crate) fn admission(response: &Json, uid: &str, mutating: bool) -> Result<Admission, Failure> {
    let review = Fields::of(response, "response").map_err(answered)?;
    if review.any("response").is_none() {
        return Err(Failure::malformed("answered with an AdmissionReview that has no `response`"));
    }
    let answer = review.object("response").map_err(answered)?;
    let given = answer.text("uid").map_err(answered)?;
    if given != uid {
        return Err(Failure::malformed(format!(
            "answered the request `{}`, but was asked `{uid}`",
            sentence(&given)
        ))
        .with_hint("copy `request.uid` into `response.uid`"));
    }
    let (version, kind) =
        (review.text("apiVersion").map_err(answered)?, review.text("kind").map_err(answered)?);
    if (version.as_str(), kind.as_str()) != ("admission.k8s.io/v1", "AdmissionReview") {
        let is = sentence(&format!("{version} {kind}"));
        return Err(Failure::malformed(format!(
            "answered with `{}`, not with `admission.k8s.io/v1 AdmissionReview`",
            is.trim()
        )));
    }
    let patch = answer.text("patch").map_err(answered)?;
    let patch_type = match answer.any("patchType") {
        Some(_) => Some(answer.text("patchType").map_err(answered)?),
        None => None,
    };
    let (object, patch) = changed(&patch, patch_type.as_deref(), mutating)?;
    let mut admission = verdict(&answer).map_err(answered)?;
    if mutating && admission.allowed && object.is_none() {
        admission.notes.push("it sent no patch, so the object stays; upstream refuses such an answer".into());
    }
    if admission.allowed {
        admission.object = object;
    }
    admission.patch = patch;
    Ok(admission)
}

fn verdict(answer: &Fields<'_>) -> Result<Admission, String> {
    let status = answer.object("status")?;
    Ok(Admission {
        allowed: answer.flag("allowed")?,
        message: sentence(&status.text("message")?),
        code: status.number("code")?,
        reason: sentence(&status.text("reason")?),
        warnings: answer.texts("warnings")?,
        audit_annotations: answer.pairs("auditAnnotations")?,
        ..Admission::default()
    })
}

/// The object of a patch, and the patch's text.
fn changed(patch: &str, kind: Option<&str>, mutating: bool) -> Result<(Option<Json>, String), Failure> {
    let field = if patch.is_empty() { "patchType" } else { "patch" };
    match (kind, mutating) {
        (None, _) if patch.is_empty() => Ok((None, String::new())),
        (_, false) => Err(Failure::malformed(format!(
            "answered with `response.{field}`, but it is not configured to mutate"
        ))
        .with_hint("set `mutating: true`, or let it only judge")),
        (None, true) => Err(Failure::malformed("answered with a `patch` but without a `patchType`")
            .with_hint("set `patchType` to `Full`")),
        (Some("Full"), true) if patch.is_empty() => {
            Err(Failure::malformed("answered with a `patchType` but without a `patch`"))
        }
        (Some("Full"), true) => full(patch).map(|(object, text)| (Some(object), text)),
        (Some(other), true) => Err(Failure::malformed(format!(
            "answered with a patch of type `{}`, but k8s-wasm knows only `Full`",
            sentence(other)
        ))
        .with_hint("send the whole object as JSON, in base64, with `patchType: Full`")),
    }
}

fn full(patch: &str) -> Result<(Json, String), Failure> {
    // Go's decoder passes over line ends.
    let patch: String = patch.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let bytes = STANDARD.decode(patch).map_err(|error| {
        Failure::malformed(format!("answered with a patch that is not base64: {error}"))
            .with_hint("encode the whole object's JSON in standard base64 with padding")
    })?;
    let refuse = |cause: String| Failure::malformed(format!("answered with a patch that {cause}"));
    let text = String::from_utf8(bytes).map_err(|_| refuse("is not UTF-8 inside".into()))?;
    let object: Json =
        serde_json::from_str(&text).map_err(|error| refuse(format!("is not JSON inside: {error}")))?;
    if !object.is_object() {
        return Err(refuse(format!("is {} inside, not an object", shape(&object))));
    }
    Ok((object, text))
}

fn answered(cause: String) -> Failure {
    Failure::malformed(format!("gave a malformed answer: {cause}"))
}
