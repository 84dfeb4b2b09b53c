//! Debian's packages, for what no other registry gives.
//!
//! Refuses to change a system that is not Debian's kind, or that somebody else administers.

use std::path::Path;

use crate::process::{Process, find};

/// Whether packages can be installed here.
pub(crate) fn can_install() -> bool {
    Path::new("/etc/debian_version").exists() && find("apt-get").is_some() && is_root()
}

/// Installs packages.
///
/// # Errors
/// When apt-get fails.
pub(crate) fn install(packages: &[&str]) -> Result<(), String> {
    // Without it, versions that the index of an older image names clash with each other.
    apt(&["update", "-qq"])?;
    apt(&[["install", "-y", "-qq", "--no-install-recommends"].as_slice(), packages].concat())
}

fn apt(arguments: &[&str]) -> Result<(), String> {
    Process::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive").run()
}

fn is_root() -> bool {
    Process::new("id").args(["-u"]).output().is_ok_and(|id| id.trim() == "0")
}
