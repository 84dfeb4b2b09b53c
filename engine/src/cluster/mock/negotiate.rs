//! In which form bodies are sent and answered: JSON, and nothing else.
//!
//! It takes no YAML, no protobuf and no table: a client that takes JSON beside them gets JSON, as from an API server
//! that does not know them.

use http::header::{ACCEPT, CONTENT_TYPE, HeaderName};

use super::patch::Form;
use super::refusal::{not_acceptable, unsupported_media_type};
use crate::cluster::Request;
use crate::cluster::status::Answer;

const JSON: &str = "application/json";

/// Whether the asker takes JSON.
pub(super) fn accepted(request: &Request) -> Result<(), Answer> {
    let accept = header(request, &ACCEPT);
    // A part with `as` asks for another kind of answer, such as a table.
    let is_json = |part: &str| {
        let mut parts = part.split(';').map(|part| part.trim().to_ascii_lowercase());
        let is_json =
            parts.next().is_some_and(|media_type| [JSON, "application/*", "*/*"].contains(&&*media_type));
        is_json && parts.all(|parameter| !parameter.starts_with("as="))
    };
    if accept.trim().is_empty() || accept.split(',').any(is_json) {
        return Ok(());
    }
    Err(not_acceptable(&[JSON]))
}

/// Whether an object is sent as JSON, which it is where nothing is said.
pub(super) fn sent_json(request: &Request) -> Result<(), Answer> {
    match media_type(request).as_str() {
        "" | JSON => Ok(()),
        _ => Err(unsupported_media_type(&[JSON])),
    }
}

/// How a patch is written.
pub(super) fn sent_patch(request: &Request) -> Result<Form, Answer> {
    match media_type(request).as_str() {
        "application/json-patch+json" => Ok(Form::Json),
        "application/merge-patch+json" => Ok(Form::Merge),
        _ => Err(unsupported_media_type(&["application/json-patch+json", "application/merge-patch+json"])),
    }
}

fn media_type(request: &Request) -> String {
    let value = header(request, &CONTENT_TYPE);
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// All values of a header; what is no text says nothing that is known here.
fn header(request: &Request, name: &HeaderName) -> String {
    let values = request.headers().get_all(name).iter();
    let values: Vec<&str> = values.map(|value| value.to_str().unwrap_or("unreadable")).collect();
    values.join(",")
}
