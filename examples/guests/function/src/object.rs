//! What every Kubernetes object has, read from and written to its node.
//!
//! Nothing here knows a kind.

use manifest::{Node, Style};

use crate::KrmResult;

/// The annotation that names what must be applied before an object.
pub const DEPENDS_ON: &str = "config.kubernetes.io/depends-on";
/// The annotation of objects that are never applied to a cluster.
const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";
/// The annotations that hold the file an object came from, the newer first.
const PATH: [&str; 2] = ["internal.config.kubernetes.io/path", "config.kubernetes.io/path"];
/// The annotations that hold its index in that file, the newer first.
const INDEX: [&str; 2] = ["internal.config.kubernetes.io/index", "config.kubernetes.io/index"];

/// A group, version and kind to compare with; an empty part stands for any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gvk<'a> {
    /// Such as `apps`; the core group is empty, and so stands for any.
    pub group: &'a str,
    /// Such as `v1`.
    pub version: &'a str,
    /// Such as `Deployment`.
    pub kind: &'a str,
}

impl<'a> Gvk<'a> {
    /// The three parts.
    #[must_use]
    pub const fn new(group: &'a str, version: &'a str, kind: &'a str) -> Self {
        Self { group, version, kind }
    }

    /// Whether all parts agree, an empty part on either side agreeing with any: how the catalog's functions
    /// compare.
    #[must_use]
    pub fn agrees(self, other: Gvk<'_>) -> bool {
        let agree = |left: &str, right: &str| left.is_empty() || right.is_empty() || left == right;
        agree(self.group, other.group) && agree(self.version, other.version) && agree(self.kind, other.kind)
    }

    /// Whether every part that is given here is the other's: how kustomize selects.
    #[must_use]
    pub fn selects(self, other: Gvk<'_>) -> bool {
        let same = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
        same(self.group, other.group) && same(self.version, other.version) && same(self.kind, other.kind)
    }
}

/// Splits an `apiVersion` into group and version; the group is empty for `v1`.
#[must_use]
pub fn group_and_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

/// A node seen as a Kubernetes object. Text that is missing reads as empty.
pub trait Object {
    /// The text at a path of keys; empty when it is missing or no scalar.
    fn text(&self, path: &[&str]) -> &str;
    /// The value of an annotation; empty when there is none.
    fn annotation(&self, key: &str) -> &str;
    /// Sets an annotation.
    fn set_annotation(&mut self, key: &str, value: &str);
    /// The first annotation of several that is there; empty when none is.
    fn first_annotation(&self, keys: &[&str]) -> &str;

    /// The `apiVersion`.
    fn api_version(&self) -> &str {
        self.text(&["apiVersion"])
    }

    /// The kind.
    fn kind(&self) -> &str {
        self.text(&["kind"])
    }

    /// The name.
    fn name(&self) -> &str {
        self.text(&["metadata", "name"])
    }

    /// The namespace.
    fn namespace(&self) -> &str {
        self.text(&["metadata", "namespace"])
    }

    /// Group, version and kind.
    fn gvk(&self) -> Gvk<'_> {
        let (group, version) = group_and_version(self.api_version());
        Gvk::new(group, version, self.kind())
    }

    /// Whether it is kept from the cluster by the annotation `config.kubernetes.io/local-config`.
    fn is_local_config(&self) -> bool {
        !matches!(self.annotation(LOCAL_CONFIG), "" | "false")
    }

    /// The path of the file it came from; empty when unknown.
    fn file_path(&self) -> &str {
        self.first_annotation(&PATH)
    }

    /// Its index in that file; none when unknown.
    fn file_index(&self) -> Option<i64> {
        self.first_annotation(&INDEX).parse().ok()
    }
}

impl Object for Node {
    fn text(&self, path: &[&str]) -> &str {
        self.at(path).filter(|node| !node.is_null()).and_then(Node::scalar_text).unwrap_or_default()
    }

    fn annotation(&self, key: &str) -> &str {
        self.text(&["metadata", "annotations", key])
    }

    fn set_annotation(&mut self, key: &str, value: &str) {
        self.set_at(&["metadata", "annotations", key], Node::string(value));
    }

    fn first_annotation(&self, keys: &[&str]) -> &str {
        keys.iter().map(|key| self.annotation(key)).find(|value| !value.is_empty()).unwrap_or_default()
    }
}

/// Replaces a scalar's text. Quotes and comments stay; a plain scalar becomes what its new text says, so that
/// `replicas: 3` stays a number. Plain text that is empty gets quotes, or it would read as null.
pub fn replace_text(node: &mut Node, text: &str) {
    let quoted = matches!(node.style, Style::SingleQuoted | Style::DoubleQuoted);
    let style = if text.is_empty() { Style::DoubleQuoted } else { node.style };
    let comments = std::mem::take(&mut node.comments);
    let next =
        if quoted || text.is_empty() { Node { style, ..Node::string(text) } } else { Node::plain(text) };
    *node = Node { comments, ..next };
}

/// Replaces a scalar by a string: quotes and comments stay, and what would read as something else gets quotes.
pub fn replace_string(node: &mut Node, text: &str) {
    let comments = std::mem::take(&mut node.comments);
    let next = Node::string(text);
    let quoted = matches!(node.style, Style::SingleQuoted | Style::DoubleQuoted);
    *node = Node { comments, style: if quoted { node.style } else { next.style }, ..next };
}

impl KrmResult {
    /// The same result, speaking of an object and of the file it came from.
    #[must_use]
    pub fn about(self, object: &Node) -> Self {
        let mut resource = Node::mapping();
        for (key, value) in [
            ("apiVersion", object.api_version()),
            ("kind", object.kind()),
            ("name", object.name()),
            ("namespace", object.namespace()),
        ] {
            if !value.is_empty() {
                resource.set(key, Node::string(value));
            }
        }
        self.part("resourceRef", resource).in_file_of(object)
    }

    /// The same result, speaking of the file an object came from.
    #[must_use]
    pub fn in_file_of(self, object: &Node) -> Self {
        self.file(object.file_path(), object.file_index())
    }
}
