//! The JSON of the three operations: what a policy is given, and its answer, read strictly.

use serde_json::{Map, Value as Json, json};

use crate::abi::fields::{Fields, shape};
use crate::abi::policy::{Admission, Failure, sentence};

/// What a policy is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Its verdict on a request.
    Validate,
    /// Whether its settings are right.
    ValidateSettings,
    /// Which protocol it speaks.
    ProtocolVersion,
}

impl Operation {
    /// The operation over waPC.
    pub(crate) fn wapc(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::ValidateSettings => "validate_settings",
            Self::ProtocolVersion => "protocol_version",
        }
    }

    /// The second argument of a WASI policy; there is none that asks for the protocol.
    pub(crate) fn wasi(self) -> Option<&'static str> {
        match self {
            Self::Validate => Some("validate"),
            Self::ValidateSettings => Some("validate-settings"),
            Self::ProtocolVersion => None,
        }
    }
}

/// The fields of a request, in the order in which the policy server writes them.
const FIELDS: [&str; 15] = [
    "uid",
    "kind",
    "resource",
    "subResource",
    "requestKind",
    "requestResource",
    "requestSubResource",
    "name",
    "namespace",
    "operation",
    "userInfo",
    "object",
    "oldObject",
    "dryRun",
    "options",
];

/// A policy's request, of a review's: the known fields, without those that are null.
pub(crate) fn request(review: &Json) -> Json {
    let mut request = Map::new();
    for field in FIELDS {
        if let Some(value) = review.get(field).filter(|value| !value.is_null()) {
            request.insert(field.to_owned(), value.clone());
        }
    }
    Json::Object(request)
}

/// What `validate` is given.
pub(crate) fn validation(request: &Json, settings: &Json) -> Json {
    json!({ "request": request, "settings": settings })
}

/// The settings of a policy, which are always an object.
pub(crate) fn settings(given: Json) -> Result<Json, String> {
    match given {
        Json::Null => Ok(json!({})),
        Json::Object(_) => Ok(given),
        other => Err(format!("they are {}, and a Kubewarden policy takes an object", shape(&other))),
    }
}

/// What `validate_settings` answered: why the settings are wrong, or nothing.
pub(crate) fn settings_verdict(answer: &Json) -> Result<Option<String>, Failure> {
    let fields = object(answer)?;
    let is_valid = required(&fields, "valid")?;
    let message = fields.text("message").map_err(malformed)?;
    Ok((!is_valid).then(|| match message.trim() {
        "" => "it does not say why".to_owned(),
        message => sentence(message),
    }))
}

/// Whether an answer to `protocol_version` is a version that is spoken here.
pub(crate) fn is_version(answer: &Json) -> bool {
    answer == "v1"
}

/// What `validate` answered about `original`: the request's object, or the whole of a raw request.
pub(crate) fn admission(answer: &Json, original: Option<&Json>) -> Result<Admission, Failure> {
    let fields = object(answer)?;
    let allowed = required(&fields, "accepted")?;
    let code = match fields.number("code").map_err(malformed)? {
        code @ 0..=0xffff => code,
        code => return Err(malformed(format!("`code` is {code}, not a number of 16 bits"))),
    };
    let mut admission = Admission {
        allowed,
        message: sentence(&fields.text("message").map_err(malformed)?),
        code,
        warnings: fields.texts("warnings").map_err(malformed)?,
        audit_annotations: fields.pairs("audit_annotations").map_err(malformed)?,
        ..Admission::default()
    };
    if let Some(mutated) = fields.any("mutated_object") {
        let Some(original) = original else { return Err(Failure::malformed(NO_ORIGINAL)) };
        if mutated != original {
            admission.patch = patch(original, mutated)?;
            admission.object = Some(mutated.clone());
        }
    }
    Ok(admission)
}

/// As Kubewarden words it.
const NO_ORIGINAL: &str =
    "attempts a mutation, and the request has no object, which happens only with DELETE operations";

/// The JSON patch of a change, as the policy server sends it to the API server: applied once, to see that it does
/// what the policy wants.
fn patch(before: &Json, after: &Json) -> Result<String, Failure> {
    let patch = json_patch::diff(before, after);
    let mut patched = before.clone();
    let is_whole = json_patch::patch(&mut patched, &patch).is_ok() && patched == *after;
    match serde_json::to_string_pretty(&patch) {
        Ok(text) if is_whole => Ok(text),
        _ => Err(Failure::malformed("answered with a `mutated_object` that no JSON patch leads to")),
    }
}

fn object(answer: &Json) -> Result<Fields<'_>, Failure> {
    match answer {
        Json::Object(_) => Fields::of(answer, "").map_err(malformed),
        other => Err(malformed(format!("it is {}, not an object", shape(other)))),
    }
}

/// A boolean that must be there: no verdict is no yes and no no.
fn required(fields: &Fields<'_>, key: &str) -> Result<bool, Failure> {
    match fields.any(key) {
        Some(_) => fields.flag(key).map_err(malformed),
        None => Err(malformed(format!("`{key}` is missing"))),
    }
}

fn malformed(cause: String) -> Failure {
    Failure::malformed(format!("gave a malformed answer: {cause}"))
}
