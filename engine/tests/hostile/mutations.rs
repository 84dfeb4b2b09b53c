//! A real guest with bytes changed: whatever it then is, it ends in a report, all machines take or refuse it
//! alike, and the guest itself still answers the same afterwards.
//!
//! The changes are the same every time: a failing case is named by its number.

use std::path::Path;

use engine::machine::Machine;
use engine::machine::wasmi::WasmiMachine;
use engine::report::{Limit, OutcomeKind, Report};
use engine::request::Budget;

use super::comparable::comparable;
use super::{attempt_on, machines};

/// How many changed guests are run: what fits into a test that people wait for.
const CASES: u64 = 2_000;

/// How many are run on every machine: one that compiles takes a second for a guest that is not refused.
const SHARED_CASES: u64 = 150;

/// The guest that is changed: it reads its input with serde and writes it back.
pub(crate) fn guest() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/built/noop.wasm");
    std::fs::read(&path)
        .unwrap_or_else(|error| panic!("guest noop is not built ({error}): run `cargo xtask examples`"))
}

/// A step from number to number that visits all of them in no order: an LCG of Knuth's.
fn next(number: &mut u64) -> usize {
    *number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*number >> 33) as usize
}

/// One to eight bytes set, flipped, or moved about; every third case in the code that runs first.
fn mutate(original: &[u8], case: u64) -> Vec<u8> {
    let mut bytes = original.to_vec();
    let mut number = case;
    next(&mut number);
    for _ in 0..=next(&mut number) % 8 {
        let place = 8 + next(&mut number) % (bytes.len() - 8);
        match next(&mut number) % 4 {
            0 => bytes[place] ^= 1 << (next(&mut number) % 8),
            1 => bytes[place] = next(&mut number) as u8,
            2 => bytes[place] = [0, 0x7F, 0x80, 0xFF][next(&mut number) % 4],
            _ => {
                let other = 8 + next(&mut number) % (bytes.len() - 8);
                bytes.swap(place, other);
            }
        }
    }
    bytes
}

fn control(machine: &dyn Machine, guest: &[u8]) -> Report {
    let report = attempt_on(machine, guest, Budget::default());
    assert_eq!(report.outcome.kind, OutcomeKind::Finished, "{}", report.outcome.message);
    report
}

#[test]
fn a_changed_guest_ends_in_a_report() {
    let (machine, guest) = (WasmiMachine::new(), guest());
    let before = control(&machine, &guest);
    let budget = Budget { fuel: 5_000_000, ..Budget::default() };
    let mut ran = 0;
    for case in 0..CASES {
        let report = attempt_on(&machine, &mutate(&guest, case), budget);
        ran += u64::from(report.outcome.kind != OutcomeKind::Invalid);
        if case % 100 == 0 {
            assert_eq!(control(&machine, &guest), before, "after case {case}");
        }
    }
    assert!(ran > CASES / 20, "only {ran} of {CASES} changed guests ran at all");
    assert_eq!(control(&machine, &guest), before);
}

/// Fuel has each machine's own units, and so has the depth of recursion: where one of them ends a guest, the
/// others may come to something else.
fn ends_by_units(report: &Report) -> bool {
    report.outcome.limit == Some(Limit::Fuel) || report.outcome.message.contains("call stack exhausted")
}

#[test]
fn machines_agree_on_a_changed_guest() {
    let (machines, guest) = (machines(), guest());
    let budget = Budget { fuel: 5_000_000, ..Budget::default() };
    let mut compared = 0;
    for case in 0..SHARED_CASES {
        let changed = mutate(&guest, case);
        let reports: Vec<Report> =
            machines.iter().map(|machine| attempt_on(machine.as_ref(), &changed, budget)).collect();
        let refused = reports.iter().filter(|report| report.outcome.kind == OutcomeKind::Invalid).count();
        assert!(refused == 0 || refused == machines.len(), "case {case}: {reports:?}");
        if reports.iter().any(ends_by_units) {
            continue;
        }
        for report in &reports {
            assert_eq!(comparable(report.clone()), comparable(reports[0].clone()), "case {case}");
        }
        compared += 1;
    }
    assert!(compared > SHARED_CASES / 2, "only {compared} of {SHARED_CASES} were compared");
}
