//! What a run costs natively, part by part: `cargo bench -p drydock-engine`, or beside the page's figures with
//! `cargo xtask bench`.
//!
//! Judges nothing: figures depend on the machine and its load, so no test stands on them. The two guests come
//! from `cargo xtask examples`.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "criterion's macro writes undocumented items, and a benchmark that cannot run should stop"
)]

mod sieve;
mod workload;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use engine::abi::command::{self, Command};
use engine::machine::Machine;
use engine::machine::wasmi::WasmiMachine;
use engine::module::{Module, to_binary};
use engine::report::OutcomeKind;
use engine::request::{Budget, World};
use engine::run::{Modules, Progress, Unhurried, run};
use engine::wasi;
use engine::workspace::Workspace;
use manifest::Limits;

/// How many Deployments a run is given: the size of the published figures.
const DEPLOYMENTS: usize = 1_000;

/// The guest of most figures.
const SET_NAMESPACE: &str = "set-namespace";

/// A Kubewarden policy over waPC, and the example that asks it.
const POLICY: &str = "no-token-mount";
const POLICY_EXAMPLE: &str = "pods-without-a-token";

/// The largest guest that every machine can build: a scripting language.
const LARGEST: &str = "starlark";

criterion_group! {
    name = engine;
    // Ten samples of whole runs: the figures are medians for people to compare, not gates.
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    targets = guests, pipeline, policy, prepare, manifests
}
criterion_main!(engine);

/// A guest by itself, its module prepared beforehand.
fn guests(criterion: &mut Criterion) {
    let machine = WasmiMachine::new();
    let set_namespace = guest(SET_NAMESPACE);
    let list = workload::resource_list(DEPLOYMENTS).into_bytes();
    criterion.bench_function("guest set-namespace", |bencher| {
        bencher.iter(|| guest_alone(&machine, &set_namespace, &list));
    });
    let sieve = to_binary(sieve::WAT.as_bytes()).unwrap();
    criterion.bench_function("guest sieve", |bencher| bencher.iter(|| guest_alone(&machine, &sieve, &[])));
}

fn guest_alone(machine: &WasmiMachine, module: &[u8], stdin: &[u8]) -> usize {
    let command = Command { args: vec!["fn".into()], stdin: stdin.to_vec(), ..Command::default() };
    let (budget, world, mut progress) = (Budget::default(), World::default(), Progress::default());
    let pace = (&mut Unhurried, &mut progress);
    let ended = pollster::block_on(command::run(module, command, (&budget, &world), machine, pace)).unwrap();
    assert!(ended.result.is_ok(), "the guest failed: {:?} {}", ended.result, ended.stderr_text());
    ended.stdout.len()
}

/// All that a person waits for: manifests read, the guest run, its answer compared and spliced.
fn pipeline(criterion: &mut Criterion) {
    let machine = WasmiMachine::new();
    let request = workload::request(SET_NAMESPACE, DEPLOYMENTS);
    let modules = Modules::from([(SET_NAMESPACE.to_owned(), guest(SET_NAMESPACE))]);
    criterion.bench_function("pipeline set-namespace", |bencher| {
        bencher.iter(|| {
            let report = pollster::block_on(run(&request, &modules, &machine, &mut Unhurried));
            assert_eq!(report.outcome.kind, OutcomeKind::Finished, "{}", report.outcome.message);
            report.fuel
        });
    });
}

/// A request through one waPC policy that changes a Pod, on a machine that has prepared it: the example as it stands.
fn policy(criterion: &mut Criterion) {
    let machine = WasmiMachine::new();
    let path = examples().join(format!("{POLICY_EXAMPLE}.yaml"));
    let workspace = Workspace::from_yaml(&std::fs::read_to_string(path).unwrap()).unwrap();
    let request = workspace.to_request(Budget::default());
    let modules = Modules::from([(POLICY.to_owned(), guest(POLICY))]);
    criterion.bench_function("policy no-token-mount", |bencher| {
        bencher.iter(|| {
            let report = pollster::block_on(run(&request, &modules, &machine, &mut Unhurried));
            assert_eq!(report.outcome.kind, OutcomeKind::Allowed, "{}", report.outcome.message);
            report.fuel
        });
    });
}

/// Looking into a large module and preparing it, on a machine that has not seen it.
fn prepare(criterion: &mut Criterion) {
    let bytes = guest(LARGEST);
    criterion.bench_function("prepare starlark", |bencher| {
        bencher.iter(|| {
            let module = Module::load(&bytes).unwrap();
            WasmiMachine::new().prepare(&module.bytes, wasi::functions()).unwrap()
        });
    });
}

/// The manifest layer by itself: reading, and writing a change into every document.
fn manifests(criterion: &mut Criterion) {
    let text = workload::manifests(DEPLOYMENTS);
    let limits = Limits::default();
    criterion.bench_function("manifests parse", |bencher| {
        bencher.iter(|| manifest::parse(black_box(&text), &limits).unwrap().len());
    });
    let before = manifest::parse(&text, &limits).unwrap();
    let changed = text.replace("namespace: staging", "namespace: prod");
    let after = manifest::parse(&changed, &limits).unwrap();
    criterion.bench_function("manifests splice", |bencher| {
        bencher.iter(|| {
            let splice = |(before, after): (&manifest::Document, &manifest::Document)| {
                manifest::splice(&text, before, &after.root).len()
            };
            before.iter().zip(&after).map(splice).sum::<usize>()
        });
    });
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/built")
}

/// A guest of the examples.
fn guest(name: &str) -> Vec<u8> {
    std::fs::read(examples().join(format!("{name}.wasm")))
        .unwrap_or_else(|error| panic!("guest {name} is not built ({error}): run `cargo xtask examples`"))
}
