//! Says who may do something in a namespace, and through what: `kubectl who-can VERB RESOURCE[.GROUP][/SUB] [NAME]
//! [-n NAMESPACE] [--color]`. Exit code 1 when nobody may.
//!
//! It reads RBAC's objects and nothing else: what another authorizer allows, it does not know.

mod rules;

use std::process::ExitCode;

use kubectl_plugin::{Cell, Cluster, Colour, Failure, Resource, Scope, Table, items, text};
use serde_json::Value;

use self::rules::Asked;

/// Where RBAC's objects are.
const RBAC: &str = "/apis/rbac.authorization.k8s.io/v1";

fn main() -> ExitCode {
    kubectl_plugin::run(|arguments| {
        let scope = arguments.scope()?;
        let color = arguments.flag(&["--color"]);
        let names = arguments.finish(&["VERB", "RESOURCE", "[NAME]"])?;
        who_can(&Cluster::connect()?, &names, &scope, color)
    })
}

fn who_can(cluster: &Cluster, names: &[String], scope: &Scope, color: bool) -> Result<String, Failure> {
    let [verb, resource, name @ ..] = names else { return Err("a verb and a resource are needed".into()) };
    let Some(namespace) = cluster.namespace(scope) else {
        return Err("`-A` is not for this question: ask for one namespace".into());
    };
    let (kind, sub) = resource.split_once('/').unwrap_or((resource, ""));
    let resource = cluster.resource(kind)?;
    let asked = Asked { verb, group: &resource.group, resource: &resource.name, sub, name: name.first() };
    let found = grants(cluster, &asked, &resource, namespace)?;
    let place = if resource.namespaced { format!(" in namespace {namespace}") } else { String::new() };
    if found.is_empty() {
        return Err(format!("by RBAC, nobody can {asked}{place}").into());
    }
    let mut table = Table::new(&["WHO", "THROUGH", "ROLE"]);
    for Grant { subject, through, role } in found {
        let colour = if subject.starts_with("Group") { Colour::Yellow } else { Colour::Green };
        table.row([Cell::new(subject, colour), through.into(), role.into()]);
    }
    Ok(format!("By RBAC, these can {asked}{place}:\n\n{}", table.print(color)))
}

/// Somebody who may.
struct Grant {
    subject: String,
    through: String,
    role: String,
}

/// Everybody who may, by bindings of the whole cluster first. What is in no namespace is not given by the bindings of one.
fn grants(
    cluster: &Cluster,
    asked: &Asked<'_>,
    resource: &Resource,
    namespace: &str,
) -> Result<Vec<Grant>, Failure> {
    let mut roles = cluster.list(&format!("{RBAC}/clusterroles"))?;
    let mut bindings = cluster.list(&format!("{RBAC}/clusterrolebindings"))?;
    if resource.namespaced {
        let scope = Scope::Namespace(namespace.to_owned());
        roles.extend(cluster.list(&cluster.path(RBAC, "roles", &scope))?);
        bindings.extend(cluster.list(&cluster.path(RBAC, "rolebindings", &scope))?);
    }
    let mut found = Vec::new();
    for binding in &bindings {
        let is_meant = |role: &&Value| refers(binding, role);
        let allows = |role: &Value| items(role, "/rules").any(|rule| asked.is_allowed_by(rule));
        if roles.iter().find(is_meant).is_some_and(allows) {
            found.extend(items(binding, "/subjects").map(|subject| grant(binding, subject)));
        }
    }
    Ok(found)
}

/// Whether a binding speaks of a role. Lists do not repeat what kind their objects are of: a Role has a namespace.
fn refers(binding: &Value, role: &Value) -> bool {
    let kind = if text(role, "/metadata/namespace").is_empty() { "ClusterRole" } else { "Role" };
    text(binding, "/roleRef/kind") == kind && text(binding, "/roleRef/name") == text(role, "/metadata/name")
}

fn grant(binding: &Value, subject: &Value) -> Grant {
    let qualified = |kind: &str, namespace: &str, name: &str| match namespace {
        "" => format!("{kind} {name}"),
        namespace => format!("{kind} {namespace}/{name}"),
    };
    let namespace = text(binding, "/metadata/namespace");
    let kind = if namespace.is_empty() { "ClusterRoleBinding" } else { "RoleBinding" };
    Grant {
        subject: qualified(text(subject, "/kind"), text(subject, "/namespace"), text(subject, "/name")),
        through: qualified(kind, namespace, text(binding, "/metadata/name")),
        role: qualified(text(binding, "/roleRef/kind"), "", text(binding, "/roleRef/name")),
    }
}

#[cfg(test)]
mod tests;
