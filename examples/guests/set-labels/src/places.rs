//! Where the labels of each kind stand.

use function::{Gvk, Object};
use manifest::Node;

use crate::{Missing, Setter};

/// The labels of an object, of a pod template or of a volume claim.
const LABELS: &[&str] = &["metadata", "labels"];

/// Sets labels in every place of an object.
pub(crate) fn set(item: &mut Node, setter: &mut Setter<'_>) {
    setter.set(item, LABELS, Missing::Create);
    for (gvks, path, missing) in SELECTORS {
        if is_any(item, gvks) {
            setter.set(item, path, *missing);
        }
    }
    let (pods, jobs) = (is_any(item, WITH_PODS), is_any(item, WITH_JOBS));
    let (volumes, policy) = (is_any(item, WITH_CLAIMS), is_any(item, POLICIES));
    let Some(spec) = item.get_mut("spec").filter(|spec| spec.is_mapping()) else { return };
    if pods {
        pod_template(spec, setter);
    }
    if jobs && let Some(job) = spec.get_mut("jobTemplate").filter(|job| job.is_mapping()) {
        setter.set(job, LABELS, Missing::Create);
        if let Some(spec) = job.get_mut("spec") {
            setter.set(spec, &["selector", "matchLabels"], Missing::Leave);
            pod_template(spec, setter);
        }
    }
    if volumes {
        for claim in elements(spec, "volumeClaimTemplates") {
            setter.set(claim, LABELS, Missing::Create);
            setter.set(claim, &["selector", "matchLabels"], Missing::Leave);
        }
    }
    if policy {
        for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
            for peer in elements(spec, rules).flat_map(|rule| elements(rule, peers)) {
                setter.set(peer, &["podSelector", "matchLabels"], Missing::Leave);
            }
        }
    }
}

/// Sets labels in the pod template of a `spec`.
fn pod_template(spec: &mut Node, setter: &mut Setter<'_>) {
    let Some(template) = spec.get_mut("template").filter(|template| template.is_mapping()) else { return };
    setter.set(template, LABELS, Missing::Create);
    let Some(spec) = template.get_mut("spec") else { return };
    for constraint in elements(spec, "topologySpreadConstraints") {
        setter.set(constraint, &["labelSelector", "matchLabels"], Missing::Leave);
    }
}

/// The elements of a list below a node; none when it is missing.
fn elements<'a>(node: &'a mut Node, key: &str) -> impl Iterator<Item = &'a mut Node> {
    node.get_mut(key).and_then(Node::as_sequence_mut).into_iter().flatten()
}

/// Whether an object is of one of some kinds.
fn is_any(item: &Node, gvks: &[Gvk<'_>]) -> bool {
    gvks.iter().any(|gvk| gvk.agrees(item.gvk()))
}

const SERVICE: Gvk<'_> = Gvk::new("", "v1", "Service");
const CONTROLLER: Gvk<'_> = Gvk::new("", "v1", "ReplicationController");
const DEPLOYMENT: Gvk<'_> = Gvk::new("", "", "Deployment");
const REPLICA_SET: Gvk<'_> = Gvk::new("", "", "ReplicaSet");
const DAEMON_SET: Gvk<'_> = Gvk::new("", "", "DaemonSet");
const STATEFUL_SET: Gvk<'_> = Gvk::new("apps", "", "StatefulSet");
const JOB: Gvk<'_> = Gvk::new("batch", "", "Job");
const CRON_JOB: Gvk<'_> = Gvk::new("batch", "", "CronJob");
const DISRUPTION_BUDGET: Gvk<'_> = Gvk::new("policy", "", "PodDisruptionBudget");
const NETWORK_POLICY: Gvk<'_> = Gvk::new("networking.k8s.io", "", "NetworkPolicy");

/// A selector: of which kinds, where, and what happens to a label that is not in it.
type Selector<'a> = (&'a [Gvk<'a>], &'a [&'a str], Missing);

/// The selectors, in the order they are set.
const SELECTORS: &[Selector<'_>] = &[
    (&[SERVICE, CONTROLLER], &["spec", "selector"], Missing::Create),
    (
        &[DEPLOYMENT, REPLICA_SET, DAEMON_SET, STATEFUL_SET],
        &["spec", "selector", "matchLabels"],
        Missing::Create,
    ),
    (&[JOB, DISRUPTION_BUDGET], &["spec", "selector", "matchLabels"], Missing::Leave),
    (&[NETWORK_POLICY], &["spec", "podSelector", "matchLabels"], Missing::Leave),
];
/// Kinds with a pod template.
const WITH_PODS: &[Gvk<'_>] = &[CONTROLLER, DEPLOYMENT, REPLICA_SET, DAEMON_SET, STATEFUL_SET, JOB];
/// Kinds with a job template.
const WITH_JOBS: &[Gvk<'_>] = &[CRON_JOB];
/// Kinds with volume claims.
const WITH_CLAIMS: &[Gvk<'_>] = &[STATEFUL_SET];
/// Kinds with rules about peers.
const POLICIES: &[Gvk<'_>] = &[NETWORK_POLICY];
