//! Every control of both levels, with what meets it and what does not.

use policy::set;
use serde_json::{Value, json};

use crate::{Level, violations};

/// A pod that meets `restricted`.
fn good() -> Value {
    let context = json!({"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}});
    json!({"kind": "Pod", "spec": {
        "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [{"name": "web", "securityContext": context}],
    }})
}

/// The pod with one field of it, or of its only container, set otherwise.
fn with(path: &str, value: Value) -> Value {
    let mut pod = good();
    let mut container = pod.pointer("/spec/containers/0").cloned().unwrap_or_default();
    match path.strip_prefix("container.") {
        Some(path) => set(&mut container, &path.split('.').collect::<Vec<_>>(), value),
        None if path == "apparmor" => set(
            &mut pod,
            &["metadata", "annotations", "container.apparmor.security.beta.kubernetes.io/web"],
            value,
        ),
        None => set(&mut pod, &path.split('.').collect::<Vec<_>>(), value),
    }
    set(&mut pod, &["spec", "containers"], json!([container]));
    pod
}

/// A field, what it may hold, and what it must not.
type Row = (&'static str, Vec<Value>, Vec<Value>);

fn check(level: Level, control: &str, rows: Vec<Row>) {
    for (path, met, broken) in rows {
        for value in met {
            let found = violations(&with(path, value.clone()), level);
            assert!(found.is_empty(), "{control}: {path}={value}: {found:?}");
        }
        for value in broken {
            let found = violations(&with(path, value.clone()), level);
            assert!(found.iter().any(|it| it.starts_with(control)), "{control}: {path}={value}: {found:?}");
            let other = if level == Level::Restricted { Level::Baseline } else { Level::Privileged };
            let found = violations(&with(path, value.clone()), other);
            assert!(!found.iter().any(|it| it.starts_with(control)), "{other:?} {path}={value}: {found:?}");
        }
    }
}

#[test]
fn baseline_holds_field_by_field() {
    let level = Level::Baseline;
    let falses = || vec![json!(null), json!(false)];
    let trues = || vec![json!(true), json!("true")];
    let in_both = |field: &'static str, met: Vec<Value>, broken: Vec<Value>| -> Vec<Row> {
        let pod: &'static str = format!("spec.securityContext.{field}").leak();
        let container: &'static str = format!("container.securityContext.{field}").leak();
        vec![(pod, met.clone(), broken.clone()), (container, met, broken)]
    };
    check(level, "HostProcess", in_both("windowsOptions.hostProcess", falses(), trues()));
    for field in ["spec.hostNetwork", "spec.hostPID", "spec.hostIPC"] {
        check(level, "host namespaces", vec![(field, falses(), trues())]);
    }
    check(level, "privileged", vec![("container.securityContext.privileged", falses(), trues())]);
    check(
        level,
        "capabilities",
        vec![(
            "container.securityContext.capabilities.add",
            vec![json!(null), json!([]), json!(["CHOWN", "SYS_CHROOT"])],
            vec![json!(["NET_ADMIN"]), json!(["CHOWN", "SYS_ADMIN"]), json!(["chown"]), json!([1])],
        )],
    );
    check(
        level,
        "hostPath volumes",
        vec![(
            "spec.volumes",
            vec![json!(null), json!([{"name": "a", "emptyDir": {}}, {"name": "b", "nfs": {"server": "s"}}])],
            vec![json!([{"name": "a", "emptyDir": {}}, {"name": "b", "hostPath": {"path": "/"}}])],
        )],
    );
    check(
        level,
        "host ports",
        vec![(
            "container.ports",
            vec![json!([{"containerPort": 80}, {"containerPort": 81, "hostPort": 0}])],
            vec![json!([{"containerPort": 80, "hostPort": 80}])],
        )],
    );
    for handler in
        ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"]
    {
        for action in ["httpGet", "tcpSocket"] {
            let path: &'static str = format!("container.{handler}.{action}.host").leak();
            let row = (path, vec![json!(null), json!("")], vec![json!("127.0.0.1"), json!("example.com")]);
            check(level, "host probes and lifecycle hooks", vec![row]);
        }
    }
    let profiles = || vec![json!(null), json!("RuntimeDefault"), json!("Localhost")];
    check(level, "AppArmor", in_both("appArmorProfile.type", profiles(), vec![json!("Unconfined")]));
    check(
        level,
        "AppArmor",
        vec![(
            "apparmor",
            vec![json!("runtime/default"), json!("localhost/mine"), json!("")],
            vec![json!("unconfined"), json!("local")],
        )],
    );
    let types = vec![json!(null), json!(""), json!("container_t"), json!("container_engine_t")];
    check(level, "SELinux", in_both("seLinuxOptions.type", types, vec![json!("spc_t")]));
    for field in ["seLinuxOptions.user", "seLinuxOptions.role"] {
        check(level, "SELinux", in_both(field, vec![json!(null), json!("")], vec![json!("system_u")]));
    }
    check(
        level,
        "/proc mount type",
        vec![(
            "container.securityContext.procMount",
            vec![json!(null), json!("Default")],
            vec![json!("Unmasked")],
        )],
    );
    check(
        level,
        "seccomp",
        in_both("seccompProfile.type", vec![json!("Localhost")], vec![json!("Unconfined")]),
    );
    check(
        level,
        "sysctls",
        vec![(
            "spec.securityContext.sysctls",
            vec![json!([{"name": "net.ipv4.tcp_syncookies", "value": "1"}])],
            vec![json!([{"name": "kernel.msgmax", "value": "1"}]), json!([{"name": 1}])],
        )],
    );
}

#[test]
fn restricted_holds_field_by_field() {
    let level = Level::Restricted;
    let kinds = [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ];
    let allowed = kinds.iter().map(|kind| json!([{"name": "a", (*kind): {}}])).collect();
    let refused = ["nfs", "iscsi", "gitRepo", "awsElasticBlockStore", "fc"];
    let refused = refused.iter().map(|kind| json!([{"name": "a", (*kind): {}}])).collect();
    check(level, "volume types", vec![("spec.volumes", allowed, refused)]);
    check(
        level,
        "privilege escalation",
        vec![(
            "container.securityContext.allowPrivilegeEscalation",
            vec![json!(false)],
            vec![json!(null), json!(true), json!("false")],
        )],
    );
    check(
        level,
        "running as non-root",
        vec![
            ("spec.securityContext.runAsNonRoot", vec![json!(true)], vec![json!(null), json!(false)]),
            ("container.securityContext.runAsNonRoot", vec![json!(null), json!(true)], vec![json!(false)]),
        ],
    );
    check(
        level,
        "running as non-root user",
        vec![
            ("spec.securityContext.runAsUser", vec![json!(null), json!(1000)], vec![json!(0)]),
            ("container.securityContext.runAsUser", vec![json!(null), json!(1)], vec![json!(0)]),
        ],
    );
    check(
        level,
        "capabilities",
        vec![
            (
                "container.securityContext.capabilities.drop",
                vec![json!(["ALL"]), json!(["CHOWN", "ALL"])],
                vec![json!(null), json!([]), json!(["CHOWN"]), json!(["all"])],
            ),
            (
                "container.securityContext.capabilities.add",
                vec![json!(["NET_BIND_SERVICE"])],
                vec![json!(["CHOWN"])],
            ),
        ],
    );
    let found = violations(&with("spec.securityContext.seccompProfile", json!(null)), level);
    assert!(found.iter().any(|it| it.starts_with("seccomp")), "{found:?}");
}

#[test]
fn a_container_answers_for_itself_or_its_pod_does() {
    let mut pod = with("spec.securityContext", json!({}));
    assert_eq!(violations(&pod, Level::Restricted).len(), 2, "neither says anything");
    let context = json!({"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": true,
        "seccompProfile": {"type": "Localhost"}});
    set(&mut pod, &["spec", "containers"], json!([{"name": "web", "securityContext": context}]));
    assert_eq!(violations(&pod, Level::Restricted), Vec::<String>::new());
}

#[test]
fn windows_has_no_seccomp_and_no_capabilities() {
    let context = json!({"runAsNonRoot": true});
    let pod = json!({"kind": "Pod", "spec": {"os": {"name": "windows"}, "securityContext": context,
        "containers": [{"name": "web"}]}});
    assert_eq!(violations(&pod, Level::Restricted), Vec::<String>::new());
}

#[test]
fn every_container_and_every_workload_is_looked_at() {
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        let spec = json!({(list): [{"name": "a", "securityContext": {"privileged": true}}]});
        let object = json!({"kind": "Deployment", "spec": {"template": {"spec": spec}}});
        assert_eq!(
            violations(&object, Level::Baseline),
            [format!("privileged: spec.template.spec.{list}[0].securityContext.privileged is true")]
        );
    }
    assert!(
        violations(&json!({"kind": "Service", "spec": {"hostNetwork": true}}), Level::Restricted).is_empty()
    );
}
