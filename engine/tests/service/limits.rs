//! What a table cannot say: sizes, many calls, and time that runs out.

use std::sync::atomic::{AtomicU32, Ordering};

use engine::report::{
    CallState, Limit, MAX_CALL_BODIES, MAX_CALLS, MAX_MESSAGE_TEXT, MAX_SERVICE_CALLS, OutcomeKind,
};
use engine::report::{Report, ServiceReport};
use engine::request::{Budget, HostAnswer, ServiceCall, ServicePlugin};
use engine::run::{Pace, Progress, Unhurried};
use serde_json::json;

use crate::guest::Guest;
use crate::list::machines;
use crate::table::{ask, request};

fn call(method: &str, raw: &str) -> ServiceCall {
    ServiceCall { method: method.into(), raw: Some(raw.into()), ..ServiceCall::default() }
}

fn service(calls: Vec<ServiceCall>) -> ServicePlugin {
    let host = HostAnswer { name: "ask".into(), raw: Some("0a026f6b".into()), ..HostAnswer::default() };
    ServicePlugin { calls, hosts: vec![host], ..ServicePlugin::default() }
}

/// Runs a service on every machine.
fn each(service: &ServicePlugin, guest: &Guest, mut check: impl FnMut(Report)) {
    let request = request(service.clone(), Budget::default());
    for machine in machines() {
        check(ask(&request, guest.wasm(), machine.as_ref(), &mut Unhurried));
    }
}

fn of(report: &Report) -> &ServiceReport {
    report.plugin.as_ref().unwrap().service.as_ref().unwrap()
}

/// A proto whose message has so many fields.
fn proto(fields: usize) -> String {
    let fields: String = (1..=fields).map(|number| format!("  string f{number} = {number};\n")).collect();
    format!("syntax = \"proto3\";\nmessage M {{\n{fields}}}\nservice Echo {{ rpc Say(M) returns (M); }}\n")
}

#[test]
fn a_proto_of_ten_thousand_fields_is_read() {
    let message =
        ServiceCall { method: "Say".into(), message: Some(json!({"f9999": "x"})), ..ServiceCall::default() };
    let service = ServicePlugin { proto: proto(10_000), ..service(vec![message]) };
    each(&service, &Guest::default(), |report| {
        assert_eq!(of(&report).calls[0].reply.json, Some(json!({"f9999": "x"})), "{:?}", report.outcome);
    });
}

#[test]
fn a_proto_that_is_too_large_is_refused() {
    for (proto, expected) in [
        (proto(20_001), "`proto`: it has more than the 20,000 fields that a .proto may have"),
        ("/".repeat(600 << 10), "`proto`: 614,400 bytes are more than the 524,288 that a .proto may have"),
    ] {
        let service = ServicePlugin { proto, ..service(Vec::new()) };
        each(&service, &Guest::default(), |report| {
            assert_eq!(
                (report.outcome.kind, report.outcome.message.as_str()),
                (OutcomeKind::Invalid, expected)
            );
        });
    }
}

#[test]
fn long_replies_are_kept_in_part() {
    let proto = "syntax = \"proto3\"; message M { repeated int32 n = 1; bytes b = 2; } service Echo { rpc Say(M) returns (M); }";
    // 200,000 numbers are more than anybody reads; 100,000 bytes are longer than is shown.
    let many = format!("0ac09a0c{}", "01".repeat(200_000));
    let long = format!("12a08d06{}", "61".repeat(100_000));
    let described =
        ServicePlugin { proto: proto.into(), ..service(vec![call("Say", &many), call("Say", &long)]) };
    each(&described, &Guest::default(), |report| {
        assert_eq!(report.outcome.kind, OutcomeKind::Finished, "{}", report.outcome.message);
        for call in &of(&report).calls {
            assert!(call.reply.bytes >= 100_000 && call.reply.json.is_none());
            assert!(call.reply.base64.len() < 100_000 && call.reply.tree.is_empty());
        }
        let notes = &report.plugin.as_ref().unwrap().notes;
        assert_eq!(
            notes.as_slice(),
            [
                "the reply of `Say` has too many values to be shown as JSON",
                "the reply of `Say` is too long to be shown as JSON"
            ]
        );
    });
    let calls = std::iter::repeat_with(|| call("Say", &long)).take(100).collect();
    each(&service(calls), &Guest::default(), |report| {
        let service = of(&report);
        assert!(
            service
                .calls
                .iter()
                .all(|call| call.reply.bytes > 100_000 && call.reply.tree.len() <= MAX_MESSAGE_TEXT)
        );
        let kept: usize =
            service.calls.iter().map(|it| it.reply.base64.len() + it.request.base64.len()).sum();
        assert!(kept < MAX_CALL_BODIES * 2, "{kept}");
    });
}

