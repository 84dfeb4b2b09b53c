//! `drydock contexts` and `drydock record`, through the real program.

use std::path::Path;
use std::process::{Command, Output};

use engine::cluster::Session;

use crate::folder::Folder;
use crate::server::{Proof, SECRET, Server, TOKEN, authority, kubeconfig};

/// The program with no environment but what it is given.
fn drydock(arguments: &[&str], kubeconfig: Option<&str>, folder: &Folder) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drydock"));
    command.args(arguments).current_dir(folder.path()).env_clear().env("HOME", folder.path());
    if let Some(list) = kubeconfig {
        command.env("KUBECONFIG", list);
    }
    let output = command.output().unwrap();
    let text = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(!text.contains(TOKEN), "{text}");
    assert!(SECRET.iter().all(|secret| !text.contains(secret)), "{text}");
    output
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn session(path: &Path) -> Session {
    Session::from_text(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn contexts_of_several_files_are_merged_as_kubectl_does() {
    let folder = Folder::new();
    let server = "clusters: [{name: c, cluster: {server: https://c.example}}]";
    folder.write(
        "one",
        &format!(
            "current-context: ''\ncontexts: [{{name: a, context: {{cluster: c, user: first}}}}]\n{server}"
        ),
    );
    folder.write("two", "current-context: b\ncontexts: [{name: a, context: {cluster: c, user: second}}, {name: b, context: {cluster: c}}]");
    folder.write("three", "current-context: a");
    let output = drydock(&["contexts"], Some("one::missing:two:three"), &folder);
    let expected = "  CONTEXT  SERVER     USER   NAMESPACE\n  a        c.example  first  default\n* b        c.example         default\n";
    assert_eq!(text(&output.stdout), expected);
    let output = drydock(&["contexts", "-o", "json"], Some("two"), &folder);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json[0]["user"], &json[1]["isCurrent"]), (&"second".into(), &true.into()));
}

#[test]
fn the_default_place_is_the_home_folder() {
    let folder = Folder::new();
    let output = drydock(&["contexts"], None, &folder);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("there is no kubeconfig: ") && said.contains("--kubeconfig FILE"), "{said}");
    std::fs::create_dir(folder.path().join(".kube")).unwrap();
    folder.write(".kube/config", "contexts: [{name: at-home, context: {cluster: c}}]");
    assert!(text(&drydock(&["contexts"], None, &folder).stdout).contains("at-home"));
    let output = drydock(&["contexts", "--in-cluster"], None, &folder);
    assert!(text(&output.stderr).contains("this does not run in a pod"));
}

#[test]
fn a_recording_holds_what_was_asked_for_and_no_secret() {
    let folder = Folder::new();
    let server = Server::start(Proof::Good);
    folder.write("config", &server.kubeconfig(&format!("{{token: {TOKEN}}}")));
    let arguments = [
        "record",
        "po",
        "secrets",
        "deployments.apps/web",
        "deploy/web",
        "Namespace",
        "/version",
        "-o",
        "s.json",
    ];
    let output = drydock(&arguments, Some("config"), &folder);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("Recorded 5 answers of context `test`, without the values of 1 Secret."), "{said}");
    let path = folder.path().join("s.json");
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(!written.contains(TOKEN) && SECRET.iter().all(|secret| !written.contains(secret)), "{written}");
    let asked: Vec<String> = session(&path).exchanges.iter().map(|exchange| exchange.path.clone()).collect();
    assert_eq!(
        asked,
        [
            "/api/v1/namespaces/shop/pods",
            "/api/v1/namespaces/shop/secrets",
            "/apis/apps/v1/namespaces/shop/deployments/web",
            "/api/v1/namespaces",
            "/version",
        ]
    );
    let output = drydock(&["record", "pods", "-A", "--kubeconfig", "config", "-o", "-"], None, &folder);
    assert_eq!(Session::from_text(&text(&output.stdout)).unwrap().exchanges[0].path, "/api/v1/pods");
}

#[test]
fn what_cannot_be_recorded_has_its_words_and_leaves_the_file() {
    let folder = Folder::new();
    let server = Server::start(Proof::Good);
    let token = format!("{{token: {TOKEN}}}");
    folder.write("good", &server.kubeconfig(&token));
    folder.write("expired", &server.kubeconfig("{token: an-expired-token}"));
    folder.write("wrong", &kubeconfig(server.port, &authority("another").0, &token));
    folder.write("nobody", &kubeconfig(1, &server.authority, &token));
    folder.write("file", &server.kubeconfig("{tokenFile: elsewhere}"));
    folder.write("s.json", "what was there");
    for (config, arguments, words) in [
        (None, &["/version"][..], "there is no kubeconfig: "),
        (Some("missing"), &["/version"], "there is no kubeconfig: `$KUBECONFIG` names `missing`"),
        (Some("expired"), &["/version"], "does not accept the credentials of user `me` (status 401)"),
        (Some("nobody"), &["/version"], "cannot be reached: nothing listens there"),
        (Some("wrong"), &["/version"], "certificate authority did not sign"),
        (Some("good"), &["/version", "--context", "prod"], "the kubeconfig has no context `prod`"),
        (Some("good"), &["/version", "--kubeconfig", "nowhere"], "`nowhere` does not exist"),
        (Some("file"), &["/version"], "--allow-files"),
        (Some("good"), &["/version", "/fail/403"], "does not let user `me` read this"),
        (Some("good"), &["widgets"], "serves no kind `widgets`"),
        (Some("good"), &["pods/web", "-A"], "a name of pods is one in a namespace"),
        (Some("good"), &["/api/v1/namespaces/shop/pods/web/exec"], "the cluster is read-only"),
        (Some("good"), &[], "required arguments"),
    ] {
        let mut all = vec!["record", "-o", "s.json"];
        all.extend(arguments);
        let output = drydock(&all, config, &folder);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert_eq!(std::fs::read_to_string(folder.path().join("s.json")).unwrap(), "what was there");
    }
}

#[test]
fn names_that_hide_something_are_made_visible() {
    let folder = Folder::new();
    folder.write("config", "current-context: \"a\\e[2J\\nerror: b\"\n");
    folder.write("hint", "contexts: [{name: \"a\\e]0;c\\a\", context: {cluster: d}}]\ncurrent-context: a\n");
    for (config, expected) in
        [("config", "error: the kubeconfig has no context `a␛[2J␊error: b`\n"), ("hint", "`a␛]0;c␇`")]
    {
        let output = drydock(&["record", "/version", "-o", "s.json"], Some(config), &folder);
        let said = text(&output.stderr);
        assert!(said.contains(expected) && !said.contains('\u{1b}'), "{said:?}");
        assert_eq!(output.status.code(), Some(2));
    }
}
