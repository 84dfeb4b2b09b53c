//! Share links are for ever: every link that was ever made decodes to the same workspace, and a bad link is
//! refused with its cause.
//!
//! The links in `tests/links` are frozen. `UPDATE=1` adds the ones that are missing and rewrites none.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "links/bad.rs"]
mod bad;
#[path = "links/frozen.rs"]
mod frozen;
#[path = "links/round.rs"]
mod round;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use engine::workspace::Workspace;

fn folder(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// The workspaces of the examples, by name.
fn examples() -> BTreeMap<String, Workspace> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder("../examples")).unwrap() {
        let path = entry.unwrap().path();
        if let Ok(text) = fs::read_to_string(path.join("drydock.yaml")) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            found.insert(name, Workspace::from_yaml(&text).unwrap());
        }
    }
    assert!(!found.is_empty(), "there are no examples");
    found
}
