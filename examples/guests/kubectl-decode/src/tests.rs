//! What is shown of which secret.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::*;

const CERTIFICATE: &str = include_str!("tests/shop.pem");

fn shown(bytes: &[u8]) -> String {
    let secret = json!({ "metadata": { "name": "s" }, "data": { "k": STANDARD.encode(bytes) } });
    print(&secret, false).strip_prefix("s (Opaque)\n  k:").unwrap().to_owned()
}

#[test]
fn values_are_shown_as_what_they_are() {
    let key = "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n-----END EC PRIVATE KEY-----\n";
    let both = format!("{CERTIFICATE}{key}");
    for (bytes, expected) in [
        (b"hunter2".as_slice(), " hunter2\n"),
        (b"hunter2\n", " hunter2\n"),
        (b"a: 1\nb: 2\n", "\n    a: 1\n    b: 2\n"),
        (b"\x1b[2J", " \\u{1b}[2J\n"),
        (b"", " empty\n"),
        (&[0xff, 0], " 2 bytes of binary: ff 00\n"),
        (&[0xff; 17], " 17 bytes of binary: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff …\n"),
        (
            both.as_bytes(),
            " certificate of shop.example, until 2036-11-18, 427 bytes; private key of 6 bytes, not shown\n",
        ),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n", " certificate of 3 bytes that cannot be read\n"),
        (b"-----BEGIN PUBLIC KEY-----\n?\n", " public key that cannot be read\n"),
    ] {
        assert_eq!(shown(bytes), expected, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_broken_certificate_is_no_crash() {
    let body: String = CERTIFICATE.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(body).unwrap();
    for length in 0..der.len() {
        let _ = certificate::describe(&der[..length]);
    }
    for index in 0..der.len() {
        let mut bent = der.clone();
        bent[index] = 0xff;
        let _ = certificate::describe(&bent);
    }
}

#[test]
fn secrets_are_found_among_other_objects() {
    let text = "\
kind: ConfigMap
metadata: {name: other}
---
kind: List
items:
- {kind: Secret, metadata: {name: a, namespace: shop}, type: kubernetes.io/basic-auth, data: {user: '?'}}
- {kind: Secret, metadata: {name: b}, stringData: {user: ann}}
";
    let all: Vec<String> =
        secrets_in(text, None).unwrap().iter().map(|secret| print(secret, false)).collect();
    let expected = [
        "shop/a (kubernetes.io/basic-auth)\n  user: not base64: Invalid symbol 63, offset 0.\n",
        "b (Opaque)\n  user: ann\n",
    ];
    assert_eq!(all, expected);
    assert_eq!(secrets_in(text, Some("b")).unwrap().len(), 1);
    assert!(secrets_in("a: [", None).is_err());
}
