//! Why a cluster gave no answer, in words: what the client's errors say to a person.
//!
//! Errors are told apart by their types, never by their texts. Their own words are used only where nothing more
//! is known, and never where they could quote a credential.

use std::error::Error;
use std::io::ErrorKind;

use engine::cluster::{Asked, ClusterError};
use rustls::CertificateError;

use super::connection::CONNECT;
use super::kubeconfig::Context;

/// Why a request was not answered at all. `proxy` is the host and port of the proxy that it went through.
pub(super) fn unanswered(
    context: &Context,
    proxy: Option<&str>,
    asked: &Asked,
    error: &kube::Error,
) -> ClusterError {
    let asked = asked.to_string();
    let way = proxy.map_or(String::new(), |proxy| format!(" asked through the proxy `{proxy}`,"));
    let server = format!("`{}`, the server of context `{}`,{way}", context.server, context.name);
    if let Some(error) = find::<rustls::Error>(error) {
        let why = format!("{server} {}", distrust(error));
        return ClusterError::Untrusted { asked, why };
    }
    if let Some(error) = find::<std::io::Error>(error).filter(|error| error.kind() != ErrorKind::Other) {
        return match error.kind() {
            ErrorKind::TimedOut => {
                let what = format!("{server} did not accept a connection");
                ClusterError::TimedOut { asked, what, limit_ms: CONNECT.as_millis() as u64 }
            }
            ErrorKind::UnexpectedEof => ClusterError::Broken {
                asked,
                why: format!("{server} closed the connection without an answer"),
            },
            kind => ClusterError::Unreachable {
                asked,
                why: format!("{server} cannot be reached: {}", plain(kind, error)),
            },
        };
    }
    if let Some(error) = find::<hyper::Error>(error) {
        let what = if error.is_incomplete_message() {
            "closed the connection without an answer"
        } else if error.is_parse() {
            "answered something that is no HTTP"
        } else {
            "broke off the connection"
        };
        return ClusterError::Broken { asked, why: format!("{server} {what}") };
    }
    ClusterError::Unreachable { asked, why: format!("{server} cannot be reached: {}", root(error)) }
}

/// Why an answer ends before its end.
pub(super) fn half(context: &Context, asked: &Asked, bytes: usize) -> ClusterError {
    let why = format!("the answer of context `{}` broke off after {bytes} bytes of its body", context.name);
    ClusterError::Broken { asked: asked.to_string(), why }
}

fn plain(kind: ErrorKind, error: &std::io::Error) -> String {
    match kind {
        ErrorKind::ConnectionRefused => "nothing listens there".into(),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            "it closed the connection".into()
        }
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "there is no way to it".into(),
        _ => error.to_string(),
    }
}

fn distrust(error: &rustls::Error) -> String {
    let rustls::Error::InvalidCertificate(certificate) = error else {
        return match error {
            rustls::Error::AlertReceived(_) => {
                "refused the connection: it may want a client certificate".into()
            }
            rustls::Error::InvalidMessage(_) => {
                "speaks no TLS: its address may have to begin with http://".into()
            }
            error => format!("cannot be talked to: {error}"),
        };
    };
    match certificate {
        // The second, when another authority has the same name, as one of a cluster that was made anew.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "shows a certificate that the kubeconfig's certificate authority did not sign".into()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "shows a certificate that has expired".into()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "shows a certificate that is not valid yet; is this machine's clock right?".into()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "shows a certificate for another name".into()
        }
        other => format!("shows a certificate that cannot be trusted: {other}"),
    }
}

/// The first error of a type among an error and its causes, those within I/O errors too.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

/// The last cause's words.
fn root(error: &dyn Error) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}
