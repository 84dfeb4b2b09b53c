//! Reading a `functionConfig`: a ConfigMap's `data`, or a kind of the function's own.

use manifest::Node;

use crate::object::{Object, group_and_version};

/// The name of the ConfigMap that kpt sends when it was given no configuration.
const PLACEHOLDER: &str = "function-input";

/// A group and kind that a function takes as its own configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupKind<'a> {
    /// Such as `fn.kpt.dev`.
    pub group: &'a str,
    /// Such as `SetLabels`.
    pub kind: &'a str,
}

/// What a `functionConfig` is.
#[derive(Clone, Copy, Debug)]
pub enum Config<'a> {
    /// None was given, or kpt's placeholder for none.
    Missing,
    /// A ConfigMap.
    ConfigMap(&'a Node),
    /// The function's own kind.
    Own(&'a Node),
    /// Something else.
    Unknown(&'a Node),
}

impl<'a> Config<'a> {
    /// Looks at a `functionConfig` for a function whose own kind is `own`; its version is not looked at.
    #[must_use]
    pub fn of(config: Option<&'a Node>, own: GroupKind<'_>) -> Self {
        let Some(node) = config else { return Self::Missing };
        let (group, version) = group_and_version(node.api_version());
        match (group, node.kind()) {
            ("", "") if node.name().is_empty() => Self::Missing,
            ("", "ConfigMap") if version == "v1" => {
                let placeholder = node.name() == PLACEHOLDER && text_map(node.get("data")).is_empty();
                if placeholder { Self::Missing } else { Self::ConfigMap(node) }
            }
            (group, kind) if group == own.group && kind == own.kind => Self::Own(node),
            _ => Self::Unknown(node),
        }
    }

    /// The `data` of a ConfigMap, in its order; empty for anything else.
    #[must_use]
    pub fn data(self) -> Vec<(&'a str, &'a str)> {
        match self {
            Self::ConfigMap(node) => text_map(node.get("data")),
            _ => Vec::new(),
        }
    }
}

/// The scalar entries of a mapping, in its order. Numbers and booleans read as their text, since people leave
/// out the quotes that Kubernetes wants.
#[must_use]
pub fn text_map(node: Option<&Node>) -> Vec<(&str, &str)> {
    let entries = node.and_then(Node::as_mapping).unwrap_or_default();
    entries.iter().filter_map(|entry| Some((entry.key.scalar_text()?, entry.value.scalar_text()?))).collect()
}
