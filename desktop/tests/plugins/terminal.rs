//! The first run on a terminal: what is asked, and that it is remembered. The terminal is `script`'s.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::called::asking;
use crate::home::{Home, SHOW, wat};
use crate::sandbox::{Ended, finish};
use crate::server::{Proof, Server, TOKEN};

/// Runs a plugin by its link on a terminal where these are typed.
fn typed(home: &Home, name: &str, keys: &str) -> Ended {
    let link = home.link(name);
    let mut command = home.command("script");
    command.args(["-qec", &link.display().to_string(), "/dev/null"]).stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(keys.as_bytes()).unwrap();
    // The terminal ends with its pipe: kept open until the plugin is done.
    let ended = finish(child, b"");
    drop(pipe);
    ended
}

/// Whether there is a terminal to ask at; the test says so when there is none.
fn has_terminal() -> bool {
    let is_there = Command::new("script").arg("--version").output().is_ok();
    if !is_there {
        eprintln!("`script` is not on PATH: there is no terminal to ask at");
    }
    is_there
}

#[test]
fn each_thing_is_asked_for_once_and_remembered() {
    if !has_terminal() {
        return;
    }
    let server = Server::start(Proof::Good);
    let home = Home::new();
    home.write(".kube/config", &server.kubeconfig(&format!("{{token: {TOKEN}}}")));
    home.pull("show", &wat(SHOW));
    let ended = typed(&home, "show", "n\ny\n");
    let shown = ended.stdout();
    for part in [
        "`show` runs for the first time.",
        "May it read and write the files in your home folder, ",
        "May it see all your environment variables? [y/N]",
        "HOME=/home/plugin",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("May it read from your cluster"), "it imports nothing that asks one: {shown}");
    assert_eq!(ended.status.code(), Some(7), "{shown}");
    let grants = home.drydock(&["plugin", "grants"]).stdout();
    assert!(grants.contains("home         refused") && grants.contains("environment  granted"), "{grants}");
    let again = typed(&home, "show", "").stdout();
    assert!(!again.contains("[y/N]") && again.contains("XDG_CACHE_HOME="), "{again}");
}

#[test]
fn the_cluster_is_named_and_reading_is_not_changing() {
    if !has_terminal() {
        return;
    }
    let server = Server::start(Proof::Good);
    let home = Home::new();
    home.write(".kube/config", &server.kubeconfig(&format!("{{token: {TOKEN}}}")));
    home.pull("ask", &asking(&server, &[(0, "/version"), (3, "/api/v1/namespaces/shop/pods/web")]));
    let ended = typed(&home, "ask", "yes\n\n");
    let shown = ended.stdout();
    let question = format!(
        "May it read from your cluster, as you may (context `test`, 127.0.0.1:{})? [y/N]",
        server.port
    );
    for part in [
        &question,
        "May it change that cluster, as you may? [y/N]",
        "`drydock plugin grants ask --grant write` lets it",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("home folder"), "it opens no file: {shown}");
    assert_eq!(ended.status.code(), Some(3), "{shown}");
    let heads = server.heads();
    assert!(heads.len() == 1 && heads[0].starts_with("GET /version "), "{heads:?}");
    let grants = home.drydock(&["plugin", "grants"]).stdout();
    assert!(grants.contains("read         granted") && grants.contains("write        refused"), "{grants}");
}
