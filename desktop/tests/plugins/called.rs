//! Plugins as kubectl calls them, and by `drydock plugin run`: what they are given, what they reach, how they end.

use std::process::Command;

use crate::guest::Guest;
use crate::home::{Home, SHOW, quiet, wat};
use crate::sandbox::{Ended, finish};
use crate::server::{Proof, Server, TOKEN};

/// A home whose kubeconfig points to a server, with a token.
fn home(server: &Server) -> Home {
    let home = Home::new();
    home.write(".kube/config", &server.kubeconfig(&format!("{{token: {TOKEN}}}")));
    home
}

/// A guest that asks for these, a method and a path each, and exits with 3.
pub(crate) fn asking(server: &Server, asks: &[(u32, &str)]) -> Guest {
    let asks: Vec<_> = asks
        .iter()
        .map(|(method, path)| {
            let url = match path.starts_with('/') {
                true => format!("https://127.0.0.1:{}{path}", server.port),
                false => (*path).to_owned(),
            };
            serde_json::json!({ "method": method, "url": url })
        })
        .collect();
    serde_json::from_value(serde_json::json!({ "asks": asks, "exit": 3 })).unwrap()
}

/// Runs the plugin by its link.
fn called(home: &Home, name: &str, args: &[&str], stdin: &[u8]) -> Ended {
    let mut command = home.command(home.link(name));
    command.args(args).stdin(std::process::Stdio::piped());
    finish(command.spawn().unwrap(), stdin)
}

fn grant(home: &Home, args: &[&str]) -> String {
    let ended = home.drydock(&[&["plugin", "grants"], args].concat());
    assert!(ended.status.success(), "{ended:?}");
    ended.stdout()
}

#[test]
fn a_plugin_is_given_a_kubeconfig_without_credentials_and_nothing_else() {
    let server = Server::start(Proof::Good);
    let home = home(&server);
    home.pull("show", &wat(SHOW));
    let ended = called(&home, "show", &["-n", "a b"], b"for the plugin");
    assert_eq!(ended.status.code(), Some(7), "{ended:?}");
    let printed = ended.stdout();
    let (given, kubeconfig) = printed.split_once("apiVersion: v1\n").unwrap();
    assert_eq!(given, "kubectl-show\0-n\0a b\0HOME=/home/plugin\0KUBECONFIG=/home/plugin/.kube/config\0");
    assert!(kubeconfig.contains(&format!("server: https://127.0.0.1:{}", server.port)), "{kubeconfig}");
    for part in ["current-context: test", "namespace: shop", "name: me", "client-key-data: "] {
        assert!(kubeconfig.contains(part), "{kubeconfig}");
    }
    // Three arguments with the program's name: it reads stdin, too.
    assert!(printed.ends_with("for the plugin"), "{printed}");
    assert!(!printed.contains(TOKEN), "{printed}");
    assert!(ended.stderr.contains("nobody was asked what `show` may"), "{ended:?}");
    assert_eq!(home.read("written.txt"), None);
    assert!(server.heads().is_empty(), "a plugin that asks nothing reaches nobody");
}

#[test]
fn the_cluster_is_read_once_that_is_granted_and_changed_once_that_is() {
    let server = Server::start(Proof::Good);
    let home = home(&server);
    let pods = "/api/v1/namespaces/shop/pods";
    let guest =
        asking(&server, &[(0, pods), (1, pods), (0, "https://127.0.0.1:1/"), (0, "http://localhost/")]);
    home.pull("ask", &guest);
    let run = || {
        let ended = called(&home, "ask", &[], b"");
        assert_eq!(ended.status.code(), Some(3), "{ended:?}");
        assert!(!format!("{}{}", ended.stdout(), ended.stderr).contains(TOKEN), "{ended:?}");
        let told: Vec<String> =
            guest.told(&ended.stdout).iter().map(|told| told.chars().take(7).collect()).collect();
        (told, ended.stderr)
    };
    let (told, said) = run();
    assert_eq!(told, ["error 4", "error 4", "error 1", "error 1"]);
    assert!(
        said.contains("`ask` may not ask your cluster; `drydock plugin grants ask --grant read` lets it"),
        "{said}"
    );
    assert!(said.contains("another host or port; only the cluster is reached"), "{said}");
    assert!(server.heads().is_empty());

    assert!(grant(&home, &["ask", "--grant", "read"]).contains("read         granted"));
    let (told, said) = run();
    assert_eq!(told, ["200, 1 ", "error 4", "error 1", "error 1"], "{said}");
    assert!(
        said.contains("it may change your cluster; `drydock plugin grants ask --grant write` lets it"),
        "{said}"
    );
    assert!(!said.contains("nobody was asked"), "{said}");

    grant(&home, &["ask", "--grant", "write"]);
    let (told, said) = run();
    assert_eq!(told, ["200, 1 ", "200, 1 ", "error 1", "error 1"], "{said}");
    let lines: Vec<String> =
        server.heads().iter().map(|head| head.lines().next().unwrap().to_owned()).collect();
    let (get, post) = (format!("GET {pods} HTTP/1.1"), format!("POST {pods} HTTP/1.1"));
    assert_eq!(lines, [&get[..], &get, &post]);

    // Another build is asked for anew, and what is revoked is gone.
    assert!(grant(&home, &["ask", "--revoke"]).contains("read         not granted"));
    assert_eq!(run().0, ["error 4", "error 4", "error 1", "error 1"]);
    grant(&home, &["ask", "--grant", "read"]);
    let ended = home.drydock(&["plugin", "rm", "ask"]);
    assert_eq!(ended.stdout().lines().next(), Some("`ask` was removed, and with it what it was granted."));
    home.pull("ask", &guest);
    assert_eq!(run().0, ["error 4", "error 4", "error 1", "error 1"]);
}

