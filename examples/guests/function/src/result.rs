//! A result of the KRM functions specification.

use manifest::Node;

/// How bad a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// For information.
    Info,
    /// Worth a look.
    Warning,
    /// Wrong. It does not fail the run by itself: the exit code does.
    Error,
}

impl Severity {
    /// The word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The parts of a result beside its message and severity, in the order they are written.
const PARTS: [&str; 4] = ["resourceRef", "field", "file", "tags"];

/// One result, built up part by part.
#[derive(Clone, Debug)]
pub struct KrmResult {
    message: String,
    severity: Option<Severity>,
    parts: Node,
}

impl KrmResult {
    /// A message without a severity, which kpt prints as information.
    #[must_use]
    pub fn plain(message: impl Into<String>) -> Self {
        Self { message: message.into(), severity: None, parts: Node::mapping() }
    }

    /// A message of a severity.
    #[must_use]
    pub fn new(severity: Severity, message: impl Into<String>) -> Self {
        Self { severity: Some(severity), ..Self::plain(message) }
    }

    /// For information.
    #[must_use]
    pub fn info(message: impl Into<String>) -> Self {
        Self::new(Severity::Info, message)
    }

    /// Worth a look.
    #[must_use]
    pub fn warning(message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, message)
    }

    /// Wrong.
    #[must_use]
    pub fn error(message: impl Into<String>) -> Self {
        Self::new(Severity::Error, message)
    }

    /// With a part as the specification names it: `resourceRef`, `field`, `file` or `tags`. Other names are
    /// not written.
    #[must_use]
    pub fn part(mut self, name: &str, value: Node) -> Self {
        self.parts.set(name, value);
        self
    }

    /// With the path of the field it speaks of, such as `spec.template.spec.containers[0].image`.
    #[must_use]
    pub fn field(mut self, path: &str) -> Self {
        self.parts.set_at(&["field", "path"], Node::string(path));
        self
    }

    /// With what the field holds. The specification wants [`Self::field`] with it.
    #[must_use]
    pub fn current(mut self, value: Node) -> Self {
        self.parts.set_at(&["field", "currentValue"], value);
        self
    }

    /// With what the field should hold. The specification wants [`Self::field`] with it.
    #[must_use]
    pub fn proposed(mut self, value: Node) -> Self {
        self.parts.set_at(&["field", "proposedValue"], value);
        self
    }

    /// With a file and the resource's index in it; nothing when the path is empty, since the specification
    /// wants one.
    #[must_use]
    pub fn file(mut self, path: &str, index: Option<i64>) -> Self {
        if !path.is_empty() {
            self.parts.set_at(&["file", "path"], Node::string(path));
            if let Some(index) = index {
                self.parts.set_at(&["file", "index"], Node::integer(index));
            }
        }
        self
    }

    /// The result as it stands on the wire.
    #[must_use]
    pub fn into_node(mut self) -> Node {
        let mut node = Node::mapping();
        node.set("message", Node::string(self.message));
        if let Some(severity) = self.severity {
            node.set("severity", Node::string(severity.word()));
        }
        for name in PARTS {
            if let Some(part) = self.parts.remove(name) {
                node.set(name, part);
            }
        }
        node
    }
}

/// A text in double quotes, as Go's `%q` writes it, for messages that are the same as the catalog's.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("{text:?}")
}
