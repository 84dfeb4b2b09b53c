//! An API server on loopback, as far as tests need one, with certificates made for it.
//!
//! Its failures are paths: `/fail/stall` never answers, `/fail/half` breaks off.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

/// What the server takes for a user's token. No text of the project may ever show it.
pub(crate) const TOKEN: &str = "hunter2-token-4711";

/// The value in the server's only Secret, as base64 and as it is.
pub(crate) const SECRET: [&str; 2] = ["c3dvcmRmaXNo", "swordfish"];

/// The longest that anything here waits for a stalled peer.
const STALL: Duration = Duration::from_secs(20);

/// How a server proves itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    Good,
    Expired,
    OtherName,
    /// Wants a certificate of the client, too.
    Mutual,
}

pub(crate) struct Server {
    pub(crate) port: u16,
    /// The certificate authority that signed for it, as PEM.
    pub(crate) authority: String,
    /// A client's certificate and key of the same authority, as PEM.
    pub(crate) client: (String, String),
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start(proof: Proof) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (authority, issuer) = authority("the authority");
        let (certificate, key) = leaf(&issuer, proof);
        let client = leaf(&issuer, Proof::Good);
        let config = Arc::new(config(&authority, &certificate, &key, proof));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = heads.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (config, seen) = (config.clone(), seen.clone());
                std::thread::spawn(move || serve(stream.unwrap(), config, &seen));
            }
        });
        Self { port, authority, client, heads }
    }

    /// The requests' heads, so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    /// A kubeconfig with this server and a user of these fields, in YAML's flow style.
    pub(crate) fn kubeconfig(&self, user: &str) -> String {
        kubeconfig(self.port, &self.authority, user)
    }
}

/// A kubeconfig with one context, `test`.
pub(crate) fn kubeconfig(port: u16, authority: &str, user: &str) -> String {
    use base64::Engine as _;
    let authority = base64::engine::general_purpose::STANDARD.encode(authority);
    format!(
        r#"apiVersion: v1
kind: Config
current-context: test
contexts:
- {{name: test, context: {{cluster: loop, user: me, namespace: shop}}}}
clusters:
- {{name: loop, cluster: {{server: "https://127.0.0.1:{port}", certificate-authority-data: {authority}}}}}
users:
- {{name: me, user: {user}}}
"#
    )
}

/// A certificate authority of this name: its certificate as PEM, and what signs.
pub(crate) fn authority(name: &str) -> (String, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    params.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    (pem, Issuer::new(params, key))
}

fn leaf(issuer: &Issuer<'static, KeyPair>, proof: Proof) -> (String, String) {
    let name = if proof == Proof::OtherName { "elsewhere.example" } else { "127.0.0.1" };
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if proof == Proof::Expired {
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
    }
    let key = KeyPair::generate().unwrap();
    (params.signed_by(&key, issuer).unwrap().pem(), key.serialize_pem())
}

fn config(authority: &str, certificate: &str, key: &str, proof: Proof) -> ServerConfig {
    let builder = match proof {
        Proof::Mutual => {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
            let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build().unwrap();
            ServerConfig::builder().with_client_cert_verifier(verifier)
        }
        _ => ServerConfig::builder().with_no_client_auth(),
    };
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    builder.with_single_cert(vec![certificate], key).unwrap()
}

/// One request and its answer; a peer that does not like the certificate ends it.
fn serve(stream: TcpStream, config: Arc<ServerConfig>, heads: &Mutex<Vec<String>>) {
    stream.set_read_timeout(Some(STALL)).unwrap();
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let earlier = {
        let mut heads = heads.lock().unwrap();
        let line = head.lines().next().unwrap();
        let earlier = heads.iter().filter(|head| head.starts_with(line)).count();
        heads.push(head.clone());
        earlier
    };
    let stalls = act(&head, earlier, &mut stream).is_ok_and(|stalls| stalls);
    if stalls {
        let _ = stream.read(&mut byte);
    } else {
        stream.conn.send_close_notify();
        let _ = stream.flush();
    }
}

