//! Values of fields whose descriptions name them in prose only: the crate's schemas have no `enum`.
//!
//! Refuses fields that do not exist: the newest version must have every one.
//!
//! Source: the API reference at <https://kubernetes.io/docs/reference/kubernetes-api/>.

use super::literal::Type;

/// Type, field, and its values; a list's are those of its items. They are offered, and nothing is refused by them.
const VALUES: &[(&str, &str, &str)] = &[
    ("api.admissionregistration.v1.MutatingWebhook", "matchPolicy", "Equivalent Exact"),
    ("api.admissionregistration.v1.MutatingWebhook", "sideEffects", "None NoneOnDryRun"),
    ("api.admissionregistration.v1.RuleWithOperations", "operations", "CREATE UPDATE DELETE CONNECT"),
    ("api.admissionregistration.v1.ValidatingWebhook", "matchPolicy", "Equivalent Exact"),
    ("api.admissionregistration.v1.ValidatingWebhook", "sideEffects", "None NoneOnDryRun"),
    ("api.apps.v1.DaemonSetUpdateStrategy", "type", "RollingUpdate OnDelete"),
    ("api.apps.v1.StatefulSetSpec", "podManagementPolicy", "OrderedReady Parallel"),
    ("api.apps.v1.StatefulSetUpdateStrategy", "type", "RollingUpdate OnDelete"),
    ("api.autoscaling.v2.MetricSpec", "type", "ContainerResource External Object Pods Resource"),
    ("api.autoscaling.v2.MetricTarget", "type", "Utilization Value AverageValue"),
    ("api.batch.v1.CronJobSpec", "concurrencyPolicy", "Allow Forbid Replace"),
    ("api.batch.v1.JobSpec", "completionMode", "NonIndexed Indexed"),
    ("api.core.v1.AppArmorProfile", "type", "RuntimeDefault Localhost Unconfined"),
    ("api.core.v1.Container", "terminationMessagePolicy", "File FallbackToLogsOnError"),
    ("api.core.v1.HTTPGetAction", "scheme", "HTTP HTTPS"),
    (
        "api.core.v1.HostPathVolumeSource",
        "type",
        "DirectoryOrCreate Directory FileOrCreate File Socket CharDevice BlockDevice",
    ),
    ("api.core.v1.LimitRangeItem", "type", "Container Pod PersistentVolumeClaim"),
    ("api.core.v1.NodeSelectorRequirement", "operator", "In NotIn Exists DoesNotExist Gt Lt"),
    (
        "api.core.v1.PersistentVolumeClaimSpec",
        "accessModes",
        "ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod",
    ),
    ("api.core.v1.PersistentVolumeClaimSpec", "volumeMode", "Filesystem Block"),
    (
        "api.core.v1.PersistentVolumeSpec",
        "accessModes",
        "ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod",
    ),
    ("api.core.v1.PersistentVolumeSpec", "persistentVolumeReclaimPolicy", "Retain Delete Recycle"),
    ("api.core.v1.PersistentVolumeSpec", "volumeMode", "Filesystem Block"),
    ("api.core.v1.PodSecurityContext", "fsGroupChangePolicy", "OnRootMismatch Always"),
    ("api.core.v1.PodSpec", "dnsPolicy", "ClusterFirst ClusterFirstWithHostNet Default None"),
    ("api.core.v1.PodSpec", "restartPolicy", "Always OnFailure Never"),
    ("api.core.v1.SeccompProfile", "type", "RuntimeDefault Localhost Unconfined"),
    (
        "api.core.v1.Secret",
        "type",
        "Opaque kubernetes.io/tls kubernetes.io/dockerconfigjson kubernetes.io/basic-auth kubernetes.io/ssh-auth \
         kubernetes.io/service-account-token",
    ),
    ("api.core.v1.ServicePort", "protocol", "TCP UDP SCTP"),
    ("api.core.v1.ServiceSpec", "externalTrafficPolicy", "Cluster Local"),
    ("api.core.v1.ServiceSpec", "internalTrafficPolicy", "Cluster Local"),
    ("api.core.v1.ServiceSpec", "ipFamilyPolicy", "SingleStack PreferDualStack RequireDualStack"),
    ("api.core.v1.ServiceSpec", "sessionAffinity", "None ClientIP"),
    ("api.core.v1.ServiceSpec", "type", "ClusterIP NodePort LoadBalancer ExternalName"),
    ("api.core.v1.Taint", "effect", "NoSchedule PreferNoSchedule NoExecute"),
    ("api.core.v1.Toleration", "effect", "NoSchedule PreferNoSchedule NoExecute"),
    ("api.core.v1.Toleration", "operator", "Equal Exists"),
    ("api.core.v1.TopologySpreadConstraint", "whenUnsatisfiable", "DoNotSchedule ScheduleAnyway"),
    ("api.core.v1.VolumeMount", "mountPropagation", "None HostToContainer Bidirectional"),
    ("api.networking.v1.HTTPIngressPath", "pathType", "Exact Prefix ImplementationSpecific"),
    ("api.networking.v1.NetworkPolicyPort", "protocol", "TCP UDP SCTP"),
    ("api.networking.v1.NetworkPolicySpec", "policyTypes", "Ingress Egress"),
    ("api.policy.v1.PodDisruptionBudgetSpec", "unhealthyPodEvictionPolicy", "IfHealthyBudget AlwaysAllow"),
    ("api.rbac.v1.RoleRef", "kind", "Role ClusterRole"),
    ("api.rbac.v1.Subject", "kind", "ServiceAccount User Group"),
    ("api.storage.v1.StorageClass", "reclaimPolicy", "Delete Retain"),
    ("api.storage.v1.StorageClass", "volumeBindingMode", "Immediate WaitForFirstConsumer"),
    (
        "apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec",
        "scope",
        "Namespaced Cluster",
    ),
    (
        "apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps",
        "type",
        "object array string integer number boolean",
    ),
    ("apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement", "operator", "In NotIn Exists DoesNotExist"),
];

/// Fails when a field of the table is not among these types.
///
/// # Errors
/// Names the field.
pub(super) fn check(types: &[Type]) -> Result<(), String> {
    let has = |name: &str, field: &str| {
        let found = types.iter().find(|one| one.name == name);
        found.and_then(|one| one.schema.get("properties")?.get(field)).is_some()
    };
    match VALUES.iter().find(|(name, field, _)| !has(name, field)) {
        Some((name, field, _)) => {
            Err(format!("xtask/src/schema/values.rs: {name} has no field `{field}` any more"))
        }
        None => Ok(()),
    }
}

/// What the table says of a field.
pub(super) fn of(name: &str, field: &str) -> Option<Vec<String>> {
    let (_, _, values) = VALUES.iter().find(|(of, called, _)| *of == name && *called == field)?;
    Some(values.split_whitespace().map(str::to_owned).collect())
}
