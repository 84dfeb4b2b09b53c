//! A proxy that a kubeconfig names: used, refused where it is none, and named where it fails.

use std::io::{Read, Write, copy};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use desktop::Failure;
use desktop::cluster::{Source, connect, get};
use engine::cluster::Limits;

use crate::consents::Says;
use crate::folder::Folder;
use crate::server::{Proof, Server, TOKEN};

/// A proxy on loopback that answers every `CONNECT` with this line: its port, and the first lines it was sent.
fn start(answer: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let lines = seen.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let lines = lines.clone();
            std::thread::spawn(move || serve(stream.unwrap(), answer, &lines));
        }
    });
    (port, seen)
}

fn serve(mut client: TcpStream, answer: &str, lines: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
    }
    let line = String::from_utf8(head).unwrap().lines().next().unwrap_or_default().to_owned();
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    lines.lock().unwrap().push(line);
    write!(client, "HTTP/1.1 {answer}\r\n\r\n").unwrap();
    if !answer.starts_with("200") {
        return;
    }
    let mut server = TcpStream::connect(target).unwrap();
    let (mut back, mut from) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    std::thread::spawn(move || copy(&mut from, &mut back));
    let _ = copy(&mut client, &mut server);
}

fn version(server: &Server, proxy: &str) -> Result<String, Failure> {
    let folder = Folder::new();
    let config = server.kubeconfig(&format!("{{token: {TOKEN}}}"));
    let config = config.replace("server:", &format!("proxy-url: \"{proxy}\", server:"));
    let mut cluster = connect(&Source::File(folder.write("config", &config)), None, &mut Says::no())?;
    let context = cluster.context().clone();
    get(&mut cluster, &context, "/version", Limits::default())
        .map(|answer| String::from_utf8(answer.into_body()).unwrap())
}

#[test]
fn a_proxy_is_asked_for_the_cluster_and_sees_no_credential() {
    let server = Server::start(Proof::Good);
    let (port, seen) = start("200 OK");
    assert!(version(&server, &format!("http://127.0.0.1:{port}")).unwrap().contains("v1.33.0"));
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen, [format!("CONNECT 127.0.0.1:{} HTTP/1.1", server.port)]);
    assert_eq!(server.heads().len(), 1);
}

#[test]
fn a_proxy_that_fails_is_named() {
    let server = Server::start(Proof::Good);
    let (refusing, _) = start("407 Proxy Authentication Required");
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (proxy, words) in [
        (format!("http://127.0.0.1:{refusing}"), "proxy"),
        (format!("http://127.0.0.1:{nobody}"), "proxy"),
        ("ftp://127.0.0.1".into(), "the `proxy-url` of cluster `loop` is no proxy"),
        ("not an address".into(), "the `proxy-url` of cluster `loop` is no proxy"),
    ] {
        let failure = version(&server, &proxy).unwrap_err();
        assert!(failure.message.contains(words), "{proxy}: {failure}");
        assert!(!format!("{failure:?}").contains(TOKEN));
    }
    assert!(server.heads().is_empty(), "it went around its proxy");
}
