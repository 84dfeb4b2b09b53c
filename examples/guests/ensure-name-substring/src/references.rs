//! Corrects the fields that refer to renamed objects.
//!
//! A field is a reference when kustomize's table says so and its value is the old name of an object of the
//! right kind, in the same namespace. Objects that were not given cannot be renamed, and references to them
//! stay.

use std::collections::HashMap;

use function::{Failure, FieldSpec, Gvk, Object, group_and_version, replace_string};
use manifest::Node;

use crate::rename::Renamed;
use crate::table::{self, is_cluster_scoped};

/// The renamed objects by their old names.
type ByName<'a> = HashMap<&'a str, Vec<&'a Renamed>>;

/// Corrects every reference of every object.
pub(crate) fn correct(items: &mut [Node], renamed: &[Renamed]) -> Result<(), Failure> {
    if renamed.is_empty() {
        return Ok(());
    }
    let mut by_name = ByName::new();
    for target in renamed {
        by_name.entry(&target.old).or_default().push(target);
    }
    let table = table::references();
    for item in items {
        for (target, field) in &table {
            if field.selects(item) {
                correct_field(item, *target, field, &by_name)?;
            }
        }
    }
    Ok(())
}

/// Corrects one kind of reference in an object.
fn correct_field(
    item: &mut Node,
    target: Gvk<'_>,
    field: &FieldSpec,
    by_name: &ByName<'_>,
) -> Result<(), Failure> {
    let referrer = Referrer::of(item, field);
    let title = format!("{} {}", item.kind(), item.name());
    field.change(item, &Node::null(), &mut |value, path| {
        referrer.correct(value, target, by_name).map_err(|cause| format!("{path} of {title}: {cause}").into())
    })
}

/// What matters of the object that refers.
struct Referrer {
    /// Its namespace; none for cluster-scoped kinds, which may refer anywhere.
    namespace: Option<String>,
    /// Whether it binds a role, and so may name accounts of any namespace.
    binds: bool,
    /// The group and kind that a `roleRef` names.
    role: Option<(String, String)>,
}

impl Referrer {
    fn of(item: &Node, field: &FieldSpec) -> Self {
        let namespace = match item.namespace() {
            _ if is_cluster_scoped(item) => None,
            "" => Some("default".to_owned()),
            namespace => Some(namespace.to_owned()),
        };
        let role = (field.dotted_path() == "roleRef.name").then(|| {
            (item.text(&["roleRef", "apiGroup"]).to_owned(), item.text(&["roleRef", "kind"]).to_owned())
        });
        Self { namespace, binds: item.kind() == "RoleBinding", role }
    }

    /// Corrects what stands at a reference's path: a name, an object with a name, or a list of either.
    fn correct(&self, value: &mut Node, target: Gvk<'_>, by_name: &ByName<'_>) -> Result<(), String> {
        if let Some(elements) = value.as_sequence_mut() {
            return elements.iter_mut().try_for_each(|element| self.correct_one(element, target, by_name));
        }
        self.correct_one(value, target, by_name)
    }

    fn correct_one(&self, value: &mut Node, target: Gvk<'_>, by_name: &ByName<'_>) -> Result<(), String> {
        if value.is_mapping() {
            return self.correct_object(value, target, by_name);
        }
        let candidates = self.candidates(value.scalar_text().unwrap_or_default(), target, by_name);
        if let [first, ..] = candidates.as_slice() {
            replace_string(value, &first.new);
        }
        Ok(())
    }

    /// Corrects an object with a name and perhaps a namespace, such as a subject.
    fn correct_object(&self, value: &mut Node, target: Gvk<'_>, by_name: &ByName<'_>) -> Result<(), String> {
        let mut candidates = self.candidates(value.text(&["name"]), target, by_name);
        if let Some(namespace) = value.get("namespace").and_then(Node::scalar_text) {
            candidates.retain(|candidate| candidate.namespace == namespace);
        }
        let [first, rest @ ..] = candidates.as_slice() else { return Ok(()) };
        if let Some(other) = rest.iter().find(|other| other.said_namespace != first.said_namespace) {
            return Err(format!(
                "found multiple possible referrals: {} {} in namespace {:?} and in {:?}; say which with a namespace",
                first.kind, first.old, first.said_namespace, other.said_namespace
            ));
        }
        value.set("name", Node::string(&first.new));
        if !first.said_namespace.is_empty() {
            value.set("namespace", Node::string(&first.said_namespace));
        }
        Ok(())
    }

    /// The renamed objects that a name can mean.
    fn candidates<'a>(&self, name: &str, target: Gvk<'_>, by_name: &ByName<'a>) -> Vec<&'a Renamed> {
        let named = by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        named.iter().copied().filter(|candidate| self.can_mean(candidate, target)).collect()
    }

    fn can_mean(&self, candidate: &Renamed, target: Gvk<'_>) -> bool {
        let (group, version) = group_and_version(&candidate.api_version);
        let found = Gvk::new(group, version, &candidate.kind);
        let role = self.role.as_ref().is_none_or(|(group, kind)| Gvk::new(group, "", kind).selects(found));
        let reachable = match &self.namespace {
            None => true,
            Some(_) if candidate.namespace.is_empty() => true,
            Some(_) if self.binds && candidate.kind == "ServiceAccount" => true,
            Some(namespace) => *namespace == candidate.namespace,
        };
        target.selects(found) && role && reachable
    }
}