#[test]
fn a_thousand_calls_share_an_instance() {
    let calls = std::iter::repeat_with(|| call("Ask", "0801")).take(MAX_SERVICE_CALLS).collect();
    each(&service(calls), &Guest::default(), |report| {
        assert_eq!(report.outcome.message, "`guest` answered 1,000 calls");
        assert_eq!((of(&report).instances, report.plugin.as_ref().unwrap().calls.len()), (1, MAX_CALLS));
    });
    let calls = std::iter::repeat_with(|| call("Ask", "0801")).take(MAX_SERVICE_CALLS + 1).collect();
    each(&service(calls), &Guest::default(), |report| {
        assert_eq!(report.outcome.message, "more than 1000 calls are not made in a run");
        assert_eq!(of(&report).calls.len(), MAX_SERVICE_CALLS);
    });
}

#[test]
fn what_is_printed_is_kept_in_part() {
    let calls = std::iter::repeat_with(|| call("Print", &"61".repeat(100_000))).take(100).collect();
    each(&service(calls), &Guest::default(), |report| {
        let calls = &of(&report).calls;
        let kept: usize = calls.iter().map(|call| call.stdout.0.len() + call.stderr.0.len()).sum();
        assert!(kept > 100_000 && kept <= MAX_CALL_BODIES, "{kept}");
    });
}

#[test]
fn instances_share_the_fuel_of_a_run() {
    // Each call uses some of it and breaks its instance.
    let more = r#"(func (export "echo_burn") (param i32 i32) (result i64) (local $i i32)
      (local.set $i (i32.const 50000))
      (loop (br_if 0 (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
      unreachable)"#;
    let guest = Guest::with(more);
    let calls = std::iter::repeat_with(|| call("Burn", "")).take(100).collect();
    let request = request(service(calls), Budget { fuel: 2_000_000, ..Budget::default() });
    for machine in machines() {
        let report = ask(&request, guest.wasm(), machine.as_ref(), &mut Unhurried);
        let calls = &of(&report).calls;
        let states = [CallState::Trapped, CallState::Stopped, CallState::NotReached];
        let counts = states.map(|state| calls.iter().filter(|call| call.state == state).count());
        assert!(counts[0] > 2 && counts[1] == 1 && counts[2] > 50, "{counts:?}");
        assert!(report.fuel <= 2_000_000, "{}", report.fuel);
    }
}

/// A clock that moves by a second whenever somebody looks.
struct Seconds;

static SECONDS: AtomicU32 = AtomicU32::new(0);

impl Pace for Seconds {
    fn millis(&self) -> f64 {
        0.0
    }

    fn clock(&self) -> fn() -> f64 {
        || f64::from(SECONDS.fetch_add(1, Ordering::SeqCst)) * 1_000.0
    }

    async fn pause(&mut self, _: &Progress) -> Option<Limit> {
        None
    }
}

#[test]
fn time_runs_out_between_questions_too() {
    let calls = std::iter::repeat_with(|| call("Ask", "0801")).take(100).collect();
    let request = request(service(calls), Budget::default());
    for machine in machines() {
        let report = ask(&request, Guest::default().wasm(), machine.as_ref(), &mut Seconds);
        assert_eq!(report.outcome.limit, Some(Limit::Time), "{}", report.outcome.message);
        assert!(of(&report).calls.iter().any(|call| call.state == CallState::NotReached));
    }
}

/// A person who presses Stop at once.
struct Stopping;

impl Pace for Stopping {
    fn millis(&self) -> f64 {
        0.0
    }

    async fn pause(&mut self, _: &Progress) -> Option<Limit> {
        Some(Limit::Person)
    }
}

#[test]
fn a_call_without_end_is_stopped_by_a_person() {
    let request = request(service(vec![call("Loop", ""), call("Say", "")]), Budget::default());
    for machine in machines() {
        let report = ask(&request, Guest::default().wasm(), machine.as_ref(), &mut Stopping);
        assert_eq!(report.outcome.limit, Some(Limit::Person), "{}", report.outcome.message);
        assert_eq!(of(&report).calls[1].state, CallState::NotReached);
    }
}
