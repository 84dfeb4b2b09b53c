//! Who may do what, by rules and by bindings.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::json;

use super::*;

#[test]
fn rules_are_read_as_rbac_does() {
    let name = "web".to_owned();
    for (verb, group, resource, sub, named, rule, expected) in [
        (
            "get",
            "",
            "pods",
            "",
            false,
            json!({ "verbs": ["get"], "apiGroups": [""], "resources": ["pods"] }),
            true,
        ),
        (
            "list",
            "",
            "pods",
            "",
            false,
            json!({ "verbs": ["get"], "apiGroups": [""], "resources": ["pods"] }),
            false,
        ),
        (
            "get",
            "apps",
            "pods",
            "",
            false,
            json!({ "verbs": ["*"], "apiGroups": [""], "resources": ["*"] }),
            false,
        ),
        (
            "get",
            "",
            "pods",
            "log",
            false,
            json!({ "verbs": ["*"], "apiGroups": ["*"], "resources": ["pods"] }),
            false,
        ),
        (
            "get",
            "",
            "pods",
            "log",
            false,
            json!({ "verbs": ["*"], "apiGroups": ["*"], "resources": ["*/log"] }),
            true,
        ),
        (
            "get",
            "",
            "pods",
            "",
            true,
            json!({ "verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "resourceNames": ["web"] }),
            true,
        ),
        (
            "get",
            "",
            "pods",
            "",
            false,
            json!({ "verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "resourceNames": ["web"] }),
            false,
        ),
        ("get", "", "pods", "", false, json!({ "verbs": ["get"], "nonResourceURLs": ["*"] }), false),
    ] {
        let asked = Asked { verb, group, resource, sub, name: named.then_some(&name) };
        assert_eq!(asked.is_allowed_by(&rule), expected, "{asked}: {rule}");
    }
}

fn cluster() -> Cluster {
    let rule = json!({ "verbs": ["get"], "apiGroups": [""], "resources": ["pods", "nodes"] });
    let list = |items: Value| json!({ "items": items });
    let role = |name: &str, namespace: Value| json!({ "metadata": { "name": name, "namespace": namespace }, "rules": [rule] });
    let binding = |name: &str, namespace: Value, kind: &str, subject: Value| {
        json!({
            "metadata": { "name": name, "namespace": namespace },
            "roleRef": { "kind": kind, "name": "reader" },
            "subjects": [subject],
        })
    };
    let pods = json!({ "name": "pods", "kind": "Pod", "namespaced": true });
    let nodes = json!({ "name": "nodes", "kind": "Node", "namespaced": false });
    let everywhere = binding("all", Value::Null, "ClusterRole", json!({ "kind": "Group", "name": "staff" }));
    let robot = json!({ "kind": "ServiceAccount", "namespace": "shop", "name": "robot" });
    let here = [
        binding("here", json!("shop"), "Role", robot),
        binding("both", json!("shop"), "ClusterRole", json!({ "kind": "User", "name": "ann" })),
    ];
    Cluster::of(
        "shop",
        &[
            ("/api/v1", json!({ "resources": [pods, nodes] })),
            (&format!("{RBAC}/clusterroles?limit=500"), list(json!([role("reader", Value::Null)]))),
            (&format!("{RBAC}/clusterrolebindings?limit=500"), list(json!([everywhere]))),
            (
                &format!("{RBAC}/namespaces/shop/roles?limit=500"),
                list(json!([role("reader", json!("shop"))])),
            ),
            (&format!("{RBAC}/namespaces/shop/rolebindings?limit=500"), list(json!(here))),
        ],
    )
}

fn ask(line: &str) -> Result<String, Failure> {
    let names: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    who_can(&cluster(), &names, &Scope::Current, false)
}

#[test]
fn bindings_of_the_cluster_and_of_the_namespace_count() {
    let expected = "\
By RBAC, these can get pods in namespace shop:

WHO                         THROUGH                  ROLE
Group staff                 ClusterRoleBinding all   ClusterRole reader
ServiceAccount shop/robot   RoleBinding shop/here    Role reader
User ann                    RoleBinding shop/both    ClusterRole reader
";
    assert_eq!(ask("get pods").unwrap(), expected);
}

#[test]
fn a_namespace_gives_nothing_outside_of_it() {
    let answer = ask("get nodes").unwrap();
    assert!(answer.contains("Group staff") && !answer.contains("shop"), "{answer}");
    assert_eq!(ask("delete pods web"), Err("by RBAC, nobody can delete pods web in namespace shop".into()));
}
