//! Where a plugin may send a request: to the run's cluster, by scheme, host and port.
//!
//! A URL is compared as it is written: one that could be read in two ways, such as with a user name, another form of
//! the host or a number before the port, is not the cluster's.

use http::Uri;

/// The URL of a cluster that is none. Nobody can own a name below `invalid`, so a request that left would reach nobody.
pub(crate) const SERVER: &str = "https://mock.drydock.invalid:6443";

/// Why a request is not sent there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is no URL, or names no host.
    Invalid(String),
    /// It is another place.
    Elsewhere(String),
}

/// Where the run's cluster is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// As messages name it: without a path.
    shown: String,
    scheme: String,
    /// Host and port in every form that is this place: with a scheme's own port and without.
    authorities: Vec<String>,
    /// The path that stands before the API's own, without a slash at its end. Mostly empty.
    prefix: String,
}

impl Origin {
    /// From a server as kubeconfigs have it; empty: [`SERVER`].
    ///
    /// # Errors
    /// A sentence when it is none.
    pub(crate) fn new(server: &str) -> Result<Self, String> {
        let server = if server.is_empty() { SERVER } else { server };
        let none = || "it is no address of an API server, such as https://host:6443".to_owned();
        let uri = server.parse::<Uri>().map_err(|_| none())?;
        let usual = match uri.scheme_str() {
            Some("https") => 443,
            Some("http") => 80,
            _ => return Err(none()),
        };
        let authority = uri.authority().filter(|it| !it.as_str().contains('@')).ok_or_else(none)?;
        let mut authorities = vec![authority.as_str().to_owned()];
        match authority.port_u16() {
            None => authorities.push(format!("{}:{usual}", authority.host())),
            Some(port) if port == usual => authorities.push(authority.host().to_owned()),
            Some(_) => {}
        }
        let scheme = uri.scheme_str().unwrap_or_default().to_owned();
        let shown = format!("{scheme}://{authority}");
        Ok(Self { shown, scheme, authorities, prefix: uri.path().trim_end_matches('/').to_owned() })
    }

    /// The path and the query of a URL at the cluster, without what stands before the API's own path.
    pub(crate) fn path(&self, url: &str) -> Result<String, Refusal> {
        let uri = url.parse::<Uri>().map_err(|error| Refusal::Invalid(format!("it is no URL: {error}")))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(Refusal::Invalid("it names no scheme and host".into()));
        };
        let elsewhere = |what: &str| {
            let here = &self.shown;
            Err(Refusal::Elsewhere(format!("{what}; only the cluster is reached, which is {here} here")))
        };
        if authority.as_str().contains('@') {
            return elsewhere("it names a user");
        }
        if !self.authorities.iter().any(|own| authority.as_str().eq_ignore_ascii_case(own)) {
            return elsewhere("it is another host or port");
        }
        if !scheme.eq_ignore_ascii_case(&self.scheme) {
            return elsewhere("it is another scheme");
        }
        let path = self.without_prefix(uri.path());
        Ok(match uri.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        })
    }

    /// Whoever sends the request puts the prefix back; plugins of krew-wasm leave it out themselves.
    fn without_prefix<'a>(&self, path: &'a str) -> &'a str {
        match path.strip_prefix(self.prefix.as_str()) {
            Some("") => "/",
            Some(rest) if rest.starts_with('/') => rest,
            _ => path,
        }
    }
}

