//! Puts the built page beside the window's code, and lets Tauri make its part of it. The page's program is the one
//! that was compiled for the window.
//!
//! A page that is not built is no error here, so that the workspace can be checked without it: the window then says
//! how to build it. The page's own policy, which knows no window, gives way to the window's.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Where the page is built.
const DIST: &str = "../../dist";

/// Where the page's program for the window is built.
const PROGRAM: &str = "page";

/// How the page's policy begins; it is one line.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\"";

/// What is shown where the page is not built.
const MISSING: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Drydock</title></head><body><h1>The page is missing</h1><p>This window was built without it. <code>cargo xtask window</code> builds both.</p></body></html>";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed={DIST}");
    println!("cargo:rerun-if-changed={PROGRAM}");
    let page = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("page");
    if page.exists() {
        fs::remove_dir_all(&page)?;
    }
    fs::create_dir_all(&page)?;
    if Path::new(DIST).join("index.html").is_file() && Path::new(PROGRAM).is_dir() {
        copy(Path::new(DIST), &page)?;
        copy(Path::new(PROGRAM), &page)?;
        give_way(&page.join("index.html"))?;
    } else {
        println!("cargo:warning=the page is not built: `cargo xtask window` builds a window that shows it");
        fs::write(page.join("index.html"), MISSING)?;
    }
    let config = serde_json::json!({ "build": { "frontendDist": page } });
    println!("cargo:rustc-env=TAURI_CONFIG={config}");
    let manifest = tauri_build::AppManifest::new().commands(&["ask"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)).map_err(io::Error::other)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&to)?;
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), &to)?;
        }
    }
    Ok(())
}

/// Takes the page's policy out: two policies hold together, and this one would refuse the way to the window.
fn give_way(index: &Path) -> io::Result<()> {
    let text = fs::read_to_string(index)?;
    let Some((before, rest)) = text.split_once(POLICY) else {
        return Err(io::Error::other("dist/index.html has no policy: is it this project's page?"));
    };
    let (_, after) = rest.split_once('>').unwrap_or_default();
    fs::write(index, format!("{before}{after}"))
}
