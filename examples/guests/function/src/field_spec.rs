//! Kustomize's field specs: which fields of which kinds, as `spec/template/spec/containers[]/image`.
//!
//! Lists on the way are gone through element by element, whether or not the path says `[]`.

use manifest::{Node, Value};

use crate::object::{Gvk, Object};
use crate::{Failure, config};

/// Fields of the objects of some kinds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSpec {
    group: String,
    version: String,
    kind: String,
    path: Vec<String>,
    create: bool,
}

impl FieldSpec {
    /// A path in the objects of a group, version and kind; an empty part stands for any.
    #[must_use]
    pub fn new(gvk: Gvk<'_>, path: &str) -> Self {
        Self {
            group: gvk.group.to_owned(),
            version: gvk.version.to_owned(),
            kind: gvk.kind.to_owned(),
            path: split_path(path),
            create: false,
        }
    }

    /// The same, creating the field where it is missing.
    #[must_use]
    pub fn create(mut self) -> Self {
        self.create = true;
        self
    }

    /// Reads the field specs of a configuration.
    ///
    /// # Errors
    /// When they are no list, or one of them has no path.
    pub fn read_all(name: &str, node: Option<&Node>) -> Result<Vec<Self>, Failure> {
        let Some(node) = node.filter(|node| !node.is_null()) else { return Ok(Vec::new()) };
        let elements = node.as_sequence().ok_or_else(|| format!("{name} must be a list of field specs"))?;
        elements.iter().map(|element| Self::read(name, element)).collect()
    }

    fn read(name: &str, node: &Node) -> Result<Self, Failure> {
        let mut path = "";
        let mut gvk = Gvk::default();
        let mut create = false;
        for (key, value) in config::text_map(Some(node)) {
            match key {
                "path" => path = value,
                "group" => gvk.group = value,
                "version" => gvk.version = value,
                "kind" => gvk.kind = value,
                "create" => create = value == "true",
                _ => return Err(format!("{name} has an unknown field {key:?}").into()),
            }
        }
        if path.is_empty() {
            return Err(format!("{name} has an entry without a path").into());
        }
        Ok(Self { create, ..Self::new(gvk, path) })
    }

    /// The path with dots, as results write it.
    #[must_use]
    pub fn dotted_path(&self) -> String {
        self.path.join(".")
    }

    /// Whether it speaks of an object.
    #[must_use]
    pub fn selects(&self, object: &Node) -> bool {
        Gvk::new(&self.group, &self.version, &self.kind).selects(object.gvk())
    }

    /// Calls `change` on every value at the path, with the path that led there. Where the last key is missing
    /// and the spec creates, it becomes a copy of `empty` first.
    ///
    /// # Errors
    /// The first failure of `change`.
    pub fn change(
        &self,
        object: &mut Node,
        empty: &Node,
        change: &mut impl FnMut(&mut Node, &str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut walk = Walk { spec: self, empty, change };
        walk.at(object, &self.path, &mut String::new())
    }
}

/// One walk along a spec's path.
struct Walk<'a, F> {
    spec: &'a FieldSpec,
    empty: &'a Node,
    change: &'a mut F,
}

impl<F: FnMut(&mut Node, &str) -> Result<(), Failure>> Walk<'_, F> {
    /// Goes on from a node; as deep as the path is long, and lists within lists of the object.
    fn at(&mut self, node: &mut Node, rest: &[String], path: &mut String) -> Result<(), Failure> {
        let length = path.len();
        let Some((segment, rest)) = rest.split_first() else { return (self.change)(node, path) };
        if let Value::Sequence(elements) = &mut node.value {
            for (index, element) in elements.iter_mut().enumerate() {
                path.push_str(&format!("[{index}]"));
                self.below(element, segment, rest, path)?;
                path.truncate(length);
            }
            return Ok(());
        }
        self.below(node, segment, rest, path)
    }

    /// Goes on below a key of a mapping. Anything else has no such field.
    fn below(
        &mut self,
        node: &mut Node,
        segment: &str,
        rest: &[String],
        path: &mut String,
    ) -> Result<(), Failure> {
        let length = path.len();
        let key = segment.strip_suffix("[]").unwrap_or(segment);
        if node.as_mapping().is_none() {
            return Ok(());
        }
        let missing = node.get(key).is_none_or(Node::is_null);
        if missing {
            if !self.spec.create || key.len() < segment.len() {
                return Ok(());
            }
            node.set(key, if rest.is_empty() { self.empty.clone() } else { Node::mapping() });
        }
        let Some(value) = node.get_mut(key) else { return Ok(()) };
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
        let walked = self.at(value, rest, path);
        path.truncate(length);
        walked
    }
}

/// Splits a path at its slashes; `\/` is a slash within a key.
fn split_path(path: &str) -> Vec<String> {
    let mut segments = vec![String::new()];
    let mut characters = path.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.next_if_eq(&'/').is_some() => push(&mut segments, '/'),
            '/' => segments.push(String::new()),
            other => push(&mut segments, other),
        }
    }
    segments
}

/// Appends a character to the last segment.
fn push(segments: &mut [String], character: char) {
    if let Some(last) = segments.last_mut() {
        last.push(character);
    }
}
