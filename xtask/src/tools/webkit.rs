//! WebKitGTK: the headers that the window is built with, and what opens it where there is no screen.
//!
//! Refuses to build around what is missing: the window is part of the workspace, and is checked with it.

use crate::console::say;
use crate::process::{Process, find};
use crate::tools::debian;

/// What the window is built with, as pkg-config and Debian call it.
const HEADERS: &[(&str, &str)] = &[("webkit2gtk-4.1", "libwebkit2gtk-4.1-dev"), ("dbus-1", "libdbus-1-dev")];

/// What opens and drives it without a screen, and the packages that hold the programs.
const PROGRAMS: &[(&str, &str)] = &[
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("xvfb-run", "xvfb"),
    ("xauth", "xauth"),
    ("openssl", "openssl"),
    ("dpkg-deb", "dpkg"),
    ("dbus-run-session", "dbus"),
];

/// Makes present what the workspace is compiled with. Elsewhere than on Linux the system brings it.
///
/// # Errors
/// When something is missing and cannot be installed, saying how to get it.
pub(crate) fn headers() -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let missing = HEADERS.iter().filter(|(library, _)| !is_known(library));
    get(&missing.map(|(_, package)| *package).collect::<Vec<_>>(), "the window is built with it")
}

/// Makes present what the window's journeys are driven with.
///
/// # Errors
/// As [`headers`].
pub(crate) fn programs() -> Result<(), String> {
    let missing = PROGRAMS.iter().filter(|(program, _)| find(program).is_none());
    get(&missing.map(|(_, package)| *package).collect::<Vec<_>>(), "the window is opened with it")
}

fn is_known(library: &str) -> bool {
    Process::new("pkg-config").args(["--exists", library]).output().is_ok()
}

fn get(missing: &[&str], why: &str) -> Result<(), String> {
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !debian::can_install() {
        return Err(format!("{why}: install {list} (Debian: apt-get update, then apt-get install {list})"));
    }
    say(&format!("   installing {list} from Debian's packages: {why}"));
    debian::install(missing)
}
