//! What a Kubewarden policy says of itself, in its custom section `io.kubewarden.metadata`: what it wants to judge,
//! whether it changes objects, what it reads, how it is run.
//!
//! It grants nothing and decides nothing. A section that breaks a rule is told, with the rule. Source: Kubewarden's
//! `policy_metadata.rs`; like there, unknown fields are passed over, and the first section counts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::request::{ContextKind, Rule};

/// The section's name.
pub const SECTION: &str = "io.kubewarden.metadata";

/// A policy's metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyMetadata {
    /// `v1`, or `Unknown` where the kind of policy has no protocol version.
    pub protocol_version: String,
    /// The requests it wants to judge.
    #[serde(deserialize_with = "absent")]
    pub rules: Vec<Rule>,
    /// Title, author, licence and the like, by their keys.
    #[serde(deserialize_with = "absent", skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Whether it changes objects.
    pub mutating: bool,
    /// Whether a scanner of what a cluster already holds may ask it. Default: yes.
    #[serde(default = "yes")]
    pub background_audit: bool,
    /// How it is run. Default: waPC.
    pub execution_mode: ExecutionMode,
    /// What it judges. Default: Kubernetes' requests.
    pub policy_type: PolicyType,
    /// The kinds it wants to read.
    #[serde(deserialize_with = "absent", skip_serializing_if = "Vec::is_empty")]
    pub context_aware_resources: Vec<ContextKind>,
    /// What it asks its host for, as it says itself; absent when it does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_capabilities: Option<Vec<String>>,
    /// The oldest Kubewarden it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_kubewarden_version: Option<String>,
    /// What is wrong with the section; empty when nothing is.
    #[serde(skip_deserializing, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

/// How a policy is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExecutionMode {
    /// Over waPC.
    #[default]
    KubewardenWapc,
    /// As a WASI program.
    Wasi,
    /// By Open Policy Agent's evaluator, as OPA's admission policies are.
    Opa,
    /// By the same evaluator, as Gatekeeper's constraint templates are.
    Gatekeeper,
}

/// What a policy judges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyType {
    /// Admission requests.
    #[default]
    Kubernetes,
    /// Any JSON.
    Raw,
}

fn yes() -> bool {
    true
}

/// Null is the same as left out.
fn absent<'de, D: serde::Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Option::deserialize(from).map(Option::unwrap_or_default)
}

#[cfg(feature = "gate")]
pub(crate) use self::reading::read;

/// Reading the section, which only an engine with the gate does.
#[cfg(feature = "gate")]
mod reading {
    use super::{ContextKind, ExecutionMode, PolicyMetadata, PolicyType, Rule};
    use crate::abi::policy::sentence;

    /// The largest section that is read, in bytes: the usage text makes real ones some 20 KiB.
    const MAX_SECTION_BYTES: usize = 1 << 20;

    /// Reads a section's content, JSON or YAML. One that cannot be read has only problems.
    pub(crate) fn read(data: &[u8]) -> PolicyMetadata {
        parse(data).map_or_else(
            |problem| PolicyMetadata { problems: vec![problem], ..PolicyMetadata::default() },
            |mut metadata| {
                metadata.problems = problems(&metadata);
                metadata
            },
        )
    }

    fn parse(data: &[u8]) -> Result<PolicyMetadata, String> {
        if data.len() > MAX_SECTION_BYTES {
            return Err(format!("it is larger than the {MAX_SECTION_BYTES} bytes that are read of it"));
        }
        let text = str::from_utf8(data).map_err(|_| "it is not UTF-8".to_owned())?;
        let documents = manifest::parse(text, &manifest::Limits::default())
            .map_err(|error| format!("it does not parse: line {}: {}", error.line, error.message))?;
        let document = documents.iter().find(|document| !document.is_empty).ok_or("it is empty")?;
        let value = manifest::to_json(&document.root);
        for field in ["protocolVersion", "rules", "mutating"] {
            if value.get(field).is_none_or(serde_json::Value::is_null) {
                return Err(format!("`{field}` is missing"));
            }
        }
        serde_json::from_value(value).map_err(|error| sentence(&error.to_string()))
    }

    fn problems(metadata: &PolicyMetadata) -> Vec<String> {
        let mut problems = Vec::new();
        let version = metadata.protocol_version.as_str();
        match (version, metadata.execution_mode) {
            ("v1", _) => {}
            ("Unknown", ExecutionMode::KubewardenWapc) => {
                problems.push("`protocolVersion` is Unknown, which a waPC policy must not be".to_owned());
            }
            ("Unknown", _) => {}
            _ => problems.push(format!("`protocolVersion` is `{}`, not `v1`", sentence(version))),
        }
        if (metadata.execution_mode, metadata.policy_type) == (ExecutionMode::Gatekeeper, PolicyType::Raw) {
            problems.push("`policyType` is raw, which a Gatekeeper policy cannot be".to_owned());
        }
        for (index, rule) in metadata.rules.iter().enumerate() {
            problems.extend(rule_problem(rule).map(|problem| format!("`rules[{index}]`: {problem}")));
        }
        for ContextKind { api_version, kind } in &metadata.context_aware_resources {
            if api_version.is_empty() || kind.is_empty() {
                problems.push("`contextAwareResources` names a kind without `apiVersion` or `kind`".into());
            }
        }
        problems
    }

