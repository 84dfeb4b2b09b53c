//! A cluster's answers that are no success, in words, for whoever wants the thing and not the status: a command,
//! the window. A guest gets the status itself.

use engine::cluster::{Asked, Cluster, ClusterError, Limits, Response};
use http::StatusCode;
use serde_json::Value;

use super::kubeconfig::Context;
use crate::Failure;

/// The most of a server's own words that is shown.
const MAX_WORDS: usize = 300;

impl From<ClusterError> for Failure {
    fn from(error: ClusterError) -> Self {
        let failure = Self::new(error.to_string());
        match error.hint() {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    }
}

/// Gets a path, with or without a query, from a cluster. Only a success is an answer here.
///
/// # Errors
/// When there is no answer, or it is none of success: then it says which, in words.
pub fn get(
    cluster: &mut dyn Cluster,
    context: &Context,
    path: &str,
    limits: Limits,
) -> Result<Response, Failure> {
    let request = http::Request::get(path).body(Vec::new());
    let request = request.map_err(|_| {
        Failure::new(format!("`{path}` is no path of an API")).with_hint("it looks like /api/v1/namespaces")
    })?;
    let asked = Asked::of(&request)?;
    let response = cluster.ask(&request, limits)?;
    match problem(context, &asked, &response) {
        Some(failure) => Err(failure),
        None => Ok(response),
    }
}

/// What is wrong, when an answer is none of success.
#[must_use]
pub fn problem(context: &Context, asked: &Asked, response: &Response) -> Option<Failure> {
    let status = response.status();
    if status.is_success() {
        return None;
    }
    let Context { name, user, .. } = context;
    let (what, hint) = match status {
        StatusCode::UNAUTHORIZED => (
            format!("context `{name}` does not accept the credentials of user `{user}`"),
            Some("they are wrong or have expired: sign in again as you do for kubectl"),
        ),
        StatusCode::FORBIDDEN => (
            format!("context `{name}` does not let user `{user}` read this"),
            Some("ask for the right to `get` and `list` it, or choose another context"),
        ),
        StatusCode::NOT_FOUND => (
            format!("context `{name}` has nothing there"),
            Some("`/api` and `/apis` list what a cluster serves"),
        ),
        StatusCode::TOO_MANY_REQUESTS => {
            (format!("context `{name}` is asked too much"), Some("try again in a while"))
        }
        status if status.is_redirection() => (
            format!("context `{name}` points elsewhere, and redirects are not followed"),
            Some("check the server in the kubeconfig"),
        ),
        status if status.is_server_error() => (format!("context `{name}` failed"), None),
        _ => (format!("context `{name}` refused"), None),
    };
    let mut message = format!("{asked}: {what} (status {})", status.as_u16());
    if let Some(words) = said(response.body()) {
        message = format!("{message}: {words}");
    }
    let failure = Failure::new(message);
    Some(match hint {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    })
}

/// The message of a `Status` object, on one line and not too long.
fn said(body: &[u8]) -> Option<String> {
    let status: Value = serde_json::from_slice(body).ok()?;
    let message = status.get("message")?.as_str()?;
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let words: String = line.chars().filter(|char| !char.is_control()).take(MAX_WORDS).collect();
    (!words.is_empty()).then_some(words)
}
