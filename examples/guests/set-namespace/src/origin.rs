//! The namespace that a resource had in the package it was copied from, which kpt keeps in an annotation.

use std::collections::BTreeSet;

use function::Object;
use manifest::Node;

use crate::listed;
use crate::scope::{Scope, scope};

/// The annotation, as `group|kind|namespace|name`.
const UPSTREAM: &str = "internal.kpt.dev/upstream-identifier";
/// Stands for no namespace.
const UNKNOWN: &str = "~C";

/// The namespace and the name that an object came from, when that is known.
pub(crate) fn of(object: &Node) -> Option<(String, String)> {
    let mut parts = object.annotation(UPSTREAM).split('|').skip(2).map(str::trim);
    Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
}

/// Refuses resources that came from several namespaces: which one is meant, only a matcher can say.
pub(crate) fn expect_one(items: &[&mut Node]) -> Result<(), String> {
    let mut origins = BTreeSet::new();
    for item in items.iter().filter(|item| scope(item) == Scope::Namespaced) {
        let Some((namespace, name)) = of(item) else { continue };
        if namespace == UNKNOWN {
            return Err(format!(
                "{} {} is namespace-scoped, but came from {name}, which has no namespace",
                item.kind(),
                item.name()
            ));
        }
        origins.insert(namespace);
    }
    if origins.len() > 1 {
        return Err(format!(
            "unable to use origin `namespace` to match. expect a single upstream namespace, found {}. please switch \
             to use `namespaceMatcher` to specify the namespace value you want to change",
            listed(&origins)
        ));
    }
    Ok(())
}
