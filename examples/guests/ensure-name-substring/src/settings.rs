//! The configuration: what names must contain, and where it goes.

use function::{Config, Failure, FieldSpec, GroupKind, Gvk, Object, text_map};
use manifest::Node;

/// The function's own kind of configuration.
const OWN: GroupKind<'_> = GroupKind { group: "fn.kpt.dev", kind: "EnsureNameSubstring" };
/// The field that every object has.
pub(crate) const NAME: &str = "metadata/name";

/// What to do.
#[derive(Debug)]
pub(crate) struct Settings {
    substring: String,
    mode: Mode,
    /// The fields to edit, the name itself first.
    pub(crate) fields: Vec<FieldSpec>,
}

/// Where the substring goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Prepend,
    Append,
}

impl Mode {
    fn read(word: &str) -> Result<Self, Failure> {
        match word {
            "prepend" | "" => Ok(Self::Prepend),
            "append" => Ok(Self::Append),
            other => Err(format!("unknown editMode: {other}, only prepend and append are allowed").into()),
        }
    }
}

impl Settings {
    /// Reads a `functionConfig`.
    pub(crate) fn read(config: Option<&Node>) -> Result<Self, Failure> {
        let mut fields = vec![FieldSpec::new(Gvk::default(), NAME)];
        let (substring, mode) = match Config::of(config, OWN) {
            Config::Own(node) => {
                fields.extend(additional_fields(node)?);
                (node.text(&["substring"]), Mode::read(node.text(&["editMode"]))?)
            }
            Config::ConfigMap(node) => only_entry(&text_map(node.get("data")))?,
            Config::Missing => only_entry(&[])?,
            Config::Unknown(node) => {
                return Err(format!(
                    "function config must be either a ConfigMap of v1 or an EnsureNameSubstring of \
                     fn.kpt.dev/v1alpha1, but we got: {}, Kind={}",
                    node.api_version(),
                    node.kind()
                )
                .into());
            }
        };
        if substring.is_empty() {
            return Err("failed validation: substring must not be empty".into());
        }
        Ok(Self { substring: substring.to_owned(), mode, fields })
    }

    /// A name with the substring; none when it contains it already.
    pub(crate) fn edit(&self, name: &str) -> Option<String> {
        if name.contains(&self.substring) { None } else { Some(self.force(name)) }
    }

    /// A name with the substring, whatever it contains.
    pub(crate) fn force(&self, name: &str) -> String {
        match self.mode {
            Mode::Prepend => format!("{}{name}", self.substring),
            Mode::Append => format!("{name}{}", self.substring),
        }
    }
}

/// The only entry of a ConfigMap: its key is the mode.
fn only_entry<'a>(data: &[(&'a str, &'a str)]) -> Result<(&'a str, Mode), Failure> {
    match data {
        [("", _)] => Mode::read("\"\"").map(|mode| ("", mode)),
        [(mode, substring)] => Ok((substring, Mode::read(mode)?)),
        other => Err(format!("only 1 entry is allowed in the ConfigMap, but got: {}", other.len()).into()),
    }
}

/// The fields that a configuration adds, under their newer or older name.
fn additional_fields(node: &Node) -> Result<Vec<FieldSpec>, Failure> {
    let fields = node.get("additionalNameFields").or_else(|| node.get("fieldSpecs"));
    FieldSpec::read_all("additionalNameFields", fields)
}
