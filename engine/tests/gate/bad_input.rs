//! What a table cannot say: guests that print for ever, runs that are stopped, reports that stay small, and runs that
//! repeat.

use std::collections::BTreeMap;

use engine::machine::Machine;
use engine::report::{GateState, Limit, MAX_GATE_TEXT, OutcomeKind, Report};
use engine::request::{
    Budget, GateModule, GateRequest, REQUEST_VERSION, Rule, RunRequest, Scenario, UserInfo, Who,
};
use engine::run::{Modules, Pace, Progress, Unhurried, run};

use super::list::machines;
use super::table::{Guest, ask};

const OBJECT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

fn star() -> Vec<String> {
    vec!["*".to_owned()]
}

/// A request that `m` judges.
fn request() -> GateRequest {
    let rule =
        Rule { operations: star(), api_groups: star(), api_versions: star(), resources: star(), scope: None };
    let module = GateModule { module: "m".into(), rules: vec![rule], ..GateModule::default() };
    GateRequest { object: OBJECT.into(), admission: vec![module], ..GateRequest::default() }
}

fn guests(guest: Guest) -> BTreeMap<String, Guest> {
    BTreeMap::from([("m".to_owned(), guest)])
}

fn judge(guest: Guest, budget: Budget, machine: &dyn Machine) -> Report {
    ask(&request(), &guests(guest), budget, machine)
}

#[test]
fn a_module_that_logs_for_ever_is_stopped_and_its_log_is_bounded() {
    for machine in machines() {
        let guest = Guest {
            stderr: "again and again ".repeat(64),
            then:
                "(loop (drop (call $write (i32.const 2) (i32.const 8) (i32.const 1) (i32.const 64))) (br 0))"
                    .into(),
            ..Guest::default()
        };
        let budget = Budget { host_bytes: 64 << 20, ..Budget::default() };
        let report = judge(guest, budget, machine.as_ref());
        assert_eq!(report.outcome.limit, Some(Limit::HostBytes), "{}", report.outcome.message);
        let gate = report.gate.unwrap();
        let step = gate.lanes.iter().flat_map(|lane| &lane.steps).next().unwrap();
        assert_eq!(step.state, GateState::Stopped);
        assert!(step.stderr.len() as u64 <= budget.stderr_bytes && step.stderr_dropped > 0);
        assert_eq!(gate.status.map(|status| status.code), Some(500));
    }
}

#[test]
fn a_long_answer_is_cut_in_the_report_and_refused_whole() {
    for machine in machines() {
        let stdout = format!("{{\"response\":null,\"error\":\"{}\"}}", "x".repeat(2 * MAX_GATE_TEXT));
        let report = judge(Guest { stdout, ..Guest::default() }, Budget::default(), machine.as_ref());
        assert_eq!(report.outcome.kind, OutcomeKind::Failed);
        assert!(report.outcome.message.len() < 4_096, "{} bytes", report.outcome.message.len());
        let gate = report.gate.unwrap();
        let step = gate.lanes.iter().flat_map(|lane| &lane.steps).next().unwrap();
        assert_eq!(step.output.len(), MAX_GATE_TEXT);
        assert!(step.notes.iter().any(|note| note.contains("is shown up to")), "{:?}", step.notes);
    }
}

#[test]
fn what_a_module_says_at_length_is_cut() {
    let user = format!("{{\"username\":\"{}\"}}", "x".repeat(100_000));
    let stdout = format!("{{\"response\":{{\"status\":{{\"authenticated\":true,\"user\":{user}}}}}}}");
    let guests = BTreeMap::from([
        ("who".to_owned(), Guest { export: "authn".into(), stdout, ..Guest::default() }),
        (
            "may".to_owned(),
            Guest { export: "authz".into(), stdout: "{\"response\":{}}".into(), ..Guest::default() },
        ),
    ]);
    let module = |name: &str| GateModule { module: name.into(), ..GateModule::default() };
    let request = GateRequest {
        who: Who { token: "t".into(), ..Who::default() },
        authenticators: vec![module("who")],
        authorizers: vec![module("may")],
        object: OBJECT.into(),
        ..GateRequest::default()
    };
    for machine in machines() {
        let report = ask(&request, &guests, Budget::default(), machine.as_ref());
        assert_eq!(report.outcome.kind, OutcomeKind::Denied);
        let said = super::table::says(&report);
        assert!(said.iter().all(|line| line.len() < 4_096), "{:?}", said.iter().map(String::len));
    }
}

