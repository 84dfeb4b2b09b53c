//! What a table cannot say: thousands of requests, reports that stay small, and time that runs out.

use std::sync::atomic::{AtomicU32, Ordering};

use engine::report::{Limit, MAX_CALL_BODIES, MAX_CALL_BODY, MAX_CALLS, OutcomeKind};
use engine::request::{Budget, File, KubectlPlugin};
use engine::run::{Pace, Progress, Unhurried};

use crate::guest::Guest;
use crate::list::machines;
use crate::table::{ask, request};

fn guest(yaml: &str) -> Guest {
    serde_yaml::from_str(yaml).unwrap()
}

/// A cluster with a ConfigMap of this size.
fn cluster(size: usize) -> KubectlPlugin {
    let text = format!(
        "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, data: {{k: \"{}\"}}}}",
        "ž".repeat(size / 2)
    );
    KubectlPlugin { objects: vec![File { path: "a.yaml".into(), text }], ..KubectlPlugin::default() }
}

const GET: &str = "https://mock.drydock.invalid:6443/api/v1/namespaces/default/configmaps/a";

#[test]
fn thousands_of_requests_are_answered_and_the_first_are_listed() {
    let guest = guest(&format!("asks: [{{url: '{GET}', times: 5000}}]"));
    for machine in machines() {
        let report = ask(&request(cluster(10), Budget::default()), &guest, machine.as_ref(), &mut Unhurried);
        assert_eq!(report.outcome.kind, OutcomeKind::Finished, "{}", report.outcome.message);
        let plugin = report.plugin.unwrap();
        assert_eq!((plugin.calls.len(), plugin.call_count), (MAX_CALLS, 5_000));
        assert!(plugin.calls.iter().all(|call| call.status == Some(200)));
        let count = &report.command.unwrap().host_calls;
        assert!(count.iter().any(|it| it.function == "wasi-outbound-http.request" && it.count == 5_000));
    }
}

#[test]
fn requests_without_end_are_answered_no_more() {
    let guest = guest(&format!("asks: [{{url: '{GET}', times: 10000}}, {{url: '{GET}', times: 90000}}]"));
    for machine in machines() {
        let report = ask(&request(cluster(10), Budget::default()), &guest, machine.as_ref(), &mut Unhurried);
        let told = guest.told(&report.command.unwrap().stdout.0);
        assert!(told[0].starts_with("200,"), "{}", told[0]);
        assert_eq!(told[1], "error 4");
        assert_eq!(report.plugin.unwrap().call_count, 100_000);
    }
}

#[test]
fn bodies_are_cut_and_stay_text() {
    let guest = guest(&format!("asks: [{{url: '{GET}', times: 200}}]"));
    for machine in machines() {
        let report =
            ask(&request(cluster(100_001), Budget::default()), &guest, machine.as_ref(), &mut Unhurried);
        let plugin = report.plugin.unwrap();
        assert_eq!(plugin.call_count, 200);
        let kept: usize = plugin.calls.iter().map(|call| call.answer.0.len()).sum();
        assert!(kept <= MAX_CALL_BODIES && kept > MAX_CALL_BODIES - 4, "{kept}");
        for call in &plugin.calls {
            assert!(call.answer_bytes > 100_000 && call.answer.0.len() <= MAX_CALL_BODY);
            assert!(str::from_utf8(&call.answer.0).is_ok());
        }
    }
}

#[test]
fn answers_are_charged() {
    let guest = guest(&format!("asks: [{{url: '{GET}', times: 200}}]"));
    let budget = Budget { host_bytes: 1 << 20, ..Budget::default() };
    for machine in machines() {
        let report = ask(&request(cluster(100_000), budget), &guest, machine.as_ref(), &mut Unhurried);
        assert_eq!(report.outcome.limit, Some(Limit::HostBytes), "{}", report.outcome.message);
        assert_eq!(report.plugin.unwrap().call_count, 11);
    }
}

#[test]
fn an_answer_larger_than_the_memory_ends_the_plugin() {
    let guest = guest(&format!("asks: [{{url: '{GET}'}}]"));
    let budget = Budget { memory_bytes: 1 << 20, ..Budget::default() };
    for machine in machines() {
        let report = ask(&request(cluster(2 << 20), budget), &guest, machine.as_ref(), &mut Unhurried);
        assert_eq!(report.outcome.limit, Some(Limit::Memory), "{:?}", report.outcome);
        assert_eq!(report.plugin.unwrap().calls[0].status, Some(200));
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
fn time_runs_out_between_requests_too() {
    let guest = guest(&format!("asks: [{{url: '{GET}', times: 5000}}]"));
    for machine in machines() {
        let report = ask(&request(cluster(10), Budget::default()), &guest, machine.as_ref(), &mut Seconds);
        assert_eq!(report.outcome.limit, Some(Limit::Time), "{}", report.outcome.message);
        assert!(
            report.outcome.message.contains("`wasi-outbound-http.request`"),
            "{}",
            report.outcome.message
        );
        let plugin = report.plugin.unwrap();
        let millis: Vec<f64> = plugin.calls.iter().map(|call| call.millis).collect();
        assert_eq!(millis, [1_000.0; 3]);
    }
}

#[test]
fn a_run_is_repeatable() {
    let guest = guest(&format!("asks: [{{register: {{}}}}, {{url: '{GET}'}}]"));
    for machine in machines() {
        let run = || ask(&request(cluster(10), Budget::default()), &guest, machine.as_ref(), &mut Unhurried);
        assert_eq!(run(), run());
    }
}