#[test]
fn a_grant_belongs_to_one_build() {
    let server = Server::start(Proof::Good);
    let home = home(&server);
    home.pull("ask", &asking(&server, &[(0, "/version")]));
    grant(&home, &["ask", "--grant", "read"]);
    let other = asking(&server, &[(0, "/version"), (0, "/version")]);
    let path = home.module("ask.wasm", &other.wasm());
    assert!(path.exists());
    let ended = called(&home, "ask", &[], b"");
    assert_eq!(other.told(&ended.stdout), ["error 4", "error 4"], "{ended:?}");
}

#[test]
fn kubectl_runs_it() {
    let is_there = Command::new("kubectl").args(["version", "--client"]).output().is_ok();
    if !is_there {
        eprintln!("`kubectl` is not on PATH: plugins are not run by it");
        return;
    }
    let server = Server::start(Proof::Mutual);
    let home = Home::new();
    use base64::Engine as _;
    let base64 = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let user = format!(
        "{{client-certificate-data: {}, client-key-data: {}, token: {TOKEN}}}",
        base64(&server.client.0),
        base64(&server.client.1)
    );
    home.write(".kube/config", &server.kubeconfig(&user));
    let guest = asking(&server, &[(0, "/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb")]);
    home.pull("pods-of_web", &guest);
    grant(&home, &["pods-of_web", "--grant", "read"]);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let bin = home.link("x").parent().unwrap().to_path_buf();
    let path = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&path))).unwrap();
    let kubectl =
        |args: &[&str]| finish(home.command("kubectl").args(args).env("PATH", &path).spawn().unwrap(), b"");
    let ended = kubectl(&["pods", "of-web", "-n", "shop"]);
    assert_eq!(ended.status.code(), Some(3), "{ended:?}");
    let told = guest.told(&ended.stdout);
    assert!(told[0].starts_with("200, ") && told[0].contains(r#""name":"web""#), "{told:?}");
    // kubectl sees it where it looks for plugins.
    let ended = kubectl(&["plugin", "list"]);
    assert!(ended.stdout().contains("kubectl-pods-of_web"), "{ended:?}");
    // A name that nobody has, and a plugin that ends well.
    home.pull("quiet", &quiet());
    assert_eq!(kubectl(&["quiet"]).status.code(), Some(0));
}

#[test]
fn a_trap_is_told_and_is_no_success() {
    let home = Home::new();
    home.pull("trap", &wat("(module (memory (export \"memory\") 1) (func (export \"_start\") unreachable))"));
    let ended = called(&home, "trap", &[], b"");
    assert_eq!((ended.status.code(), ended.stdout().as_str()), (Some(134), ""), "{ended:?}");
    assert!(ended.stderr.contains("Trapped:"), "{ended:?}");
    std::fs::remove_file(home.path().parent().unwrap().join("trap.wasm")).unwrap();
    let ended = called(&home, "trap", &[], b"");
    assert!(ended.status.code() == Some(2) && ended.stderr.contains("does not exist"), "{ended:?}");
    home.drydock(&["plugin", "rm", "trap"]);
    home.pull("other", &quiet());
    std::fs::rename(home.link("other"), home.link("gone")).unwrap();
    let ended = called(&home, "gone", &[], b"");
    assert!(
        ended.status.code() == Some(2) && ended.stderr.contains("there is no plugin `gone`"),
        "{ended:?}"
    );
    assert!(ended.stderr.contains("there is `other`"), "{ended:?}");
}

#[test]
fn a_cluster_that_cannot_be_had_does_not_keep_a_plugin_from_running() {
    let server = Server::start(Proof::Good);
    for (kubeconfig, words) in [
        (None, "there is no kubeconfig"),
        (Some("kind: Config\n".to_owned()), "the kubeconfig has no current context"),
        (Some(server.kubeconfig("{tokenFile: token}")), "read the file"),
        (Some(server.kubeconfig("{token: wrong-token}")), ""),
    ] {
        let home = Home::new();
        if let Some(text) = &kubeconfig {
            home.write(".kube/config", text);
        }
        let guest = asking(&server, &[(0, "/version")]);
        home.pull("ask", &guest);
        grant(&home, &["ask", "--grant", "read"]);
        let ended = called(&home, "ask", &[], b"");
        assert_eq!(ended.status.code(), Some(3), "{ended:?}");
        assert!(ended.stderr.contains(words), "{words}: {ended:?}");
        let told = guest.told(&ended.stdout);
        match words {
            "" => assert!(told[0].starts_with("401, "), "{told:?}"),
            "read the file" => {
                assert!(
                    ended.stderr.contains("`drydock plugin grants ask --grant sign-in` agrees"),
                    "{ended:?}"
                );
                home.write(".kube/token", TOKEN);
                grant(&home, &["ask", "--grant", "sign-in"]);
                let ended = called(&home, "ask", &[], b"");
                assert!(guest.told(&ended.stdout)[0].starts_with("200, "), "{ended:?}");
            }
            // Without a kubeconfig nobody knows where the cluster is.
            _ => assert!(told[0].starts_with("error "), "{told:?}"),
        }
    }
}

#[test]
fn the_home_folder_and_the_environment_are_there_once_granted() {
    let server = Server::start(Proof::Good);
    let home = home(&server);
    home.pull("show", &wat(SHOW));
    grant(&home, &["show", "--allow-home"]);
    let mut command = home.command(home.link("show"));
    let ended = finish(command.env("GREETING", "hello").spawn().unwrap(), b"");
    assert_eq!(ended.status.code(), Some(7), "{ended:?}");
    let printed = ended.stdout();
    assert!(printed.contains("GREETING=hello\0"), "{printed}");
    assert!(printed.contains(&format!("HOME={}\0", home.path().display())), "{printed}");
    assert!(printed.contains(TOKEN), "the kubeconfig is the person's own: {printed}");
    assert_eq!(home.read("written.txt").as_deref(), Some("by a plugin"));
    assert!(ended.stderr.is_empty(), "{ended:?}");
}

#[test]
fn a_file_runs_with_what_is_granted_for_once() {
    let server = Server::start(Proof::Good);
    let home = home(&server);
    let guest = asking(&server, &[(0, "/version")]);
    let module = home.module("kubectl-ask.wasm", &guest.wasm());
    let module = module.to_str().unwrap();
    let ended = home.drydock(&["plugin", "run", module]);
    assert_eq!(guest.told(&ended.stdout), ["error 4"], "{ended:?}");
    assert!(ended.stderr.contains(&format!("`drydock plugin run {module} --grant read`")), "{ended:?}");
    let ended = home.drydock(&["plugin", "run", module, "--grant", "read", "--", "-x"]);
    assert_eq!(ended.status.code(), Some(3), "{ended:?}");
    assert!(guest.told(&ended.stdout)[0].starts_with("200, "), "{ended:?}");
    assert!(ended.stderr.is_empty(), "{ended:?}");
    let ended = home.drydock(&["plugin", "run", module, "--grant", "read", "-o", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!((&report["plugin"]["calls"][0]["asked"], ended.status.code()), (&"/version".into(), Some(3)));
    assert_eq!(grant(&home, &[]), "No plugin was granted anything.\n");
}

#[test]
fn grants_that_cannot_be_read_grant_nothing() {
    let home = Home::new();
    home.pull("quiet", &quiet());
    home.write(".config/drydock/plugin-grants.json", "{");
    let ended = called(&home, "quiet", &[], b"");
    assert!(ended.status.code() == Some(2) && ended.stderr.contains("holds no grants"), "{ended:?}");
    assert_eq!(home.read(".config/drydock/plugin-grants.json").as_deref(), Some("{"));
}

#[test]
fn a_plugin_that_reads_nothing_waits_for_nothing() {
    let home = Home::new();
    home.pull("quiet", &quiet());
    let mut command = home.command(home.link("quiet"));
    let mut child = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let open = child.stdin.take();
    assert_eq!(finish(child, b"").status.code(), Some(0));
    drop(open);
}

#[test]
fn ctrl_c_ends_it() {
    let home = Home::new();
    let endless = "(module (memory (export \"memory\") 1) (func (export \"_start\") (loop (br 0))))";
    home.pull("endless", &wat(endless));
    // At whatever moment it comes.
    let mut command = home.command("timeout");
    command.args(["--preserve-status", "-s", "INT", "3"]).arg(home.link("endless"));
    let ended = finish(command.spawn().unwrap(), b"");
    assert_eq!(ended.status.code(), Some(130), "{ended:?}");
}