/// Says stop at the pause of this number.
struct Impatient(u32);

impl Pace for Impatient {
    fn millis(&self) -> f64 {
        0.0
    }

    async fn pause(&mut self, _: &Progress) -> Option<Limit> {
        self.0 = self.0.checked_sub(1)?;
        (self.0 == 0).then_some(Limit::Person)
    }
}

#[test]
fn a_request_is_stopped_before_a_module_and_within_it() {
    let guest = Guest { then: "(loop (br 0))".into(), ..Guest::default() };
    let modules: Modules = BTreeMap::from([("m".to_owned(), guest.wasm())]);
    let request = RunRequest::new(Scenario::Request(Box::new(request())));
    for machine in machines() {
        for (pause, expected) in
            [(1, "was stopped by you before `m` was asked"), (3, "was stopped: stopped by you")]
        {
            let report = pollster::block_on(run(&request, &modules, machine.as_ref(), &mut Impatient(pause)));
            assert_eq!(report.outcome.limit, Some(Limit::Person));
            assert!(report.outcome.message.contains(expected), "{}", report.outcome.message);
        }
    }
}

#[test]
fn a_request_of_another_version_never_begins() {
    let request = RunRequest {
        version: REQUEST_VERSION + 1,
        ..RunRequest::new(Scenario::Request(Box::new(request())))
    };
    for machine in machines() {
        let report = pollster::block_on(run(&request, &Modules::new(), machine.as_ref(), &mut Unhurried));
        assert_eq!(report.outcome.kind, OutcomeKind::Invalid);
        assert!(report.outcome.message.contains("version 2"), "{}", report.outcome.message);
    }
}

/// Whatever bytes come, they are no yes: every cut of a good answer, and every change of one byte.
#[test]
fn a_damaged_answer_is_never_a_yes() {
    let answer = "{\"response\":{\"status\":{\"authenticated\":true,\"user\":{\"username\":\"jane\"}}}}";
    let module = GateModule { module: "m".into(), ..GateModule::default() };
    let request = GateRequest {
        object: OBJECT.into(),
        who: Who { token: "t".into(), user: Some(UserInfo::default()), ..Who::default() },
        authenticators: vec![module],
        ..GateRequest::default()
    };
    let passes = |stdout: String, machine: &dyn Machine| {
        let guest = Guest { export: "authn".into(), stdout, ..Guest::default() };
        let report = ask(&request, &guests(guest), Budget::default(), machine);
        report.outcome.kind == OutcomeKind::Allowed
    };
    for machine in machines() {
        assert!(passes(answer.to_owned(), machine.as_ref()));
        for cut in 0..answer.len() {
            assert!(!passes(answer[..cut].to_owned(), machine.as_ref()), "cut at {cut}");
        }
        let name = answer.find("jane").unwrap();
        for byte in (0..answer.len()).filter(|byte| !(name..name + 4).contains(byte)) {
            let mut damaged = answer.as_bytes().to_vec();
            damaged[byte] ^= 0x20;
            let damaged = String::from_utf8(damaged).unwrap();
            assert!(!passes(damaged.clone(), machine.as_ref()), "byte {byte}: {damaged}");
        }
    }
}

#[test]
fn a_run_is_repeatable() {
    let answer = Guest { stdout: "{}".into(), ..Guest::default() };
    for machine in machines() {
        let run = || judge(answer.clone(), Budget::default(), machine.as_ref());
        assert_eq!(run(), run());
    }
}