/// Answers a request; whether it then keeps the connection, saying nothing.
fn act(head: &str, earlier: usize, out: &mut impl Write) -> std::io::Result<bool> {
    let uri = head.split(' ').nth(1).unwrap_or_default();
    let is_known = head.to_ascii_lowercase().contains(&format!("authorization: bearer {TOKEN}"));
    let ok = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    match uri {
        "/fail/stall" => return Ok(true),
        "/fail/close" => return Ok(false),
        "/fail/garbage" => out.write_all(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")?,
        "/fail/half" => write!(out, "{ok}content-length: 100\r\n\r\n{{\"kind\":")?,
        "/fail/chunk" => write!(out, "{ok}transfer-encoding: chunked\r\n\r\n5\r\n{{\"a\":\r\nzz\r\n")?,
        "/fail/stall-body" => {
            write!(out, "{ok}content-length: 100\r\n\r\n{{\"kind\":")?;
            out.flush()?;
            return Ok(true);
        }
        "/fail/headers" => {
            write!(out, "{ok}")?;
            for index in 0..40_000 {
                write!(out, "x-{index}: y\r\n")?;
            }
            write!(out, "content-length: 0\r\n\r\n")?;
        }
        "/fail/endless" => {
            write!(out, "{ok}transfer-encoding: chunked\r\n\r\n")?;
            loop {
                write!(out, "10000\r\n{}\r\n", " ".repeat(0x10000))?;
            }
        }
        "/fail/busy" if earlier < 2 => status(out, 429, "retry-after: 0\r\n", "slow down")?,
        "/fail/very-busy" => status(out, 429, "retry-after: 3600\r\n", "come back tomorrow")?,
        "/fail/403" => status(out, 403, "", "pods is forbidden: User \"me\" cannot list")?,
        "/fail/404" => status(out, 404, "", "the server could not find the requested resource")?,
        "/fail/500" => status(out, 500, "", &format!("it broke; you said {TOKEN}"))?,
        "/fail/302" => status(out, 302, "location: https://127.0.0.1:1/elsewhere\r\n", "go there")?,
        "/fail/downgrade.wasm" => status(out, 302, "location: http://127.0.0.1:1/x.wasm\r\n", "go there")?,
        "/fail/elsewhere.wasm" => status(out, 302, "location: file:///etc/passwd\r\n", "go there")?,
        _ if !is_known => status(out, 401, "", "Unauthorized")?,
        _ => match document(uri) {
            Some(body) => write!(out, "{ok}content-length: {}\r\n\r\n{body}", body.len())?,
            None => status(out, 404, "", "the server could not find the requested resource")?,
        },
    }
    out.flush()?;
    Ok(false)
}

fn status(out: &mut impl Write, code: u16, headers: &str, message: &str) -> std::io::Result<()> {
    let message = message.replace('"', "\\\"");
    let body = format!(
        r#"{{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{message}","code":{code}}}"#
    );
    let length = body.len();
    write!(
        out,
        "HTTP/1.1 {code} No\r\ncontent-type: application/json\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    )
}

fn document(uri: &str) -> Option<String> {
    let pod = |name: &str| {
        format!(
            r#"{{"metadata":{{"name":"{name}","namespace":"shop","uid":"1-2","resourceVersion":"7","managedFields":[{{"manager":"kubectl"}}],"labels":{{"app":"{name}"}}}},"spec":{{"priority":1}},"status":{{"phase":"Running"}}}}"#
        )
    };
    let list = |items: &str, next: &str| {
        format!(
            r#"{{"kind":"PodList","apiVersion":"v1","metadata":{{"continue":"{next}"}},"items":[{items}]}}"#
        )
    };
    Some(match uri {
        "/version" | "/fail/busy" => r#"{"major":"1","minor":"33","gitVersion":"v1.33.0"}"#.into(),
        "/api/v1" => r#"{"kind":"APIResourceList","resources":[{"name":"pods","singularName":"pod","kind":"Pod","namespaced":true,"shortNames":["po"]},{"name":"pods/log","singularName":"","kind":"Pod","namespaced":true},{"name":"namespaces","singularName":"namespace","kind":"Namespace","namespaced":false,"shortNames":["ns"]},{"name":"secrets","singularName":"secret","kind":"Secret","namespaced":true}]}"#.into(),
        "/apis" => r#"{"kind":"APIGroupList","groups":[{"name":"apps","preferredVersion":{"groupVersion":"apps/v1"}}]}"#.into(),
        "/apis/apps/v1" => r#"{"kind":"APIResourceList","resources":[{"name":"deployments","singularName":"deployment","kind":"Deployment","namespaced":true,"shortNames":["deploy"]}]}"#.into(),
        "/api/v1/namespaces" => r#"{"kind":"NamespaceList","apiVersion":"v1","items":[{"metadata":{"name":"shop"}}]}"#.into(),
        "/api/v1/namespaces/shop/pods" | "/api/v1/pods" => list(&format!("{},{}", pod("web"), pod("db")), ""),
        "/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb" => list(&pod("web"), ""),
        "/api/v1/namespaces/shop/pods?limit=500" => list(&pod("web"), "next/1"),
        "/api/v1/namespaces/shop/pods?limit=500&continue=next%2F1" => list(&pod("db"), ""),
        "/apis/apps/v1/namespaces/shop/deployments/web" => r#"{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web"}}"#.into(),
        uri if uri.split('?').next() == Some("/api/v1/namespaces/shop/secrets") => format!(
            r#"{{"kind":"SecretList","apiVersion":"v1","items":[{{"metadata":{{"name":"door","namespace":"shop","annotations":{{"kubectl.kubernetes.io/last-applied-configuration":"{}"}}}},"data":{{"word":"{}"}}}}]}}"#,
            SECRET[1], SECRET[0]
        ),
        _ => return None,
    })
}
