//! What a kubeconfig wants beyond being read, and who decides. A kubeconfig is often somebody else's file: it can
//! name a program to run and files to read.
//!
//! Nothing is remembered: every connection asks again.

use std::fmt;
use std::path::PathBuf;

/// One thing that a kubeconfig wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// To run a program that gives credentials (`exec`).
    Run {
        /// The program and its arguments, with those that look secret hidden.
        command: String,
        /// For which user of the kubeconfig.
        user: String,
    },
    /// To read a file with credentials (`tokenFile`, `client-key`, `client-certificate`).
    Read {
        /// Which file.
        path: PathBuf,
        /// The field that names it.
        field: &'static str,
        /// For which user of the kubeconfig.
        user: String,
    },
    /// To use what another program left in the kubeconfig (`auth-provider`).
    Provider {
        /// Which provider.
        name: String,
        /// For which user of the kubeconfig.
        user: String,
    },
    /// To send requests to a server that does not prove who it is.
    Unprotected {
        /// Host and port.
        server: String,
        /// Why it is not protected.
        why: &'static str,
    },
}

impl Ask {
    /// The option of the command line that agrees to it.
    #[must_use]
    pub fn option(&self) -> &'static str {
        match self {
            Self::Run { .. } => "--allow-exec",
            Self::Read { .. } => "--allow-files",
            Self::Provider { .. } => "--allow-auth-provider",
            Self::Unprotected { .. } => "--allow-unprotected",
        }
    }
}

impl fmt::Display for Ask {
    /// What it wants to do, as in "may it …?".
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run { command, user } => write!(out, "run `{command}` to sign in as user `{user}`"),
            Self::Read { path, field, user } => {
                write!(out, "read the file `{}` (`{field}`) to sign in as user `{user}`", path.display())
            }
            Self::Provider { name, user } => {
                write!(out, "use what the auth-provider `{name}` left to sign in as user `{user}`")
            }
            Self::Unprotected { server, why } => {
                write!(out, "talk to `{server}` without protection: {why}")
            }
        }
    }
}

/// Who decides: a dialog, a prompt, options of the command line.
pub trait Consent {
    /// Whether a person agrees to this, now.
    fn allows(&mut self, ask: &Ask) -> bool;
}

/// Agrees to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Refuse;

impl Consent for Refuse {
    fn allows(&mut self, _ask: &Ask) -> bool {
        false
    }
}

/// Agrees that an account's own files are read: a person named the account, and no kubeconfig did.
pub(super) struct Named;

impl Consent for Named {
    fn allows(&mut self, ask: &Ask) -> bool {
        matches!(ask, Ask::Read { .. })
    }
}

/// A command as it may be shown: what follows a word like `token` is hidden.
pub(super) fn shown(command: &str, arguments: &[String]) -> String {
    let mut words = vec![command.to_owned()];
    let mut hide = false;
    for argument in arguments {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (argument.as_str(), None),
        };
        words.push(match value {
            _ if hide => "…".to_owned(),
            Some(_) if is_secret_name(name) => format!("{name}=…"),
            _ => argument.clone(),
        });
        hide = !hide && value.is_none() && name.starts_with('-') && is_secret_name(name);
    }
    words.join(" ")
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "secret", "password", "passwd", "key", "credential"].iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_without_what_looks_secret() {
        for (arguments, expected) in [
            (&["eks", "get-token", "--region", "eu"][..], "aws eks get-token --region eu"),
            (&["--client-secret=hunter2", "-v"], "aws --client-secret=… -v"),
            (&["--password", "hunter2", "-v"], "aws --password … -v"),
            (&["--password", "--token", "-v"], "aws --password … -v"),
        ] {
            let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(shown("aws", &arguments), expected);
        }
    }
}
