//! The seam to Kubernetes from outside: what is recorded is what is replayed.
//!
//! No cluster runs here: what answers is prepared.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "cluster/mock.rs"]
mod mock;

use engine::cluster::{
    Cluster, ClusterError, Limits, MAX_EXCHANGES, Record, Replay, Request, Response, Session,
};

/// Answers what it was told to, in order, whatever it is asked.
struct Prepared(Vec<&'static str>);

impl Cluster for Prepared {
    fn ask(&mut self, _request: &Request, _limits: Limits) -> Result<Response, ClusterError> {
        let body = self.0.remove(0).as_bytes().to_vec();
        Ok(http::Response::builder()
            .status(200)
            .header("content-type", "application/json")
            .body(body)
            .unwrap())
    }
}

fn get(uri: &str) -> Request {
    http::Request::get(uri).header("authorization", "Bearer hunter2").body(Vec::new()).unwrap()
}

fn text(answer: Result<Response, ClusterError>) -> String {
    match answer {
        Ok(answer) => String::from_utf8(answer.into_body()).unwrap(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_is_recorded_is_replayed_anywhere() {
    let mut record = Record::new(Prepared(vec!["one", "two", "two", "three", "other"]));
    let asked = ["/a", "/a?timeout=1s", "/a/", "/a", "/b?limit=2&watch=1"];
    let seen = asked.map(|uri| text(record.ask(&get(uri), Limits::default())));
    assert_eq!(seen, ["one", "two", "two", "three", "other"]);

    let session = record.into_session();
    // The third answer says what replay would say without it.
    assert_eq!(session.exchanges.len(), 4);
    let written = session.to_text();
    assert!(!written.contains("hunter2"));
    assert_eq!(Session::from_text(&written).unwrap(), session);

    let mut replay = Replay::new(Session::from_text(&written).unwrap());
    let again = ["/a", "/a", "/a", "/a", "/b?watch=1&limit=2", "/b?limit=3", "/c"]
        .map(|uri| text(replay.ask(&get(uri), Limits::default())));
    assert_eq!(
        again,
        [
            "one",
            "two",
            "three",
            "three",
            "other",
            "GET /b?limit=3: the session holds no answer; the nearest are GET /b?limit=2&watch=1, GET /a",
            "GET /c: the session holds no answer; the nearest are GET /a, GET /b?limit=2&watch=1",
        ]
    );
    let tight = Limits { answer_bytes: 3, ..Limits::default() };
    assert!(matches!(replay.ask(&get("/a"), tight), Err(ClusterError::TooLarge { limit: 3, .. })));
}

#[test]
fn reads_stay_on_their_side_of_a_write() {
    let put = || http::Request::put("/a").body(b"{}".to_vec()).unwrap();
    let mut record = Record::new(Prepared(vec!["old", "old", "written", "old", "new", "written", "last"]));
    for request in [get("/a"), get("/a"), put(), get("/a"), get("/a"), put(), get("/a")] {
        record.ask(&request, Limits::default()).unwrap();
    }
    let session = record.into_session();
    // Only the second answer says what replay would say without it.
    assert_eq!(session.exchanges.len(), 6);
    for (asked, expected) in [
        ("ggpggpg", "old old written old new written last"),
        ("gggpgggpgg", "old old old written old new new written last last"),
        ("pgpg", "written old written last"),
        ("ppgppg", "written written last written written last"),
        ("g", "old"),
    ] {
        let mut replay = Replay::new(session.clone());
        let mut ask = |letter| {
            if letter == 'g' {
                replay.ask(&get("/a"), Limits::default())
            } else {
                replay.ask(&put(), Limits::default())
            }
        };
        let seen: Vec<String> = asked.chars().map(|letter| text(ask(letter))).collect();
        assert_eq!(seen.join(" "), expected, "{asked}");
    }
}

#[test]
fn secrets_are_seen_by_the_run_and_not_by_the_session() {
    let body = r#"{"kind":"Secret","apiVersion":"v1","data":{"password":"aHVudGVyMg=="}}"#;
    let mut record = Record::new(Prepared(vec![body]));
    assert_eq!(text(record.ask(&get("/api/v1/namespaces/a/secrets/db"), Limits::default())), body);
    assert_eq!(record.redacted(), 1);
    assert!(!record.into_session().to_text().contains("aHVudGVyMg"));
}

#[test]
fn bodies_with_secrets_find_their_answers() {
    let created = r#"{"kind":"Status","status":"Success"}"#;
    let body = br#"{"kind":"Secret","stringData":{"password":"hunter2"}}"#.to_vec();
    let post = || http::Request::post("/api/v1/namespaces/a/secrets").body(body.clone()).unwrap();
    let mut record = Record::new(Prepared(vec![created]));
    record.ask(&post(), Limits::default()).unwrap();
    let session = record.into_session();
    assert!(!session.to_text().contains("hunter2"));
    assert_eq!(text(Replay::new(session).ask(&post(), Limits::default())), created);
}

#[test]
fn a_recording_has_an_end() {
    let mut record = Record::new(Prepared(vec!["x"; MAX_EXCHANGES + 1]));
    for index in 0..MAX_EXCHANGES {
        record.ask(&get(&format!("/{index}")), Limits::default()).unwrap();
    }
    let error = record.ask(&get("/one-more"), Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "GET /one-more: the recording is full: 10,000 exchanges");
    assert_eq!(record.into_session().exchanges.len(), MAX_EXCHANGES);
}

#[test]
fn clusters_travel_between_threads() {
    fn is_send<T: Send>() {}
    is_send::<Box<dyn Cluster>>();
    is_send::<Replay>();
}
