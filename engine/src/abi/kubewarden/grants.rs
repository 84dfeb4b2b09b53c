//! What a policy may ask its host for: patterns of capabilities, and kinds of the cluster.
//!
//! Nothing is granted by default but to log. A pattern that names nothing known is refused, so that a slip does not
//! grant less than it seems to.

use crate::request::{ContextKind, GateModule};

/// What can be asked for. `tracing/log` needs no grant.
pub(crate) const CAPABILITIES: [&str; 11] = [
    "oci/v1/verify",
    "oci/v1/manifest_digest",
    "oci/v1/oci_manifest",
    "oci/v1/oci_manifest_config",
    "oci/v2/verify",
    "net/v1/dns_lookup_host",
    "crypto/v1/is_certificate_trusted",
    "kubernetes/list_resources_by_namespace",
    "kubernetes/list_resources_all",
    "kubernetes/get_resource",
    "kubernetes/can_i",
];

/// What a policy is granted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grants {
    patterns: Vec<String>,
    kinds: Vec<ContextKind>,
}

impl Grants {
    /// What an entry of a chain grants.
    ///
    /// # Errors
    /// Names the pattern that names nothing, or the kind that is incomplete.
    pub(crate) fn of(entry: &GateModule) -> Result<Self, String> {
        for pattern in &entry.host_capabilities {
            if !CAPABILITIES.iter().any(|capability| matches(pattern, capability)) {
                return Err(format!(
                    "`hostCapabilities` names `{pattern}`, which is none of {}, nor `*` as the last part of one",
                    CAPABILITIES.join(", ")
                ));
            }
        }
        if entry.context_aware.iter().any(|kind| kind.api_version.is_empty() || kind.kind.is_empty()) {
            return Err("`contextAware` names a kind without `apiVersion` or `kind`".into());
        }
        Ok(Self { patterns: entry.host_capabilities.clone(), kinds: entry.context_aware.clone() })
    }

    /// Whether a capability is granted. Where kinds are, reading objects is.
    pub(crate) fn capability(&self, capability: &str) -> bool {
        let is_read = ["get_resource", "list_resources_all", "list_resources_by_namespace"]
            .iter()
            .any(|operation| capability.strip_prefix("kubernetes/") == Some(operation));
        (is_read && !self.kinds.is_empty())
            || self.patterns.iter().any(|pattern| matches(pattern, capability))
    }

    /// Whether objects of a kind may be read.
    pub(crate) fn kind(&self, api_version: &str, kind: &str) -> bool {
        self.kinds.iter().any(|it| it.api_version == api_version && it.kind == kind)
    }
}

/// `*`, `oci/*`, `oci/v2/*`, or a whole name.
fn matches(pattern: &str, capability: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(prefix) => prefix.ends_with('/') && capability.starts_with(prefix),
        None => pattern == capability,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(patterns: &[&str]) -> Result<Grants, String> {
        let host_capabilities = patterns.iter().map(|&it| it.to_owned()).collect();
        Grants::of(&GateModule { host_capabilities, ..GateModule::default() })
    }

    #[test]
    fn patterns_grant_what_they_name() {
        for (pattern, capability, is_granted) in [
            ("*", "oci/v1/verify", true),
            ("oci/*", "oci/v2/verify", true),
            ("oci/v2/*", "oci/v1/verify", false),
            ("oci/v1/verify", "oci/v1/verify", true),
            ("oci/v1/verify", "oci/v1/oci_manifest", false),
            ("kubernetes/*", "kubernetes/can_i", true),
        ] {
            let is = grants(&[pattern]).map(|grants| grants.capability(capability));
            assert_eq!(is, Ok(is_granted), "{pattern} {capability}");
        }
        assert_eq!(grants(&[]).map(|grants| grants.capability("kubernetes/get_resource")), Ok(false));
    }

    #[test]
    fn a_pattern_that_names_nothing_is_refused() {
        for pattern in
            ["", "oci", "oci/v1", "oci/v", "oci/v*", "ocl/*", "o*", "**", "oci/v1/verify/*", "tracing/log"]
        {
            assert!(grants(&[pattern]).is_err(), "{pattern}");
        }
    }
}
