//! The real program as a server, and a client that speaks HTTP/1.1 by hand.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::time::Duration;

use crate::sandbox::{Ended, Sandbox, finish};

/// Far beyond what any answer takes: only a hang ends here.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server in a process of its own. It is ended when it is dropped.
pub(crate) struct Server {
    child: Option<Child>,
    /// What it listens on.
    pub(crate) port: u16,
    /// What it said that it serves.
    pub(crate) lines: Vec<String>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// All headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Server {
    /// Serves plugins, and waits until all of them are.
    pub(crate) fn start(sandbox: &Sandbox, plugins: &[&str], options: &[&str]) -> Self {
        let mut command = sandbox.drydock();
        command.args(["plugin", "serve", "--listen", "127.0.0.1:0"]).args(plugins).args(options);
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let lines: Vec<String> = plugins.iter().map_while(|_| said.next()?.ok()).collect();
        if lines.len() < plugins.len() {
            panic!("nothing is served: {:?}", finish(child, b""));
        }
        let port = lines[0].strip_prefix("http://127.0.0.1:").and_then(|rest| rest.split('/').next());
        let port = port.unwrap().parse().unwrap();
        Self { child: Some(child), port, lines }
    }

    /// A connection to it.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends a request with these header lines, and reads all of the answer.
    pub(crate) fn ask_with(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let mut stream = self.connect();
        let length = body.len();
        let host = if headers.contains("Host:") { "" } else { "Host: localhost\r\n" };
        let head = format!(
            "{method} {path} HTTP/1.1\r\n{host}{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        read(stream)
    }

    /// Sends a request.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        self.ask_with(method, path, "", body.as_bytes())
    }

    /// The status and the body of a GET.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let answer = self.ask("GET", path, "");
        (answer.status, answer.body)
    }

    /// Sends it Ctrl-C.
    pub(crate) fn interrupt(&self) {
        let id = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }

    /// Waits until it has ended.
    pub(crate) fn end(mut self) -> Ended {
        finish(self.child.take().unwrap(), b"")
    }

    /// Ends it as Ctrl-C does, and gives its log.
    pub(crate) fn log(self) -> String {
        self.interrupt();
        let ended = self.end();
        assert_eq!(ended.status.code(), Some(0), "{ended:?}");
        ended.stderr
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Reads an answer to the end of its connection.
pub(crate) fn read(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_lowercase(), body: body.to_owned() }
}
