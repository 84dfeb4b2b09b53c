//! The configuration: which namespace, and which resources.

use function::{Config, GroupKind, Object};
use manifest::Node;

/// The function's own kind of configuration.
const OWN: GroupKind<'_> = GroupKind { group: "fn.kpt.dev", kind: "SetNamespace" };
/// Its version, which is looked at.
const OWN_VERSION: &str = "fn.kpt.dev/v1alpha1";
/// The name of the ConfigMap in which kpt describes a package; its `name` serves as a namespace.
const PACKAGE_CONTEXT: &str = "kptfile.kpt.dev";

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Where to move resources.
    pub(crate) namespace: String,
    /// Only those of this namespace, or that came from it.
    pub(crate) matcher: Option<String>,
}

impl Settings {
    /// Reads a `functionConfig`; the error is the catalog's sentence.
    pub(crate) fn read(config: Option<&Node>) -> Result<Self, String> {
        let Some(node) = config.filter(|node| !node.kind().is_empty()) else {
            return Err(
                "FunctionConfig is missing. Expect `ConfigMap.v1` or `SetNamespace.v1alpha1.fn.kpt.dev`"
                    .to_owned(),
            );
        };
        // kpt's placeholder for a missing configuration is a ConfigMap without data: its data is what is missing.
        let is_config_map = node.api_version() == "v1" && node.kind() == "ConfigMap";
        if is_config_map {
            return Self::from_config_map(node);
        }
        match Config::of(config, OWN) {
            Config::Own(own) if own.api_version() == OWN_VERSION => Self::from_own(own),
            _ => Err(format!(
                "unknown functionConfig Kind={} ApiVersion={}, expect `ConfigMap.v1` or `SetNamespace.v1alpha1.fn.kpt.dev`",
                node.kind(),
                node.api_version()
            )),
        }
    }

    fn from_config_map(node: &Node) -> Result<Self, String> {
        let namespace = match (node.text(&["data", "namespace"]), node.text(&["data", "name"])) {
            ("", name) if !name.is_empty() && node.name() == PACKAGE_CONTEXT => name,
            ("", _) => return Err("`data.namespace` should not be empty".to_owned()),
            (namespace, _) => namespace,
        };
        Ok(Self::new(namespace, node.text(&["data", "namespaceMatcher"])))
    }

    fn from_own(node: &Node) -> Result<Self, String> {
        match node.text(&["namespace"]) {
            "" => Err("`namespace` should not be empty".to_owned()),
            namespace => Ok(Self::new(namespace, node.text(&["namespaceMatcher"]))),
        }
    }

    fn new(namespace: &str, matcher: &str) -> Self {
        let matcher = Some(matcher.to_owned()).filter(|matcher| !matcher.is_empty());
        Self { namespace: namespace.to_owned(), matcher }
    }
}