/// A URL as it may be shown: without a user's name and password.
pub(crate) fn shown(url: &str) -> String {
    let parts = url.split_once("://").and_then(|(scheme, rest)| {
        let authority = rest.split(['/', '?', '#', '\\']).next()?;
        let (user, _) = authority.rsplit_once('@')?;
        Some((scheme, rest.get(user.len()..)?))
    });
    match parts {
        Some((scheme, rest)) => format!("{scheme}://…{rest}"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(url: &str) -> Result<String, Refusal> {
        Origin::new("").unwrap().path(url)
    }

    #[test]
    fn a_real_server_has_its_own_place() {
        for (server, url, expected) in [
            ("https://a.example", "https://a.example/api", Some("/api")),
            ("https://a.example", "https://A.example:443/api", Some("/api")),
            ("https://a.example:443", "https://a.example/api", Some("/api")),
            ("https://a.example", "https://a.example:0443/api", None),
            ("https://a.example", "https://a.example:6443/api", None),
            ("https://a.example", "http://a.example:443/api", None),
            ("http://127.0.0.1:8001", "http://127.0.0.1:8001/api", Some("/api")),
            ("http://127.0.0.1:8001", "http://localhost:8001/api", None),
            ("http://a.example", "http://a.example:80/", Some("/")),
            ("https://[::1]:6443", "https://[::1]:6443/api?a=b", Some("/api?a=b")),
            ("https://[::1]", "https://[::1]:443/api", Some("/api")),
            ("https://a.example/k8s/c/", "https://a.example/k8s/c/api", Some("/api")),
            ("https://a.example/k8s/c", "https://a.example/k8s/c", Some("/")),
            ("https://a.example/k8s/c", "https://a.example/k8s/cc/api", Some("/k8s/cc/api")),
            ("https://a.example/k8s/c", "https://a.example/api", Some("/api")),
        ] {
            assert_eq!(Origin::new(server).unwrap().path(url).ok().as_deref(), expected, "{server} {url}");
        }
        for server in ["a.example:6443", "ftp://a.example", "/api", "https://me:it@a.example", "https://"] {
            assert!(Origin::new(server).is_err(), "{server}");
        }
    }

    #[test]
    fn credentials_are_not_shown() {
        for (url, expected) in [
            ("https://me:secret@a.example/b@c", "https://…@a.example/b@c"),
            ("https://me:secret@secret@a.example", "https://…@a.example"),
            ("https://a.example/b@c", "https://a.example/b@c"),
            ("https://@", "https://…@"),
            ("me@a.example", "me@a.example"),
            ("", ""),
        ] {
            assert_eq!(shown(url), expected);
        }
    }

    #[test]
    fn the_cluster_is_reached() {
        for (url, expected) in [
            ("https://mock.drydock.invalid:6443", "/"),
            ("https://mock.drydock.invalid:6443/api/v1/pods", "/api/v1/pods"),
            ("HTTPS://MOCK.Drydock.invalid:6443/api?", "/api?"),
            ("https://mock.drydock.invalid:6443?limit=5", "/?limit=5"),
            ("https://mock.drydock.invalid:6443/a?&b=c%3Dd", "/a?&b=c%3Dd"),
            ("https://mock.drydock.invalid:6443/a#b", "/a"),
            ("https://mock.drydock.invalid:6443//elsewhere.example/a", "//elsewhere.example/a"),
            ("https://mock.drydock.invalid:6443/@elsewhere.example", "/@elsewhere.example"),
        ] {
            assert_eq!(path(url).as_deref(), Ok(expected), "{url}");
        }
    }

    #[test]
    fn nothing_else_is() {
        for url in [
            "http://mock.drydock.invalid:6443/",
            "https://mock.drydock.invalid/",
            "https://mock.drydock.invalid:443/",
            "https://mock.drydock.invalid:06443/",
            "https://mock.drydock.invalid:64430/",
            "https://mock.drydock.invalid:71979/",
            "https://mock.drydock.invalid.:6443/",
            "https://mock.drydock.invalid.example:6443/",
            "https://sub.mock.drydock.invalid:6443/",
            "https://elsewhere.example/mock.drydock.invalid:6443",
            "https://user@mock.drydock.invalid:6443/",
            "https://mock.drydock.invalid:6443@elsewhere.example/",
            "https://elsewhere.example?@mock.drydock.invalid:6443/",
            "https://elsewhere.example#@mock.drydock.invalid:6443/",
            "https://127.0.0.1:6443/",
            "https://0x7f.1:6443/",
            "https://[::1]:6443/",
            "https://[::ffff:127.0.0.1]:6443/",
            "file://mock.drydock.invalid:6443/etc/passwd",
        ] {
            assert!(matches!(path(url), Err(Refusal::Elsewhere(_))), "{url}: {:?}", path(url));
        }
    }

    #[test]
    fn what_is_no_url_is_said_to_be_none() {
        for url in [
            "",
            "/api/v1/pods",
            "mock.drydock.invalid:6443",
            "//mock.drydock.invalid:6443/",
            "https:///api",
            "https://",
            "https://mock.drydock.invalid:6443\\@elsewhere.example/",
            "https://mock.drydock.invalid:6443/a b",
            "https://mock.drydock.invalid:6443/\n",
            " https://mock.drydock.invalid:6443/",
            "https://mock.drydock.invalid:6443:1/",
            "https://m%6fck.drydock.invalid:6443/",
            "https://möck.drydock.invalid:6443/",
            "https://mock。drydock。invalid:6443/",
            "https://[::1:6443/",
        ] {
            assert!(matches!(path(url), Err(Refusal::Invalid(_))), "{url}: {:?}", path(url));
        }
        assert!(matches!(path(&format!("{SERVER}/{}", "a".repeat(1 << 16))), Err(Refusal::Invalid(_))));
    }
}
