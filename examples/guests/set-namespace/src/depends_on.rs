//! References in the annotation `config.kubernetes.io/depends-on`, which name a namespace.
//!
//! Only an annotation with exactly one reference to a namespaced object is understood, as in the catalog.

use std::collections::{BTreeSet, HashSet};

use function::{DEPENDS_ON, KrmResult, Object, group_and_version, quoted};
use manifest::Node;

use crate::scope::{Scope, scope};
use crate::settings::Settings;
use crate::{DEFAULT_NAMESPACE, listed};

/// The references under which the objects could be named before anything changed.
pub(crate) fn names(items: &[&mut Node]) -> HashSet<String> {
    // Most sets hold no such annotation, and need no names.
    if items.iter().all(|item| item.annotation(DEPENDS_ON).is_empty()) {
        return HashSet::new();
    }
    items.iter().filter(|item| scope(item) == Scope::Namespaced).map(|item| name_of(item)).collect()
}

/// The reference that names an object.
fn name_of(item: &Node) -> String {
    let (group, _) = group_and_version(item.api_version());
    let namespace = match item.namespace() {
        "" => DEFAULT_NAMESPACE,
        namespace => namespace,
    };
    format!("{group}/namespaces/{namespace}/{}/{}", item.kind(), item.name())
}

/// Corrects the references to objects that moved, and says what changed.
pub(crate) fn update(items: &mut [&mut Node], known: &HashSet<String>, settings: &Settings) -> KrmResult {
    let mut left = BTreeSet::new();
    let mut count = 0_usize;
    for item in items.iter_mut() {
        let reference = item.annotation(DEPENDS_ON);
        let Some((group, namespace, rest)) = split(reference) else { continue };
        let wanted = settings.matcher.as_deref().is_none_or(|matcher| matcher == namespace);
        if known.contains(reference) && namespace != settings.namespace && wanted {
            let corrected = format!("{group}/namespaces/{}/{rest}", settings.namespace);
            left.insert(namespace.to_owned());
            count += 1;
            item.set_annotation(DEPENDS_ON, &corrected);
        }
    }
    KrmResult::info(if count == 0 {
        "all `depends-on` annotations are up-to-date. no `namespace` changed".to_owned()
    } else {
        format!(
            "`depends-on` annotation namespace {} updated to {}, {count} value(s) changed",
            listed(&left),
            quoted(&settings.namespace)
        )
    })
}

/// Splits `group/namespaces/namespace/Kind/name` into group, namespace and `Kind/name`.
fn split(reference: &str) -> Option<(&str, &str, &str)> {
    let (group, rest) = reference.split_once("/namespaces/")?;
    let (namespace, rest) = rest.split_once('/')?;
    let (kind, name) = rest.split_once('/')?;
    let plain = |part: &str| {
        part.chars().all(|character| character.is_ascii_alphanumeric() || "-._".contains(character))
    };
    [group, namespace, kind, name].into_iter().all(plain).then_some((group, namespace, rest))
}
