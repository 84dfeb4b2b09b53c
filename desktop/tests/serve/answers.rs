//! What is answered, by plugins and by the server itself.

use crate::guests::packed;
use crate::harness::Server;

const HEALTHY: &str = r#"{"status":"healthy"}"#;

#[test]
fn a_plugin_is_asked_and_the_log_says_so() {
    let sandbox = packed();
    let server = Server::start(&sandbox, &["one.tar.gz"], &["--input", "cluster.yaml"]);
    assert_eq!(server.lines, [format!("http://127.0.0.1:{}/api/plugins/1 one 1.0.0", server.port)]);
    let answer = server.ask("GET", "/api/plugins/1/status?secret=4711", "");
    assert_eq!((answer.status, answer.body.as_str()), (200, HEALTHY));
    assert!(answer.head.contains("\r\ncontent-type: application/json\r\n"), "{}", answer.head);
    let echo = server.ask("PUT", "/api/plugins/1/echo", "[1, 2]");
    assert_eq!((echo.status, echo.body.as_str()), (200, "[1, 2]"));
    let pod = server.ask("POST", "/api/plugins/1/ask", "/api/v1/namespaces/shop/pods/web");
    assert!(pod.body.contains(r#""name":"web""#), "{pod:?}");
    let secrets = server.ask("POST", "/api/plugins/1/ask", "/api/v1/secrets");
    assert!(secrets.body.contains(r#""code":403"#), "{secrets:?}");
    // A report cuts what is beyond 64 KiB.
    assert_eq!(server.get("/api/plugins/1/large"), (200, "x".repeat(100_000)));
    let log = server.log();
    for part in ["GET /api/plugins/1/status 200 ", " ms\n  log: {\"status\n", "PUT /api/plugins/1/echo 200 "]
    {
        assert!(log.contains(part), "{part:?} is not in:\n{log}");
    }
    assert!(!log.contains("4711"), "{log}");
}

#[test]
fn the_server_answers_as_kubestellars() {
    let sandbox = packed();
    let server = Server::start(&sandbox, &["one.tar.gz", "off", "two.tar.gz"], &[]);
    let not_found = "404 page not found";
    for (method, path, status, body) in [
        ("GET", "/api/plugins/7", 404, r#"{"error":"Plugin not found"}"#),
        ("GET", "/api/plugins/7/status", 404, not_found),
        ("GET", "/api/plugins/01/status", 404, not_found),
        ("GET", "/api/plugins/x/status", 400, r#"{"error":"Invalid plugin ID"}"#),
        ("GET", "/api/plugins/2/status", 403, r#"{"error":"Plugin is disabled"}"#),
        ("GET", "/api/plugins/1/nothing", 404, not_found),
        ("DELETE", "/api/plugins/1/status", 404, not_found),
        ("POST", "/api/plugins", 404, not_found),
        ("GET", "/", 404, not_found),
        ("GET", "/status", 404, not_found),
        ("GET", "/api/pluginsx/1/status", 404, not_found),
        ("POST", "/api/plugins/install", 501, r#"{"error":"not answered by this host"}"#),
        (
            "GET",
            "/api/plugins/one~me~1/frontend/dist/index.js",
            501,
            r#"{"error":"not answered by this host"}"#,
        ),
        ("GET", "/api/plugins/1/%zz", 400, "400 Bad Request"),
        ("OPTIONS", "/api/plugins/7/status", 204, ""),
    ] {
        let answer = server.ask(method, path, "");
        assert_eq!((answer.status, answer.body.as_str()), (status, body), "{method} {path}");
    }
    let answer = server.ask("GET", "/api/plugins/1/status/?a=b", "");
    assert_eq!(answer.status, 301);
    assert!(answer.head.contains("\r\nlocation: /api/plugins/1/status?a=b\r\n"), "{}", answer.head);
    let listed: serde_json::Value = serde_json::from_str(&server.get("/api/plugins").1).unwrap();
    assert_eq!(listed["count"], 3);
    let shown = |index: usize, field: &str| listed["plugins"][index][field].clone();
    assert_eq!(
        (shown(0, "name"), shown(1, "name"), shown(2, "name")),
        ("one".into(), "off".into(), "two".into())
    );
    assert_eq!(
        (shown(2, "id"), shown(1, "status"), shown(2, "enabled")),
        (3.into(), "inactive".into(), true.into())
    );
    let one: serde_json::Value = serde_json::from_str(&server.get("/api/plugins/3").1).unwrap();
    assert_eq!(one, listed["plugins"][2]);
}

#[test]
fn what_is_stored_stays_and_belongs_to_one_plugin() {
    let sandbox = packed();
    let server = Server::start(&sandbox, &["one.tar.gz", "two.tar.gz", "off/on.yaml"], &[]);
    let load = |id: u32| server.get(&format!("/api/plugins/{id}/load"));
    let store = |path: &str, body: &str| server.ask("POST", &format!("/api/plugins/1/{path}"), body).status;
    assert_eq!((load(1).1.as_str(), load(3).1.as_str()), ("{}", r#""from the file""#));
    // As it was written, beyond what a report shows, and deeper than a JSON value is read.
    let large = format!("\"{}\"", "x".repeat(200_000));
    let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
    for value in [" 1.50 ", large.as_str(), deep.as_str()] {
        assert_eq!(store("store", value), 200);
        for _ in 0..2 {
            assert_eq!(load(1), (200, value.to_owned()));
        }
    }
    assert_eq!(store("store-and-trap", "[2]"), 500);
    assert_eq!(load(1).1, "[2]");
    assert_eq!((load(2).1.as_str(), load(3).1.as_str()), ("{}", r#""from the file""#));
}

#[test]
fn a_trap_and_a_loop_end_one_request_each() {
    let sandbox = packed();
    let server = Server::start(&sandbox, &["one.tar.gz"], &["--timeout", "1"]);
    let (status, body) = server.get("/api/plugins/1/trap");
    assert!(
        status == 500 && body.starts_with(r#"{"error":"failed to call WASM function: "#),
        "{status} {body}"
    );
    assert_eq!(server.get("/api/plugins/1/status"), (200, HEALTHY.to_owned()));
    let (status, body) = server.get("/api/plugins/1/forever");
    assert!(status == 504 && body.contains("time limit"), "{status} {body}");
    assert_eq!(server.get("/api/plugins/1/status"), (200, HEALTHY.to_owned()));
    let log = server.log();
    assert!(
        log.contains("GET /api/plugins/1/trap 500 ") && log.contains("GET /api/plugins/1/forever 504 "),
        "{log}"
    );
}

#[test]
fn what_comes_is_bounded() {
    let sandbox = packed();
    let server = Server::start(&sandbox, &["one.tar.gz"], &[]);
    let most = 8 << 20;
    let answer = server.ask("POST", "/api/plugins/1/echo", &"x".repeat(most + 1));
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (413, r#"{"error":"the request body has more than 8388608 bytes"}"#)
    );
    let long = format!("/api/plugins/1/{}", "x".repeat(9_000));
    assert_eq!(server.get(&long).0, 431);
    let many: String = (0..200).map(|index| format!("X-{index}: 1\r\n")).collect();
    assert_eq!(server.ask_with("GET", "/api/plugins/1/status", &many, b"").status, 431);
    let large = format!("X: {}\r\n", "x".repeat(100_000));
    assert_eq!(server.ask_with("GET", "/api/plugins/1/status", &large, b"").status, 431);
    assert_eq!(server.get("/api/plugins/1/status").0, 200);
}

#[test]
fn fifty_at_once_are_all_answered() {
    let sandbox = packed();
    let server = Server::start(&sandbox, &["one.tar.gz", "two.tar.gz"], &["--timeout", "60"]);
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..50)
            .map(|index| {
                let server = &server;
                scope.spawn(move || {
                    let path = format!("/api/plugins/{}/echo", 1 + index % 2);
                    (index, server.ask("POST", &path, &format!("[{index}]")))
                })
            })
            .collect();
        for thread in asked {
            let (index, answer) = thread.join().unwrap();
            assert_eq!((answer.status, answer.body), (200, format!("[{index}]")));
        }
    });
    let log = server.log();
    assert_eq!(log.matches("/echo 200 ").count(), 50, "{log}");
}

#[test]
fn pages_from_elsewhere_may_not_ask() {
    let sandbox = packed();
    let server = Server::start(&sandbox, &["one.tar.gz"], &["--allow-origin", "https://console.example"]);
    let store = |headers: &str| server.ask_with("POST", "/api/plugins/1/store", headers, b"[1]");
    for headers in
        ["Origin: https://elsewhere.example\r\n", "Origin: null\r\n", "Host: elsewhere.example:4000\r\n"]
    {
        let answer = store(headers);
        assert!(answer.status == 403 && !answer.head.contains("access-control"), "{headers}: {answer:?}");
    }
    assert_eq!(server.get("/api/plugins/1/load").1, "{}");
    for origin in ["https://console.example", "http://localhost:5173"] {
        let asked = format!("Origin: {origin}\r\nAccess-Control-Request-Method: POST\r\n");
        let answer = server.ask_with("OPTIONS", "/api/plugins/1/store", &asked, b"");
        let told = format!("\r\naccess-control-allow-origin: {origin}\r\n");
        assert!(answer.status == 204 && answer.head.contains(&told), "{answer:?}");
        assert_eq!(store(&asked).status, 200);
    }
    assert_eq!(server.get("/api/plugins/1/load").1, "[1]");
}
