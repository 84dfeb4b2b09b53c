//! What a Kubewarden policy says of itself, as lines for a person. It judges nothing of it.

use super::{PolicyMetadata, PolicyType};

/// A line each, without a full stop.
#[must_use]
pub fn lines(metadata: &PolicyMetadata) -> Vec<String> {
    if !metadata.problems.is_empty() && metadata.protocol_version.is_empty() {
        return vec![format!("cannot be read: {}", metadata.problems.join("; "))];
    }
    let mut lines = vec![summary(metadata)];
    lines.extend(metadata.problems.iter().map(|problem| format!("wrong: {problem}")));
    for rule in &metadata.rules {
        let list = |items: &[String]| items.join(",");
        let groups: Vec<_> =
            rule.api_groups.iter().map(|group| if group.is_empty() { "core" } else { group }).collect();
        let (operations, resources) = (list(&rule.operations), list(&rule.resources));
        let versions = list(&rule.api_versions);
        lines.push(format!("judges {operations} of {resources} in {}/{versions}", groups.join(",")));
    }
    for kind in &metadata.context_aware_resources {
        lines.push(format!("reads {}/{}", kind.api_version, kind.kind));
    }
    if let Some(capabilities) = &metadata.host_capabilities {
        lines.push(format!("asks its host for {}", capabilities.join(", ")));
    }
    if let Some(version) = &metadata.minimum_kubewarden_version {
        lines.push(format!("needs Kubewarden {version}"));
    }
    for (key, value) in &metadata.annotations {
        // Usage texts have many lines.
        lines.push(format!("{key}: {}", value.lines().next().unwrap_or_default()));
    }
    lines
}

fn summary(metadata: &PolicyMetadata) -> String {
    let changes = if metadata.mutating { "may change objects" } else { "changes nothing" };
    let judges = match metadata.policy_type {
        PolicyType::Kubernetes => "judges Kubernetes' requests",
        PolicyType::Raw => "judges raw requests",
    };
    let audit = if metadata.background_audit { "may be asked by audits" } else { "is not for audits" };
    format!("protocol {}; it {judges}, {changes}, and {audit}", metadata.protocol_version)
}
