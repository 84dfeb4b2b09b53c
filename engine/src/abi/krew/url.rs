//! Where a plugin may send a request: to the run's cluster, by scheme, host and port.
//!
//! A URL is compared as it is written: one that could be read in two ways, such as with a user name, another form of
//! the host or a number before the port, is not the cluster's.

use http::Uri;

/// The cluster's URL. Nobody can own a name below `invalid`, so a request that left would reach nobody.
pub(crate) const SERVER: &str = "https://mock.drydock.invalid:6443";

const SCHEME: &str = "https";
const AUTHORITY: &str = "mock.drydock.invalid:6443";

/// Why a request is not sent there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is no URL, or names no host.
    Invalid(String),
    /// It is another place.
    Elsewhere(String),
}

/// The path and the query of a URL at the cluster.
pub(crate) fn path(url: &str) -> Result<String, Refusal> {
    let uri = url.parse::<Uri>().map_err(|error| Refusal::Invalid(format!("it is no URL: {error}")))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(Refusal::Invalid("it names no scheme and host".into()));
    };
    let elsewhere = |what: &str| {
        Err(Refusal::Elsewhere(format!("{what}; only the cluster is reached, which is {SERVER} here")))
    };
    if authority.as_str().contains('@') {
        return elsewhere("it names a user");
    }
    if !authority.as_str().eq_ignore_ascii_case(AUTHORITY) {
        return elsewhere("it is another host or port");
    }
    if !scheme.eq_ignore_ascii_case(SCHEME) {
        return elsewhere("it is another scheme");
    }
    Ok(match uri.query() {
        Some(query) => format!("{}?{query}", uri.path()),
        None => uri.path().to_owned(),
    })
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

    #[test]
    fn the_server_is_what_is_compared() {
        assert_eq!(SERVER, format!("{SCHEME}://{AUTHORITY}"));
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
