//! The table of pulls: what a registry answers, what is printed, what it was asked, and what is kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::home::{Home, quiet};
use crate::registry::{Registry, Route, filled};
use crate::server::{Proof, Server};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Row {
    name: String,
    serves: BTreeMap<String, Route>,
    /// What docker's `config.json` holds.
    #[serde(default)]
    config: Option<String>,
    /// What is typed behind `drydock plugin pull`.
    #[serde(default = "usual")]
    args: Vec<String>,
    /// Pulled before, from the same server.
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    status: i32,
    /// Parts of stdout, and of stderr, which is empty where there are none.
    #[serde(default)]
    stdout: Vec<String>,
    #[serde(default)]
    stderr: Vec<String>,
    /// All that the server was asked; nothing: whatever it was.
    #[serde(default)]
    asked: Option<Vec<String>>,
    /// All files and links that are there afterwards, without docker's.
    #[serde(default)]
    files: Vec<String>,
}

fn usual() -> Vec<String> {
    vec!["localhost:{port}/me/tree:v1".into()]
}

#[test]
fn every_row_is_as_its_table_says() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plugins/pulls.yaml");
    let rows: Vec<Row> = serde_yaml::from_str(&fs::read_to_string(table).unwrap()).unwrap();
    let failures: Vec<String> = rows.into_iter().filter_map(|row| attempt(row).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn attempt(row: Row) -> Result<(), String> {
    let module = quiet().wasm();
    let registry = Registry::start(row.serves, module.clone());
    let home = Home::new();
    let at = |text: &String| filled(text, registry.port, &module);
    if let Some(config) = &row.config {
        home.write(".docker/config.json", &at(config));
    }
    let pull = |args: &[String]| {
        let args: Vec<String> =
            ["plugin", "pull"].map(str::to_owned).into_iter().chain(args.iter().map(at)).collect();
        home.drydock(&args.iter().map(String::as_str).collect::<Vec<_>>())
    };
    if !row.before.is_empty() {
        assert!(pull(&row.before).status.success());
    }
    let ended = pull(&row.args);
    let mut missing = Vec::new();
    if ended.status.code() != Some(row.status) {
        missing.push(format!("status {:?}, not {}", ended.status.code(), row.status));
    }
    let stdout = ended.stdout();
    let lacks = |text: &str, parts: &[String], what: &str| {
        let parts = parts.iter().map(at).filter(|part| !text.contains(part.as_str()));
        parts.map(|part| format!("{what} lacks {part:?}")).collect::<Vec<_>>()
    };
    missing.extend(lacks(&stdout, &row.stdout, "stdout"));
    missing.extend(lacks(&ended.stderr, &row.stderr, "stderr"));
    if row.stderr.is_empty() && !ended.stderr.is_empty() {
        missing.push("stderr is not empty".into());
    }
    let secrets = ["hunter2", "aHVudGVyMg", "bWU6aHVudGVyMjphOmI="];
    if let Some(secret) = secrets.iter().find(|secret| format!("{stdout}{}", ended.stderr).contains(*secret))
    {
        missing.push(format!("it shows {secret}"));
    }
    let asked = registry.asked();
    if row.asked.as_ref().is_some_and(|expected| expected.iter().map(at).collect::<Vec<_>>() != asked) {
        missing.push(format!("it asked {asked:#?}"));
    }
    let files: Vec<String> = home.files().into_iter().filter(|file| !file.starts_with(".docker")).collect();
    if files != row.files.iter().map(at).collect::<Vec<_>>() {
        missing.push(format!("it left {files:#?}"));
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("{}: {}\nstdout:\n{stdout}\nstderr:\n{}", row.name, missing.join("; "), ended.stderr))
}

/// The certificate of a server on loopback is trusted by the system's own variable.
#[test]
fn a_protected_place_leads_to_no_unprotected_one() {
    let server = Server::start(Proof::Good);
    let home = Home::new();
    let authority = home.module("authority.pem", server.authority.as_bytes());
    let pull = |path: &str, trusted: bool| {
        let mut command = home.command(env!("CARGO_BIN_EXE_drydock"));
        if trusted {
            command.env("SSL_CERT_FILE", &authority);
        }
        command.args(["plugin", "pull", &format!("https://127.0.0.1:{}/fail/{path}", server.port)]);
        crate::sandbox::finish(command.spawn().unwrap(), b"").stderr
    };
    let said = pull("downgrade.wasm", true);
    assert!(said.contains("which is not protected by TLS: it is not followed"), "{said}");
    let said = pull("elsewhere.wasm", true);
    assert!(said.contains("leads to a place that is none"), "{said}");
    let said = pull("downgrade.wasm", false);
    assert!(said.contains("gave no answer") && said.contains("certificate"), "{said}");
    assert_eq!(home.files(), Vec::<String>::new());
}