    fn rule_problem(rule: &Rule) -> Option<String> {
        let lists = [
            ("apiGroups", &rule.api_groups),
            ("apiVersions", &rule.api_versions),
            ("operations", &rule.operations),
            ("resources", &rule.resources),
        ];
        if let Some((field, _)) = lists.iter().find(|(_, list)| list.is_empty()) {
            return Some(format!("`{field}` is empty"));
        }
        let stars = lists.iter().take(3);
        if let Some((field, _)) =
            stars.into_iter().find(|(_, list)| list.len() > 1 && list.iter().any(|it| it == "*"))
        {
            return Some(format!("`*` stands beside others in `{field}`"));
        }
        let known = ["CREATE", "UPDATE", "DELETE", "CONNECT", "*"];
        if let Some(other) = rule.operations.iter().find(|it| !known.contains(&it.as_str())) {
            return Some(format!("`{}` is no operation", sentence(other)));
        }
        resources_problem(&rule.resources)
    }

    fn resources_problem(resources: &[String]) -> Option<String> {
        let any = |wanted: &dyn Fn(&str) -> bool| resources.iter().any(|it| wanted(it));
        if any(&str::is_empty) {
            return Some("a resource is empty".into());
        }
        if resources.len() > 1 && any(&|it| it == "*/*") {
            return Some("`*/*` stands beside others in `resources`".into());
        }
        if any(&|it| it == "*") && any(&|it| it != "*" && !it.contains('/')) {
            return Some("`*` stands beside resources in `resources`".into());
        }
        let overlaps = |pattern: &str, it: &str| match (pattern.split_once('/'), it.split_once('/')) {
            (Some((whole, "*")), Some((plural, sub))) => whole == plural && sub != "*",
            (Some(("*", whole)), Some((plural, sub))) => whole == sub && plural != "*",
            _ => false,
        };
        let pair = resources.iter().flat_map(|pattern| resources.iter().map(move |it| (pattern, it)));
        pair.into_iter()
            .find(|(pattern, it)| overlaps(pattern, it))
            .map(|(pattern, it)| format!("`{}` is already in `{}`", sentence(it), sentence(pattern)))
    }
}

#[cfg(all(test, feature = "gate"))]
mod tests {
    use super::*;

    const WHOLE: &str = r#"{"protocolVersion":"v1","rules":[{"apiGroups":[""],"apiVersions":["v1"],
        "resources":["pods"],"operations":["CREATE","UPDATE"]}],"annotations":{"io.kubewarden.policy.title":"x"},
        "mutating":true,"contextAware":false,"executionMode":"wasi","policyType":"raw",
        "contextAwareResources":[{"apiVersion":"v1","kind":"Pod"}],"hostCapabilities":null}"#;

    #[test]
    fn reads_json_and_yaml() {
        let metadata = read(WHOLE.as_bytes());
        assert_eq!(metadata.problems, Vec::<String>::new());
        assert!(metadata.mutating && metadata.background_audit);
        assert_eq!((metadata.execution_mode, metadata.policy_type), (ExecutionMode::Wasi, PolicyType::Raw));
        assert_eq!(metadata.rules.iter().map(|rule| rule.resources.join(",")).collect::<Vec<_>>(), ["pods"]);
        let yaml =
            "protocolVersion: v1\nrules: []\nmutating: false\nannotations: null\nbackgroundAudit: false\n";
        let metadata = read(yaml.as_bytes());
        assert_eq!(metadata.execution_mode, ExecutionMode::KubewardenWapc);
        assert!(metadata.problems.is_empty() && !metadata.background_audit);
    }

    #[test]
    fn names_what_is_wrong() {
        let rule = |field: &str, list: &str| {
            let base = [
                ("apiGroups", "['']"),
                ("apiVersions", "[v1]"),
                ("resources", "[pods]"),
                ("operations", "[CREATE]"),
            ];
            let fields: Vec<_> = base
                .iter()
                .map(|(name, value)| format!("{name}: {}", if *name == field { list } else { *value }))
                .collect();
            format!("{{protocolVersion: v1, mutating: false, rules: [{{{}}}]}}", fields.join(", "))
        };
        for (text, problem) in [
            ("", "it is empty"),
            ("a: [", "it does not parse: line 1"),
            ("rules: []\nmutating: true\n", "`protocolVersion` is missing"),
            ("{protocolVersion: v1, rules: [], mutating: 'yes'}", "invalid type"),
            ("{protocolVersion: v2, rules: [], mutating: true}", "`protocolVersion` is `v2`, not `v1`"),
            ("{protocolVersion: Unknown, rules: [], mutating: true}", "which a waPC policy must not be"),
            ("{protocolVersion: v1, rules: [], mutating: true, executionMode: jvm}", "unknown variant `jvm`"),
            (
                "{protocolVersion: v1, rules: [], mutating: true, executionMode: gatekeeper, policyType: raw}",
                "raw",
            ),
            (&rule("resources", "[]"), "`rules[0]`: `resources` is empty"),
            (&rule("apiGroups", "['*', apps]"), "`*` stands beside others in `apiGroups`"),
            (&rule("operations", "[READ]"), "`READ` is no operation"),
            (&rule("resources", "['*/*', pods]"), "`*/*` stands beside others"),
            (&rule("resources", "['*', pods]"), "`*` stands beside resources"),
            (&rule("resources", "['pods/*', pods/status]"), "`pods/status` is already in `pods/*`"),
            (&rule("resources", "['*/scale', deployments/scale]"), "is already in `*/scale`"),
        ] {
            let problems = read(text.as_bytes()).problems;
            assert!(problems.iter().any(|it| it.contains(problem)), "{text}: {problems:?}");
        }
        assert_eq!(read(b"\xff").problems, ["it is not UTF-8"]);
    }
}
