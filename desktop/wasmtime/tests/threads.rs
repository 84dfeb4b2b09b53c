//! What only a machine with threads can get wrong: stops, blocked and broken host calls, callbacks, neighbours.
//!
//! What every machine must do is in `engine/tests/machines.rs`. No bound here is tighter than "ends at all".

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::borrow::Cow::Borrowed;
use std::thread;
use std::time::{Duration, Instant};

use engine::host::Host;
use engine::machine::{Args, Fault, Guest, HostFunction, Instance, Machine, Step, Trap, Value, ValueType};
use engine::module::to_binary;
use engine::report::Limit;
use engine::request::{Budget, World};
use wasmtime_machine::{Metering, WasmtimeMachine};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Host functions that no guest should meet.
const TABLE: &[HostFunction] = &[
    HostFunction { module: Borrowed("env"), name: Borrowed("block"), params: &[], result: None, call: block },
    HostFunction { module: Borrowed("env"), name: Borrowed("fail"), params: &[], result: None, call: fail },
    HostFunction {
        module: Borrowed("env"),
        name: Borrowed("back"),
        params: &[ValueType::I32],
        result: Some(ValueType::I32),
        call: back,
    },
];

fn block(_: &mut dyn Guest, _: Args<'_>) -> Result<Option<Value>, Trap> {
    thread::sleep(PATIENCE);
    Ok(None)
}

fn fail(_: &mut dyn Guest, _: Args<'_>) -> Result<Option<Value>, Trap> {
    panic!("a host function with a defect")
}

/// Calls the guest's `back` with the same number.
fn back(guest: &mut dyn Guest, args: Args<'_>) -> Result<Option<Value>, Trap> {
    guest.call("back", &[Value::I32(args.u32(0).cast_signed())])
}

fn machine(metering: Metering) -> WasmtimeMachine {
    WasmtimeMachine::new(metering, None).unwrap()
}

fn instance(machine: &WasmtimeMachine, wat: &str, budget: &Budget) -> Result<Box<dyn Instance>, Trap> {
    let prepared = machine.prepare(&to_binary(wat.as_bytes()).unwrap(), TABLE).unwrap();
    prepared.instantiate(Host::new(budget, &World::default()), budget).map_err(|(trap, _)| trap)
}

/// An instance whose `_start` does this.
fn guest(machine: &WasmtimeMachine, body: &str) -> Box<dyn Instance> {
    instance(machine, &module(body), &Budget::default()).unwrap()
}

