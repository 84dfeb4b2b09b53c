//! Who a kubeconfig's user is: a header, a client certificate, or both, and how to get them anew.
//!
//! Every program and every file is asked for by itself. Providers built into kubectl of old are not there: their
//! successors are programs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kube::config::{AuthInfo, AuthProviderConfig, ExecConfig};
use secrecy::ExposeSecret;

use super::consent::{Ask, Consent};
use super::secret::Secret;
use super::{files, plugin};
use crate::Failure;

/// What a user proves to be who they are.
pub(super) struct Credentials {
    header: Option<Header>,
    /// A certificate and its key, as PEM.
    identity: Option<(Vec<u8>, Secret)>,
    renewal: Renewal,
}

/// An `Authorization` header.
struct Header {
    scheme: &'static str,
    value: Secret,
}

/// Where a token comes from that a server no longer takes.
enum Renewal {
    Never,
    File(PathBuf),
    Plugin(Box<ExecConfig>),
}

impl Credentials {
    /// Takes what a user has, asking for each program and file.
    pub(super) fn gather(user: &AuthInfo, name: &str, consent: &mut dyn Consent) -> Result<Self, Failure> {
        let identity = certificate(user, name, consent)?;
        let mut credentials = Self { header: None, identity, renewal: Renewal::Never };
        if let Some(provider) = &user.auth_provider {
            credentials.header = Some(Header::bearer(provided(provider, name, consent)?));
        } else if let (Some(username), Some(password)) = (&user.username, &user.password) {
            let pair = STANDARD.encode(format!("{username}:{}", password.expose_secret()));
            credentials.header = Some(Header { scheme: "Basic", value: Secret::new(pair) });
        } else if let Some(token) = &user.token {
            credentials.header = Some(Header::bearer(Secret::new(token.expose_secret())));
        } else if let Some(path) = &user.token_file {
            let path = PathBuf::from(path);
            asked(consent, Ask::Read { path: path.clone(), field: "tokenFile", user: name.into() })?;
            credentials.header = Some(Header::bearer(files::token(&path)?));
            credentials.renewal = Renewal::File(path);
        } else if let Some(exec) = &user.exec {
            asked(consent, Ask::Run { command: plugin::command_shown(exec), user: name.into() })?;
            credentials.take(plugin::run(exec, plugin::PATIENCE)?);
            credentials.renewal = Renewal::Plugin(Box::new(exec.clone()));
        }
        Ok(credentials)
    }

    /// Asks again where the first answer came from; whether there is anything new.
    pub(super) fn renew(&mut self, patience: Duration) -> Result<bool, Failure> {
        match &self.renewal {
            Renewal::Never => return Ok(false),
            Renewal::File(path) => self.header = Some(Header::bearer(files::token(path)?)),
            Renewal::Plugin(exec) => {
                let answer = plugin::run(exec, patience.min(plugin::PATIENCE))?;
                self.take(answer);
            }
        }
        Ok(true)
    }

    fn take(&mut self, answer: plugin::Answer) {
        self.header = answer.token.map(Header::bearer);
        if let Some((certificate, key)) = answer.identity {
            self.identity = Some((certificate.into_bytes(), key));
        }
    }

    /// The value of the `Authorization` header, marked as sensitive; nothing when there is none.
    pub(super) fn header(&self) -> Result<Option<http::HeaderValue>, Failure> {
        let Some(Header { scheme, value }) = &self.header else { return Ok(None) };
        let mut header = http::HeaderValue::try_from(format!("{scheme} {}", value.expose()))
            .map_err(|_| Failure::new("the token or password has characters that no header may have"))?;
        header.set_sensitive(true);
        Ok(Some(header))
    }

    /// The certificate and key for a client, as base64 of PEM.
    pub(super) fn identity(&self) -> AuthInfo {
        let Some((certificate, key)) = &self.identity else { return AuthInfo::default() };
        AuthInfo {
            client_certificate_data: Some(STANDARD.encode(certificate)),
            client_key_data: Some(STANDARD.encode(key.expose()).into()),
            ..AuthInfo::default()
        }
    }

    /// Bytes without what the user proves with.
    pub(super) fn scrub(&self, bytes: Vec<u8>) -> Vec<u8> {
        match &self.header {
            Some(header) => header.value.scrub(bytes),
            None => bytes,
        }
    }
}

impl Header {
    fn bearer(token: Secret) -> Self {
        Self { scheme: "Bearer", value: token }
    }
}

/// Goes on when a person agrees.
pub(super) fn asked(consent: &mut dyn Consent, ask: Ask) -> Result<(), Failure> {
    if consent.allows(&ask) {
        return Ok(());
    }
    Err(Failure::new(format!("the kubeconfig wants to {ask}, and nobody agreed"))
        .with_hint(format!("look at it, and if you trust it, allow it with `{}`", ask.option())))
}

fn certificate(
    user: &AuthInfo,
    name: &str,
    consent: &mut dyn Consent,
) -> Result<Option<(Vec<u8>, Secret)>, Failure> {
    let mut part = |data: Option<&str>, path: Option<&str>, field: &'static str| {
        let path = path.map(Path::new);
        if let (None, Some(path)) = (data, path) {
            asked(consent, Ask::Read { path: path.to_path_buf(), field, user: name.into() })?;
        }
        files::pem(data, path, field)
    };
    let (data, path) = (&user.client_certificate_data, &user.client_certificate);
    let certificate = part(data.as_deref(), path.as_deref(), "client-certificate")?;
    let data = user.client_key_data.as_ref().map(ExposeSecret::expose_secret);
    let key = part(data, user.client_key.as_deref(), "client-key")?;
    match (certificate, key) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => {
            let key = String::from_utf8(key);
            let key = key.map_err(|_| Failure::new(format!("the client key of user `{name}` is no PEM")))?;
            Ok(Some((certificate, Secret::new(key))))
        }
        (Some(_), None) => {
            Err(Failure::new(format!("user `{name}` has a client certificate without its key")))
        }
        (None, Some(_)) => {
            Err(Failure::new(format!("user `{name}` has a client key without its certificate")))
        }
    }
}

/// The token that a provider of kubectl's left: `oidc` alone still has one.
fn provided(provider: &AuthProviderConfig, user: &str, consent: &mut dyn Consent) -> Result<Secret, Failure> {
    let name = &provider.name;
    let successor = match name.as_str() {
        "oidc" => "`kubelogin`",
        "gcp" => "`gke-gcloud-auth-plugin`",
        "azure" => "`kubelogin`",
        _ => "a program",
    };
    let hint = format!("use {successor} through `exec`, as kubectl does since 1.26");
    if name != "oidc" {
        let why =
            format!("user `{user}` signs in through the auth-provider `{name}`, which no longer exists");
        return Err(Failure::new(why).with_hint(hint));
    }
    asked(consent, Ask::Provider { name: name.clone(), user: user.to_owned() })?;
    let token = provider.config.get("id-token").filter(|token| !token.is_empty());
    token.map(Secret::new).ok_or_else(|| {
        Failure::new(format!("the auth-provider `oidc` of user `{user}` has no `id-token`")).with_hint(hint)
    })
}
