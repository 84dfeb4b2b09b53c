//! Which fields refer to which kinds: kustomize's built-in table (api/internal/konfig/builtinpluginconsts,
//! namereference.go), as data.

use function::{FieldSpec, Gvk, Object};
use manifest::Node;

/// Who refers.
enum Referrer {
    /// Every kind with a pod in it, but ReplicationController; paths start at the pod's `spec`.
    Pods,
    /// The kinds for which kustomize knows a pod's accounts, claims and priorities; paths as above.
    Workloads,
    /// One kind; paths start at the object.
    Kind(Gvk<'static>),
}

use Referrer::{Kind, Pods, Workloads};

/// A kind that is referred to, and by what.
type Target = (Gvk<'static>, &'static [(Referrer, &'static [&'static str])]);

/// Every reference of the table: what is referred to, and the field that does.
pub(crate) fn references() -> Vec<(Gvk<'static>, FieldSpec)> {
    let mut references = Vec::new();
    for (target, referrers) in TABLE {
        for (referrer, paths) in *referrers {
            for (gvk, prefix) in expand(referrer) {
                let fields = paths.iter().map(|path| FieldSpec::new(gvk, &format!("{prefix}{path}")));
                references.extend(fields.map(|field| (*target, field)));
            }
        }
    }
    references
}

/// The kinds of a referrer, and where the paths start in each.
fn expand(referrer: &Referrer) -> Vec<(Gvk<'static>, &'static str)> {
    match referrer {
        Pods => PODS.to_vec(),
        Workloads => WORKLOADS.to_vec(),
        Kind(gvk) => vec![(*gvk, "")],
    }
}

/// Whether an object's kind has no namespace; kinds that are not of Kubernetes itself count as namespaced.
pub(crate) fn is_cluster_scoped(object: &Node) -> bool {
    CLUSTER_KINDS.contains(&object.kind())
}