fn module(body: &str) -> String {
    format!(
        "(module
           (import \"env\" \"block\" (func $block)) (import \"env\" \"fail\" (func $fail))
           (import \"env\" \"back\" (func $back (param i32) (result i32)))
           (memory (export \"memory\") 1)
           (func $deep (param i32) (result i32) (i32.add (call $deep (local.get 0)) (i32.const 1)))
           (func $one)
           (func (export \"back\") (param i32) (result i32)
             (if (i32.eq (local.get 0) (i32.const 1)) (then (loop (br 0))))
             (if (i32.eq (local.get 0) (i32.const 2)) (then (return (call $deep (i32.const 0)))))
             (if (i32.eq (local.get 0) (i32.const 3)) (then (return (call $back (i32.const 3)))))
             (i32.add (local.get 0) (i32.const 1)))
           (func (export \"_start\") {body}))"
    )
}

fn to_end(instance: &mut dyn Instance) -> Step {
    let begin = Instant::now();
    let mut step = instance.call("_start", &[]);
    while step == Step::Paused {
        assert!(begin.elapsed() < PATIENCE, "it does not end");
        step = instance.resume();
    }
    step
}

#[test]
fn a_blocked_host_call_is_left_to_itself() {
    let machine = machine(Metering::On);
    let begin = Instant::now();
    let mut blocked = guest(&machine, "(call $block)");
    assert_eq!(blocked.call("_start", &[]), Step::Paused);
    assert_eq!(blocked.resume(), Step::Paused);
    blocked.into_host();
    let mut dropped = guest(&machine, "(call $block)");
    assert_eq!(dropped.call("_start", &[]), Step::Paused);
    drop(dropped);
    assert!(begin.elapsed() < PATIENCE, "the caller waited for the host call");
    assert_eq!(to_end(guest(&machine, "nop").as_mut()), Step::Returned(None));
}

#[test]
fn a_panic_is_a_sentence() {
    let machine = machine(Metering::On);
    let mut instance = guest(&machine, "(call $fail)");
    let Step::Trapped(Trap::Host(cause)) = to_end(instance.as_mut()) else { panic!("it went on") };
    assert!(cause.contains("defect"), "{cause}");
    instance.into_host();
    assert_eq!(to_end(guest(&machine, "nop").as_mut()), Step::Returned(None));
}

#[test]
fn a_callback_runs_by_the_guests_rules() {
    let machine = machine(Metering::On);
    let call = |number: i32| {
        format!(
            "(if (i32.ne (call $back (i32.const {number})) (i32.const {})) (then unreachable))",
            number + 1
        )
    };
    assert_eq!(to_end(guest(&machine, &call(7)).as_mut()), Step::Returned(None));
    assert_eq!(to_end(guest(&machine, &call(2)).as_mut()), Step::Trapped(Trap::Fault(Fault::StackExhausted)));
    let Step::Trapped(Trap::Stopped(stopped)) = to_end(guest(&machine, &call(3)).as_mut()) else {
        panic!("it went on")
    };
    assert!(stopped.detail.contains("16 deep"), "{}", stopped.detail);
    let mut endless = guest(&machine, &call(1));
    assert_eq!(endless.call("_start", &[]), Step::Paused);
    endless.into_host();
}

#[test]
fn stopping_one_guest_leaves_its_neighbours_alone() {
    let machine = machine(Metering::On);
    let mut endless = guest(&machine, "(loop (call $one) (br 0))");
    let mut other = guest(&machine, "(loop (call $one) (br 0))");
    assert_eq!((endless.call("_start", &[]), other.call("_start", &[])), (Step::Paused, Step::Paused));
    let begin = Instant::now();
    while other.fuel_used() == 0 {
        assert!(begin.elapsed() < PATIENCE, "it does not tell how far it is");
        assert_eq!(other.resume(), Step::Paused);
    }
    endless.into_host();
    let before = other.fuel_used();
    while other.fuel_used() == before {
        assert!(begin.elapsed() < PATIENCE, "it stands still");
        assert_eq!(other.resume(), Step::Paused);
    }
    assert_eq!(other.memory_peak(), 65_536);
}

#[test]
fn many_stops_are_all_heard() {
    let machine = machine(Metering::On);
    let begin = Instant::now();
    for _ in 0..100 {
        let mut endless = guest(&machine, "(loop (br 0))");
        assert_eq!(endless.call("_start", &[]), Step::Paused);
    }
    assert!(begin.elapsed() < PATIENCE);
}

#[test]
fn without_fuel_time_alone_counts() {
    let machine = machine(Metering::Off);
    let mut endless = guest(&machine, "(loop (call $one) (br 0))");
    assert_eq!((endless.call("_start", &[]), endless.resume()), (Step::Paused, Step::Paused));
    assert_eq!(endless.fuel_used(), 0);
    endless.into_host();
    let wat = "(module (func $f (loop (br 0))) (start $f) (func (export \"_start\")))";
    let budget = Budget { time_ms: 50, ..Budget::default() };
    let Err(Trap::Stopped(stopped)) = instance(&machine, wat, &budget).map(drop) else { panic!("it began") };
    assert_eq!(stopped.limit, Limit::Time);
    assert_eq!(stopped.detail, "the module's start function ran into the 50 ms time limit");
}

#[test]
fn a_guest_can_be_looked_at_only_between_calls() {
    let machine = machine(Metering::On);
    let mut instance = guest(&machine, "(i32.store (i32.const 8) (i32.const 42))");
    assert_eq!(instance.resume(), Step::Trapped(engine::machine::rules::not_paused()));
    assert_eq!(to_end(instance.as_mut()), Step::Returned(None));
    let mut bytes = [0; 4];
    instance.guest().read(8, &mut bytes).unwrap();
    assert_eq!(i32::from_le_bytes(bytes), 42);
    let mut endless = guest(&machine, "(loop (br 0))");
    assert_eq!(endless.call("_start", &[]), Step::Paused);
    // It is stopped, and then looked at.
    assert_eq!(endless.guest().memory_size(), 65_536);
}
