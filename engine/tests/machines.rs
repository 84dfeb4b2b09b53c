//! What every machine must do, as one body that each of them runs: outcomes, output, host calls and limits.
//! Fuel is never compared: its units are each machine's own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "machines/list.rs"]
mod list;

use std::path::Path;

use engine::abi::command::{self, Command, Ended};
use engine::machine::{Fault, Machine, PrepareError, Trap};
use engine::module::{Module, to_binary};
use engine::report::Limit;
use engine::request::{Budget, World};
use engine::run::{Pace, Progress, Unhurried};
use serde::Deserialize;

#[test]
fn every_machine_conforms() {
    for machine in list::machines() {
        println!("on {}", machine.identity().name);
        conforms(machine.as_ref());
    }
}

/// A guest as text, and what must come of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guest {
    name: String,
    wat: String,
    #[serde(default)]
    budget: Budget,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    stdout: String,
    #[serde(default)]
    stderr: String,
    /// `ok`, `exit N`, a fault's sentence, `limit NAME`, or `refused`.
    ends: String,
}

/// The body: every guest of `machines/guests.yaml`, and what no table can say.
fn conforms(machine: &dyn Machine) {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/machines/guests.yaml"));
    let guests: Vec<Guest> = serde_yaml::from_str(&text.unwrap()).unwrap();
    for guest in &guests {
        let ended = start(machine, guest, &mut Unhurried);
        assert_eq!(describe(&ended), guest.ends, "guest: {}", guest.name);
        if let Ok(ended) = ended {
            assert_eq!(
                String::from_utf8_lossy(&ended.stdout),
                guest.stdout,
                "stdout of guest: {}",
                guest.name
            );
            assert_eq!(ended.stderr_text(), guest.stderr, "stderr of guest: {}", guest.name);
        }
    }
    stops_when_told(machine);
    keeps_guests_apart(machine);
}

fn start(machine: &dyn Machine, guest: &Guest, pace: &mut impl Pace) -> Result<Ended, PrepareError> {
    let module = to_binary(guest.wat.as_bytes())
        .and_then(|bytes| Module::load(&bytes))
        .unwrap_or_else(|error| panic!("{}: {error}", guest.name));
    let stdin = guest.stdin.clone().into_bytes();
    let command = Command { args: vec!["guest".into()], stdin, ..Command::default() };
    let world = World::default();
    let mut progress = Progress::default();
    pollster::block_on(command::run(
        &module.bytes,
        command,
        (&guest.budget, &world),
        machine,
        (pace, &mut progress),
    ))
}

fn describe(ended: &Result<Ended, PrepareError>) -> String {
    match ended.as_ref().map(|ended| &ended.result) {
        Ok(Ok(())) => "ok".into(),
        Ok(Err(Trap::Exit(code))) => format!("exit {code}"),
        Ok(Err(Trap::Stopped(stopped))) => format!("limit {:?}", stopped.limit).to_lowercase(),
        Ok(Err(Trap::Fault(fault))) => fault.to_string(),
        Ok(Err(Trap::Host(cause))) => format!("host: {cause}"),
        Err(PrepareError::Missing { module, name }) => format!("missing {module}.{name}"),
        Err(PrepareError::Signature { module, name }) => format!("signature {module}.{name}"),
        Err(PrepareError::Refused(_)) => "refused".into(),
    }
}

/// Says stop at the third pause.
struct Impatient(u32);

impl Pace for Impatient {
    fn millis(&self) -> f64 {
        0.0
    }

    async fn pause(&mut self, _: &Progress) -> Option<Limit> {
        self.0 += 1;
        (self.0 >= 3).then_some(Limit::Person)
    }
}

fn guest(wat: &str) -> Guest {
    Guest {
        name: "inline".into(),
        wat: wat.into(),
        budget: Budget::default(),
        stdin: String::new(),
        stdout: String::new(),
        stderr: String::new(),
        ends: String::new(),
    }
}

/// A loop is ended from outside, and the next run on the same machine is as ever.
fn stops_when_told(machine: &dyn Machine) {
    let endless = guest("(module (func (export \"_start\") (loop (br 0))))");
    for _ in 0..20 {
        let ended = start(machine, &endless, &mut Impatient(0));
        assert_eq!(describe(&ended), "limit person");
    }
    assert_eq!(
        describe(&start(machine, &guest("(module (func (export \"_start\")))"), &mut Unhurried)),
        "ok"
    );
}

/// What one guest leaves in memory, the next does not see, though both are of one prepared module.
fn keeps_guests_apart(machine: &dyn Machine) {
    let canary = guest(
        "(module (memory (export \"memory\") 1) (func (export \"_start\")
           (if (i32.load (i32.const 64)) (then unreachable)) (i32.store (i32.const 64) (i32.const 7))))",
    );
    for _ in 0..3 {
        assert_eq!(describe(&start(machine, &canary, &mut Unhurried)), "ok");
    }
    assert_eq!(Fault::Unreachable.to_string(), "unreachable executed (an abort or a panic in the guest)");
}