/// A kind of any group and version.
const fn any(kind: &'static str) -> Gvk<'static> {
    Gvk::new("", "", kind)
}

/// A kind of version v1, of any group: how the table names core kinds.
const fn v1(kind: &'static str) -> Gvk<'static> {
    Gvk::new("", "v1", kind)
}

/// A kind of a group, in any version.
const fn of(group: &'static str, kind: &'static str) -> Gvk<'static> {
    Gvk::new(group, "", kind)
}

const RBAC: &str = "rbac.authorization.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";

/// The table's kinds that have no namespace.
const CLUSTER_KINDS: &[&str] = &[
    "APIService",
    "ClusterRole",
    "ClusterRoleBinding",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
];

const PODS: &[(Gvk<'_>, &str)] = &[
    (v1("Pod"), "spec/"),
    (any("PodTemplate"), "template/spec/"),
    (any("Deployment"), "spec/template/spec/"),
    (any("ReplicaSet"), "spec/template/spec/"),
    (any("DaemonSet"), "spec/template/spec/"),
    (any("StatefulSet"), "spec/template/spec/"),
    (any("Job"), "spec/template/spec/"),
    (any("CronJob"), "spec/jobTemplate/spec/template/spec/"),
];

const WORKLOADS: &[(Gvk<'_>, &str)] = &[
    (any("Pod"), "spec/"),
    (any("StatefulSet"), "spec/template/spec/"),
    (any("Deployment"), "spec/template/spec/"),
    (any("ReplicationController"), "spec/template/spec/"),
    (any("CronJob"), "spec/jobTemplate/spec/template/spec/"),
    (any("Job"), "spec/template/spec/"),
    (any("DaemonSet"), "spec/template/spec/"),
];

/// What an autoscaler scales; which of the kinds it is, the name alone decides.
const SCALED: &[(Referrer, &[&str])] =
    &[(Kind(any("HorizontalPodAutoscaler")), &["spec/scaleTargetRef/name"])];

const TABLE: &[Target] = &[
    (any("Deployment"), SCALED),
    (any("ReplicationController"), SCALED),
    (any("ReplicaSet"), SCALED),
    (any("StatefulSet"), SCALED),
    (
        v1("ConfigMap"),
        &[
            (
                Pods,
                &[
                    "volumes/configMap/name",
                    "containers/env/valueFrom/configMapKeyRef/name",
                    "initContainers/env/valueFrom/configMapKeyRef/name",
                    "containers/envFrom/configMapRef/name",
                    "initContainers/envFrom/configMapRef/name",
                    "volumes/projected/sources/configMap/name",
                ],
            ),
            (Kind(any("Node")), &["spec/configSource/configMap"]),
            (Kind(any("Role")), &["rules/resourceNames"]),
            (Kind(any("ClusterRole")), &["rules/resourceNames"]),
            (
                Kind(any("Ingress")),
                &["metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap"],
            ),
        ],
    ),
    (
        v1("Secret"),
        &[
            (
                Pods,
                &[
                    "volumes/secret/secretName",
                    "containers/env/valueFrom/secretKeyRef/name",
                    "initContainers/env/valueFrom/secretKeyRef/name",
                    "containers/envFrom/secretRef/name",
                    "initContainers/envFrom/secretRef/name",
                    "imagePullSecrets/name",
                    "volumes/projected/sources/secret/name",
                ],
            ),
            (
                Kind(any("Ingress")),
                &[
                    "spec/tls/secretName",
                    "metadata/annotations/ingress.kubernetes.io\\/auth-secret",
                    "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret",
                    "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret",
                ],
            ),
            (Kind(any("ServiceAccount")), &["imagePullSecrets/name"]),
            (
                Kind(any("StorageClass")),
                &[
                    "parameters/secretName",
                    "parameters/adminSecretName",
                    "parameters/userSecretName",
                    "parameters/secretRef",
                ],
            ),
            (Kind(any("Role")), &["rules/resourceNames"]),
            (Kind(any("ClusterRole")), &["rules/resourceNames"]),
            (
                Kind(Gvk::new("serving.knative.dev", "v1", "Service")),
                &["spec/template/spec/containers/env/valueFrom/secretKeyRef/name"],
            ),
            (Kind(any("PersistentVolume")), &["spec/azureFile/secretName"]),
        ],
    ),
    (
        v1("Service"),
        &[
            (Kind(of("apps", "StatefulSet")), &["spec/serviceName"]),
            (
                Kind(any("Ingress")),
                &[
                    "spec/rules/http/paths/backend/serviceName",
                    "spec/backend/serviceName",
                    "spec/rules/http/paths/backend/service/name",
                    "spec/defaultBackend/service/name",
                ],
            ),
            (Kind(of("apiregistration.k8s.io", "APIService")), &["spec/service/name"]),
            (Kind(of(ADMISSION, "ValidatingWebhookConfiguration")), &["webhooks/clientConfig/service"]),
            (Kind(of(ADMISSION, "MutatingWebhookConfiguration")), &["webhooks/clientConfig/service"]),
        ],
    ),
    (of(RBAC, "Role"), &[(Kind(of(RBAC, "RoleBinding")), &["roleRef/name"])]),
    (
        of(RBAC, "ClusterRole"),
        &[
            (Kind(of(RBAC, "RoleBinding")), &["roleRef/name"]),
            (Kind(of(RBAC, "ClusterRoleBinding")), &["roleRef/name"]),
        ],
    ),
    (
        v1("ServiceAccount"),
        &[
            (Kind(of(RBAC, "RoleBinding")), &["subjects"]),
            (Kind(of(RBAC, "ClusterRoleBinding")), &["subjects"]),
            (Workloads, &["serviceAccountName"]),
        ],
    ),
    (v1("PersistentVolumeClaim"), &[(Workloads, &["volumes/persistentVolumeClaim/claimName"])]),
    (
        v1("PersistentVolume"),
        &[
            (Kind(any("PersistentVolumeClaim")), &["spec/volumeName"]),
            (Kind(any("ClusterRole")), &["rules/resourceNames"]),
        ],
    ),
    (
        Gvk::new("storage.k8s.io", "v1", "StorageClass"),
        &[
            (Kind(any("PersistentVolume")), &["spec/storageClassName"]),
            (Kind(any("PersistentVolumeClaim")), &["spec/storageClassName"]),
            (Kind(any("StatefulSet")), &["spec/volumeClaimTemplates/spec/storageClassName"]),
        ],
    ),
    (Gvk::new("scheduling.k8s.io", "v1", "PriorityClass"), &[(Workloads, &["priorityClassName"])]),
    // Kustomize's table names a group that no kind has, so this corrects nothing there, nor here.
    (of("networking.k8s.io/v1", "IngressClass"), &[(Kind(any("Ingress")), &["spec/ingressClassName"])]),
    (
        of(ADMISSION, "ValidatingAdmissionPolicy"),
        &[(Kind(of(ADMISSION, "ValidatingAdmissionPolicyBinding")), &["spec/policyName"])],
    ),
];
