//! Reading the section `io.kubewarden.metadata`, JSON or YAML, and holding it against Kubewarden's rules.
//!
//! Refuses nothing: what is wrong is said beside what could be read.

use super::{ContextKind, ExecutionMode, PolicyMetadata, PolicyType, Rule};
use crate::words::sentence;

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

#[cfg(test)]
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
