//! The configuration: how bad each kind of finding is, and whether an error fails the run.

use function::{Config, Failure, GroupKind, Object, Severity, text_map};
use manifest::Node;

/// The function's own kind of configuration.
const OWN: GroupKind<'_> = GroupKind { group: "example.com", kind: "ImageRules" };

/// How bad findings are; none: not looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Images without a fixed tag. Default: error.
    pub(crate) images: Option<Severity>,
    /// Containers without limits. Default: warning.
    pub(crate) limits: Option<Severity>,
    /// Whether an error fails the run. Default: yes.
    pub(crate) fails: bool,
}

impl Settings {
    /// Reads a ConfigMap's `data`, or the `rules` of an `ImageRules`; the defaults without either.
    pub(crate) fn read(config: Option<&Node>) -> Result<Self, Failure> {
        let mut settings =
            Self { images: Some(Severity::Error), limits: Some(Severity::Warning), fails: true };
        let entries = match Config::of(config, OWN) {
            Config::Own(node) => text_map(node.get("rules")),
            Config::Unknown(node) => {
                return Err(format!(
                    "a {} is no configuration of no-latest, use a ConfigMap or ImageRules",
                    node.kind()
                )
                .into());
            }
            other => other.data(),
        };
        for (key, value) in entries {
            match key {
                "images" => settings.images = severity(key, value)?,
                "limits" => settings.limits = severity(key, value)?,
                "fail" => settings.fails = value != "false",
                _ => return Err(format!("unknown setting {key:?}, expect images, limits or fail").into()),
            }
        }
        Ok(settings)
    }
}

/// Reads a severity, or `off`.
fn severity(key: &str, word: &str) -> Result<Option<Severity>, Failure> {
    match word {
        "error" => Ok(Some(Severity::Error)),
        "warning" => Ok(Some(Severity::Warning)),
        "info" => Ok(Some(Severity::Info)),
        "off" => Ok(None),
        _ => Err(format!("{key} is {word:?}, expect error, warning, info or off").into()),
    }
}
