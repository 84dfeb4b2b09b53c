//! What each plugin may do, as a person agreed: kept in a file by the digest of its module, so that another build is
//! asked for anew.
//!
//! It grants nothing by itself. A file that cannot be read grants nothing, and is not written over.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{Failure, files};

/// The largest file: ten thousand plugins.
const MAX_BYTES: usize = 4 << 20;

/// The version of the file.
const VERSION: u32 = 1;

/// Something that a plugin may be allowed, beside what every one is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Grant {
    /// Ask the cluster of the current context for what your user may see there.
    Read,
    /// Change that cluster, as far as your user may.
    Write,
    /// Read and write the files in your home folder, your kubeconfig and its credentials among them.
    Home,
    /// See all environment variables.
    Environment,
    /// Let the kubeconfig sign in as it does for kubectl: run its program, read its files of credentials.
    SignIn,
}

impl Grant {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Read, Self::Write, Self::Home, Self::Environment, Self::SignIn];

    /// As it is typed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Home => "home",
            Self::Environment => "environment",
            Self::SignIn => "sign-in",
        }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// What was said of one module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Granted {
    /// What it was called then.
    pub name: String,
    /// What it may.
    pub allowed: BTreeSet<Grant>,
    /// What a person said no to: it is not asked for again.
    pub refused: BTreeSet<Grant>,
    /// What the kubeconfig may do to sign in, word by word as it was asked.
    pub agreed: BTreeSet<String>,
}

impl Granted {
    /// Whether it may do this.
    #[must_use]
    pub fn has(&self, grant: Grant) -> bool {
        self.allowed.contains(&grant)
    }

    /// Notes an answer.
    pub fn answer(&mut self, grant: Grant, is_allowed: bool) {
        let (to, from) = match is_allowed {
            true => (&mut self.allowed, &mut self.refused),
            false => (&mut self.refused, &mut self.allowed),
        };
        from.remove(&grant);
        to.insert(grant);
    }

    /// Whether nothing was ever said of it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.allowed.is_empty() && self.refused.is_empty()
    }
}

/// The file.
#[derive(Debug)]
pub struct Grants {
    path: PathBuf,
    modules: BTreeMap<String, Granted>,
}

/// As it is written.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    version: u32,
    modules: BTreeMap<String, Granted>,
}

impl Grants {
    /// Reads the file of the person who runs this: `drydock/plugin-grants.json` in the folder of settings.
    ///
    /// # Errors
    /// When there is no home folder, or the file cannot be read or is another.
    pub fn of_person() -> Result<Self, Failure> {
        // A relative path is to be ignored: XDG Base Directory Specification.
        let named = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let folder = named.or_else(|| std::env::home_dir().map(|home| home.join(".config")));
        let folder = folder.ok_or_else(|| {
            Failure::new("there is no home folder, where grants are kept").with_hint("set `$HOME`")
        })?;
        Self::read(folder.join("drydock").join("plugin-grants.json"))
    }

    fn read(path: PathBuf) -> Result<Self, Failure> {
        if !path.exists() {
            return Ok(Self { path, modules: BTreeMap::new() });
        }
        let text = files::read_text(&path, MAX_BYTES)?;
        let broken = |cause: String| {
            Failure::new(format!("`{}` holds no grants: {cause}", path.display()))
                .with_hint("remove it: every plugin is asked for again then")
        };
        let text: Text = serde_json::from_str(&text).map_err(|error| broken(error.to_string()))?;
        if text.version != VERSION {
            return Err(broken(format!("it is of version {}, not {VERSION}", text.version)));
        }
        Ok(Self { path, modules: text.modules })
    }

    /// What was said of a module.
    #[must_use]
    pub fn of(&self, digest: &str) -> Granted {
        self.modules.get(digest).cloned().unwrap_or_default()
    }

    /// Keeps what was said of a module, and writes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&mut self, digest: &str, granted: Granted) -> Result<(), Failure> {
        if self.modules.get(digest) == Some(&granted) {
            return Ok(());
        }
        self.modules.insert(digest.to_owned(), granted);
        self.write()
    }

    /// Forgets what was said of a module; whether there was anything.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget(&mut self, digest: &str) -> Result<bool, Failure> {
        match self.modules.remove(digest) {
            Some(_) => self.write().map(|()| true),
            None => Ok(false),
        }
    }

    /// All that was said, by digest.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Granted)> {
        self.modules.iter().map(|(digest, granted)| (digest.as_str(), granted))
    }

    fn write(&self) -> Result<(), Failure> {
        let text = Text { version: VERSION, modules: self.modules.clone() };
        let text = serde_json::to_string_pretty(&text)
            .map_err(|error| Failure::new(format!("the grants cannot be written: {error}")))?;
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| files::cannot(folder, "made", &error))?;
        }
        files::write(&self.path, format!("{text}\n").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_kept_and_forgotten() {
        let folder = std::env::temp_dir().join(format!("drydock-grants-{}", std::process::id()));
        let path = folder.join("a/grants.json");
        let mut grants = Grants::read(path.clone()).unwrap();
        assert!(grants.of("sha256:1").is_unknown());
        let mut granted = Granted { name: "x".into(), ..Granted::default() };
        granted.answer(Grant::Read, true);
        granted.answer(Grant::Write, true);
        granted.answer(Grant::Write, false);
        granted.agreed.insert("run `a` to sign in".into());
        grants.keep("sha256:1", granted.clone()).unwrap();
        let mut again = Grants::read(path.clone()).unwrap();
        assert_eq!(again.of("sha256:1"), granted);
        assert!(granted.has(Grant::Read) && !granted.has(Grant::Write) && !granted.is_unknown());
        assert!(again.of("sha256:2").is_unknown());
        assert!(again.forget("sha256:1").unwrap() && !again.forget("sha256:1").unwrap());
        assert!(Grants::read(path.clone()).unwrap().of("sha256:1").is_unknown());
        for text in [
            "",
            "{}",
            r#"{"version":2,"modules":{}}"#,
            r#"{"version":1,"modules":{"a":{"allowed":["all"]}}}"#,
        ] {
            std::fs::write(&path, text).unwrap();
            let failure = Grants::read(path.clone()).unwrap_err();
            assert!(failure.message.contains("holds no grants"), "{text}: {failure}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
