//! Kubeconfigs, good and bad: what is seen of them, and that nothing is quoted.

use desktop::cluster::{Context, Source, connect, contexts};

use crate::consents::Says;
use crate::folder::Folder;
use crate::server::TOKEN;

const TWO: &str = r#"
kind: Config
current-context: b
contexts:
- {name: a, context: {cluster: one, user: me}}
- {name: b, context: {cluster: gone, user: me, namespace: shop}}
- {name: c, context: {cluster: none}}
- {name: d, context: {cluster: odd}}
clusters:
- {name: one, cluster: {server: "https://user:hunter2-token-4711@one.example:6443/prefix"}}
- {name: none, cluster: {}}
- {name: odd, cluster: {server: "ftp://odd.example"}}
users:
- {name: me, user: {token: hunter2-token-4711}}
"#;

#[test]
fn contexts_show_no_credential() {
    let folder = Folder::new();
    let source = Source::File(folder.write("config", TWO));
    let found = contexts(&source).unwrap();
    let first = Context {
        name: "a".into(),
        cluster: "one".into(),
        server: "one.example:6443".into(),
        user: "me".into(),
        namespace: "default".into(),
        is_current: false,
    };
    assert_eq!(found[0], first);
    assert!(found[1].is_current && found[1].namespace == "shop" && found[1].server.is_empty());
    assert!(!serde_json::to_string(&found).unwrap().contains(TOKEN));
}

#[test]
fn what_cannot_be_connected_to_has_its_words() {
    let folder = Folder::new();
    let source = Source::File(folder.write("config", TWO));
    for (context, words) in [
        (Some("a"), "the server of cluster `one` is no address"),
        (None, "context `b` names the cluster `gone`, which is not there"),
        (Some("c"), "cluster `none` has no server"),
        (Some("d"), "the server of cluster `odd` is no address"),
        (Some("e"), "the kubeconfig has no context `e`"),
    ] {
        let failure = connect(&source, context, &mut Says::yes()).err().unwrap();
        assert!(failure.message.contains(words), "{context:?}: {failure}");
        assert!(!format!("{failure:?}").contains(TOKEN));
        if context == Some("e") {
            assert_eq!(failure.hint.as_deref(), Some("it has `a`, `b`, `c`, `d`"));
        }
    }
}

#[test]
fn what_is_no_kubeconfig_is_refused_without_a_quote() {
    let folder = Folder::new();
    for (text, words) in [
        (format!("users:\n- name: me\n  user: {{token: [{TOKEN}]}}\n"), "is no kubeconfig: line "),
        (format!("users: {TOKEN}\n"), "is no kubeconfig: line "),
        (format!("token: \"{TOKEN}\n"), "is no kubeconfig: line "),
        (format!("{TOKEN}: {{"), "is no kubeconfig: line "),
        ("kind: Deployment\n".into(), "is no kubeconfig: it is a `Deployment`"),
        (format!("kind: Config\ncontexts: []\n# {TOKEN}"), "the kubeconfig has no current context"),
        (String::new(), "the kubeconfig has no current context"),
        (format!("a: &a [{TOKEN}]\n") + &"b: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n".repeat(2), ""),
    ] {
        let source = Source::File(folder.write("config", &text));
        let failure = connect(&source, None, &mut Says::yes()).err().unwrap();
        assert!(failure.message.contains(words), "{text}: {failure}");
        assert!(!format!("{failure} {failure:?}").contains(TOKEN), "{failure}");
    }
    let failure = contexts(&Source::File(folder.path().to_path_buf())).unwrap_err();
    assert!(failure.message.contains("a folder, not a file"), "{failure}");
}
