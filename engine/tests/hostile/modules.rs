//! Modules that are wrong, huge or absurd, each refused with its cause or harmless.
//!
//! Runs no guest that does anything: see `guests`.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use engine::machine::PrepareError;
use engine::machine::wasmi::WasmiMachine;
use engine::module::inspect::MAX_LISTED;
use engine::module::{Module, ModuleError, to_binary};
use engine::report::{Limit, OutcomeKind};
use engine::wasi;

use super::binary::{
    CODE, DATA, ELEMENT, EXPORT, FUNCTION, GLOBAL, IMPORT, MEMORY, TABLE, TYPE, counted, leb, module, name,
    section, start_with,
};
use super::{attempt, attempt_on, budget, machines, refused, stopped};

/// Looking into any module takes at most 2 s on an idle machine; a busy one gets ten times that.
const PATIENCE: Duration = Duration::from_secs(20);

fn wat(text: &str) -> Vec<u8> {
    to_binary(text.as_bytes()).unwrap()
}

#[test]
fn a_hundred_thousand_custom_sections_are_counted() {
    let custom = section(0, &[name(b"note"), vec![0x55; 100]].concat());
    let mut bytes = wat("(module (memory (export \"memory\") 1) (func (export \"_start\")))");
    bytes.extend(custom.repeat(100_000));
    assert!(bytes.len() > 10 << 20);
    let begin = Instant::now();
    let info = Module::load(&bytes).unwrap().info;
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
    assert_eq!((info.section_count, info.sections.len()), (100_000, MAX_LISTED));
    let report = attempt(&bytes, budget());
    assert_eq!(report.outcome.kind, OutcomeKind::Malformed, "{}", report.outcome.message);
}

/// A count is no promise: nothing is allocated for entries that are not there.
#[test]
fn claims_of_many_entries_are_refused() {
    for count in [1_000_000, u64::from(u32::MAX), 1 << 33, u64::MAX] {
        for id in [TYPE, IMPORT, FUNCTION, TABLE, MEMORY, GLOBAL, EXPORT, ELEMENT, CODE, DATA] {
            for entries in [&[][..], &[0x60, 0, 0], &[0; 40]] {
                let begin = Instant::now();
                refused(&module(&[counted(id, count, entries)]), &["at byte"]);
                assert!(begin.elapsed() < PATIENCE, "section {id} with {count}");
            }
        }
    }
}

#[test]
fn a_million_entries_that_are_there_are_counted() {
    let import = [name(b"a"), name(b"b"), vec![0, 0]].concat();
    let begin = Instant::now();
    let imports =
        module(&[counted(TYPE, 1, &[0x60, 0, 0]), counted(IMPORT, 1_000_000, &import.repeat(1_000_000))]);
    let info = Module::load(&imports).unwrap().info;
    assert_eq!((info.import_count, info.imports.len()), (1_000_000, MAX_LISTED));
    refused(&imports, &["at byte"]);
    let types = module(&[counted(TYPE, 1_000_000, &[0x60, 0, 0].repeat(1_000_000))]);
    assert!(Module::load(&types).is_ok());
    attempt(&types, budget());
    let exports: String =
        (0..200_000).fold(String::from("(module (func (export \"_start\"))"), |mut text, number| {
            write!(text, "(export \"{number}\" (func 0))").unwrap();
            text
        });
    let exports = wat(&(exports + ")"));
    assert_eq!(Module::load(&exports).unwrap().info.export_count, 200_001);
    let report = attempt(&exports, budget());
    assert_eq!(report.outcome.kind, OutcomeKind::Malformed, "{}", report.outcome.message);
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
}

#[test]
fn numbers_that_are_too_long_are_refused() {
    for bad in [&[0x80; 6][..], &[0xFF, 0xFF, 0xFF, 0xFF, 0x1F], &[0xFF; 12], &[0x80, 0x80, 0x80, 0x80, 0x70]]
    {
        refused(&module(&[[&[TYPE], bad].concat()]), &["at byte"]);
        refused(&module(&[section(TYPE, bad)]), &["at byte"]);
        refused(&module(&[section(0, bad)]), &["at byte"]);
    }
    // A section that is longer than the file.
    refused(&module(&[[&[TYPE][..], &leb(0xFFFF_FFFF), &[1]].concat()]), &["at byte", "cut off"]);
}

