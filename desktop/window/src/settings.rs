//! The window's own settings: what was open before, and which cluster each workspace was used with. They stand in
//! one file of the person's configuration, never in a workspace.
//!
//! Settings that cannot be read or written cost nothing but themselves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use desktop::files;
use serde::{Deserialize, Serialize};
use wire::Recent;

/// The file's name.
pub(crate) const FILE: &str = "window.json";

/// How many workspaces are remembered: what fits on the left without scrolling.
const MOST: usize = 8;

/// For how many workspaces the cluster is remembered.
const MOST_CONTEXTS: usize = 200;

/// The largest file that is read, in bytes: far more than is ever written.
const MAX_BYTES: usize = 1 << 20;

/// The settings, and where they are kept.
pub(crate) struct Settings {
    file: PathBuf,
    kept: Mutex<Kept>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    recent: Vec<PathBuf>,
    contexts: BTreeMap<String, String>,
}

impl Settings {
    /// Reads the settings.
    pub(crate) fn new(file: PathBuf) -> Self {
        let kept = files::read(&file, MAX_BYTES).ok();
        let kept = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { file, kept: Mutex::new(kept) }
    }

    /// Notes that a workspace was opened or saved.
    pub(crate) fn note(&self, path: PathBuf) {
        let path = std::path::absolute(&path).unwrap_or(path);
        self.change(|kept| {
            kept.recent.retain(|known| *known != path);
            kept.recent.insert(0, path);
            kept.recent.truncate(MOST);
        });
    }

    /// The path of a recent workspace.
    pub(crate) fn recent_path(&self, number: u32) -> Option<PathBuf> {
        self.lock().recent.get(usize::try_from(number).ok()?).cloned()
    }

    /// What was open before, the latest first.
    pub(crate) fn recent(&self) -> Vec<Recent> {
        let text = |part: Option<&Path>| part.map(|part| part.display().to_string()).unwrap_or_default();
        let recent = |path: &PathBuf| Recent {
            name: text(path.file_name().map(Path::new)),
            folder: text(path.parent()),
        };
        self.lock().recent.iter().map(recent).collect()
    }

    /// The cluster that a workspace was used with.
    pub(crate) fn context(&self, key: &str) -> Option<String> {
        self.lock().contexts.get(key).cloned()
    }

    /// Remembers a workspace's cluster, or that it has none.
    pub(crate) fn choose(&self, key: String, context: Option<String>) {
        self.change(|kept| {
            kept.contexts.remove(&key);
            if let Some(context) = context {
                if kept.contexts.len() >= MOST_CONTEXTS {
                    kept.contexts.pop_first();
                }
                kept.contexts.insert(key, context);
            }
        });
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Kept)) {
        let mut kept = self.lock();
        change(&mut kept);
        let text = serde_json::to_string_pretty(&*kept).unwrap_or_default();
        // Where they cannot be kept they hold until the window closes.
        let _ = self.file.parent().map(std::fs::create_dir_all);
        let _ = files::write(&self.file, text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn settings_are_kept_and_bounded() {
        let folder = std::env::temp_dir().join(format!("drydock-window-settings-{}", std::process::id()));
        let file = folder.join("deep").join(FILE);
        let settings = Settings::new(file.clone());
        for number in 0..MOST + 3 {
            settings.note(PathBuf::from(format!("/work/{number}/drydock.yaml")));
        }
        settings.note("/work/5/drydock.yaml".into());
        settings.choose("a".into(), Some("kind".into()));
        settings.choose("b".into(), Some("prod".into()));
        settings.choose("b".into(), None);

        let again = Settings::new(file.clone());
        assert_eq!(again.recent().len(), MOST);
        let first = Recent { name: "drydock.yaml".into(), folder: "/work/5".into() };
        assert_eq!(again.recent().first(), Some(&first));
        assert_eq!(again.recent_path(1), Some("/work/10/drydock.yaml".into()));
        assert_eq!(again.recent_path(99), None);
        assert_eq!((again.context("a").as_deref(), again.context("b")), (Some("kind"), None));

        std::fs::write(&file, "{ not json").unwrap();
        assert_eq!(Settings::new(file).recent(), Vec::new());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
