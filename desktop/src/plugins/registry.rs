//! A registry of OCI artifacts: the manifest that a reference names, the one layer of it that is a module, and the
//! sign-in that is asked for on the way.
//!
//! It pulls and never pushes. What comes is believed by its digest alone: of the manifest where the reference has one,
//! and always of the layer.

use std::str::FromStr;

use engine::module::{MAX_MODULE_BYTES, digest};
use http::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use http::{StatusCode, Uri};
use serde::Deserialize;

use super::address::{Address, is_digest};
use super::docker::{self, Login};
use super::web::{self, Answer, Get, Web};
use crate::Failure;

/// The largest manifest: what the distribution specification asks registries to take.
const MAX_MANIFEST_BYTES: usize = 4 << 20;

/// The largest answer to a sign-in: tokens are some kilobytes.
const MAX_TOKEN_BYTES: usize = 256 << 10;

/// What layers with a module are marked with: by `wasm-to-oci` and krew-wasm, by host-proxy's go-plugin modules, and by
/// the CNCF's guidance for Wasm artifacts.
const MODULES: [&str; 3] = [
    "application/vnd.wasm.content.layer.v1+wasm",
    "application/vnd.module.wasm.content.layer.v1+wasm",
    "application/wasm",
];

/// Manifests of one artifact.
const MANIFESTS: [&str; 2] =
    ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];

/// Manifests that only list others. Asked for as well, so that they are told apart from what is not there.
const INDEXES: [&str; 2] =
    ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];

/// docker's registry is not where its name says.
const DOCKER: [&str; 2] = ["docker.io", "registry-1.docker.io"];

/// What is read of a manifest.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    #[serde(default)]
    media_type: String,
    #[serde(default)]
    layers: Vec<Layer>,
    /// What an index has in place of layers.
    #[serde(default)]
    manifests: Vec<Layer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Layer {
    #[serde(default)]
    media_type: String,
    digest: String,
    size: u64,
}

/// The module that an address names.
pub(super) fn module(web: &mut Web, address: &Address) -> Result<Vec<u8>, Failure> {
    let mut registry = Registry { web, address, authorization: None };
    let manifest = registry.manifest()?;
    let layer = choose(&manifest, address)?;
    registry.layer(layer)
}

/// A registry, while one artifact is pulled.
struct Registry<'a> {
    web: &'a mut Web,
    address: &'a Address,
    /// What was signed in with.
    authorization: Option<HeaderValue>,
}