#[test]
fn names_must_be_utf8() {
    for bad in [&b"\xff\xfe"[..], b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"ok\x80"] {
        let import = [name(bad), name(b"b"), vec![0, 0]].concat();
        refused(&module(&[counted(TYPE, 1, &[0x60, 0, 0]), counted(IMPORT, 1, &import)]), &["UTF-8"]);
        let export = [name(bad), vec![0, 0]].concat();
        let function = [counted(TYPE, 1, &[0x60, 0, 0]), counted(FUNCTION, 1, &[0])];
        refused(&module(&[&function[..], &[counted(EXPORT, 1, &export)]].concat()), &["UTF-8"]);
        refused(&module(&[section(0, &name(bad))]), &["UTF-8"]);
    }
}

#[test]
fn deep_nesting_is_no_recursion_of_the_host() {
    let deep = |levels: usize| start_with(&[0], &[[0x02, 0x40].repeat(levels), vec![0x0B; levels]].concat());
    let begin = Instant::now();
    // A compiler takes too long for these: what it does then is tested where it is.
    let machine = WasmiMachine::new();
    // As deep as a function may be long.
    for levels in [100_000, 1_000_000] {
        let report = attempt_on(&machine, &deep(levels), budget());
        assert!(
            matches!(report.outcome.kind, OutcomeKind::Invalid | OutcomeKind::Malformed),
            "{}",
            report.outcome.message
        );
    }
    let text =
        format!("(module (func (export \"_start\") {} {}))", "(block ".repeat(100_000), ")".repeat(100_000));
    attempt_on(&machine, text.as_bytes(), budget());
    let parentheses = format!("(module {}", "(".repeat(1_000_000));
    assert!(matches!(to_binary(parentheses.as_bytes()), Err(ModuleError::Text { .. })));
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
}

#[test]
fn many_locals_and_parameters_are_bounded() {
    // 50,000 locals are what WebAssembly allows at most; more is refused.
    let locals = |count: u64| start_with(&[vec![1], leb(count), vec![0x7F]].concat(), &[]);
    // An interpreter may have fewer registers.
    for machine in machines() {
        let report = attempt_on(machine.as_ref(), &locals(50_000), budget());
        assert_ne!(report.outcome.kind, OutcomeKind::Finished);
    }
    refused(&locals(50_001), &["locals"]);
    refused(&locals(u64::from(u32::MAX)), &["locals"]);
    let many = start_with(
        &[leb(1_000), [vec![0xFF, 0xFF, 0xFF, 0x7F], vec![0x7F]].concat().repeat(1_000)].concat(),
        &[],
    );
    refused(&many, &["at byte"]);
    let parameters = |count: usize| {
        let params = "i64 ".repeat(count);
        format!("(module (func (export \"_start\") (param {params})))")
    };
    for count in [200, 1_000] {
        let report = attempt(parameters(count).as_bytes(), budget());
        assert!(
            report.outcome.message.contains(&format!("{count} parameters")),
            "{}",
            report.outcome.message
        );
    }
    let calls = format!(
        "(module (func $many (param {}) (result {})) (func (export \"_start\") {} call $many {}))",
        "i64 ".repeat(200),
        "",
        "(i64.const 1) ".repeat(200),
        ""
    );
    let report = attempt(calls.as_bytes(), budget());
    assert_eq!(report.outcome.kind, OutcomeKind::Malformed, "{}", report.outcome.message);
}

#[test]
fn sizes_that_contradict_themselves_are_refused() {
    refused(&module(&[counted(MEMORY, 1, &[1, 10, 1])]), &["minimum", "maximum"]);
    refused(&module(&[counted(TABLE, 1, &[0x70, 1, 10, 1])]), &["minimum", "maximum"]);
    refused(&module(&[counted(MEMORY, 1, &[vec![0], leb(65_537)].concat())]), &["memory"]);
    refused(&module(&[counted(TABLE, 1, &[vec![0x70, 0], leb(1 << 40)].concat())]), &["at byte"]);
    refused(b"(module (func $f) (start 7))", &["unknown func"]);
    refused(b"(module (func $f (param i32)) (start $f))", &["start"]);
    let huge = "(module (table 0xffffffff funcref) (func (export \"_start\")))";
    stopped(huge.as_bytes(), budget(), Limit::Table, &["table entries; the limit is"]);
    let huge = "(module (memory 65536 65536) (func (export \"_start\")))";
    stopped(huge.as_bytes(), budget(), Limit::Memory, &["4,294,967,296 bytes of memory; the limit is"]);
}

