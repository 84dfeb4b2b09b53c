//! Visits every field of an object together with its path, as KRM results write paths:
//! `spec.template.spec.containers[0].image`.

use manifest::{Entry, Node, Value};

use crate::Failure;

/// What is done at each field.
pub trait Visitor {
    /// Visits a scalar value.
    ///
    /// # Errors
    /// A failure ends the walk.
    fn scalar(&mut self, node: &mut Node, path: &str) -> Result<(), Failure>;

    /// Visits a key whose value is a list, before its elements.
    ///
    /// # Errors
    /// A failure ends the walk.
    fn list(&mut self, _entry: &mut Entry, _path: &str) -> Result<(), Failure> {
        Ok(())
    }
}

/// Walks an object, depth first. The parser bounds how deep that can be.
///
/// # Errors
/// The first failure of the visitor.
pub fn visit(object: &mut Node, visitor: &mut impl Visitor) -> Result<(), Failure> {
    visit_at(object, &mut String::new(), visitor)
}

/// Walks what stands at a path; the path is one buffer, lengthened and cut again.
fn visit_at(node: &mut Node, path: &mut String, visitor: &mut impl Visitor) -> Result<(), Failure> {
    let length = path.len();
    match &mut node.value {
        Value::Scalar(_) => return visitor.scalar(node, path),
        Value::Sequence(elements) => {
            for (index, element) in elements.iter_mut().enumerate() {
                path.push_str(&format!("[{index}]"));
                visit_at(element, path, visitor)?;
                path.truncate(length);
            }
        }
        Value::Mapping(entries) => {
            // Lists first: a visitor that replaces a whole list then sees its new elements below.
            for pass in [Pass::Lists, Pass::Values] {
                for entry in entries.iter_mut() {
                    push_key(path, entry.key.scalar_text().unwrap_or_default());
                    match pass {
                        Pass::Lists if matches!(entry.value.value, Value::Sequence(_)) => {
                            visitor.list(entry, path)?
                        }
                        Pass::Lists => {}
                        Pass::Values => visit_at(&mut entry.value, path, visitor)?,
                    }
                    path.truncate(length);
                }
            }
        }
    }
    Ok(())
}

/// What a pass over a mapping looks at.
#[derive(Clone, Copy)]
enum Pass {
    Lists,
    Values,
}

/// Appends a key.
fn push_key(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}
