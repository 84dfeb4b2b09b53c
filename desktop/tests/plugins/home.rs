//! A home folder of a test's own, and the program run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::guest::Guest;
use crate::sandbox::{Ended, Sandbox, finish};

/// Prints its arguments, its environment and the kubeconfig in its first directory, writes a file there, and exits
/// with 7.
pub(crate) const SHOW: &str = include_str!("show.wat");

pub(crate) struct Home(Sandbox);

impl Home {
    pub(crate) fn new() -> Self {
        let sandbox = Sandbox::new();
        fs::create_dir_all(sandbox.0.join("home")).unwrap();
        Self(sandbox)
    }

    /// The home folder itself.
    pub(crate) fn path(&self) -> PathBuf {
        self.0.0.join("home")
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        self.0.write(&format!("home/{path}"), text);
    }

    pub(crate) fn read(&self, path: &str) -> Option<String> {
        self.0.read(&format!("home/{path}"))
    }

    /// A module beside the home folder, with its path.
    pub(crate) fn module(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A program with the settings of this home alone.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = self.0.command(program);
        command.env("XDG_CACHE_HOME", self.path().join("cache"));
        for name in ["XDG_CONFIG_HOME", "DOCKER_CONFIG", "KUBECONFIG"] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn drydock(&self, args: &[&str]) -> Ended {
        finish(self.command(env!("CARGO_BIN_EXE_drydock")).args(args).spawn().unwrap(), b"")
    }

    /// Pulls a module from a file, so that it is called `name`.
    pub(crate) fn pull(&self, name: &str, guest: &Guest) {
        let path = self.module(&format!("{name}.wasm"), &guest.wasm());
        let ended = self.drydock(&["plugin", "pull", &format!("file://{}", path.display())]);
        assert!(ended.status.success(), "{ended:?}");
    }

    /// The link that kubectl finds.
    pub(crate) fn link(&self, name: &str) -> PathBuf {
        self.path().join(".krew-wasm/bin").join(format!("kubectl-{name}"))
    }

    /// Every file and link below, but for compiled modules, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let home = self.path();
        let mut found = Vec::new();
        let mut waiting = vec![home.clone()];
        while let Some(folder) = waiting.pop() {
            for entry in fs::read_dir(&folder).unwrap().flatten() {
                let path = entry.path();
                let shown = path.strip_prefix(&home).unwrap().display().to_string();
                match fs::symlink_metadata(&path).unwrap().is_dir() {
                    true if shown == "cache/drydock" => {}
                    true => waiting.push(path),
                    false => found.push(shown),
                }
            }
        }
        found.sort();
        found
    }
}

/// A guest that ends at once.
pub(crate) fn quiet() -> Guest {
    wat("(module (memory (export \"memory\") 1) (func (export \"_start\")))")
}

pub(crate) fn wat(text: &str) -> Guest {
    serde_json::from_value(serde_json::json!({ "wat": text })).unwrap()
}

/// A path as text.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}