#[test]
fn segments_out_of_range_trap() {
    for text in [
        "(module (memory 1) (data (i32.const 65530) \"0123456789\") (func (export \"_start\")))",
        "(module (memory 1) (data (i32.const -1) \"0\") (func (export \"_start\")))",
        "(module (table 1 funcref) (elem (i32.const 1) 0) (func (export \"_start\")))",
        "(module (memory 0) (data (i32.const 0) \"0\") (func (export \"_start\")))",
    ] {
        let report = attempt(text.as_bytes(), budget());
        let message = &report.outcome.message;
        assert_eq!(report.outcome.kind, OutcomeKind::Trapped, "{message}");
        assert!(message.contains("out of bounds") || message.contains("outside"), "{message}");
    }
}

#[test]
fn a_start_function_is_no_way_out() {
    let text = "(module (func $loop (loop (br 0))) (start $loop) (func (export \"_start\")))";
    stopped(text.as_bytes(), budget(), Limit::Fuel, &["start function", "fuel"]);
    let text = "(module (func $stop unreachable) (start $stop) (func (export \"_start\")))";
    let report = attempt(text.as_bytes(), budget());
    assert_eq!(report.outcome.kind, OutcomeKind::Trapped, "{}", report.outcome.message);
    let text = "(module (func $deep (call $deep)) (start $deep) (func (export \"_start\")))";
    let report = attempt(text.as_bytes(), budget());
    assert!(report.outcome.message.contains("stack"), "{}", report.outcome.message);
}

/// Every section kind in one small module.
const RICH: &str = r#"(module $rich
  (type (func (param i32 i64 f32 f64) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (table 4 funcref) (memory (export "memory") 1 2) (global $g (mut i32) (i32.const 7))
  (export "_start" (func $start))
  (start $first)
  (elem (i32.const 0) $start $first)
  (func $first (global.set $g (i32.const 0)))
  (func $start (local i64 f32)
    (block (loop (br_table 1 0 (global.get $g))))
    (memory.copy (i32.const 0) (i32.const 8) (i32.const 4))
    (call_indirect (i32.const 1))
    (call $exit (i32.const 3)))
  (data (i32.const 0) "some data") (data "passive"))"#;

#[test]
fn a_module_cut_anywhere_is_an_error() {
    let bytes = wat(RICH);
    assert_eq!(attempt(&bytes, budget()).outcome.code, Some(3));
    for length in 0..bytes.len() {
        let cut = &bytes[..length];
        assert_ne!(attempt(cut, budget()).outcome.kind, OutcomeKind::Finished, "cut at {length}");
    }
}

#[test]
fn a_real_guest_cut_anywhere_is_an_error() {
    let bytes = super::mutations::guest();
    for length in (0..bytes.len()).step_by(101) {
        match Module::load(&bytes[..length]) {
            Err(ModuleError::Malformed { message, .. }) => assert!(!message.is_empty()),
            Err(error) => assert_eq!(length, 0, "{error}"),
            Ok(_) => assert!(prepare(&bytes[..length]).iter().all(Result::is_err), "cut at {length}"),
        }
    }
}

fn prepare(bytes: &[u8]) -> Vec<Result<(), PrepareError>> {
    machines().iter().map(|machine| machine.prepare(bytes, wasi::functions()).map(drop)).collect()
}

/// Types are described for the Module tab, and there may be millions of them.
#[test]
fn a_flood_of_types_is_looked_into_in_bounded_memory() {
    let wide = [vec![0x60], leb(1_000), vec![0x7E; 1_000], vec![0]].concat();
    let begin = Instant::now();
    for (count, one) in [(8_000_000, vec![0x60, 0, 0]), (20_000, wide)] {
        let bytes = module(&[counted(TYPE, count, &one.repeat(count as usize))]);
        let _ = Module::load(&bytes);
        assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
    }
}

#[test]
fn an_import_of_many_parameters_is_told_shortly() {
    let text = format!("(module (import \"a\" \"b\" (func (param {}) (result i32))))", "i64 ".repeat(1_000));
    let kind = Module::load(&wat(&text)).unwrap().info.imports.remove(0).kind;
    assert!(kind.ends_with("i64, 968 more) -> i32") && kind.len() < 200, "{kind}");
}
