//! Whether an admission module is called for a request: its rules, its selectors, its conditions, as the API server
//! matches them for webhooks.
//!
//! What cannot be decided here is refused with its reason; it is never taken for a match or for none. Source:
//! Kubernetes, `apiserver/pkg/admission/plugin/webhook`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::attributes::{Attributes, Resource};
use super::conditions::{self, Variables, Verdict};
use super::module::Loaded;
use super::typed::labels;
use super::{review, selector, status};
use crate::cluster::kinds::Kinds;
use crate::objects::Objects;
use crate::report::{Outcome, OutcomeKind};
use crate::request::{LabelSelector, MatchPolicy, Rule, Scope, UserInfo};

/// What the rules and selectors of a module come to.
#[derive(Debug)]
pub(crate) enum Match {
    /// It is called.
    Called,
    /// It is not, and why.
    Skipped(String),
    /// The request ends here.
    Refused(Outcome),
}

/// What a module is matched against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matched<'a> {
    pub(crate) attributes: &'a Attributes,
    pub(crate) resource: &'a Resource,
    pub(crate) operation: &'a str,
    pub(crate) objects: &'a Objects,
    pub(crate) kinds: &'a Kinds,
    pub(crate) user: &'a UserInfo,
}

/// Whether a module is called.
pub(crate) fn matches(loaded: &Loaded<'_>, of: Matched<'_>) -> Match {
    let (title, module, rules) = (loaded.name, loaded.entry, loaded.rules());
    let Resource { group, version, .. } = of.resource;
    if !any(rules, of, (group, version)) {
        if rules.is_empty() {
            return Match::Skipped("it has no rules, so it is never called".into());
        }
        match equivalent(loaded, of) {
            Some(api_version) => return Match::Refused(inconvertible(title, of.resource, &api_version)),
            None => return Match::Skipped(format!("no rule matches {}", said(of))),
        }
    }
    match by_namespace(&module.namespace_selector, of) {
        Err(outcome) => return Match::Refused(outcome),
        Ok(Some(why)) => return Match::Skipped(why),
        Ok(None) => {}
    }
    match by_object(&module.object_selector, of.attributes) {
        Err(cause) => {
            let message = format!("the `objectSelector` of `{title}` cannot be matched: {cause}");
            return Match::Refused(Outcome::new(OutcomeKind::Invalid, message));
        }
        Ok(false) => return Match::Skipped("the object's labels are not those of `objectSelector`".into()),
        Ok(true) => {}
    }
    by_conditions(loaded, of)
}

/// The last to be matched, as in the API server.
fn by_conditions(loaded: &Loaded<'_>, of: Matched<'_>) -> Match {
    if loaded.conditions.is_empty() {
        return Match::Called;
    }
    let variables = Variables {
        object: of.attributes.object.clone().unwrap_or_default(),
        old_object: of.attributes.old_object.clone().unwrap_or_default(),
        request: conditions::request(review::admission(of.attributes, of.user, "")),
        namespace_object: namespace_object(of),
    };
    match loaded.conditions.verdict(&Arc::new(variables), loaded.entry.failure_policy) {
        Verdict::Holds => Match::Called,
        Verdict::Skipped(why) => Match::Skipped(why),
        Verdict::Failed(cause) => Match::Refused(status::denied(&status::excluded(of.resource, &cause))),
    }
}

/// The namespace that the object is in; null where it is in none, or is one itself.
fn namespace_object(of: Matched<'_>) -> Result<Json, String> {
    let name = &of.resource.namespace;
    if name.is_empty() || of.resource.is_namespace() {
        return Ok(Json::Null);
    }
    let found = of.objects.find(("", "Namespace"), "", name).cloned();
    found.ok_or_else(|| {
        format!("`namespaceObject` is not known: paste the namespace `{name}` among the cluster's objects")
    })
}

/// `UPDATE of v1 pods/status`.
fn said(of: Matched<'_>) -> String {
    let Resource { group, version, plural, subresource, namespace, .. } = of.resource;
    let api_version = if group.is_empty() { version.clone() } else { format!("{group}/{version}") };
    let path = if subresource.is_empty() { plural.clone() } else { format!("{plural}/{subresource}") };
    let scope = match namespace.is_empty() || of.resource.is_namespace() {
        true => "at the cluster's scope".to_owned(),
        false => format!("in namespace `{namespace}`"),
    };
    format!("{} of {api_version} {path} {scope}", of.operation)
}

