//! Workspaces from files, folders and links: what is read, and what is refused with which sentence.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use desktop::Failure;
use desktop::load::{Loaded, load};
use engine::module::digest;

/// The smallest module.
const MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("load").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Loads a workspace with one module of this source, beside `fn.wasm`, `fn.wat` and `sub/fn.wasm`.
fn with_source(name: &str, source: &str) -> Result<Loaded, Failure> {
    let folder = folder(name);
    let here = folder.join("here");
    fs::create_dir_all(here.join("sub")).unwrap();
    fs::create_dir_all(folder.join("built")).unwrap();
    for file in ["here/fn.wasm", "here/sub/fn.wasm", "outside.wasm", "built/guest.wasm"] {
        fs::write(folder.join(file), MODULE).unwrap();
    }
    fs::write(here.join("fn.wat"), "(module)").unwrap();
    fs::write(here.join("broken.wat"), "(module").unwrap();
    fs::write(
        folder.join("built/index.json"),
        r#"{"missing": [{"name": "late", "why": "there is no Go here"}]}"#,
    )
    .unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../outside.wasm", here.join("out.wasm")).unwrap();
        std::os::unix::fs::symlink("fn.wasm", here.join("in.wasm")).unwrap();
        std::os::unix::fs::symlink("..", here.join("up")).unwrap();
    }
    let text = format!("drydock: 1\nmodules:\n- name: m\n  {source}\npipeline: {{}}\n");
    fs::write(here.join("drydock.yaml"), text).unwrap();
    load(here.to_str().unwrap(), None)
}

#[test]
fn modules_come_from_where_the_workspace_says() {
    let seen = format!("digest: '{}'", digest(MODULE));
    for (name, source) in [
        ("text", "wat: (module)"),
        ("base64", "base64: AGFzbQEAAAA="),
        ("base64-lines", "base64: |\n    AGFz\n    bQEAAAA="),
        ("file", "file: fn.wasm"),
        ("file-below", "file: ./sub/fn.wasm"),
        ("file-text", "file: fn.wat"),
        ("file-link", "file: in.wasm"),
        ("example", "example: guest"),
        ("digest", &format!("wat: (module)\n  {seen}")),
    ] {
        let loaded = with_source(name, source).unwrap_or_else(|failure| panic!("{name}: {failure}"));
        assert_eq!(loaded.modules.get("m").map(Vec::as_slice), Some(MODULE), "{name}");
    }
}

#[test]
fn what_is_wrong_with_a_source_is_a_sentence() {
    let other = format!("wat: (module)\n  digest: '{}'", digest(b""));
    for (name, source, expected) in [
        ("none", "name2: x", "unknown field `name2`"),
        ("empty", "{}", "not a workspace"),
        ("two", "wat: (module)\n  file: fn.wasm", "module `m` has several sources"),
        ("missing", "file: gone.wasm", "gone.wasm` does not exist"),
        ("folder", "file: sub", "sub` is a folder, not a file"),
        ("above", "file: ../outside.wasm", "`file: ../outside.wasm` leaves the workspace's folder"),
        ("above-below", "file: sub/../../outside.wasm", "leaves the workspace's folder"),
        ("absolute", "file: /etc/hostname", "`file: /etc/hostname` is not a relative path"),
        ("backslash", "file: 'sub\\fn.wasm'", "is not a relative path"),
        ("empty-path", "file: ''", "names no file"),
        ("link-out", "file: out.wasm", "is a symbolic link out of the workspace's folder"),
        ("link-up", "file: up/outside.wasm", "is a symbolic link out of the workspace's folder"),
        ("broken", "file: broken.wat", "line 1, column 8 of the WebAssembly text"),
        ("base64-bad", "base64: '?'", "its base64 cannot be read"),
        (
            "other-digest",
            &other,
            "its digest is sha256:93a44bbb96c751218e4c00d479e4c14358122a389acca16205b1e4d0dc5f9476, and the workspace says sha256:e3b0c442",
        ),
        ("digest-only", "digest: sha256:00", "only its digest is known, sha256:00"),
        ("no-guest", "example: gone", "the guest `gone` of the examples is not in"),
        ("late-guest", "example: late", "there is no Go here"),
        ("guest-path", "example: ../guest", "`../guest` is no name of an example's guest"),
    ] {
        let failure = with_source(name, source).expect_err(name);
        assert!(failure.message.contains(expected), "{name}: {failure}");
        let place = format!("{name}/here/drydock.yaml");
        assert!(failure.message.contains(&place), "{name} names no place: {failure}");
        assert!(failure.hint.is_some(), "{name} has no way out");
    }
}

#[test]
fn what_is_no_workspace_is_a_sentence() {
    let folder = folder("no-workspace");
    fs::write(folder.join("other.yaml"), "a: 1\n").unwrap();
    fs::write(folder.join("latin.yaml"), b"drydock: 1\ntitle: \xff\n").unwrap();
    let path = |name: &str| folder.join(name).display().to_string();
    for (argument, expected) in [
        (path(""), "holds no drydock.yaml"),
        (path("gone.yaml"), "gone.yaml` does not exist"),
        (path("other.yaml"), "missing field `pipeline`, or `request`"),
        (path("latin.yaml"), "is not UTF-8: byte 18"),
        ("v1.abc".into(), "cut off or damaged"),
        ("v9.abc".into(), "this link is of version 9"),
        ("https://example.org/#example/x".into(), "this is no Drydock link"),
    ] {
        let failure = load(&argument, None).expect_err(&argument);
        assert!(failure.message.contains(expected), "{argument}: {failure}");
        assert!(failure.hint.is_some() || expected.contains("exist"), "{argument} has no way out");
    }
}

#[test]
fn a_link_carries_no_files() {
    for (source, expected) in [
        ("file: fn.wasm", "module `m` of the link: it is the file `fn.wasm`, which a link cannot carry"),
        ("example: guest", "no folder of guests is named"),
    ] {
        let text = format!("drydock: 1\nmodules:\n- name: m\n  {source}\npipeline: {{}}\n");
        let workspace = engine::workspace::Workspace::from_yaml(&text).unwrap();
        let link = engine::link::encode(&workspace).unwrap();
        let failure = load(&format!("#{link}"), None).unwrap_err();
        assert!(failure.message.contains(expected), "{failure}");
    }
}

#[test]
fn guests_are_looked_for_where_one_says() {
    let guests = folder("guests");
    fs::write(guests.join("guest.wasm"), MODULE).unwrap();
    let text = "drydock: 1\nmodules:\n- name: m\n  example: guest\npipeline: {}\n";
    let link = engine::link::encode(&engine::workspace::Workspace::from_yaml(text).unwrap()).unwrap();
    let loaded = load(&link, Some(&guests)).unwrap();
    assert_eq!(loaded.modules.get("m").map(Vec::as_slice), Some(MODULE));
}
