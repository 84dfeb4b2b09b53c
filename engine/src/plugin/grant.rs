//! The smallest grant that would have been enough for a run: what was called, and what was asked of the cluster.
//!
//! It grants nothing: it is a text for a person. Of another run with other input it knows nothing.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::cluster::Target;
use crate::module::Module;
use crate::module::inspect::ImportInfo;
use crate::report::{Grant, HostCall, HostCallCount, Report};
use crate::request::Plugin;
use crate::run::Modules;
use crate::workspace::Workspace;

/// Adds the grant that was enough to a plugin's report.
pub(super) fn add(report: &mut Report, plugin: &Plugin, modules: &Modules) {
    let bytes = plugin.modules().find_map(|name| modules.get(name));
    let Some(Ok(module)) = bytes.map(|bytes| Module::load(bytes)) else { return };
    let of_command = report.command.as_ref().map(|command| command.host_calls.clone());
    let Some(plugin) = report.plugin.as_deref_mut() else { return };
    let of_dashboard = plugin.dashboard.as_ref().map(|dashboard| dashboard.host_calls.clone());
    let of_service = plugin.service.as_ref().map(|service| service.host_calls.clone());
    let called = of_command.or(of_dashboard).or(of_service).unwrap_or_default();
    plugin.grant = smallest(&module.info.imports, &called, &plugin.calls);
}

/// The grant that was enough for these calls.
fn smallest(imports: &[ImportInfo], called: &[HostCallCount], calls: &[HostCall]) -> Grant {
    let names = imports.iter().filter(|import| import.kind.starts_with("func"));
    let names = names.map(|import| format!("{}.{}", import.module, import.name));
    let is_called = |name: &String| called.iter().any(|call| call.function == *name);
    let unused: BTreeSet<String> = names.filter(|name| !is_called(name)).collect();
    Grant { unused: unused.into_iter().collect(), role: role(calls) }
}

/// A part of a role: where, of which group, what, and how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rule {
    namespace: String,
    group: String,
    resource: String,
    verb: &'static str,
}

/// The role that allows what was asked, as YAML; empty when nothing of a cluster was.
fn role(calls: &[HostCall]) -> String {
    let asked = || {
        calls.iter().filter(|call| call.status.is_some()).filter_map(|call| rule(&call.method, &call.asked))
    };
    let rules: BTreeSet<Rule> = asked().flatten().collect();
    let paths: BTreeSet<&str> = calls
        .iter()
        .filter(|call| call.status.is_some() && rule(&call.method, &call.asked) == Some(None))
        .map(|call| path(&call.asked))
        .collect();
    if rules.is_empty() && paths.is_empty() {
        return String::new();
    }
    let namespaces: BTreeSet<&str> = rules.iter().map(|rule| rule.namespace.as_str()).collect();
    let one = namespaces.first().filter(|name| namespaces.len() == 1 && paths.is_empty() && !name.is_empty());
    let mut metadata = json!({ "name": "smallest" });
    if let (Some(namespace), Some(fields)) = (one, metadata.as_object_mut()) {
        fields.insert("namespace".into(), json!(namespace));
    }
    let kind = if one.is_some() { "Role" } else { "ClusterRole" };
    let mut all = grouped(&rules);
    if !paths.is_empty() {
        all.push(json!({ "nonResourceURLs": paths, "verbs": ["get"] }));
    }
    Workspace::json_to_yaml(&json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": metadata,
        "rules": all,
    }))
}

/// A rule for each resource, with all its verbs.
fn grouped(rules: &BTreeSet<Rule>) -> Vec<Json> {
    let resources: BTreeSet<(&str, &str)> =
        rules.iter().map(|rule| (rule.group.as_str(), rule.resource.as_str())).collect();
    let of = |(group, resource): (&str, &str)| {
        let mine =
            rules.iter().filter(|rule| (rule.group.as_str(), rule.resource.as_str()) == (group, resource));
        let verbs: BTreeSet<&str> = mine.map(|rule| rule.verb).collect();
        json!({ "apiGroups": [group], "resources": [resource], "verbs": verbs })
    };
    resources.into_iter().map(of).collect()
}

/// The rule that a request needs: inside, nothing for a path of no resource; nothing at all where it is no read of one.
#[expect(clippy::option_option, reason = "a path without a resource is a rule of its own kind")]
fn rule(method: &str, asked: &str) -> Option<Option<Rule>> {
    if method.is_empty() {
        return None;
    }
    let segments: Vec<&str> = path(asked).split('/').filter(|part| !part.is_empty()).collect();
    let Some(target) = Target::of(&segments) else { return Some(None) };
    let is_watch = asked.split_once('?').is_some_and(|(_, query)| query.contains("watch=true"));
    let verb = match (method, target.name) {
        ("GET" | "HEAD", None) if is_watch => "watch",
        ("GET" | "HEAD", None) => "list",
        ("GET" | "HEAD", Some(_)) => "get",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", None) => "deletecollection",
        ("DELETE", Some(_)) => "delete",
        _ => return None,
    };
    let resource = match target.subresource {
        Some(subresource) => format!("{}/{subresource}", target.plural),
        None => target.plural.to_owned(),
    };
    let group = target.api_version.split_once('/').map_or("", |(group, _)| group).to_owned();
    Some(Some(Rule { namespace: target.namespace.unwrap_or_default().to_owned(), group, resource, verb }))
}

fn path(asked: &str) -> &str {
    asked.split_once('?').map_or(asked, |(path, _)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &str, path: &str) -> HostCall {
        HostCall { method: method.into(), asked: path.into(), status: Some(200), ..HostCall::default() }
    }

    #[test]
    fn what_was_not_called_is_not_needed() {
        let import = |name: &str| ImportInfo {
            module: "env".into(),
            name: name.into(),
            kind: "func ()".into(),
            ..ImportInfo::default()
        };
        let called = HostCallCount { function: "env.a".into(), count: 1, bytes: 0 };
        let grant = smallest(&[import("b"), import("a"), import("b")], &[called], &[]);
        assert_eq!((grant.unused, grant.role), (vec!["env.b".to_owned()], String::new()));
    }

    #[test]
    fn one_namespace_is_a_role_and_several_are_a_cluster_role() {
        let pods = asked("GET", "/api/v1/namespaces/a/pods?limit=5");
        let one = role(&[
            pods.clone(),
            asked("GET", "/api/v1/namespaces/a/pods/x"),
            asked("PATCH", "/apis/apps/v1/namespaces/a/deployments/d/scale"),
        ]);
        assert!(one.contains("kind: Role\n") && one.contains("namespace: a"), "{one}");
        assert!(
            one.contains("- get\n") && one.contains("- list\n") && one.contains("deployments/scale"),
            "{one}"
        );
        let all = role(&[pods, asked("GET", "/api/v1/nodes"), asked("GET", "/version")]);
        assert!(
            all.contains("kind: ClusterRole") && all.contains("nonResourceURLs") && all.contains("/version"),
            "{all}"
        );
        assert_eq!(role(&[HostCall { function: "env.host_log".into(), ..HostCall::default() }]), "");
    }
}
