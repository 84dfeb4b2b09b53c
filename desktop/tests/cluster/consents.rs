//! What a kubeconfig wants to run and to read is asked for one by one, and not done otherwise.

use desktop::Failure;
use desktop::cluster::{Ask, Consent, Source, connect, get};
use engine::cluster::Limits;

use crate::folder::Folder;
use crate::server::{Proof, Server, TOKEN};

/// Says the same to everything, and remembers what was asked.
pub(crate) struct Says {
    answer: bool,
    asked: Vec<Ask>,
}

impl Says {
    pub(crate) fn no() -> Self {
        Self { answer: false, asked: Vec::new() }
    }

    pub(crate) fn yes() -> Self {
        Self { answer: true, asked: Vec::new() }
    }
}

impl Consent for Says {
    fn allows(&mut self, ask: &Ask) -> bool {
        self.asked.push(ask.clone());
        self.answer
    }
}

fn version(folder: &Folder, server: &Server, user: &str, consent: &mut Says) -> Result<String, Failure> {
    let file = folder.write("config", &server.kubeconfig(user));
    let mut cluster = connect(&Source::File(file), None, consent)?;
    let context = cluster.context().clone();
    get(&mut cluster, &context, "/version", Limits::default())
        .map(|answer| String::from_utf8(answer.into_body()).unwrap())
}

/// Not allowed, it names what it wants and the option; allowed, each was asked for once.
fn both_ways(folder: &Folder, server: &Server, user: &str, wants: &str, option: &str) -> Vec<Ask> {
    let failure = version(folder, server, user, &mut Says::no()).unwrap_err();
    assert!(failure.message.contains(wants), "{failure}");
    assert!(failure.hint.as_deref().unwrap_or_default().contains(option), "{failure:?}");
    let mut yes = Says::yes();
    assert!(version(folder, server, user, &mut yes).unwrap().contains("v1.33.0"));
    yes.asked
}

