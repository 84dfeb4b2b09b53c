//! Requests as plugins make them: a method and a URL go out, a status and bytes come in. Outside a host every request
//! fails.

use crate::Failure;

/// A request.
#[cfg_attr(not(target_family = "wasm"), expect(dead_code, reason = "only a host reads it"))]
pub(crate) struct Request<'a> {
    /// The tag of the method: 0 is GET.
    pub(crate) method: u32,
    /// The whole URL, query included.
    pub(crate) url: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: &'a [u8],
    /// The id of a registered [`Config`].
    pub(crate) config: Option<&'a str>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status, as in HTTP.
    pub status: u16,
    /// The body; may be empty.
    pub body: Vec<u8>,
}

/// How connections are made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// Whom to believe beside the host's own authorities, as PEM.
    pub(crate) authority: Option<Vec<u8>>,
    /// Who asks.
    pub(crate) identity: Option<Identity>,
    /// Whether any certificate will do.
    pub(crate) insecure: bool,
}

/// A client's certificate and its key, as PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

/// What the errors are called, by their numbers.
const ERRORS: &[&str] =
    &["success", "destination-not-allowed", "invalid-cfg", "invalid-url", "request-error", "runtime-error"];

/// Sends a `GET`.
///
/// # Errors
/// When the host does not let it through, or nobody answers.
pub(crate) fn get(url: &str, headers: &[(&str, &str)], config: Option<&str>) -> Result<Response, Failure> {
    let request = Request { method: 0, url, headers, body: &[], config };
    send(&request).map_err(|code| format!("{url}: {}", name(code)).into())
}

/// Registers how connections are made, and returns the id that requests name.
///
/// # Errors
/// When the host cannot read the certificates.
pub(crate) fn register(config: &Config) -> Result<String, Failure> {
    register_config(config).map_err(|code| format!("the kubeconfig's certificates: {}", name(code)).into())
}

fn name(code: usize) -> &'static str {
    ERRORS.get(code).copied().unwrap_or("an error of no known number")
}

#[cfg(target_family = "wasm")]
use crate::abi::{register as register_config, send};

#[cfg(not(target_family = "wasm"))]
fn send(_: &Request<'_>) -> Result<Response, usize> {
    Err(4)
}

#[cfg(not(target_family = "wasm"))]
fn register_config(_: &Config) -> Result<String, usize> {
    Err(4)
}
