//! `drydock link` and `drydock open`: a workspace handed on, as it is, or with what is missing named.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "every test needs a part of it")]
#[path = "process/real.rs"]
mod real;

use std::path::Path;
use std::process::Command;

use engine::link::decode;
use engine::module::digest;
use engine::workspace::Workspace;
use real::{SAME, folder, holds, run, told, workspace, write};

const MODULE: &[u8] = b"\0asm\x01\0\0\0";

#[test]
fn the_page_opens_the_same_workspace() {
    let folder = folder("link-same");
    let text = workspace(SAME, "cases:\n- name: c\n  expect: {outcome: finished}\n");
    write(&folder, "drydock.yaml", &text);
    let (status, out, err) = run(&folder, &["link", "."]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert_eq!(decode(out.trim()).unwrap(), Workspace::from_yaml(&text).unwrap());
    let (status, again, _) = run(&folder, &["link", out.trim(), "--base", "https://example.org/play/#old"]);
    assert_eq!((status, again.trim()), (0, format!("https://example.org/play/{}", out.trim()).as_str()));
}

#[test]
fn files_go_into_the_link_or_are_named() {
    let folder = folder("link-files");
    let large = [MODULE, b"\0\xff\xff\x01", &[0; 32_767]].concat();
    let large = with_size(large);
    write(&folder, "small.wasm", MODULE);
    write(&folder, "large.wasm", &large);
    let text = "drydock: 1\nmodules:\n- name: small\n  file: small.wasm\n- name: large\n  file: large.wasm\npipeline: {}\n";
    write(&folder, "drydock.yaml", text);
    let (status, out, err) = run(&folder, &["link", "drydock.yaml"]);
    assert_eq!(status, 0, "{err}");
    let workspace = decode(out.trim()).unwrap();
    let small = workspace.module("small").unwrap();
    assert_eq!((small.base64.as_deref(), small.file.as_deref()), (Some("AGFzbQEAAAA="), None));
    let held = workspace.module("large").unwrap();
    assert_eq!(held.digest.as_deref(), Some(digest(&large).as_str()));
    assert_eq!((held.base64.as_deref(), held.file.as_deref()), (None, None));
    holds(&err, &["warning:", "module `large` has 32.0 KiB: the link holds its digest"]);
}

/// The same module with its custom section's length set right: a section of id 0 that fills the rest.
fn with_size(mut module: Vec<u8>) -> Vec<u8> {
    let body = module.len() - 12;
    let bytes = [body & 0x7f | 0x80, (body >> 7) & 0x7f | 0x80, body >> 14];
    for (place, byte) in module.iter_mut().skip(9).zip(bytes) {
        *place = u8::try_from(byte).unwrap();
    }
    module
}

#[test]
fn secrets_are_named_and_limits_are_kept() {
    let folder = folder("link-secrets");
    let secret = "drydock: 1\npipeline:\n  files:\n  - path: a.yaml\n    text: |\n      kind: Secret\n";
    write(&folder, "secret.yaml", secret);
    let (status, out, err) = run(&folder, &["link", "secret.yaml"]);
    assert!(status == 0 && out.starts_with("#v1."), "{out}{err}");
    holds(&err, &["warning: a.yaml, line 1: looks like a Secret"]);
    let long = format!("drydock: 1\ntitle: {}\npipeline: {{}}\n", "x".repeat(2 << 20));
    write(&folder, "long.yaml", long);
    for (arguments, parts) in [
        (
            &["link", "long.yaml"][..],
            &["long.yaml", "more than the 1048576 bytes that a link may hold", "help:"][..],
        ),
        (&["link", "gone.yaml"], &["`gone.yaml` does not exist"]),
        (&["link", "v1.x"], &["cut off or damaged"]),
        (&["link", "secret.yaml", "--base", "example.org"], &["give a whole address"]),
    ] {
        let (status, out, err) = run(&folder, arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}: {err}");
        holds(&err, parts);
    }
}

/// The program in a folder of its own, where no window stands beside it.
#[cfg(unix)]
fn alone(folder: &Path, arguments: &[&str], path: &Path) -> (i32, String, String) {
    let program = folder.join("bin/drydock");
    if !program.exists() {
        std::fs::create_dir_all(program.parent().unwrap()).unwrap();
        std::fs::hard_link(env!("CARGO_BIN_EXE_drydock"), &program).unwrap();
    }
    let output =
        Command::new(program).args(arguments).current_dir(folder).env("PATH", path).output().unwrap();
    told(&output)
}

#[cfg(unix)]
#[test]
fn the_window_is_started_where_it_is_installed() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder("link-open");
    write(&folder, "here/drydock.yaml", workspace(SAME, ""));
    let nowhere = folder.join("nowhere");
    let (status, _, err) = alone(&folder, &["open", "here"], &nowhere);
    assert_eq!(status, 2);
    holds(&err, &["`drydock-window` is neither beside this program nor on the PATH", "help:"]);
    let (status, _, err) = alone(&folder, &["open", "gone.yaml"], &nowhere);
    assert_eq!(status, 2);
    holds(&err, &["`gone.yaml` does not exist"]);

    write(&folder, "window/drydock-window", "#!/bin/sh\necho \"$#:$1\" >said.part\n/bin/mv said.part said\n");
    let window = folder.join("window/drydock-window");
    std::fs::set_permissions(&window, std::fs::Permissions::from_mode(0o755)).unwrap();
    for (arguments, expected) in [(&["open", "here"][..], "1:here/drydock.yaml\n"), (&["open"], "0:\n")] {
        let said = folder.join("said");
        let _ = std::fs::remove_file(&said);
        let (status, out, err) = alone(&folder, arguments, &folder.join("window"));
        assert_eq!((status, out.as_str(), err.as_str()), (0, "", ""));
        // The window goes on by itself.
        let patience = std::time::Instant::now();
        while !said.exists() && patience.elapsed().as_secs() < 60 {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert_eq!(std::fs::read_to_string(&said).unwrap(), expected);
    }
}