impl Registry<'_> {
    fn manifest(&mut self) -> Result<Manifest, Failure> {
        let address = self.address;
        let accept = [MANIFESTS, INDEXES].concat().join(", ");
        let what = format!("the manifest of `{address}`");
        let answer = self.get("manifests", address.reference(), Some(&accept), MAX_MANIFEST_BYTES, &what)?;
        let found = digest(&answer.body);
        let named = answer.headers.get("docker-content-digest").and_then(|it| it.to_str().ok());
        let expected = address.digest().or(named.filter(|named| named.starts_with("sha256:")));
        if let Some(expected) = expected.filter(|expected| **expected != found) {
            return Err(Failure::new(format!("{what} has the digest {found}, not {expected}"))
                .with_hint("the registry, or somebody on the way, gave something else: nothing was kept"));
        }
        serde_json::from_slice(&answer.body)
            .map_err(|_| Failure::new(format!("{what} is none: the registry answered something else")))
    }

    fn layer(&mut self, layer: &Layer) -> Result<Vec<u8>, Failure> {
        let what = format!("the module of `{}`", self.address);
        if layer.size > MAX_MODULE_BYTES as u64 {
            let (size, most) =
                (engine::visible::bytes(layer.size), engine::visible::bytes(MAX_MODULE_BYTES as u64));
            return Err(Failure::new(format!("{what} has {size}, and at most {most} are pulled")));
        }
        let limit = usize::try_from(layer.size).unwrap_or(MAX_MODULE_BYTES);
        let answer = self.get("blobs", &layer.digest, None, limit, &what)?;
        let found = digest(&answer.body);
        if found != layer.digest {
            return Err(Failure::new(format!(
                "{what} has the digest {found}, and its manifest says {}",
                layer.digest
            ))
            .with_hint("the registry, or somebody on the way, gave something else: nothing was kept"));
        }
        Ok(answer.body)
    }

    /// Asks the repository, and signs in when that is wanted.
    fn get(
        &mut self,
        kind: &str,
        name: &str,
        accept: Option<&str>,
        limit: usize,
        what: &str,
    ) -> Result<Answer, Failure> {
        let repository = self.address.repository();
        let url = url(&format!("{}/v2/{repository}/{kind}/{name}", self.origin()))?;
        let ask = |registry: &mut Self| {
            let mut headers = HeaderMap::new();
            let accept = accept.and_then(|accept| HeaderValue::from_str(accept).ok());
            headers.extend(accept.map(|accept| (ACCEPT, accept)));
            headers.extend(registry.authorization.clone().map(|value| (AUTHORIZATION, value)));
            registry.web.get(&Get { url: &url, headers, limit, what })
        };
        let mut answer = ask(self)?;
        let mut login = Login::Anonymous(None);
        if answer.status == StatusCode::UNAUTHORIZED && self.authorization.is_none() {
            login = docker::login(self.address.host())?;
            self.authorization = self.sign_in(&answer, &login)?;
            if self.authorization.is_some() {
                answer = ask(self)?;
            }
        }
        match answer.status {
            status if status.is_success() => Ok(answer),
            status => Err(refused(what, self.address, status, &login)),
        }
    }

    fn origin(&self) -> String {
        let host = self.address.host();
        let host = if host == DOCKER[0] { DOCKER[1] } else { host };
        let origin = |scheme: &str| format!("{scheme}://{host}");
        let is_here = origin("http").parse().is_ok_and(|url| web::is_here(&url));
        origin(if is_here { "http" } else { "https" })
    }

    /// What to say in `Authorization` after an answer that asks for it.
    fn sign_in(&mut self, answer: &Answer, login: &Login) -> Result<Option<HeaderValue>, Failure> {
        let challenge = answer.headers.get_all(WWW_AUTHENTICATE).iter().find_map(|it| it.to_str().ok());
        let (scheme, fields) = challenge.and_then(|it| it.split_once(' ')).unwrap_or_default();
        let pair = match login {
            Login::Basic(pair) => Some(pair.as_str()),
            Login::Anonymous(_) => None,
        };
        if scheme.eq_ignore_ascii_case("basic") {
            return Ok(pair.and_then(|pair| authorization("Basic", pair)));
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Ok(None);
        }
        self.token(fields, pair)
    }

    /// A token from where the registry says that it is had.
    fn token(&mut self, fields: &str, pair: Option<&str>) -> Result<Option<HeaderValue>, Failure> {
        let host = self.address.host();
        let Some(realm) = field(fields, "realm").and_then(|realm| Uri::from_str(&realm).ok()) else {
            return Err(Failure::new(format!("`{host}` asks to sign in at a place that is none")));
        };
        // A password goes to no place that anybody between could be.
        web::check(&realm)?;
        if self.origin().starts_with("https:") && realm.scheme_str() != Some("https") {
            return Err(Failure::new(format!(
                "`{host}` asks to sign in without TLS, at `{}`",
                web::shown(&realm)
            )));
        }
        let mut query = form_urlencoded::Serializer::new(realm.query().unwrap_or_default().to_owned());
        if let Some(service) = field(fields, "service") {
            query.append_pair("service", &service);
        }
        let own = format!("repository:{}:pull", self.address.repository());
        query.append_pair("scope", &own);
        let url = url(&format!("{}?{}", web::shown(&realm), query.finish()))?;
        let mut headers = HeaderMap::new();
        headers
            .extend(pair.and_then(|pair| authorization("Basic", pair)).map(|value| (AUTHORIZATION, value)));
        let what = format!("the token for `{host}`");
        let answer = self.web.get(&Get { url: &url, headers, limit: MAX_TOKEN_BYTES, what: &what })?;
        if !answer.status.is_success() {
            return Ok(None);
        }
        let token =
            serde_json::from_slice::<Token>(&answer.body).ok().and_then(|it| it.token.or(it.access_token));
        let token = token.and_then(|token| authorization("Bearer", &token));
        token.map(Some).ok_or_else(|| {
            Failure::new(format!("{what} is none: `{}` answered something else", web::shown(&url)))
        })
    }
}

