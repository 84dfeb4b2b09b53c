//! Ctrl-C: at any moment, once and twice.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::sandbox::{Sandbox, finish};

/// 128 and the number of SIGINT.
const INTERRUPTED: i32 = 130;

/// The number of SIGINT.
const SIGINT: i32 = 2;

fn start(sandbox: &Sandbox) -> Child {
    sandbox.write("loop.wat", "(module (func (export \"_start\") (loop (br 0))))");
    sandbox.drydock().args(["run", "loop.wat", "--timeout", "600", "-o", "json"]).spawn().unwrap()
}

fn interrupt(child: &Child) {
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
}

/// Waits until the program hears SIGINT itself: Linux tells which signals a process catches.
fn wait_until_heard(child: &Child) {
    let began = Instant::now();
    loop {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim();
        let caught = u64::from_str_radix(caught, 16).unwrap();
        if caught & (1 << (SIGINT - 1)) != 0 {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "the program never heard SIGINT");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn the_first_tells_what_is_known() {
    let sandbox = Sandbox::new();
    let child = start(&sandbox);
    wait_until_heard(&child);
    interrupt(&child);
    let ended = finish(child, b"");
    assert_eq!(ended.status.code(), Some(INTERRUPTED), "{ended:?}");
    let report: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(report["outcome"]["limit"], "person");
}

#[test]
fn at_any_moment_it_ends() {
    for millis in [0, 1, 3, 10, 30, 100, 300] {
        let sandbox = Sandbox::new();
        let child = start(&sandbox);
        std::thread::sleep(Duration::from_millis(millis));
        interrupt(&child);
        let ended = finish(child, b"");
        let is_right = ended.status.code() == Some(INTERRUPTED) || ended.status.signal() == Some(SIGINT);
        assert!(is_right, "after {millis} ms: {ended:?}");
    }
}

#[test]
fn the_second_ends_it_at_once() {
    let sandbox = Sandbox::new();
    let child = start(&sandbox);
    wait_until_heard(&child);
    interrupt(&child);
    interrupt(&child);
    let ended = finish(child, b"");
    assert_eq!(ended.status.code(), Some(INTERRUPTED), "{ended:?}");
}
