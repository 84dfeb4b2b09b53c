//! The configuration: the script, and its name.

use function::{Config, Failure, GroupKind, Object};
use manifest::Node;

/// The function's own kind of configuration; its `params` are for the script to read.
const OWN: GroupKind<'_> = GroupKind { group: "fn.kpt.dev", kind: "StarlarkRun" };

/// What to run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// What errors call the script.
    pub(crate) name: String,
    /// The script.
    pub(crate) source: String,
}

impl Settings {
    /// Reads a `functionConfig`.
    ///
    /// # Errors
    /// When it is neither a ConfigMap nor a StarlarkRun, or holds no script.
    pub(crate) fn read(config: Option<&Node>) -> Result<Self, Failure> {
        let (node, path) = match Config::of(config, OWN) {
            Config::Own(node) => (node, ["source"].as_slice()),
            Config::ConfigMap(node) => (node, ["data", "source"].as_slice()),
            Config::Missing => return Err("`source` must not be empty".into()),
            Config::Unknown(node) => {
                return Err(format!(
                    "`functionConfig` must be either /v1, Kind=ConfigMap or fn.kpt.dev/v1alpha1, Kind=StarlarkRun, \
                     but we got: {}, Kind={}",
                    node.api_version(),
                    node.kind()
                )
                .into());
            }
        };
        match node.text(path) {
            "" => Err("`source` must not be empty".into()),
            source => Ok(Self { name: node.name().to_owned(), source: source.to_owned() }),
        }
    }
}
