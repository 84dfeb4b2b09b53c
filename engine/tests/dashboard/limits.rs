//! What a table cannot say: thousands of requests, reports that stay small, and time that runs out.

use engine::report::{
    Limit, MAX_ANSWER_BODIES, MAX_ANSWER_BODY, MAX_ANSWER_LOGS, MAX_ANSWERS, MAX_CALLS, MAX_LOGS, OutcomeKind,
};
use engine::request::{Budget, DashboardPlugin, DashboardRequest};
use engine::run::{Pace, Progress, Unhurried};

use crate::guest::Guest;
use crate::list::machines;
use crate::table::{ask, asked, manifest, request};

/// A plugin that is asked the same so often.
fn plugin(text: &str, times: usize) -> DashboardPlugin {
    let requests = vec![asked(text); times];
    DashboardPlugin { manifest: manifest(&[], ""), requests, ..DashboardPlugin::default() }
}

fn guest(yaml: &str) -> Guest {
    serde_yaml::from_str(yaml).unwrap()
}

#[test]
fn thousands_of_requests_are_answered_and_the_first_are_listed() {
    for machine in machines() {
        let request = request(plugin("POST /echo {}", 5_000), Budget::default());
        let report = ask(&request, &Guest::default(), machine.as_ref(), &mut Unhurried);
        assert_eq!(report.outcome.kind, OutcomeKind::Finished, "{}", report.outcome.message);
        assert_eq!(report.outcome.message, "`guest` was sent 5,000 requests: 5,000 with 200");
        let dashboard = report.plugin.unwrap().dashboard.unwrap();
        assert_eq!((dashboard.answers.len(), dashboard.answer_count), (MAX_ANSWERS, 5_000));
        assert!(dashboard.answers.iter().all(|answer| answer.body.0 == b"{}"));
    }
}

#[test]
fn more_requests_than_a_run_has_are_none() {
    let machine = &machines()[0];
    let request = request(plugin("GET /status", 10_001), Budget::default());
    let report = ask(&request, &Guest::default(), machine.as_ref(), &mut Unhurried);
    assert_eq!(report.outcome.kind, OutcomeKind::Invalid);
    assert_eq!(report.outcome.message, "10,001 requests are more than the 10,000 of a run");
}

#[test]
fn bodies_are_cut_and_stay_text() {
    let body = "ž".repeat(50_001);
    for machine in machines() {
        let request = request(plugin(&format!("POST /echo {body}"), 100), Budget::default());
        let report = ask(&request, &Guest::default(), machine.as_ref(), &mut Unhurried);
        let dashboard = report.plugin.unwrap().dashboard.unwrap();
        let kept: usize = dashboard.answers.iter().map(|answer| answer.body.0.len()).sum();
        assert!(kept <= MAX_ANSWER_BODIES && kept > MAX_ANSWER_BODIES - 4, "{kept}");
        for answer in &dashboard.answers {
            assert!(answer.body_bytes == 100_002 && answer.body.0.len() <= MAX_ANSWER_BODY);
            assert!(str::from_utf8(&answer.body.0).is_ok());
        }
    }
}

#[test]
fn logs_are_cut() {
    let guest = guest(
        r#"more: '(func (export "absent") (param i32 i32)
             (loop (call $log (i32.const 100) (i32.const 20))
               (br_if 0 (i32.ne (i32.const 200) (global.get $count) (global.set $count (i32.add (global.get $count) (i32.const 1))))))
             (global.set $count (i32.const 0)))'"#,
    );
    for machine in machines() {
        let request = request(plugin("GET /absent", 100), Budget::default());
        let report = ask(&request, &guest, machine.as_ref(), &mut Unhurried);
        let plugin = report.plugin.unwrap();
        assert_eq!(plugin.calls.len(), MAX_CALLS);
        assert!(plugin.call_count >= 20_000, "{}", plugin.call_count);
        let logs: Vec<usize> =
            plugin.dashboard.unwrap().answers.iter().map(|answer| answer.logs.len()).collect();
        assert_eq!((logs[0], logs.iter().sum::<usize>()), (MAX_ANSWER_LOGS, MAX_LOGS));
        assert!(plugin.notes.iter().any(|note| note.contains("of its logs the first")));
    }
}

