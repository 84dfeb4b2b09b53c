//! Where a plugin comes from, as a person writes it: `registry://`, `https://`, `http://` or `file://`, and without a
//! scheme a registry.
//!
//! It reaches nobody. It refuses what could name a place outside the store, and credentials in a URL.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use http::uri::Authority;

use crate::Failure;

/// The longest address, in bytes: registries allow names of 255 and tags of 128.
const MAX_BYTES: usize = 2_048;

/// The longest part of a path, in bytes: what file systems take.
const MAX_PART: usize = 255;

/// Where a name without a host is looked for, as docker has it.
const DOCKER: &str = "docker.io";

/// The tag of a reference that has none.
const LATEST: &str = "latest";

/// How a plugin is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// From a registry of OCI artifacts.
    Registry,
    /// From a web server.
    Https,
    /// From a web server on this machine.
    Http,
    /// A file of this machine, which stays where it is.
    File,
}

impl Scheme {
    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Https => "https",
            Self::Http => "http",
            Self::File => "file",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [Self::Registry, Self::Https, Self::Http, Self::File].into_iter().find(|scheme| scheme.name() == name)
    }
}

/// A plugin's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    scheme: Scheme,
    /// Host and port; empty for a file.
    host: String,
    /// What stands between the slashes behind the host; the last one with its tag or digest.
    parts: Vec<String>,
    /// Behind the question mark; empty: none.
    query: String,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// A [`Failure`] that quotes it and says what is wrong.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        Self::read(text).map_err(|cause| {
            Failure::new(format!("`{text}` is no address of a plugin: {cause}"))
                .with_hint("it looks like ghcr.io/someone/plugin:v1, https://host/plugin.wasm or file:///path/plugin.wasm")
        })
    }

    fn read(text: &str) -> Result<Self, String> {
        if text.len() > MAX_BYTES {
            return Err(format!("it has more than {MAX_BYTES} bytes"));
        }
        if text.chars().any(|char| char.is_control() || char.is_whitespace()) && !text.starts_with("file://")
        {
            return Err("it has a space or a control character".into());
        }
        match text.split_once("://") {
            None => Self::registry(text, false),
            Some((scheme, rest)) => match Scheme::of(scheme) {
                Some(Scheme::Registry) => Self::registry(rest, true),
                Some(Scheme::File) => Self::file(rest),
                Some(scheme) => Self::web(scheme, rest),
                None => Err(format!("`{scheme}` is none of registry, https, http and file")),
            },
        }
    }

    fn registry(text: &str, is_explicit: bool) -> Result<Self, String> {
        let mut parts: Vec<String> = text.split('/').map(str::to_owned).collect();
        let first = parts.first().cloned().unwrap_or_default();
        let is_host = first.contains(['.', ':', '[']) || first == "localhost" || is_explicit;
        let host = if is_host && parts.len() > 1 {
            parts.remove(0)
        } else {
            if parts.len() == 1 {
                parts.insert(0, "library".into());
            }
            DOCKER.to_owned()
        };
        check_host(&host)?;
        let last = parts.pop().unwrap_or_default();
        let (path, tag, digest) = split_reference(&last);
        for part in parts.iter().map(String::as_str).chain([path]) {
            check_repository(part)?;
        }
        if let Some(tag) = tag.filter(|tag| !is_tag(tag)) {
            return Err(format!("`{tag}` is no tag"));
        }
        if let Some(digest) = digest.filter(|digest| !is_digest(digest)) {
            return Err(format!("`{digest}` is no digest: give `sha256:` and 64 hexadecimal digits"));
        }
        parts.push(if tag.is_none() && digest.is_none() { format!("{last}:{LATEST}") } else { last });
        Self::checked(Scheme::Registry, host, parts, String::new())
    }

    fn web(scheme: Scheme, rest: &str) -> Result<Self, String> {
        let rest = rest.split('#').next().unwrap_or_default();
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = rest.split_once('/').ok_or("it names no file behind the host")?;
        check_host(host)?;
        let parts = path.split('/').map(str::to_owned).collect();
        Self::checked(scheme, host.to_owned(), parts, query.to_owned())
    }

    fn file(rest: &str) -> Result<Self, String> {
        let path = rest
            .strip_prefix('/')
            .ok_or("a file is named by its whole path, such as file:///home/me/x.wasm")?;
        let parts = path.split('/').map(str::to_owned).collect();
        Self::checked(Scheme::File, String::new(), parts, String::new())
    }

    /// No part may lead elsewhere: they become names of files.
    fn checked(scheme: Scheme, host: String, parts: Vec<String>, query: String) -> Result<Self, String> {
        for part in &parts {
            if part.is_empty() || part == "." || part == ".." || part.contains(['\\', '\0']) {
                return Err(format!("`{part}` in its path names nothing"));
            }
            if part.len() > MAX_PART {
                return Err(format!("a part of its path has more than {MAX_PART} bytes"));
            }
        }
        let address = Self { scheme, host, parts, query };
        address.name()?;
        Ok(address)
    }

    /// How it is fetched.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Host and port; empty for a file.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Of a registry, the repository, such as `someone/plugin`.
    #[must_use]
    pub fn repository(&self) -> String {
        let last = self.last();
        let (path, ..) = split_reference(last);
        let above = self.parts.iter().take(self.parts.len().saturating_sub(1)).map(String::as_str);
        above.chain([path]).collect::<Vec<_>>().join("/")
    }

    /// Of a registry, the digest of the manifest, or else its tag.
    #[must_use]
    pub fn reference(&self) -> &str {
        let (_, tag, digest) = split_reference(self.last());
        digest.or(tag).unwrap_or(LATEST)
    }

    /// Of a registry, the digest of the manifest.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        split_reference(self.last()).2
    }

    /// Whether what was fetched once may be another thing tomorrow: a tag `latest`.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.scheme == Scheme::Registry && self.reference() == LATEST
    }

    /// What the plugin is called: the last part of the path, without tag, digest, `.wasm` and `kubectl-`.
    fn name(&self) -> Result<String, String> {
        let last = self.last();
        let last = match self.scheme {
            Scheme::Registry => split_reference(last).0,
            _ => last,
        };
        plugin_name(last)
    }

    /// What the plugin is called.
    #[must_use]
    pub fn plugin(&self) -> String {
        // It was asked for when the address was read.
        self.name().unwrap_or_default()
    }

    /// The whole path of a file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        PathBuf::from(format!("/{}", self.parts.join("/")))
    }

    /// Where it lies in the store, from the store's own folder.
    #[must_use]
    pub fn place(&self) -> PathBuf {
        let mut place = PathBuf::from(self.scheme.name());
        place.push(&self.host);
        place.extend(&self.parts);
        place
    }

    fn last(&self) -> &str {
        self.parts.last().map(String::as_str).unwrap_or_default()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}://{}/{}", self.scheme.name(), self.host, self.parts.join("/"))?;
        if self.query.is_empty() { Ok(()) } else { write!(out, "?{}", self.query) }
    }
}