#[cfg(unix)]
fn credential(status: &str) -> String {
    format!(r#"{{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{status}}}"#)
}

#[test]
#[cfg(unix)]
fn programs_run_once_allowed() {
    let server = Server::start(Proof::Good);
    let folder = Folder::new();
    let ran = folder.path().join("ran");
    let text = format!(
        "echo \"$KUBERNETES_EXEC_INFO $GREETING\" >> {}\necho '{}'",
        ran.display(),
        credential(&format!(r#"{{"token":"{TOKEN}"}}"#))
    );
    folder.program("give", &text);
    let user = "{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./give, args: [get, --password=hunter2], env: [{name: GREETING, value: hello}], provideClusterInfo: true, interactiveMode: Never}}";

    let failure = version(&folder, &server, user, &mut Says::no()).unwrap_err();
    assert!(failure.message.contains("give get --password=…` to sign in as user `me`"), "{failure}");
    assert!(!ran.exists());

    let mut yes = Says::yes();
    assert!(version(&folder, &server, user, &mut yes).unwrap().contains("v1.33.0"));
    assert!(matches!(yes.asked.as_slice(), [Ask::Run { .. }]), "{:?}", yes.asked);
    let told = std::fs::read_to_string(&ran).unwrap();
    assert_eq!(told.lines().count(), 1);
    assert!(
        told.contains(&format!("https://127.0.0.1:{}", server.port)) && told.ends_with("hello\n"),
        "{told}"
    );
}

#[test]
#[cfg(unix)]
fn programs_that_fail_are_named_and_not_quoted() {
    let server = Server::start(Proof::Good);
    let folder = Folder::new();
    let exec = |version: &str, command: &str| {
        format!("{{exec: {{apiVersion: {version}, command: {command}, interactiveMode: Never}}}}")
    };
    let v1 = "client.authentication.k8s.io/v1";
    folder.program("fails", &format!("echo {TOKEN}; exit 3"));
    folder.program("chatters", &format!("echo {TOKEN}"));
    folder.program("empty", &format!("echo '{}'", credential("{}")));
    folder.program("stale", &format!("echo '{}'", credential(r#"{"token":"stale"}"#)));
    let beta = credential("{}").replace("k8s.io/v1", "k8s.io/v1beta1");
    folder.program("beta", &format!("echo '{beta}'"));
    for (user, words) in [
        (exec(v1, "./fails"), "failed: exit status: 3"),
        (exec(v1, "./chatters"), "printed something else than an `ExecCredential`"),
        (exec(v1, "./empty"), "gave neither a token nor a certificate"),
        (exec(v1, "./beta"), "of another version"),
        (exec(v1, "drydock-no-such-program"), "is not installed"),
        (exec("client.authentication.k8s.io/v1alpha1", "./empty"), "has the apiVersion"),
        (exec(v1, "./stale"), "does not accept the credentials of user `me` (status 401)"),
    ] {
        let failure = version(&folder, &server, &user, &mut Says::yes()).unwrap_err();
        assert!(failure.message.contains(words), "{user}: {failure}");
        assert!(!format!("{failure} {failure:?}").contains(TOKEN), "{failure}");
    }
}

#[test]
#[cfg(unix)]
fn an_expired_token_is_renewed_once() {
    let server = Server::start(Proof::Good);
    let folder = Folder::new();
    let (old, new) = (credential(r#"{"token":"old"}"#), credential(&format!(r#"{{"token":"{TOKEN}"}}"#)));
    let mark = folder.path().join("mark");
    let mark = mark.display();
    folder.program(
        "give",
        &format!("if [ -e {mark} ]; then echo '{new}'; else touch {mark}; echo '{old}'; fi"),
    );
    let user =
        "{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./give, interactiveMode: Never}}";
    assert!(version(&folder, &server, user, &mut Says::yes()).unwrap().contains("v1.33.0"));
    assert_eq!(server.heads().len(), 2);
}

#[test]
fn files_are_read_once_allowed() {
    let server = Server::start(Proof::Good);
    let folder = Folder::new();
    folder.write("token", &format!("{TOKEN}\n"));
    let asked = both_ways(&folder, &server, "{tokenFile: token}", "token` (`tokenFile`)", "--allow-files");
    let path = folder.path().join("token");
    assert_eq!(asked, [Ask::Read { path, field: "tokenFile", user: "me".into() }]);

    folder.write("client.crt", &server.client.0);
    folder.write("client.key", &server.client.1);
    let user = format!("{{token: {TOKEN}, client-certificate: client.crt, client-key: client.key}}");
    let asked = both_ways(&folder, &server, &user, "client.crt` (`client-certificate`)", "--allow-files");
    assert_eq!(asked.len(), 2);

    folder.write("empty", "\n");
    for (user, words) in [
        ("{tokenFile: nowhere}", "does not exist"),
        ("{tokenFile: .}", "a folder, not a file"),
        ("{tokenFile: empty}", "holds no token"),
        ("{client-certificate: client.crt}", "without its key"),
        ("{client-certificate-data: \"%\", client-key: client.key}", "is no base64"),
    ] {
        let failure = version(&folder, &server, user, &mut Says::yes()).unwrap_err();
        assert!(failure.message.contains(words), "{user}: {failure}");
    }
}

#[test]
fn providers_of_old() {
    let server = Server::start(Proof::Good);
    let folder = Folder::new();
    let oidc = format!("{{auth-provider: {{name: oidc, config: {{id-token: {TOKEN}}}}}}}");
    let asked =
        both_ways(&folder, &server, &oidc, "use what the auth-provider `oidc` left", "--allow-auth-provider");
    assert_eq!(asked.len(), 1);
    let ran = folder.path().join("ran");
    let gcp =
        format!("{{auth-provider: {{name: gcp, config: {{cmd-path: touch, cmd-args: {}}}}}}}", ran.display());
    let failure = version(&folder, &server, &gcp, &mut Says::yes()).unwrap_err();
    assert!(failure.message.contains("auth-provider `gcp`, which no longer exists"), "{failure}");
    assert!(!ran.exists());
}

#[test]
fn a_server_that_proves_nothing_is_asked_about() {
    let server = Server::start(Proof::Expired);
    let folder = Folder::new();
    let config = server.kubeconfig(&format!("{{token: {TOKEN}}}"));
    let config = config.replace("server:", "insecure-skip-tls-verify: true, server:");
    let file = folder.write("config", &config);
    let source = Source::File(file);
    let failure = connect(&source, None, &mut Says::no()).err().unwrap();
    assert!(failure.message.contains("its certificate is not checked"), "{failure}");
    let mut yes = Says::yes();
    let mut cluster = connect(&source, None, &mut yes).unwrap();
    let context = cluster.context().clone();
    assert!(get(&mut cluster, &context, "/version", Limits::default()).is_ok());
    assert_eq!(yes.asked.len(), 1);

    let file = folder.write("plain", &config.replace("https://127.0.0.1", "http://cluster.example"));
    let failure = connect(&Source::File(file), None, &mut Says::no()).err().unwrap();
    assert!(failure.message.contains("begins with http://"), "{failure}");
}
