//! What the API server does for some kinds and not for others. Source: Kubernetes 1.33, `pkg/registry`: each kind's
//! strategy and storage.
//!
//! Definitions of custom resources need no line here: they are all alike.

use crate::cluster::kinds::Kind;

/// Kinds that are questions, or stand for something else: no object of them is ever stored.
const NEVER_STORED: [&str; 8] = [
    "Binding",
    "ComponentStatus",
    "LocalSubjectAccessReview",
    "SelfSubjectAccessReview",
    "SelfSubjectReview",
    "SelfSubjectRulesReview",
    "SubjectAccessReview",
    "TokenReview",
];

/// Resources whose objects count the changes of what they ask for.
const GENERATIONS: [(&str, &str); 24] = [
    ("", "pods"),
    ("", "replicationcontrollers"),
    ("admissionregistration.k8s.io", "mutatingadmissionpolicies"),
    ("admissionregistration.k8s.io", "mutatingadmissionpolicybindings"),
    ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"),
    ("admissionregistration.k8s.io", "validatingadmissionpolicies"),
    ("admissionregistration.k8s.io", "validatingadmissionpolicybindings"),
    ("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
    ("apiextensions.k8s.io", "customresourcedefinitions"),
    ("apps", "daemonsets"),
    ("apps", "deployments"),
    ("apps", "replicasets"),
    ("apps", "statefulsets"),
    ("batch", "cronjobs"),
    ("batch", "jobs"),
    ("discovery.k8s.io", "endpointslices"),
    ("flowcontrol.apiserver.k8s.io", "flowschemas"),
    ("flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations"),
    ("networking.k8s.io", "ingressclasses"),
    ("networking.k8s.io", "ingresses"),
    ("networking.k8s.io", "networkpolicies"),
    ("policy", "poddisruptionbudgets"),
    ("resource.k8s.io", "resourceslices"),
    ("storage.k8s.io", "csidrivers"),
];

/// Groups and resources whose updates must say which version they change; all resources where none is named.
const CONDITIONAL: [(&str, &str); 9] = [
    ("admissionregistration.k8s.io", ""),
    ("apiextensions.k8s.io", "customresourcedefinitions"),
    ("apiregistration.k8s.io", "apiservices"),
    ("coordination.k8s.io", ""),
    ("flowcontrol.apiserver.k8s.io", ""),
    ("node.k8s.io", "runtimeclasses"),
    ("policy", "poddisruptionbudgets"),
    ("storage.k8s.io", "csidrivers"),
    ("storage.k8s.io", "volumeattachments"),
];

/// Resources whose deleted objects are answered whole.
const ANSWERED_WHOLE: [(&str, &str); 9] = [
    ("", "persistentvolumeclaims"),
    ("", "persistentvolumes"),
    ("", "pods"),
    ("", "podtemplates"),
    ("", "resourcequotas"),
    ("", "serviceaccounts"),
    ("", "services"),
    ("storage.k8s.io", "csinodes"),
    ("storage.k8s.io", "storageclasses"),
];

fn has(table: &[(&str, &str)], kind: &Kind) -> bool {
    let is = |(group, plural): &(&str, &str)| {
        *group == kind.gvk.group && (plural.is_empty() || *plural == kind.plural)
    };
    table.iter().any(is)
}

/// Whether objects of the kind are stored.
pub(super) fn is_stored(kind: &Kind) -> bool {
    kind.is_custom || !NEVER_STORED.contains(&kind.gvk.kind.as_str())
}

/// Whether objects of the kind have a generation.
pub(super) fn has_generation(kind: &Kind) -> bool {
    kind.is_custom || has(&GENERATIONS, kind)
}

/// Whether an update without a version changes whatever is there.
pub(super) fn is_unconditional(kind: &Kind) -> bool {
    !kind.is_custom && !has(&CONDITIONAL, kind)
}

/// Whether the answer to a deletion is the deleted object.
pub(super) fn is_answered_whole(kind: &Kind) -> bool {
    !kind.is_custom && has(&ANSWERED_WHOLE, kind)
}

/// Whether a kind is this one.
pub(super) fn is(kind: &Kind, group: &str, plural: &str) -> bool {
    kind.gvk.group == group && kind.plural == plural
}

/// Whether it is the kind of namespaces.
pub(super) fn is_namespace(kind: &Kind) -> bool {
    is(kind, "", "namespaces")
}

/// Whether it is the kind of definitions of custom resources.
pub(super) fn is_definition(kind: &Kind) -> bool {
    is(kind, "apiextensions.k8s.io", "customresourcedefinitions")
}
