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

/// Waits until the program has a thread of this name: Linux tells them.
fn wait_for_thread(child: &Child, name: &str) {
    let began = Instant::now();
    let tasks = format!("/proc/{}/task", child.id());
    let is_there = || {
        let mut tasks = fs::read_dir(&tasks).unwrap().flatten();
        tasks.any(|task| fs::read_to_string(task.path().join("comm")).is_ok_and(|it| it.trim() == name))
    };
    while !is_there() {
        assert!(began.elapsed() < Duration::from_secs(60), "the program never had a thread `{name}`");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn the_first_tells_what_is_known() {
    let sandbox = Sandbox::new();
    let child = start(&sandbox);
    // Not before: nothing is known while the module is compiled, and the program ends at once.
    wait_for_thread(&child, "guest");
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

/// Functions of loops within loops: the compiler takes half a minute for each.
fn busy() -> String {
    let depth = 10_000;
    let function = format!("(func {} {})", "loop ".repeat(depth), "end ".repeat(depth));
    format!("(module (func (export \"_start\")) {})", function.repeat(4))
}

#[test]
fn a_compiler_is_not_waited_for() {
    let sandbox = Sandbox::new();
    sandbox.write("busy.wat", &busy());
    sandbox.write("data/kept.txt", "old");
    for command in [
        &["run", "busy.wat", "--dir", "data", "--write-back"][..],
        &["run", "busy.wat", "--abi", "krm"],
        &["bench", "busy.wat", "--save", "figures.json"],
    ] {
        let child = sandbox.drydock().args(command).spawn().unwrap();
        wait_for_thread(&child, "compile");
        let began = Instant::now();
        interrupt(&child);
        let ended = finish(child, b"");
        assert_eq!(ended.status.code(), Some(INTERRUPTED), "{command:?}: {ended:?}");
        assert!(began.elapsed() < Duration::from_secs(15), "{command:?} waited for its compiler");
    }
    let names: Vec<_> =
        fs::read_dir(sandbox.0.join("data")).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names, ["kept.txt"]);
    assert_eq!(sandbox.read("data/kept.txt").as_deref(), Some("old"));
    assert_eq!(sandbox.read("figures.json"), None);
}

/// On a terminal the wait for a compiler is shown, and in a pipe it is not.
#[test]
fn a_terminal_shows_the_wait_for_a_compiler() {
    let sandbox = Sandbox::new();
    sandbox.write("busy.wat", &busy());
    let line = "preparing busy.wat, ";
    // `timeout` is heard as Ctrl-C is.
    let run = "timeout -s INT 3 drydock run busy.wat";
    assert!(!sandbox.shell(run).stderr.contains(line));
    let ended = sandbox.shell(&format!("command -v script >&2 && script -qec '{run}' /dev/null"));
    if ended.stderr.is_empty() {
        eprintln!("`script` is not on PATH: there is no terminal to look at");
        return;
    }
    assert!(ended.stdout().contains(line), "{ended:?}");
    let plain = sandbox.shell(&format!("NO_COLOR=1 script -qec '{run}' /dev/null"));
    assert!(plain.stdout().contains(&format!("\r\u{1b}[K{line}")), "{plain:?}");
}