fn any(rules: &[Rule], of: Matched<'_>, version: (&str, &str)) -> bool {
    rules.iter().any(|rule| rule_matches(rule, of, version))
}

fn rule_matches(rule: &Rule, of: Matched<'_>, (group, version): (&str, &str)) -> bool {
    let lists = |items: &[String], wanted: &str| items.iter().any(|item| item == "*" || item == wanted);
    in_scope(rule.scope, of.resource)
        && lists(&rule.operations, of.operation)
        && lists(&rule.api_groups, group)
        && lists(&rule.api_versions, version)
        && rule.resources.iter().any(|resource| names(resource, of.resource))
}

/// `pods` is not `pods/status`; `*` is every resource without subresource, `*/*` is all.
fn names(pattern: &str, resource: &Resource) -> bool {
    let (plural, subresource) = pattern.split_once('/').unwrap_or((pattern, ""));
    (plural == "*" || plural == resource.plural)
        && (subresource == "*" || subresource == resource.subresource)
}

fn in_scope(scope: Option<Scope>, resource: &Resource) -> bool {
    let is_cluster = resource.is_namespace() || resource.namespace.is_empty();
    match scope {
        None | Some(Scope::All) => true,
        Some(Scope::Cluster) => is_cluster,
        Some(Scope::Namespaced) => !is_cluster,
    }
}

/// Another version of the resource that the rules name, with `matchPolicy: Equivalent`.
fn equivalent(loaded: &Loaded<'_>, of: Matched<'_>) -> Option<String> {
    if loaded.entry.match_policy == MatchPolicy::Exact {
        return None;
    }
    let Resource { group, version, plural, .. } = of.resource;
    let api_version = if group.is_empty() { version.clone() } else { format!("{group}/{version}") };
    let kind = of.kinds.named(plural, &api_version)?;
    of.kinds
        .equivalents(kind)
        .find(|other| any(loaded.rules(), of, (&other.gvk.group, &other.gvk.version)))
        .map(|other| other.gvk.api_version())
}

fn inconvertible(title: &str, resource: &Resource, api_version: &str) -> Outcome {
    let message = format!(
        "`{title}` would be given the object as `{api_version}`, since its `matchPolicy` is Equivalent; nothing is converted here"
    );
    Outcome::new(OutcomeKind::Invalid, message)
        .with_hint(format!("name `{}` in its rules, or send the object as `{api_version}`", resource.version))
}

/// Why the namespace is not selected; nothing when it is.
fn by_namespace(wanted: &LabelSelector, of: Matched<'_>) -> Result<Option<String>, Outcome> {
    let name = &of.resource.namespace;
    if selector::is_empty(wanted) || (name.is_empty() && of.resource.plural != "namespaces") {
        return Ok(None);
    }
    let is_own = of.resource.is_namespace() && of.resource.subresource.is_empty();
    let own = of.attributes.object.as_ref().filter(|_| is_own && matches!(of.operation, "CREATE" | "UPDATE"));
    let Some(namespace) = own.or_else(|| of.objects.find(("", "Namespace"), "", name)) else {
        return Err(status::not_found("namespaces", name)
            .with_hint("a `namespaceSelector` needs the namespace: paste it among the cluster's objects"));
    };
    let mut found = labels(namespace).map_err(|cause| {
        Outcome::new(OutcomeKind::Invalid, format!("namespace `{name}` cannot be matched: {cause}"))
    })?;
    // The API server gives it to every namespace.
    found.entry("kubernetes.io/metadata.name".into()).or_insert_with(|| name.clone());
    let why = || format!("the labels of namespace `{name}` are not those of `namespaceSelector`");
    Ok((!selector::matches(wanted, &found)).then(why))
}

/// Either object will do, so that a label cannot be dropped to get past.
fn by_object(wanted: &LabelSelector, attributes: &Attributes) -> Result<bool, String> {
    if selector::is_empty(wanted) {
        return Ok(true);
    }
    let found: Result<Vec<BTreeMap<_, _>>, String> = [&attributes.object, &attributes.old_object]
        .into_iter()
        .flatten()
        .map(|object: &Json| labels(object))
        .collect();
    Ok(found?.iter().any(|labels| selector::matches(wanted, labels)))
}
