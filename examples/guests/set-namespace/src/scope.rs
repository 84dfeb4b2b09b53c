//! Whether a kind lives in a namespace: the table built into the KRM functions SDK (go/fn, namespace.go).
//!
//! A kind that is not in it counts as namespaced when its object says a namespace.

use function::Object;
use manifest::Node;

/// Where an object lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// In a namespace.
    Namespaced,
    /// In the cluster as a whole.
    Cluster,
    /// Its kind is not known, and it names no namespace.
    Unknown,
}

/// The scope of an object.
pub(crate) fn scope(object: &Node) -> Scope {
    let (api_version, kind) = (object.api_version(), object.kind());
    let is_in = |table: &[(&str, &str)]| {
        table
            .iter()
            .any(|(version, kinds)| *version == api_version && kinds.split(' ').any(|name| name == kind))
    };
    if is_in(NAMESPACED) {
        Scope::Namespaced
    } else if is_in(CLUSTER) {
        Scope::Cluster
    } else if object.namespace().is_empty() {
        Scope::Unknown
    } else {
        Scope::Namespaced
    }
}

/// Kinds without a namespace, by `apiVersion`.
const CLUSTER: &[(&str, &str)] = &[
    ("v1", "ComponentStatus Namespace Node NodeProxyOptions PersistentVolume"),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration ValidatingWebhookConfiguration"),
    ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration ValidatingWebhookConfiguration"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition"),
    ("apiregistration.k8s.io/v1", "APIService"),
    ("apiregistration.k8s.io/v1beta1", "APIService"),
    ("certificates.k8s.io/v1", "CertificateSigningRequest"),
    ("certificates.k8s.io/v1beta1", "CertificateSigningRequest"),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema PriorityLevelConfiguration"),
    ("networking.k8s.io/v1", "IngressClass"),
    ("networking.k8s.io/v1beta1", "IngressClass"),
    ("node.k8s.io/v1", "RuntimeClass"),
    ("node.k8s.io/v1beta1", "RuntimeClass"),
    ("policy/v1beta1", "PodSecurityPolicy"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole ClusterRoleBinding"),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRole ClusterRoleBinding"),
    ("scheduling.k8s.io/v1", "PriorityClass"),
    ("scheduling.k8s.io/v1beta1", "PriorityClass"),
    ("storage.k8s.io/v1", "CSIDriver CSINode StorageClass VolumeAttachment"),
    ("storage.k8s.io/v1beta1", "CSIDriver CSINode StorageClass VolumeAttachment"),
];

/// Kinds with a namespace, by `apiVersion`.
const NAMESPACED: &[(&str, &str)] = &[
    (
        "v1",
        "ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodAttachOptions PodExecOptions \
         PodPortForwardOptions PodProxyOptions PodTemplate ReplicationController ResourceQuota Secret Service \
         ServiceAccount",
    ),
    ("apps/v1", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet"),
    ("autoscaling/v1", "HorizontalPodAutoscaler Scale"),
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler"),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler"),
    ("batch/v1", "CronJob Job"),
    ("batch/v1beta1", "CronJob"),
    ("coordination.k8s.io/v1", "Lease"),
    ("coordination.k8s.io/v1beta1", "Lease"),
    ("discovery.k8s.io/v1", "EndpointSlice"),
    ("discovery.k8s.io/v1beta1", "EndpointSlice"),
    ("events.k8s.io/v1", "Event"),
    ("events.k8s.io/v1beta1", "Event"),
    ("extensions/v1beta1", "Ingress"),
    ("networking.k8s.io/v1", "Ingress NetworkPolicy"),
    ("networking.k8s.io/v1beta1", "Ingress"),
    ("policy/v1", "PodDisruptionBudget"),
    ("policy/v1beta1", "PodDisruptionBudget"),
    ("rbac.authorization.k8s.io/v1", "Role RoleBinding"),
    ("rbac.authorization.k8s.io/v1beta1", "Role RoleBinding"),
    ("storage.k8s.io/v1beta1", "CSIStorageCapacity"),
];