#[test]
fn paths_without_end_are_refused() {
    let machine = &machines()[0];
    let long = DashboardRequest { path: format!("/{}", "a/".repeat(100_000)), ..DashboardRequest::default() };
    let mut plugin = plugin("GET /status", 1);
    plugin.requests.push(long);
    let report =
        ask(&request(plugin, Budget::default()), &Guest::default(), machine.as_ref(), &mut Unhurried);
    let dashboard = report.plugin.unwrap().dashboard.unwrap();
    assert_eq!(dashboard.answers[1].status, Some(431));
    assert!(dashboard.answers[1].path.len() <= 8 << 10);
}

#[test]
fn a_plugin_that_exhausts_its_memory_is_replaced() {
    let budget = Budget { memory_bytes: 10 << 16, ..Budget::default() };
    let body = "x".repeat(60_000);
    for machine in machines() {
        let request = request(plugin(&format!("POST /echo {body}"), 25), budget);
        let report = ask(&request, &Guest::default(), machine.as_ref(), &mut Unhurried);
        assert_eq!(report.outcome.limit, Some(Limit::Memory), "{}", report.outcome.message);
        let dashboard = report.plugin.unwrap().dashboard.unwrap();
        let failed = dashboard.answers.iter().filter(|answer| answer.status == Some(500)).count();
        assert_eq!((dashboard.answers.len(), failed), (25, 2), "{:?}", report.outcome);
        assert!(report.memory_bytes <= 10 << 16);
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

/// A person who presses Stop once a guest runs.
#[derive(Default)]
struct StoppingLater(u32);

impl Pace for StoppingLater {
    fn millis(&self) -> f64 {
        0.0
    }

    async fn pause(&mut self, _: &Progress) -> Option<Limit> {
        self.0 += 1;
        (self.0 > 3).then_some(Limit::Person)
    }
}

#[test]
fn stop_is_heard_between_requests_and_within_one() {
    for machine in machines() {
        let quick = request(plugin("GET /status", 100), Budget::default());
        let report = ask(&quick, &Guest::default(), machine.as_ref(), &mut Stopping);
        assert_eq!(report.outcome.limit, Some(Limit::Person), "{}", report.outcome.message);
        assert_eq!(report.plugin.unwrap().dashboard.unwrap().answer_count, 0);
        let endless = request(plugin("GET /forever", 2), Budget::default());
        let report = ask(&endless, &Guest::default(), machine.as_ref(), &mut StoppingLater::default());
        assert_eq!(report.outcome.limit, Some(Limit::Person), "{}", report.outcome.message);
        let dashboard = report.plugin.unwrap().dashboard.unwrap();
        assert_eq!((dashboard.answer_count, dashboard.answers[0].status), (1, None));
    }
}

/// A clock that goes a second each time anybody looks.
struct Hasty;

impl Pace for Hasty {
    fn millis(&self) -> f64 {
        0.0
    }

    fn clock(&self) -> fn() -> f64 {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NOW: AtomicU32 = AtomicU32::new(0);
        || f64::from(NOW.fetch_add(1, Ordering::Relaxed)) * 1_000.0
    }

    async fn pause(&mut self, _: &Progress) -> Option<Limit> {
        None
    }
}

#[test]
fn time_runs_out_in_a_host_call() {
    for machine in machines() {
        let request = request(plugin("POST /log a", 20), Budget::default());
        let report = ask(&request, &Guest::default(), machine.as_ref(), &mut Hasty);
        assert_eq!(report.outcome.limit, Some(Limit::Time), "{}", report.outcome.message);
        assert!(report.plugin.unwrap().call_count < 20);
    }
}
