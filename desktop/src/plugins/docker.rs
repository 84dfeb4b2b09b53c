//! What docker's `config.json` holds to sign in to a registry.
//!
//! It runs no program: a credential helper is named, and its credentials are not had. Nothing of the file is quoted.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::{Failure, files};

/// The largest file: thousands of registries.
const MAX_CONFIG_BYTES: usize = 1 << 20;

/// What docker writes for its own registry, beside the name.
const DOCKER_KEYS: [&str; 4] =
    ["docker.io", "index.docker.io", "registry-1.docker.io", "https://index.docker.io/v1/"];

/// What there is for a registry.
#[derive(PartialEq, Eq)]
pub(super) enum Login {
    /// A user and a password, as base64 of both: the text behind `Basic`. It can not be printed.
    Basic(String),
    /// Nothing, and why when there is something that cannot be used.
    Anonymous(Option<String>),
}

/// The fields that are read.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Config {
    auths: serde_json::Map<String, Json>,
    cred_helpers: serde_json::Map<String, Json>,
    creds_store: Option<String>,
}

/// What the file of the person who runs this holds for a registry, by its host and port.
///
/// # Errors
/// When the file is there, and cannot be read or is none of docker's.
pub(super) fn login(host: &str) -> Result<Login, Failure> {
    let named = std::env::var_os("DOCKER_CONFIG").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let folder = named.or_else(|| std::env::home_dir().map(|home| home.join(".docker")));
    let Some(path) = folder.map(|folder| folder.join("config.json")).filter(|path| path.exists()) else {
        return Ok(Login::Anonymous(None));
    };
    let text = files::read_text(&path, MAX_CONFIG_BYTES)?;
    of(&text, host).map_err(|cause| {
        Failure::new(format!("`{}` cannot be used to sign in to {host}: {cause}", path.display()))
            .with_hint(format!("`docker login {host}` writes it anew"))
    })
}

fn of(text: &str, host: &str) -> Result<Login, String> {
    let config: Config = serde_json::from_str(text)
        .map_err(|error| format!("line {}, column {}, does not fit", error.line(), error.column()))?;
    let keys: Vec<&str> = if host == "docker.io" { DOCKER_KEYS.to_vec() } else { vec![host] };
    let found = config.auths.iter().find(|(key, _)| keys.iter().any(|wanted| is_for(key, wanted)));
    let field = |name: &str| found.and_then(|(_, entry)| entry.get(name)).and_then(Json::as_str);
    if let Some(auth) = field("auth").filter(|auth| !auth.is_empty()) {
        return basic(auth)
            .map(Login::Basic)
            .ok_or_else(|| "its `auth` is no base64 of `user:password`".into());
    }
    if field("identitytoken").is_some() {
        return Ok(Login::Anonymous(Some(
            "docker keeps an identity token for it, which is not used here".into(),
        )));
    }
    let helper = keys.iter().find_map(|key| config.cred_helpers.get(*key)).and_then(Json::as_str);
    let helper = helper.or(config.creds_store.as_deref()).filter(|helper| !helper.is_empty());
    let name =
        |helper: &str| -> String { helper.chars().filter(|char| !char.is_control()).take(100).collect() };
    Ok(Login::Anonymous(helper.map(|helper| {
        format!(
            "docker keeps its credentials in the helper `docker-credential-{}`, which is not run here",
            name(helper)
        )
    })))
}

/// A key is a host, or a URL of it.
fn is_for(key: &str, wanted: &str) -> bool {
    if key == wanted {
        return true;
    }
    let host = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://")).unwrap_or(key);
    host.split('/').next() == Some(wanted)
}

/// The base64 of a user and a password, which may have colons of its own.
fn basic(auth: &str) -> Option<String> {
    let pair = String::from_utf8(STANDARD.decode(auth.trim()).ok()?).ok()?;
    // Some programs pad with zeros.
    let pair = pair.trim_end_matches('\0');
    let (user, _) = pair.split_once(':')?;
    (!user.is_empty()).then(|| STANDARD.encode(pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(config: &str, host: &str) -> String {
        match of(config, host) {
            Ok(Login::Basic(pair)) => String::from_utf8(STANDARD.decode(pair).unwrap()).unwrap(),
            Ok(Login::Anonymous(None)) => "anonymous".into(),
            Ok(Login::Anonymous(Some(why))) => why,
            Err(cause) => cause,
        }
    }

    #[test]
    fn a_registry_finds_what_is_its_own() {
        let pair = STANDARD.encode("me:a:b:c");
        let of_me =
            |key: &str| format!(r#"{{"auths":{{"other.example":{{}},"{key}":{{"auth":"{pair}"}}}}}}"#);
        for (config, host, expected) in [
            (of_me("ghcr.io"), "ghcr.io", "me:a:b:c"),
            (of_me("https://ghcr.io"), "ghcr.io", "me:a:b:c"),
            (of_me("https://ghcr.io/v2/"), "ghcr.io", "me:a:b:c"),
            (of_me("localhost:5000"), "localhost:5000", "me:a:b:c"),
            (of_me("localhost:5000"), "localhost:5001", "anonymous"),
            (of_me("ghcr.io"), "evil-ghcr.io", "anonymous"),
            (of_me("ghcr.io.example"), "ghcr.io", "anonymous"),
            (of_me("https://index.docker.io/v1/"), "docker.io", "me:a:b:c"),
            (of_me("https://index.docker.io/v1/"), "ghcr.io", "anonymous"),
            ("{}".into(), "ghcr.io", "anonymous"),
            (
                r#"{"auths":{"ghcr.io":{"auth":"eA=="}}}"#.into(),
                "ghcr.io",
                "its `auth` is no base64 of `user:password`",
            ),
            (
                r#"{"auths":{"ghcr.io":{"auth":"!"}}}"#.into(),
                "ghcr.io",
                "its `auth` is no base64 of `user:password`",
            ),
            (
                r#"{"auths":{"ghcr.io":{"identitytoken":"t"}}}"#.into(),
                "ghcr.io",
                "docker keeps an identity token for it, which is not used here",
            ),
            (
                r#"{"auths":{"ghcr.io":{}},"credsStore":"desktop"}"#.into(),
                "ghcr.io",
                "docker keeps its credentials in the helper `docker-credential-desktop`, which is not run here",
            ),
            (
                r#"{"credHelpers":{"ghcr.io":"gh"}}"#.into(),
                "ghcr.io",
                "docker keeps its credentials in the helper `docker-credential-gh`, which is not run here",
            ),
            (r#"{"auths":["#.into(), "ghcr.io", "line 1, column 9, does not fit"),
        ] {
            assert_eq!(says(&config, host), expected, "{config} {host}");
        }
    }
}
