//! Guests that run and misbehave: wild pointers, absurd counts, floods of output, memory, recursion.
//!
//! What a guest may do wrong with each WASI call in detail is tested in `wasi`; here the whole run counts.

use engine::machine::wasmi::WasmiMachine;
use engine::machine::{HostFunction, Machine, ValueType};
use engine::report::{Limit, OutcomeKind, Report};
use engine::request::Budget;
use engine::wasi;

use super::{attempt, attempt_on, budget, machines, stopped};

/// Declares the WASI functions that guests here call.
const IMPORTS: &str = r#"
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 2)"#;

fn guest(body: &str) -> Vec<u8> {
    format!("(module {IMPORTS} (func (export \"_start\") (local $i i32) (local $n i32) {body}))").into_bytes()
}

fn ends(module: &[u8], kind: OutcomeKind, words: &[&str]) -> Report {
    let report = attempt(module, budget());
    let message = &report.outcome.message;
    assert_eq!(report.outcome.kind, kind, "{message}");
    words.iter().for_each(|word| assert!(message.contains(word), "{message:?} does not say {word:?}"));
    report
}

/// Numbers that are no addresses, lengths, descriptors or flags.
const WILD: [i64; 8] = [0, 1, -1, -8, 65_535, 131_071, 0x7FFF_FFFF, -0x8000_0000];

/// Every function of WASI, with every wild number in every place and in all places at once, over and over.
#[test]
fn wild_arguments_to_every_call_are_survived() {
    for function in wasi::functions() {
        if function.name == "proc_exit" {
            continue;
        }
        let report = attempt(wild(function).as_bytes(), Budget { fuel: 3_000_000, ..budget() });
        let message = &report.outcome.message;
        let expected = match report.outcome.kind {
            // Its loop ran to the end of the fuel, or one wild number was a very long sleep or a flood.
            OutcomeKind::Stopped => true,
            // The function ended the guest, as `proc_raise` does.
            OutcomeKind::Trapped | OutcomeKind::Exited => function.name == "proc_raise",
            _ => false,
        };
        assert!(expected, "{}: {message}", function.name);
        let called = report.steps[0].host_calls.iter().any(|calls| calls.function.ends_with(&*function.name));
        assert!(called, "{} was not called", function.name);
    }
}

fn wild(function: &HostFunction) -> String {
    let kinds: Vec<&str> = function.params.iter().map(name).collect();
    let result = function.result.map_or(String::new(), |kind| format!("(result {})", name(&kind)));
    let drop = if function.result.is_some() { "drop" } else { "" };
    let call = |arguments: Vec<i64>| {
        let arguments: Vec<String> =
            kinds.iter().zip(arguments).map(|(kind, value)| format!("({kind}.const {value})")).collect();
        format!("{} (call $f) {drop}", arguments.join(" "))
    };
    let mut calls = Vec::new();
    for number in WILD {
        calls.push(call(vec![number; kinds.len()]));
        for place in 0..kinds.len() {
            let mut arguments = vec![1; kinds.len()];
            arguments[place] = number;
            calls.push(call(arguments));
        }
    }
    format!(
        "(module (import \"{}\" \"{}\" (func $f (param {}) {result})) (memory (export \"memory\") 2)
           (func (export \"_start\") (loop {} (br 0))))",
        function.module,
        function.name,
        kinds.join(" "),
        calls.join("\n")
    )
}

fn name(kind: &ValueType) -> &'static str {
    match kind {
        ValueType::I32 => "i32",
        ValueType::I64 => "i64",
        ValueType::F32 => "f32",
        ValueType::F64 => "f64",
    }
}

#[test]
fn four_billion_entries_are_refused_before_they_are_read() {
    let fault =
        |call: &str| guest(&format!("(if (i32.eqz {call}) (then unreachable)) (call $exit (i32.const 9))"));
    for call in [
        "(call $poll (i32.const 0) (i32.const 0) (i32.const -1) (i32.const 8))",
        "(call $poll (i32.const 0) (i32.const 65536) (i32.const 100000000) (i32.const 8))",
        "(call $write (i32.const 1) (i32.const 0) (i32.const -1) (i32.const 8))",
        "(call $write (i32.const 2) (i32.const 8) (i32.const 0x20000000) (i32.const 8))",
        "(call $read (i32.const 0) (i32.const 0) (i32.const -1) (i32.const 8))",
        "(call $random (i32.const 0) (i32.const -1))",
    ] {
        let report = ends(&fault(call), OutcomeKind::Exited, &["hostile", "9"]);
        assert!(report.fuel < 10_000, "{call}: {} fuel", report.fuel);
    }
}

/// Vectors that all name the same bytes: a small memory asks for a large copy.
#[test]
fn vectors_over_the_same_bytes_are_charged_in_full() {
    let body = "
      (loop $fill
        (i32.store (local.get $i) (i32.const 0))
        (i32.store offset=4 (local.get $i) (i32.const 65536))
        (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 8192))))
      (loop $again (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1024) (i32.const 100000))) (br $again))";
    let budget = Budget { fuel: 20_000_000_000, host_bytes: 256 << 20, ..Budget::default() };
    let report = stopped(&guest(body), budget, Limit::HostBytes, &["`fd_write`", "268,435,456 bytes"]);
    assert!(report.steps[0].stderr.len() <= 3 << 20);
    assert!(report.steps[0].stderr_dropped > 0);
}

