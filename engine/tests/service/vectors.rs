//! What the example simple-get of wasm-k8s-host-proxy was seen to send and to return, byte for byte.

use engine::report::{CallState, Report};
use engine::request::{Budget, File, HostAnswer, ServiceCall, ServicePlugin};
use engine::run::Unhurried;

use crate::guest::Guest;
use crate::list::machines;
use crate::table::{ask, request};

const OBJECT: &str =
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: demo, namespace: default}, data: {my-data: Data}}";

/// A run with this request as hexadecimal digits, and what `kubernetes.get` answers instead of the cluster.
fn getter(raw: &str, get: Option<HostAnswer>) -> Vec<Report> {
    let call = ServiceCall { method: "GetConfigMap".into(), raw: Some(raw.into()), ..ServiceCall::default() };
    let log = HostAnswer { name: "log".into(), ..HostAnswer::default() };
    let service = ServicePlugin {
        calls: vec![call],
        hosts: std::iter::once(log).chain(get).collect(),
        objects: vec![File { path: "demo.yaml".into(), text: OBJECT.into() }],
        ..ServicePlugin::default()
    };
    let request = request(service, Budget::default());
    let wasm = Guest::getter().wasm();
    machines().iter().map(|machine| ask(&request, wasm.clone(), machine.as_ref(), &mut Unhurried)).collect()
}

/// A declared answer of `kubernetes.get`: the function is then seen with its bytes.
fn answered(raw: &str) -> Option<HostAnswer> {
    let answer = HostAnswer { module: "kubernetes".into(), name: "get".into(), ..HostAnswer::default() };
    Some(HostAnswer { raw: Some(raw.into()), ..answer })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What it asked, as bytes.
fn asked(report: &Report) -> Vec<String> {
    let calls = &report.plugin.as_ref().unwrap().calls;
    calls.iter().map(|call| format!("{} {}", call.function, hexadecimal(&call.request.0))).collect()
}

fn ended(report: &Report) -> (CallState, String, String) {
    let call = &report.plugin.as_ref().unwrap().service.as_ref().unwrap().calls[0];
    (call.state, call.reply.base64.clone(), call.error.clone())
}

const REQUEST: &str = "0a0464656d6f120764656661756c74";

#[test]
fn it_logs_asks_and_returns() {
    // GetReply{payload: {"data":{"my-data":"Data"}}}
    let reply = format!("0a1b{}", hexadecimal(br#"{"data":{"my-data":"Data"}}"#));
    for report in getter(REQUEST, answered(&reply)) {
        let text = "Getting ConfigMap object 'demo/default' from the Kubernetes cluster...";
        assert_eq!(text.len(), 0x46);
        assert_eq!(
            asked(&report),
            [
                format!("env.log 0a46{}", hexadecimal(text.as_bytes())),
                "kubernetes.get 0a10120276311a0a636f6e6669676d617073120f0a0464656d6f120764656661756c74"
                    .into(),
            ]
        );
        // 0a0444617461: data = "Data".
        assert_eq!(ended(&report), (CallState::Returned, "CgREYXRh".into(), String::new()));
    }
}

#[test]
fn it_gets_from_the_cluster() {
    for report in getter(REQUEST, None) {
        let call = &report.plugin.as_ref().unwrap().calls[1];
        assert_eq!(call.line(), "GET /api/v1/namespaces/default/configmaps/demo 200");
        assert_eq!(ended(&report), (CallState::Returned, "CgREYXRh".into(), String::new()));
    }
}

#[test]
fn an_empty_reply_of_the_host_is_an_end_of_file() {
    for report in getter(REQUEST, answered("")) {
        assert_eq!(ended(&report), (CallState::Failed, String::new(), "EOF".into()));
        assert_eq!(report.outcome.message, "`GetConfigMap` failed: EOF");
    }
}

#[test]
fn an_empty_request_has_an_empty_name_inside() {
    for report in getter("", answered("")) {
        let asked = asked(&report);
        assert_eq!(asked[1], "kubernetes.get 0a10120276311a0a636f6e6669676d6170731200");
    }
    for report in getter("", None) {
        assert_eq!(report.outcome.message, "`GetConfigMap` cannot go on: `kubernetes.get`: name is required");
    }
}

#[test]
fn what_it_cannot_decode_looks_like_an_empty_reply() {
    for report in getter("ffffff", None) {
        assert_eq!(ended(&report), (CallState::Returned, String::new(), String::new()));
        assert_eq!(asked(&report), Vec::<String>::new());
    }
}

#[test]
fn an_error_of_the_host_ends_the_call_and_only_the_embedder_hears_it() {
    for report in getter("0a0464656d6f1204736f6d65", None) {
        let (state, reply, error) = ended(&report);
        assert_eq!((state, reply.as_str()), (CallState::Trapped, ""));
        assert_eq!(error, r#"`kubernetes.get`: configmaps "demo" not found"#);
    }
}

#[test]
fn a_run_is_repeatable() {
    let mut runs = (0..2).map(|_| getter(REQUEST, None).into_iter().next());
    assert_eq!(runs.next(), runs.next());
}
