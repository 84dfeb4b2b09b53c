//! Who may ask: this machine's own pages and programs, unless a person says otherwise.
//!
//! A page of the web can send requests to loopback, and can give itself a name that leads there. So a request is refused
//! whose `Host` is not this machine, or whose `Origin` is elsewhere. Nobody signs in: this is no more than that.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::HeaderMap;
use http::header::{HOST, HeaderValue, ORIGIN};

/// Who may ask.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    /// Whether others than this machine may. Default: false.
    pub is_remote: bool,
    /// Origins of pages that may ask, such as `https://console.example`, beside those of this machine.
    pub origins: Vec<String>,
}

impl Gate {
    /// The origin that is to be told that it may read the answer; nothing when no page asks.
    ///
    /// # Errors
    /// Why nobody is answered.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<Option<HeaderValue>, &'static str> {
        let is_here = |host: &HeaderValue| host.to_str().is_ok_and(is_loopback);
        if !self.is_remote && !headers.get_all(HOST).iter().all(is_here) {
            return Err("the Host of the request is not this machine");
        }
        let Some(origin) = headers.get(ORIGIN) else { return Ok(None) };
        match origin.to_str().is_ok_and(|origin| self.allows(origin)) {
            true => Ok(Some(origin.clone())),
            false => Err("the Origin of the request may not ask"),
        }
    }

    fn allows(&self, origin: &str) -> bool {
        let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        authority.is_some_and(is_loopback) || self.origins.iter().any(|it| it.eq_ignore_ascii_case(origin))
    }
}

/// Whether a host, perhaps with a port, is this machine.
fn is_loopback(authority: &str) -> bool {
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').unwrap_or_default();
        let is_port = rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port);
        return is_port && host.parse::<Ipv6Addr>().is_ok_and(|host| host.is_loopback());
    }
    let host = match authority.split_once(':') {
        Some((host, port)) if is_port(port) => host,
        Some(_) => return false,
        None => authority,
    };
    host.eq_ignore_ascii_case("localhost") || host.parse::<Ipv4Addr>().is_ok_and(|host| host.is_loopback())
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known() {
        for host in ["localhost", "LOCALHOST:4000", "127.0.0.1", "127.8.9.1:80", "[::1]", "[::1]:4000"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "localhost:",
            "localhost:x",
            "localhost:80:90",
            "10.0.0.1",
            "[::2]",
            "[::1]x",
            "::1",
            "me@localhost",
            "localhost/",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn pages_are_told_apart() {
        let gate = Gate { is_remote: false, origins: vec!["https://a.example".into()] };
        let check = |gate: &Gate, host: &'static str, origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static(host));
            origin.map(|origin| headers.insert(ORIGIN, HeaderValue::from_static(origin)));
            gate.check(&headers).map(|it| it.is_some())
        };
        assert_eq!(check(&gate, "localhost:1", None), Ok(false));
        for origin in ["http://localhost:5173", "https://127.0.0.1", "https://a.example"] {
            assert_eq!(check(&gate, "127.0.0.1:1", Some(origin)), Ok(true), "{origin}");
        }
        for origin in ["null", "https://b.example", "http://a.example", "file://", "ftp://localhost"] {
            assert!(check(&gate, "127.0.0.1:1", Some(origin)).is_err(), "{origin}");
        }
        assert!(check(&gate, "a.example", None).is_err());
        let open = Gate { is_remote: true, ..gate };
        assert_eq!(check(&open, "a.example", None), Ok(false));
        assert!(check(&open, "a.example", Some("https://b.example")).is_err());
    }
}
