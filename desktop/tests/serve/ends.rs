//! How a server begins and ends: what it refuses to serve, and Ctrl-C.

use std::io::Write;
use std::net::TcpStream;

use crate::guests::packed;
use crate::harness::{Server, read};
use crate::sandbox::finish;

#[test]
fn what_is_asked_already_is_answered_after_ctrl_c() {
    let sandbox = packed();
    let server = Server::start(&sandbox, &["one.tar.gz"], &["--timeout", "2"]);
    // An idle connection holds nothing up.
    let _idle = server.connect();
    let mut asking = server.connect();
    asking.write_all(b"GET /api/plugins/1/forever HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    // Connections are taken in their order, so the one before it was read.
    assert_eq!(server.get("/api/plugins/9").0, 404);
    server.interrupt();
    assert_eq!(read(asking).status, 504);
    let port = server.port;
    let ended = server.end();
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(ended.stderr.contains("GET /api/plugins/1/forever 504 "), "{ended:?}");
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn ctrl_c_again_ends_it_at_once() {
    let sandbox = packed();
    let server = Server::start(&sandbox, &["one.tar.gz"], &["--timeout", "3600"]);
    let mut asking = server.connect();
    asking.write_all(b"GET /api/plugins/1/forever HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert_eq!(server.get("/api/plugins/9").0, 404);
    server.interrupt();
    // The first was heard once nobody listens any more.
    while TcpStream::connect(("127.0.0.1", server.port)).is_ok() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    server.interrupt();
    let ended = server.end();
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
}

#[test]
fn what_cannot_be_served_is_refused() {
    let sandbox = packed();
    sandbox.write("text.tar.gz", "text");
    sandbox.write("krm/drydock.yaml", "drydock: 1\npipeline: {}\n");
    let broken = sandbox.read("off/on.yaml").unwrap().replace("name: off,", "");
    sandbox.write("off/broken.yaml", &broken);
    let what_if = sandbox.read("off/on.yaml").unwrap() + "whatIf: [{call: 1, status: 500}]\n";
    sandbox.write("off/what-if.yaml", &what_if);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (args, part) in [
        (&["text.tar.gz"][..], "`text.tar.gz`: the package is damaged"),
        (&["krm"], "is no dashboard plugin"),
        (&["gone"], "gone"),
        (&["off/broken.yaml"], "cannot be served"),
        (&["off/what-if.yaml"], "whatIf"),
        (&["one.tar.gz", "--listen", &address], "nothing can listen on"),
        (&["one.tar.gz", "--listen", "0.0.0.0:0"], "0.0.0.0 is reached by other machines"),
        (&["one.tar.gz", "--listen", "[::]:0"], "is reached by other machines"),
        (&["off", "--input", "cluster.yaml"], "--input is for a dashboard plugin's package only"),
        (&["one.tar.gz", "--guests", "off"], "--guests is for a workspace only"),
        (&["one.tar.gz", "--input", "cluster.yaml", "--context", "a"], "--input is no cluster's"),
        (&["one.tar.gz", "--kubeconfig", "gone"], "gone"),
        (&["one.tar.gz", "--allow-origin", "*"], "give it as https://HOST"),
        (&[], "required"),
    ] {
        let ended = finish(sandbox.drydock().args(["plugin", "serve"]).args(args).spawn().unwrap(), b"");
        assert_eq!(ended.status.code(), Some(2), "{args:?}: {ended:?}");
        assert!(ended.stderr.contains(part), "{args:?}: {ended:?}");
    }
}
