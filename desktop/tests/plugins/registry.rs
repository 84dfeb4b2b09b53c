//! A registry on loopback, or any other web server: paths and what is answered, as a table says.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::module::digest;
use serde::Deserialize;

/// What is answered at a path.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Route {
    status: Option<u16>,
    headers: BTreeMap<String, String>,
    /// A body; `{module}` in it is the module's digest, `{size}` its size, `{port}` the server's.
    text: Option<String>,
    /// Bytes of the module in place of a text: all of them, or the first.
    module: Option<usize>,
    /// A manifest in place of a text, whose only layer is the module with this media type.
    manifest: Option<String>,
    /// So many bytes of nothing, without saying how many beforehand.
    endless: Option<usize>,
    /// What `Authorization` must be; otherwise the answer is 401 with the headers, and without the body.
    needs: Option<String>,
}

/// A server, and what it was asked: a path a line, with what stood in `Authorization`.
pub(crate) struct Registry {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Registry {
    pub(crate) fn start(routes: BTreeMap<String, Route>, module: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // A peer that breaks off is none of this server's business.
                let _ = serve(stream.unwrap(), port, &routes, &module, &seen);
            }
        });
        Self { port, asked }
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// A text of a table with what is known at run time.
pub(crate) fn filled(text: &str, port: u16, module: &[u8]) -> String {
    text.replace("{port}", &port.to_string())
        .replace("{module}", &digest(module))
        .replace("{size}", &module.len().to_string())
        .replace(
            "{manifest}",
            &digest(manifest("application/vnd.wasm.content.layer.v1+wasm", module).as_bytes()),
        )
}

fn manifest(media_type: &str, module: &[u8]) -> String {
    let (digest, size) = (digest(module), module.len());
    format!(
        r#"{{"schemaVersion":2,"layers":[{{"mediaType":"{media_type}","digest":"{digest}","size":{size}}}]}}"#
    )
}

fn serve(
    mut stream: TcpStream,
    port: u16,
    routes: &BTreeMap<String, Route>,
    module: &[u8],
    asked: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Ok(());
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let uri = head.split(' ').nth(1).unwrap();
    let authorization = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("authorization").then_some(value)
    });
    let said = authorization.map(|value| format!(" {value}")).unwrap_or_default();
    let at = |text: &str| filled(text, port, module);
    asked.lock().unwrap().push(format!("{uri}{said}"));
    let route = routes.iter().find(|(path, _)| at(path) == uri).map(|(_, route)| route.clone());
    let Some(route) = route else {
        return write!(stream, "HTTP/1.1 404 No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    };
    let is_refused = route.needs.as_deref().is_some_and(|needs| authorization != Some(needs));
    let body = match (is_refused, &route) {
        (true, _) => Vec::new(),
        (_, Route { module: Some(most), .. }) => module[..module.len().min(*most)].to_vec(),
        (_, Route { manifest: Some(media_type), .. }) => manifest(media_type, module).into_bytes(),
        (_, Route { text, .. }) => at(text.as_deref().unwrap_or_default()).into_bytes(),
    };
    let status = if is_refused { 401 } else { route.status.unwrap_or(200) };
    write!(stream, "HTTP/1.1 {status} It\r\nconnection: close\r\n")?;
    for (name, value) in &route.headers {
        write!(stream, "{name}: {}\r\n", at(value))?;
    }
    if let Some(bytes) = route.endless {
        write!(stream, "\r\n")?;
        for _ in 0..bytes.div_ceil(0x10000) {
            stream.write_all(&[b' '; 0x10000])?;
        }
        return Ok(());
    }
    write!(stream, "content-length: {}\r\n\r\n", body.len())?;
    stream.write_all(&body)
}
