//! Who listens at a cluster's address: the right one, another one, nobody.

use desktop::Failure;
use desktop::cluster::{Source, connect, get};
use engine::cluster::Limits;

use crate::consents::Says;
use crate::folder::Folder;
use crate::server::{Proof, Server, TOKEN, authority, kubeconfig};

fn version(config: &str) -> Result<String, Failure> {
    let folder = Folder::new();
    let file = folder.write("config", config);
    let mut cluster = connect(&Source::File(file), None, &mut Says::no())?;
    let context = cluster.context().clone();
    get(&mut cluster, &context, "/version", Limits::default())
        .map(|answer| String::from_utf8(answer.into_body()).unwrap())
}

#[test]
fn only_the_right_one_is_asked() {
    let user = format!("{{token: {TOKEN}}}");
    let good = Server::start(Proof::Good);
    assert!(version(&good.kubeconfig(&user)).unwrap().contains("v1.33.0"));

    let expired = Server::start(Proof::Expired);
    let elsewhere = Server::start(Proof::OtherName);
    for (config, words) in [
        (kubeconfig(good.port, &authority("another").0, &user), "certificate authority did not sign"),
        (kubeconfig(good.port, &authority("the authority").0, &user), "certificate authority did not sign"),
        (expired.kubeconfig(&user), "shows a certificate that has expired"),
        (elsewhere.kubeconfig(&user), "shows a certificate for another name"),
    ] {
        let failure = version(&config).unwrap_err();
        assert!(failure.message.contains(words), "{failure}");
        assert!(failure.hint.as_deref().unwrap_or_default().contains("certificate-authority"), "{failure:?}");
    }
    assert!(expired.heads().is_empty() && elsewhere.heads().is_empty());
}

#[test]
fn a_name_can_be_told() {
    let user = format!("{{token: {TOKEN}}}");
    let server = Server::start(Proof::OtherName);
    let config = server.kubeconfig(&user).replace("server:", "tls-server-name: elsewhere.example, server:");
    assert!(version(&config).unwrap().contains("v1.33.0"));
}

#[test]
fn nobody_is_there() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let failure = version(&kubeconfig(port, &authority("another").0, "{}")).unwrap_err();
    let words =
        format!("`127.0.0.1:{port}`, the server of context `test`, cannot be reached: nothing listens there");
    assert!(failure.message.ends_with(&words), "{failure}");

    let config = kubeconfig(port, &authority("another").0, "{}").replace("127.0.0.1", "nowhere.invalid");
    let failure = version(&config).unwrap_err();
    assert!(failure.message.contains("cannot be reached"), "{failure}");
}

#[test]
fn a_proxy_of_the_kubeconfig_is_used() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = Server::start(Proof::Good);
    let config = server.kubeconfig("{}");
    let proxied = config.replace("server:", &format!("proxy-url: \"http://127.0.0.1:{port}\", server:"));
    assert!(version(&proxied).unwrap_err().message.contains("cannot be reached"));
    assert!(server.heads().is_empty());
    let broken = config.replace("server:", "proxy-url: \"ftp://127.0.0.1\", server:");
    assert!(version(&broken).unwrap_err().message.contains("is no proxy"));
}

#[test]
fn a_client_can_have_a_certificate() {
    use base64::Engine as _;
    let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let server = Server::start(Proof::Mutual);
    let (certificate, key) = &server.client;
    let user = |key: &str| {
        let (certificate, key) = (encode(certificate), encode(key));
        format!("{{token: {TOKEN}, client-certificate-data: {certificate}, client-key-data: {key}}}")
    };
    assert!(version(&server.kubeconfig(&user(key))).unwrap().contains("v1.33.0"));

    let failure = version(&server.kubeconfig(&format!("{{token: {TOKEN}}}"))).unwrap_err();
    assert!(failure.message.contains("it may want a client certificate"), "{failure}");

    let broken = "-----BEGIN PRIVATE KEY-----\nhunter2hunter2\n-----END PRIVATE KEY-----\n";
    let failure = version(&server.kubeconfig(&user(broken))).unwrap_err();
    assert!(failure.message.starts_with("the certificate or key of user `me`"), "{failure}");
    assert!(!format!("{failure:?}").contains("hunter2"));
}
