//! A service account as pods are given it: files in a folder, and an address.

use desktop::Failure;
use desktop::cluster::{Source, connect, contexts, get};
use engine::cluster::Limits;

use crate::consents::Says;
use crate::folder::Folder;
use crate::server::{Proof, Server, TOKEN, authority};

fn source(folder: &Folder, server: &Server) -> Source {
    let folder = folder.path().to_path_buf();
    Source::Account { folder, host: "127.0.0.1".into(), port: server.port.to_string() }
}

fn version(source: &Source) -> Result<String, Failure> {
    // It was named by a person: nobody is asked.
    let mut cluster = connect(source, None, &mut Says::no())?;
    let context = cluster.context().clone();
    get(&mut cluster, &context, "/version", Limits::default())
        .map(|answer| String::from_utf8(answer.into_body()).unwrap())
}

#[test]
fn a_pod_reads_its_cluster() {
    let server = Server::start(Proof::Good);
    let folder = Folder::new();
    folder.write("ca.crt", &server.authority);
    folder.write("namespace", "shop\n");
    folder.write("token", &format!("{TOKEN}\n"));
    let source = source(&folder, &server);
    assert!(version(&source).unwrap().contains("v1.33.0"));
    let seen = contexts(&source).unwrap();
    assert_eq!((seen[0].name.as_str(), seen[0].namespace.as_str()), ("in-cluster", "shop"));
    assert!(!format!("{seen:?}").contains(TOKEN));

    // A token is replaced while the pod runs.
    folder.write("token", "an-expired-token");
    let mut cluster = connect(&source, None, &mut Says::no()).unwrap();
    let context = cluster.context().clone();
    folder.write("token", TOKEN);
    assert!(get(&mut cluster, &context, "/version", Limits::default()).is_ok());
}

#[test]
fn what_a_pod_lacks_is_named() {
    let server = Server::start(Proof::Good);
    let folder = Folder::new();
    let source = source(&folder, &server);
    let fails = |words: &str| {
        let failure = version(&source).unwrap_err();
        assert!(failure.message.contains(words), "{failure}");
        assert!(!format!("{failure:?}").contains(TOKEN));
    };
    fails("namespace` does not exist");
    folder.write("namespace", "shop");
    fails("ca.crt` does not exist");
    folder.write("ca.crt", &authority("another").0);
    fails("token` does not exist");
    folder.write("token", " \n");
    fails("token` holds no token");
    folder.write("token", TOKEN);
    fails("certificate authority did not sign");
    folder.write("ca.crt", &server.authority);
    folder.write("token", "an-expired-token");
    fails("does not accept the credentials of user `the pod's service account` (status 401)");
}