/// The address of what lies at a place in the store; nothing for what is no such place.
pub(super) fn shown(place: &Path) -> Option<String> {
    let mut parts = place.components().map(|part| match part {
        Component::Normal(part) => part.to_str(),
        _ => None,
    });
    let scheme = Scheme::of(parts.next()??)?;
    let rest = parts.collect::<Option<Vec<_>>>()?;
    Some(format!("{}://{}", scheme.name(), rest.join("/")))
}

/// What a plugin whose file is called so is called: without `.wasm`, and without the `kubectl-` that its link has
/// anyway.
///
/// # Errors
/// A sentence when nothing is left, or what is left could not be a file's name or a word of a command line.
pub fn plugin_name(file: &str) -> Result<String, String> {
    let name = file.strip_suffix(".wasm").unwrap_or(file);
    let name = name.strip_prefix("kubectl-").unwrap_or(name);
    let is_plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.' | '+');
    if name.is_empty() || name.starts_with(['-', '.']) || !name.chars().all(is_plain) {
        return Err(format!(
            "`{name}` cannot be a plugin's name: letters, digits, `-`, `_`, `.` and `+` can"
        ));
    }
    Ok(name.to_owned())
}

/// A name, its tag and its digest.
fn split_reference(last: &str) -> (&str, Option<&str>, Option<&str>) {
    let (rest, digest) = match last.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (last, None),
    };
    match rest.split_once(':') {
        Some((path, tag)) => (path, Some(tag), digest),
        None => (rest, None, digest),
    }
}

fn check_host(host: &str) -> Result<(), String> {
    if host.contains('@') {
        return Err("a user's name and password do not belong in it".into());
    }
    let authority = host.parse::<Authority>().map_err(|_| format!("`{host}` is no host"))?;
    let port = host.get(authority.host().len()..).unwrap_or_default();
    let is_whole = port.is_empty() || authority.port_u16().is_some_and(|port| port > 0);
    if authority.host().is_empty() || !is_whole || host.starts_with('.') {
        return Err(format!("`{host}` is no host"));
    }
    Ok(())
}

/// A part of a repository's name, as the distribution specification has it.
fn check_repository(part: &str) -> Result<(), String> {
    let is_plain = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit();
    let is_right = part.chars().all(|char| is_plain(char) || matches!(char, '.' | '_' | '-'))
        && part.starts_with(is_plain)
        && part.ends_with(is_plain);
    match is_right {
        true => Ok(()),
        false => Err(format!(
            "`{part}` is no part of a repository's name: small letters, digits and `.`, `_`, `-` between"
        )),
    }
}

