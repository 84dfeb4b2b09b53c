//! The first run on a terminal: what is asked, and that it is remembered. The terminal is `script`'s.

use std::io::Write;
use std::process::{Command, Stdio};

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

#[test]
fn each_thing_is_asked_for_once_and_remembered() {
    if Command::new("script").arg("--version").output().is_err() {
        eprintln!("`script` is not on PATH: there is no terminal to ask at");
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