#[test]
fn what_is_printed_to_stderr_for_ever_is_kept_up_to_the_limit() {
    let body = "(i32.store (i32.const 4) (i32.const 1000))
      (memory.fill (i32.const 16) (i32.const 120) (i32.const 1000)) (i32.store (i32.const 0) (i32.const 16))
      (loop (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8))) (br 0))";
    let limited = Budget { stderr_bytes: 4_096, fuel: 1_000_000, ..budget() };
    let report = stopped(&guest(body), limited, Limit::Fuel, &["fuel"]);
    let step = &report.steps[0];
    assert_eq!(step.stderr, "x".repeat(4_096));
    let written =
        step.host_calls.iter().find(|calls| calls.function.ends_with("fd_write")).unwrap().count * 1_000;
    assert_eq!(step.stderr_dropped + 4_096, written);
}

#[test]
fn a_gibibyte_of_stdout_ends_at_the_limit() {
    let body = "(i32.store (i32.const 4) (i32.const 65536)) (i32.store (i32.const 0) (i32.const 65536))
      (loop $print
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
        (br_if $print (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 16384))))";
    let report = stopped(&guest(body), budget(), Limit::Output, &["16,777,216 bytes"]);
    assert!(report.steps[0].stdout.len() <= 64 << 10, "{} bytes kept", report.steps[0].stdout.len());
    assert!(report.memory_bytes <= 2 << 16);
}

#[test]
fn memory_is_grown_and_then_the_guest_dies() {
    let body = "(drop (memory.grow (i32.const 2000))) (memory.fill (i32.const 0) (i32.const 7) (i32.const 131072000)) unreachable";
    // The interpreter counts 64 bytes that are filled as one fuel, another machine each of them.
    let report = attempt_on(&WasmiMachine::new(), &guest(body), budget());
    assert_eq!(report.outcome.kind, OutcomeKind::Trapped, "{}", report.outcome.message);
    let report = attempt(&guest(body), Budget { fuel: 200_000_000, ..budget() });
    assert_eq!(report.outcome.kind, OutcomeKind::Trapped, "{}", report.outcome.message);
    assert!(report.outcome.message.contains("unreachable"), "{}", report.outcome.message);
    assert_eq!(report.memory_bytes, 2_002 << 16);
    let body = "(loop (br_if 0 (i32.ne (memory.grow (i32.const 100)) (i32.const -1)))) unreachable";
    stopped(&guest(body), budget(), Limit::Memory, &["bytes of memory; the limit is 268,435,456"]);
}

#[test]
fn recursion_ends_in_a_sentence() {
    let text = "(module (func $deep (param i64 i64 i64 i64) (call $deep (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
      (func (export \"_start\") (call $deep (i64.const 1) (i64.const 1) (i64.const 1) (i64.const 1))))";
    ends(text.as_bytes(), OutcomeKind::Trapped, &["step 1, `hostile`, trapped", "stack"]);
    let text =
        "(module (table 1 funcref) (elem (i32.const 0) $deep) (func $deep (call_indirect (i32.const 0)))
      (func (export \"_start\") (call $deep)))";
    ends(text.as_bytes(), OutcomeKind::Trapped, &["stack"]);
    // A host call cannot call back: exports named like allocators are not touched.
    let body = "(drop (call $random (i32.const 0) (i32.const 8))) (call $exit (i32.const 4))";
    let module = guest(body);
    let text = String::from_utf8(module).unwrap();
    let text = text.replacen("(func (export", "(func (export \"malloc\") unreachable) (func (export", 1);
    assert_eq!(ends(text.as_bytes(), OutcomeKind::Exited, &["4"]).outcome.code, Some(4));
}

/// Reading byte by byte is slow and nothing else: all of stdin arrives.
#[test]
fn stdin_is_read_in_steps_of_one_byte() {
    let body = "(i32.store (i32.const 4) (i32.const 1))
      (loop $next
        (i32.store (i32.const 0) (i32.add (i32.const 65536) (local.get $n)))
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (if (i32.load (i32.const 8)) (then (local.set $n (i32.add (local.get $n) (i32.const 1))) (br $next))))
      (i32.store (i32.const 0) (i32.const 65536)) (i32.store (i32.const 4) (local.get $n))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))";
    let report = ends(&guest(body), OutcomeKind::Finished, &["nothing changed"]);
    let calls = |name: &str| {
        let found = report.steps[0].host_calls.iter().find(|calls| calls.function.ends_with(name));
        found.map_or(0, |calls| calls.count)
    };
    assert!(calls("fd_read") > 100 && calls("fd_write") == 1);
}

/// A guest's marks in memory, files and output are gone in the next run, however it ended.
#[test]
fn a_hostile_run_leaves_nothing_behind() {
    machines().iter().for_each(|machine| leaves_nothing_behind(machine.as_ref()));
}

fn leaves_nothing_behind(machine: &dyn Machine) {
    let clean = guest(
        "(if (i32.ne (i32.load (i32.const 1024)) (i32.const 0)) (then unreachable)) (call $exit (i32.const 2))",
    );
    let before = attempt_on(machine, &clean, budget());
    assert_eq!(before.outcome.code, Some(2));
    for ending in [
        "unreachable",
        "(loop (br 0))",
        "(call $exit (i32.const 1))",
        "(drop (memory.grow (i32.const 9999)))",
    ] {
        let body = format!("(memory.fill (i32.const 0) (i32.const 0xAB) (i32.const 131072)) {ending}");
        attempt_on(machine, &guest(&body), Budget { fuel: 3_000_000, ..budget() });
        assert_eq!(attempt_on(machine, &clean, budget()), before, "after {ending}");
    }
}
