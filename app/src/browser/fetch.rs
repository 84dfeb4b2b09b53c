//! Reads files of the page's own origin. There is no way here to ask another.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::protocol::WireError;

/// The bytes of a file beside the page, by relative path.
pub(crate) async fn bytes(path: &str) -> Result<Vec<u8>, WireError> {
    let response = response(path).await?;
    let promise = response.array_buffer().map_err(|error| unread(path, &error))?;
    let buffer = JsFuture::from(promise).await.map_err(|error| unread(path, &error))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The text of a file beside the page, by relative path.
pub(crate) async fn text(path: &str) -> Result<String, WireError> {
    String::from_utf8(bytes(path).await?)
        .map_err(|_| WireError::new(format!("`{path}` is not text"), "reload the page"))
}

async fn response(path: &str) -> Result<Response, WireError> {
    let window = web_sys::window().ok_or_else(|| WireError::new("there is no window", ""))?;
    let answer = JsFuture::from(window.fetch_with_str(path)).await.map_err(|error| unread(path, &error))?;
    let response: Response = answer.dyn_into().map_err(|error| unread(path, &error))?;
    let html =
        response.headers().get("content-type").ok().flatten().is_some_and(|kind| kind.contains("text/html"));
    // A static host may answer a missing file with its start page.
    match (response.ok(), html) {
        (true, false) => Ok(response),
        (true, true) => {
            Err(WireError::new(format!("`{path}` is missing: the server sent a page instead"), RETRY))
        }
        (false, _) => {
            let status = response.status();
            Err(WireError::new(format!("`{path}` could not be loaded: the server answered {status}"), RETRY))
        }
    }
}

const RETRY: &str = "reload the page, or see whether the site was deployed whole";

fn unread(path: &str, cause: &JsValue) -> WireError {
    let cause = js_sys::Error::from(cause.clone()).message().as_string().unwrap_or_default();
    WireError::new(
        format!("`{path}` could not be loaded: {cause}"),
        "when offline, only what was opened before is here",
    )
}
