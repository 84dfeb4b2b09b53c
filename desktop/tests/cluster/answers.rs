//! What a cluster answers, and every way in which it does not: a sentence each, and never the token.

use desktop::cluster::{Source, connect, get, objects};
use engine::cluster::{Cluster, ClusterError, Limits, Record, Replay};

use crate::consents::Says;
use crate::folder::Folder;
use crate::server::{Proof, SECRET, Server, TOKEN};

fn limits(time_ms: u64) -> Limits {
    Limits { time_ms, ..Limits::default() }
}

#[test]
fn every_failure_has_its_words() {
    let server = Server::start(Proof::Good);
    let folder = Folder::new();
    let file = folder.write("config", &server.kubeconfig(&format!("{{token: {TOKEN}}}")));
    let mut cluster = connect(&Source::File(file), None, &mut Says::no()).unwrap();
    let context = cluster.context().clone();
    let who = format!("`127.0.0.1:{}`, the server of context `test`,", server.port);
    for (path, words) in [
        ("/fail/close", format!("{who} closed the connection without an answer")),
        ("/fail/garbage", format!("{who} answered something that is no HTTP")),
        ("/fail/headers", format!("{who} answered something that is no HTTP")),
        ("/fail/half", "the answer of context `test` broke off after 8 bytes of its body".into()),
        ("/fail/chunk", "the answer of context `test` broke off after 5 bytes of its body".into()),
        ("/fail/endless", "the answer is larger than the 16,777,216 bytes that it may have".into()),
        ("/fail/stall", "context `test` gave no answer within 2 s".into()),
        ("/fail/stall-body", "context `test` gave only 8 bytes of its answer within 2 s".into()),
        ("/fail/very-busy", "context `test` is asked too much (status 429): come back tomorrow".into()),
        (
            "/fail/403",
            "context `test` does not let user `me` read this (status 403): pods is forbidden".into(),
        ),
        ("/fail/404", "context `test` has nothing there (status 404): the server could not".into()),
        ("/fail/500", "context `test` failed (status 500): it broke; you said redacted".into()),
        ("/fail/302", "context `test` points elsewhere, and redirects are not followed (status 302)".into()),
        ("/api/../version", "`..` in the path `/api/../version` names nothing".into()),
        ("https://elsewhere.example/", "names a host".into()),
    ] {
        let time = if path.contains("stall") { 2_000 } else { 20_000 };
        let failure = get(&mut cluster, &context, path, limits(time)).unwrap_err();
        assert!(failure.message.contains(&words), "{path}: {failure}");
        assert!(!format!("{failure} {failure:?}").contains(TOKEN), "{path}");
    }
    // After all that it still answers, and a server that says "later" is asked again.
    for path in ["/version", "/fail/busy"] {
        let answer = get(&mut cluster, &context, path, limits(20_000)).unwrap();
        assert!(String::from_utf8(answer.into_body()).unwrap().contains("v1.33.0"), "{path}");
    }
}

#[test]
fn nothing_but_reads_leaves_and_nothing_of_the_callers() {
    let server = Server::start(Proof::Good);
    let folder = Folder::new();
    let file = folder.write("config", &server.kubeconfig(&format!("{{token: {TOKEN}}}")));
    let mut cluster = connect(&Source::File(file), None, &mut Says::no()).unwrap();
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let path = "/api/v1/namespaces/shop/pods/web";
        let request = http::Request::builder().method(method).uri(path).body(b"{}".to_vec()).unwrap();
        let error = cluster.ask(&request, Limits::default()).unwrap_err();
        let expected = format!("{method} {path}: the cluster is read-only, and {method} may change it");
        assert_eq!(error.to_string(), expected);
    }
    let acting =
        http::Request::get("/api/v1/namespaces/shop/pods/web/exec?command=id").body(Vec::new()).unwrap();
    assert!(matches!(cluster.ask(&acting, Limits::default()), Err(ClusterError::Refused { .. })));
    assert_eq!(server.heads(), Vec::<String>::new());

    let request = http::Request::get("/version")
        .header("authorization", "Bearer somebody-else")
        .header("impersonate-user", "root")
        .header("accept", "application/json;as=Table")
        .body(Vec::new())
        .unwrap();
    assert_eq!(cluster.ask(&request, Limits::default()).unwrap().status(), 200);
    let head = server.heads().join("").to_ascii_lowercase();
    assert!(!head.contains("somebody-else") && !head.contains("impersonate"), "{head}");
    assert!(
        head.contains("accept: application/json;as=table") && head.contains("user-agent: drydock/"),
        "{head}"
    );
}

#[test]
fn a_recording_replays_without_the_cluster() {
    let server = Server::start(Proof::Good);
    let folder = Folder::new();
    let file = folder.write("config", &server.kubeconfig(&format!("{{token: {TOKEN}}}")));
    let mut record = Record::new(connect(&Source::File(file), None, &mut Says::no()).unwrap());
    let ask = |cluster: &mut dyn Cluster, path: &str| {
        cluster.ask(&http::Request::get(path).body(Vec::new()).unwrap(), Limits::default()).unwrap()
    };
    let paths = ["/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb", "/nothing", "/version"];
    let live: Vec<_> = paths.iter().map(|path| ask(&mut record, path)).collect();
    let mut replay = Replay::new(record.into_session());
    for (path, live) in paths.iter().zip(&live) {
        let again = ask(&mut replay, path);
        assert_eq!(
            (again.status(), again.headers(), again.body()),
            (live.status(), live.headers(), live.body())
        );
    }
    assert_eq!(live[1].status(), 404);
}

#[test]
fn live_objects_become_manifests() {
    let server = Server::start(Proof::Good);
    let folder = Folder::new();
    let file = folder.write("config", &server.kubeconfig(&format!("{{token: {TOKEN}}}")));
    let mut cluster = connect(&Source::File(file), None, &mut Says::no()).unwrap();
    let context = cluster.context().clone();
    let mut at = |path: &str| objects(&mut cluster, &context, path, Limits::default());

    let (pods, is_cut) = at("/api/v1/namespaces/shop/pods").unwrap();
    assert!(!is_cut);
    assert_eq!(pods.iter().map(|pod| pod.name.as_str()).collect::<Vec<_>>(), ["web", "db"]);
    let expected = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\n  labels:\n    app: web\nspec:\n  priority: 1\n";
    assert_eq!(pods[0].text, expected);

    let (secrets, _) = at("/api/v1/namespaces/shop/secrets").unwrap();
    assert!(secrets[0].text.contains("word: cmVkYWN0ZWQ="), "{}", secrets[0].text);
    assert!(SECRET.iter().all(|secret| !secrets[0].text.contains(secret)));

    let failure = at("/version").unwrap_err();
    assert!(failure.message.contains("nothing there"), "{failure}");
}