/// What a place to sign in answers; one of the two.
#[derive(Deserialize)]
struct Token {
    token: Option<String>,
    access_token: Option<String>,
}

fn authorization(scheme: &str, secret: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(format!("{scheme} {secret}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn url(text: &str) -> Result<Uri, Failure> {
    text.parse().map_err(|_| Failure::new(format!("`{text}` is no address")))
}

/// A field of a challenge: `realm="…",service="…"`.
fn field(fields: &str, name: &str) -> Option<String> {
    let mut rest = fields;
    loop {
        let (key, after) = rest.trim_start_matches([' ', ',']).split_once('=')?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_once(',').unwrap_or((after, "")),
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(value.to_owned());
        }
        rest = after;
    }
}

/// The layer that is a module: the first, as krew-wasm has it.
fn choose<'a>(manifest: &'a Manifest, address: &Address) -> Result<&'a Layer, Failure> {
    if INDEXES.contains(&manifest.media_type.as_str()) || !manifest.manifests.is_empty() {
        let digests: Vec<&str> =
            manifest.manifests.iter().map(|entry| entry.digest.as_str()).take(5).collect();
        return Err(Failure::new(format!(
            "`{address}` names several artifacts at once, and a plugin is one"
        ))
        .with_hint(format!("name it by its digest: {}", digests.join(", "))));
    }
    let layer = manifest.layers.iter().find(|layer| MODULES.contains(&layer.media_type.as_str()));
    let Some(layer) = layer else {
        let found: Vec<String> =
            manifest.layers.iter().map(|layer| format!("`{}`", short(&layer.media_type))).take(5).collect();
        let found = if found.is_empty() { "no layer".to_owned() } else { found.join(", ") };
        return Err(Failure::new(format!("`{address}` holds no module: it has {found}"))
            .with_hint(format!("a layer with a module is marked as {}", MODULES.join(", "))));
    };
    if !is_digest(&layer.digest) {
        return Err(Failure::new(format!(
            "the manifest of `{address}` names its layer by `{}`, which is no sha256 digest",
            short(&layer.digest)
        )));
    }
    Ok(layer)
}

fn short(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).take(100).collect()
}

fn refused(what: &str, address: &Address, status: StatusCode, login: &Login) -> Failure {
    let host = address.host();
    let code = status.as_u16();
    match (status, login) {
        (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, Login::Anonymous(why)) => {
            let why = why.as_ref().map(|why| format!("; {why}")).unwrap_or_default();
            Failure::new(format!("{what} is not given to everybody (status {code}){why}")).with_hint(format!(
                "check the name, or sign in: `docker login {host}` without a credential helper"
            ))
        }
        (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, Login::Basic(_)) => Failure::new(format!(
            "{what} is not given to the user that docker's config.json has for {host} (status {code})"
        ))
        .with_hint(format!("sign in again: `docker login {host}`")),
        (StatusCode::NOT_FOUND, _) => Failure::new(format!("{what} is not there (status {code})"))
            .with_hint("check the name and the tag"),
        _ => Failure::new(format!("{what} was not given: `{host}` answered with status {code}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_has_its_fields() {
        let fields = r#"realm="https://auth.example/token?a=b",service="a, b", scope=x,error="y"#;
        for (name, expected) in [
            ("realm", Some("https://auth.example/token?a=b")),
            ("Service", Some("a, b")),
            ("scope", Some("x")),
            ("error", None),
            ("gone", None),
        ] {
            assert_eq!(field(fields, name).as_deref(), expected, "{name}");
        }
    }
}
