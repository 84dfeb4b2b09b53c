//! The controls that `restricted` adds.
//!
//! Here silence is not enough: a pod must say that it does without.

use policy::at;
use serde_json::Value;

use crate::{Findings, Pod, entries};

/// The kinds of volumes that bring nothing of the node's.
const VOLUMES: [&str; 8] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// All of them.
pub(crate) fn check(pod: &Pod<'_>, findings: &mut Findings) {
    volumes(pod, findings);
    non_root(pod, findings);
    if pod.is_windows() {
        return;
    }
    privilege_escalation(pod, findings);
    seccomp(pod, findings);
    capabilities(pod, findings);
}

fn volumes(pod: &Pod<'_>, findings: &mut Findings) {
    for (path, volume) in pod.list(&["volumes"]) {
        if !VOLUMES.iter().any(|kind| !at(volume, &[kind]).is_null()) {
            findings.missing("volume types", &path, "of an allowed type");
        }
    }
}

fn privilege_escalation(pod: &Pod<'_>, findings: &mut Findings) {
    for (path, context) in pod.container_contexts() {
        if at(context, &["allowPrivilegeEscalation"]) != false {
            findings.missing("privilege escalation", &format!("{path}.allowPrivilegeEscalation"), "false");
        }
    }
}

fn non_root(pod: &Pod<'_>, findings: &mut Findings) {
    let is_true = |value: &Value| value == true;
    by_pod_or_container(pod, ("running as non-root", &["runAsNonRoot"], "true"), is_true, findings);
    for (path, context) in pod.contexts() {
        let user = at(context, &["runAsUser"]);
        if user == 0 {
            findings.value("running as non-root user", &format!("{path}.runAsUser"), user);
        }
    }
}

fn seccomp(pod: &Pod<'_>, findings: &mut Findings) {
    let keys = ["seccompProfile", "type"];
    let is_profile = |value: &Value| value == "RuntimeDefault" || value == "Localhost";
    by_pod_or_container(pod, ("seccomp", &keys, "RuntimeDefault or Localhost"), is_profile, findings);
}

/// A control that the pod may meet for all of its containers that say nothing themselves.
fn by_pod_or_container(
    pod: &Pod<'_>,
    (control, keys, wanted): (&str, &[&str], &str),
    is_met: impl Fn(&Value) -> bool,
    findings: &mut Findings,
) {
    let contexts = pod.contexts();
    let Some(((path, own), containers)) = contexts.split_first() else { return };
    let own = at(own, keys);
    let name = |path: &str| format!("{path}.{}", keys.join("."));
    if !own.is_null() && !is_met(own) {
        findings.missing(control, &name(path), wanted);
    }
    for (path, context) in containers {
        let value = at(context, keys);
        let decides = if value.is_null() { own } else { value };
        if !is_met(decides) {
            findings.missing(control, &name(path), wanted);
        }
    }
}

fn capabilities(pod: &Pod<'_>, findings: &mut Findings) {
    for (path, context) in pod.container_contexts() {
        let dropped = at(context, &["capabilities", "drop"]).as_array();
        if !dropped.is_some_and(|list| list.iter().any(|capability| capability == "ALL")) {
            findings.missing("capabilities", &format!("{path}.capabilities.drop"), "[\"ALL\"]");
        }
        for (path, value) in entries(&path, context, &["capabilities", "add"]) {
            if value != "NET_BIND_SERVICE" {
                findings.value("capabilities", &path, value);
            }
        }
    }
}
