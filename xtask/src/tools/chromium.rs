//! A Chromium for the journeys.
//!
//! Refuses to download a browser by itself: it takes what the system has, or what the system's packages give.

use std::path::PathBuf;

use crate::console::say;
use crate::process::find;
use crate::tools::debian;

/// Names under which systems keep Chromium and its relatives, on PATH or at a fixed place.
const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
];

/// The browser that `CHROMIUM` names, or one that is installed; on Debian, as root, installs it.
///
/// # Errors
/// When there is none, saying how to get one.
pub(crate) fn browser() -> Result<PathBuf, String> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        let named = PathBuf::from(named);
        let missing = format!("CHROMIUM names {}, which is not there", named.display());
        return if named.is_file() { Ok(named) } else { Err(missing) };
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    if !debian::can_install() {
        return Err("the journeys need Chromium: install it (Debian: apt-get install chromium; macOS: brew \
                    install --cask chromium) or set CHROMIUM to the program"
            .to_owned());
    }
    say("   installing Chromium from Debian's packages: the journeys run in it");
    debian::install(&["chromium"])?;
    installed().ok_or_else(|| "apt-get installed chromium, but it is not on PATH".to_owned())
}

fn installed() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| find(name))
}
