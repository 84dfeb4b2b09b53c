//! The controls of `baseline`.
//!
//! What is not set meets all of them: this level asks for nothing.

use policy::at;
use serde_json::Value;

use crate::{Findings, Pod, entries};

/// The capabilities that may be added.
const CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];
/// The SELinux types that may be chosen.
const SELINUX_TYPES: [&str; 5] =
    ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
/// The profiles of AppArmor and of seccomp that may be chosen.
const PROFILES: [&str; 2] = ["RuntimeDefault", "Localhost"];
/// The sysctls that mean the pod alone.
const SYSCTLS: [&str; 12] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];
/// Where a container lets itself be asked, or asks somebody.
const HANDLERS: [&[&str]; 5] = [
    &["livenessProbe"],
    &["readinessProbe"],
    &["startupProbe"],
    &["lifecycle", "postStart"],
    &["lifecycle", "preStop"],
];
/// The annotation by which profiles of AppArmor were chosen; the container's name follows.
const APPARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

/// All of them.
pub(crate) fn check(pod: &Pod<'_>, findings: &mut Findings) {
    host_namespaces(pod, findings);
    contexts(pod, findings);
    capabilities(pod, findings);
    volumes(pod, findings);
    host_ports(pod, findings);
    hosts(pod, findings);
    app_armor_annotations(pod, findings);
    sysctls(pod, findings);
}

fn host_namespaces(pod: &Pod<'_>, findings: &mut Findings) {
    for field in ["hostNetwork", "hostPID", "hostIPC"] {
        let value = at(pod.spec.value, &[field]);
        refuse_unless(
            is_false(value),
            "host namespaces",
            &format!("{}.{field}", pod.spec.path),
            value,
            findings,
        );
    }
}

/// The controls that are one field of a security context.
fn contexts(pod: &Pod<'_>, findings: &mut Findings) {
    type Control = (&'static str, &'static [&'static str], fn(&Value) -> bool);
    let controls: [Control; 6] = [
        ("HostProcess", &["windowsOptions", "hostProcess"], is_false),
        ("AppArmor", &["appArmorProfile", "type"], |value| is_one_of(value, &PROFILES)),
        ("SELinux", &["seLinuxOptions", "type"], |value| is_one_of(value, &SELINUX_TYPES)),
        ("SELinux", &["seLinuxOptions", "user"], |value| is_one_of(value, &[""])),
        ("SELinux", &["seLinuxOptions", "role"], |value| is_one_of(value, &[""])),
        ("seccomp", &["seccompProfile", "type"], |value| is_one_of(value, &PROFILES)),
    ];
    for (path, context) in pod.contexts() {
        for (control, keys, is_met) in controls {
            let value = at(context, keys);
            refuse_unless(is_met(value), control, &format!("{path}.{}", keys.join(".")), value, findings);
        }
    }
    for (path, context) in pod.container_contexts() {
        let (privileged, mount) = (at(context, &["privileged"]), at(context, &["procMount"]));
        let is_default = is_one_of(mount, &["Default"]);
        refuse_unless(
            is_false(privileged),
            "privileged",
            &format!("{path}.privileged"),
            privileged,
            findings,
        );
        refuse_unless(is_default, "/proc mount type", &format!("{path}.procMount"), mount, findings);
    }
}

fn capabilities(pod: &Pod<'_>, findings: &mut Findings) {
    for (path, context) in pod.container_contexts() {
        for (path, value) in entries(&path, context, &["capabilities", "add"]) {
            refuse_unless(is_one_of(value, &CAPABILITIES), "capabilities", &path, value, findings);
        }
    }
}

fn volumes(pod: &Pod<'_>, findings: &mut Findings) {
    for (path, volume) in pod.list(&["volumes"]) {
        let value = at(volume, &["hostPath"]);
        refuse_unless(value.is_null(), "hostPath volumes", &format!("{path}.hostPath"), value, findings);
    }
}

fn host_ports(pod: &Pod<'_>, findings: &mut Findings) {
    for container in &pod.containers {
        for (path, port) in entries(&container.path, container.value, &["ports"]) {
            let value = at(port, &["hostPort"]);
            let is_met = value.is_null() || value == 0;
            refuse_unless(is_met, "host ports", &format!("{path}.hostPort"), value, findings);
        }
    }
}

fn hosts(pod: &Pod<'_>, findings: &mut Findings) {
    for container in &pod.containers {
        for handler in HANDLERS {
            for action in ["httpGet", "tcpSocket"] {
                let value = at(at(container.value, handler), &[action, "host"]);
                let path = format!("{}.{}.{action}.host", container.path, handler.join("."));
                refuse_unless(
                    is_one_of(value, &[""]),
                    "host probes and lifecycle hooks",
                    &path,
                    value,
                    findings,
                );
            }
        }
    }
}

fn app_armor_annotations(pod: &Pod<'_>, findings: &mut Findings) {
    for (key, value) in pod.annotations.as_object().into_iter().flatten() {
        if key.starts_with(APPARMOR) {
            let is_local = value.as_str().is_some_and(|profile| profile.starts_with("localhost/"));
            let is_met = is_local || is_one_of(value, &["", "runtime/default"]);
            refuse_unless(is_met, "AppArmor", &format!("annotation {key}"), value, findings);
        }
    }
}

fn sysctls(pod: &Pod<'_>, findings: &mut Findings) {
    for (path, sysctl) in pod.list(&["securityContext", "sysctls"]) {
        let name = at(sysctl, &["name"]);
        refuse_unless(is_one_of(name, &SYSCTLS), "sysctls", &format!("{path}.name"), name, findings);
    }
}

fn refuse_unless(is_met: bool, control: &str, path: &str, value: &Value, findings: &mut Findings) {
    if !is_met {
        findings.value(control, path, value);
    }
}

/// Not set, or set to false. What is no boolean is neither.
fn is_false(value: &Value) -> bool {
    value.is_null() || value == false
}

/// Not set, or set to one of these.
fn is_one_of(value: &Value, allowed: &[&str]) -> bool {
    value.is_null() || value.as_str().is_some_and(|value| allowed.contains(&value))
}
