//! What a guest costs on each machine and on plain wasmtime with its own WASI, from one process, on the same
//! input: `cargo xtask bench` shows it beside the other figures.
//!
//! Prints medians as a JSON list of `name`, `machine` and `millis`, with the `least` beside each. Judges nothing: figures depend on the machine
//! and its load.

mod plain;
#[path = "../../../../engine/benches/engine/sieve.rs"]
mod sieve;
#[allow(dead_code, reason = "the engine's own benchmarks use all of it")]
#[path = "../../../../engine/benches/engine/workload.rs"]
mod workload;

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use engine::abi::command::{self, Command};
use engine::machine::Machine;
use engine::machine::wasmi::WasmiMachine;
use engine::module::to_binary;
use engine::request::{Budget, World};
use engine::run::{Progress, Unhurried};
use serde_json::json;
use wasmtime_machine::{Metering, WasmtimeMachine};

use crate::plain::Plain;

/// How many runs a median is of.
const SAMPLES: usize = 15;

/// How many Deployments a run is given: the size of the published figures.
const DEPLOYMENTS: usize = 1_000;

/// Calls `clock_time_get` a million times: what a host call costs.
const HOST_CALLS: &str = r#"(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $now (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $i i32)
    (loop $next
      (drop (call $now (i32.const 1) (i64.const 0) (i32.const 8)))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000000))))))"#;

/// A guest with its input.
struct Guest {
    name: &'static str,
    module: Vec<u8>,
    stdin: Vec<u8>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let machines: [(&str, Box<dyn Machine>); 3] = [
        ("wasmi native", Box::new(WasmiMachine::new())),
        ("wasmtime", Box::new(WasmtimeMachine::new(Metering::On, None)?)),
        ("wasmtime unmetered", Box::new(WasmtimeMachine::new(Metering::Off, None)?)),
    ];
    let plain = Plain::new()?;
    let mut figures = Vec::new();
    for guest in guests()? {
        let prepared = plain.prepare(&guest.module)?;
        let mut samples = vec![Vec::with_capacity(SAMPLES); machines.len() + 1];
        // In turn, so that what else the computer does meets all of them.
        for round in 0..=SAMPLES {
            for (samples, (_, machine)) in samples.iter_mut().zip(&machines) {
                sample(round, samples, || run(machine.as_ref(), &guest))?;
            }
            let samples = samples.last_mut().ok_or("no samples")?;
            sample(round, samples, || plain.run(&prepared, &guest.stdin))?;
        }
        let names = machines.iter().map(|(name, _)| *name).chain(["wasmtime plain"]);
        for (machine, mut samples) in names.zip(samples) {
            samples.sort_by(f64::total_cmp);
            let (least, millis) = (samples.first(), samples.get(SAMPLES / 2));
            figures.push(json!({ "name": guest.name, "machine": machine, "millis": millis, "least": least }));
        }
    }
    println!("{}", serde_json::Value::from(figures));
    Ok(())
}

fn guests() -> Result<[Guest; 4], Box<dyn Error>> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../examples/built/set-namespace.wasm");
    let set_namespace = std::fs::read(&built)
        .map_err(|error| format!("set-namespace is not built ({error}): run `cargo xtask examples`"))?;
    let text = |name, text: &str| -> Result<Guest, Box<dyn Error>> {
        Ok(Guest { name, module: to_binary(text.as_bytes())?, stdin: Vec::new() })
    };
    let stdin = workload::resource_list(DEPLOYMENTS).into_bytes();
    Ok([
        Guest { name: "guest set-namespace", module: set_namespace, stdin },
        text("guest sieve", sieve::WAT)?,
        text("guest host calls", HOST_CALLS)?,
        text("guest nothing", "(module (memory (export \"memory\") 1) (func (export \"_start\")))")?,
    ])
}

/// Runs once and keeps how long it took, in milliseconds; round 0 only prepares the module.
fn sample(
    round: usize,
    samples: &mut Vec<f64>,
    run: impl FnOnce() -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let begin = Instant::now();
    run()?;
    if round > 0 {
        samples.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    Ok(())
}

fn run(machine: &dyn Machine, guest: &Guest) -> Result<(), Box<dyn Error>> {
    let command = Command { args: vec!["fn".into()], stdin: guest.stdin.clone(), ..Command::default() };
    let (budget, world, mut progress) = (Budget::default(), World::default(), Progress::default());
    let pace = (&mut Unhurried, &mut progress);
    let ended = pollster::block_on(command::run(&guest.module, command, (&budget, &world), machine, pace))?;
    Ok(ended.result?)
}