fn is_tag(tag: &str) -> bool {
    let is_word = |char: char| char.is_ascii_alphanumeric() || char == '_';
    tag.starts_with(is_word)
        && tag.len() <= 128
        && tag.chars().all(|char| is_word(char) || matches!(char, '.' | '-'))
}

/// `sha256:` and 64 hexadecimal digits.
pub(super) fn is_digest(digest: &str) -> bool {
    digest.strip_prefix("sha256:").is_some_and(|hex| {
        hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn an_address_has_a_name_and_a_place() {
        let by_digest = format!("ghcr.io/me/decoder@{DIGEST}");
        for (text, name, place) in [
            (
                "ghcr.io/flavio/krew-wasm-plugins/kubewarden:latest",
                "kubewarden",
                "registry/ghcr.io/flavio/krew-wasm-plugins/kubewarden:latest",
            ),
            ("registry://ghcr.io/me/decoder", "decoder", "registry/ghcr.io/me/decoder:latest"),
            ("localhost:5000/x:1", "x", "registry/localhost:5000/x:1"),
            ("registry://localhost/x:1", "x", "registry/localhost/x:1"),
            ("[::1]:5000/x:1", "x", "registry/[::1]:5000/x:1"),
            ("registry://intern/x:1", "x", "registry/intern/x:1"),
            ("x", "x", "registry/docker.io/library/x:latest"),
            ("me/kubectl-x:1.2", "x", "registry/docker.io/me/kubectl-x:1.2"),
            (&by_digest, "decoder", &format!("registry/ghcr.io/me/decoder@{DIGEST}")),
            ("https://a.example/b/kubectl-tree.wasm?raw=1#x", "tree", "https/a.example/b/kubectl-tree.wasm"),
            ("http://127.0.0.1:80/tree.v1.wasm", "tree.v1", "http/127.0.0.1:80/tree.v1.wasm"),
            ("file:///opt/my plugins/tree.wasm", "tree", "file/opt/my plugins/tree.wasm"),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(
                (address.plugin().as_str(), address.place().as_path()),
                (name, Path::new(place)),
                "{text}"
            );
            if address.scheme() != Scheme::File {
                let again = Address::parse(&shown(&address.place()).unwrap()).unwrap();
                assert_eq!(again.place(), address.place(), "{text}");
            }
        }
    }

    #[test]
    fn a_reference_has_its_parts() {
        let both = format!("ghcr.io/me/x:v1@{DIGEST}");
        for (text, repository, reference, moves) in [
            ("ghcr.io/a/b/c:v1", "a/b/c", "v1", false),
            ("c", "library/c", "latest", true),
            (&both, "me/x", DIGEST, false),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(
                (address.repository().as_str(), address.reference(), address.moves()),
                (repository, reference, moves)
            );
        }
    }

    #[test]
    fn what_is_none_is_refused_with_its_cause() {
        let long = format!("ghcr.io/{}", "a".repeat(3_000));
        for (text, cause) in [
            ("", "is no part of a repository's name"),
            ("oci://ghcr.io/a", "`oci` is none of"),
            ("ghcr.io/../x:1", "is no part of a repository's name"),
            ("ghcr.io//x:1", "is no part of a repository's name"),
            ("ghcr.io/Me/x:1", "is no part of a repository's name"),
            ("ghcr.io/me/x:", "is no tag"),
            ("ghcr.io/me/x:a:b", "is no tag"),
            ("ghcr.io/me/x@sha256:12", "is no digest"),
            ("ghcr.io/me/x@md5:12", "is no digest"),
            ("me:it@ghcr.io/me/x", "a user's name and password"),
            ("ghcr.io:x/me/x", "is no host"),
            ("https://me:it@a.example/x.wasm", "a user's name and password"),
            ("https://a.example", "names no file behind the host"),
            ("https://a.example/", "names nothing"),
            ("https://a.example/../x.wasm", "names nothing"),
            ("https://a.example/a\\b.wasm", "names nothing"),
            ("https:///x.wasm", "is no host"),
            ("https://a.example/.wasm", "cannot be a plugin's name"),
            ("https://a.example/%2e%2e.wasm", "cannot be a plugin's name"),
            ("https://a.example/-rf.wasm", "cannot be a plugin's name"),
            ("file://x.wasm", "its whole path"),
            ("ghcr.io/me/x y", "a space or a control character"),
            (&long, "more than 2048 bytes"),
        ] {
            let failure = Address::parse(text).unwrap_err();
            assert!(failure.message.contains(cause), "{text}: {failure}");
        }
    }
}
