//! Plugins before a real cluster, which is an API server on loopback.

use crate::guests::packed;
use crate::harness::Server;
use crate::server::{Proof, Server as Api, TOKEN};

#[test]
fn a_real_cluster_is_read_by_all_plugins_within_their_permissions() {
    let sandbox = packed();
    let api = Api::start(Proof::Good);
    sandbox.write("config", &api.kubeconfig(&format!("{{token: {TOKEN}}}")));
    let server = Server::start(&sandbox, &["one.tar.gz", "off/on.yaml"], &["--kubeconfig", "config"]);
    for id in [1, 2, 1] {
        let pods = server.ask("POST", &format!("/api/plugins/{id}/ask"), "/api/v1/namespaces/shop/pods");
        assert!(pods.status == 200 && pods.body.contains(r#""name":"db""#), "{pods:?}");
    }
    let secrets = server.ask("POST", "/api/plugins/1/ask", "/api/v1/namespaces/shop/secrets");
    assert!(secrets.body.contains(r#""code":403"#), "{secrets:?}");
    let heads = api.heads();
    assert_eq!(heads.len(), 3, "{heads:?}");
    assert!(heads.iter().all(|head| head.starts_with("GET /api/v1/namespaces/shop/pods ")), "{heads:?}");
    let log = server.log();
    assert!(!log.contains(TOKEN), "{log}");
}
