//! Edits the names, and remembers what they were.

use std::collections::HashSet;

use function::{DEPENDS_ON, Failure, Gvk, Object, replace_string};
use manifest::Node;

use crate::settings::Settings;
use crate::table::is_cluster_scoped;

/// Kinds whose names are part of an API, or no names at all.
const KEPT: &[Gvk<'_>] = &[
    Gvk::new("", "", "CustomResourceDefinition"),
    Gvk::new("apiregistration.k8s.io", "", "APIService"),
    Gvk::new("", "", "Namespace"),
    Gvk::new("kpt.dev", "", "Kptfile"),
];

/// An object whose name changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Renamed {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    /// The namespace; empty for cluster-scoped kinds, `default` where an object names none.
    pub(crate) namespace: String,
    /// The namespace as the object says it.
    pub(crate) said_namespace: String,
    pub(crate) old: String,
    pub(crate) new: String,
}

/// Group, kind and name of every input, as `depends-on` names them.
type Known = HashSet<(String, String, String)>;

/// Edits the names of all objects, and their `depends-on` annotations. Gives those whose name changed.
pub(crate) fn rename(items: &mut [Node], settings: &Settings) -> Result<Vec<Renamed>, Failure> {
    let known: Known = items
        .iter()
        .map(|item| (item.gvk().group.to_owned(), item.kind().to_owned(), item.name().to_owned()))
        .collect();
    let mut renamed = Vec::new();
    for item in items.iter_mut() {
        if KEPT.iter().any(|kept| kept.selects(item.gvk())) {
            continue;
        }
        let old = item.name().to_owned();
        if edit_fields(item, settings)? {
            edit_depends_on(item, &known, settings);
        }
        if item.name() != old {
            renamed.push(remember(item, old));
        }
    }
    Ok(renamed)
}

/// Edits the fields of an object; says whether any changed.
fn edit_fields(item: &mut Node, settings: &Settings) -> Result<bool, Failure> {
    let mut changed = false;
    for field in &settings.fields {
        if !field.selects(item) {
            continue;
        }
        field.change(item, &Node::string(""), &mut |value, _| {
            if let Some(name) = value.scalar_text().and_then(|name| settings.edit(name)) {
                replace_string(value, &name);
                changed = true;
            }
            Ok(())
        })?;
    }
    Ok(changed)
}

/// Edits the one name in a `depends-on` annotation, if it is an input's. Only the annotation of an object that
/// was itself edited is looked at, as in the catalog.
fn edit_depends_on(item: &mut Node, known: &Known, settings: &Settings) {
    let reference = item.annotation(DEPENDS_ON);
    let segments: Vec<&str> = reference.split('/').collect();
    let (group, kind, name) = match segments.as_slice() {
        [group, "namespaces", _, kind, name] | [group, kind, name] => (*group, *kind, *name),
        _ => return,
    };
    if known.contains(&(group.to_owned(), kind.to_owned(), name.to_owned())) {
        let kept = reference.strip_suffix(name).unwrap_or_default();
        let edited = format!("{kept}{}", settings.force(name));
        item.set_annotation(DEPENDS_ON, &edited);
    }
}

/// What references to a renamed object need to know.
fn remember(item: &Node, old: String) -> Renamed {
    let said = item.namespace();
    let namespace = match said {
        _ if is_cluster_scoped(item) => "",
        "" => "default",
        said => said,
    };
    Renamed {
        api_version: item.api_version().to_owned(),
        kind: item.kind().to_owned(),
        namespace: namespace.to_owned(),
        said_namespace: said.to_owned(),
        old,
        new: item.name().to_owned(),
    }
}
