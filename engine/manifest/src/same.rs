//! Equality of values as kubectl reads them, whatever the style, the comments and the order of keys.

use std::collections::HashMap;

use crate::node::{Entry, Node, Value};
use crate::scalar::Scalar;

impl Node {
    /// True if kubectl reads the same value from both. Comments, styles and the order of keys do not
    /// count; `1.0` and `1` are the same number.
    pub fn same(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Scalar(a), Value::Scalar(b)) => {
                (a == b && self.style == other.style && self.tag == other.tag)
                    || same_scalar(&self.resolve(), &other.resolve())
            }
            (Value::Sequence(a), Value::Sequence(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            (Value::Mapping(a), Value::Mapping(b)) => same_entries(a, b),
            _ => false,
        }
    }
}

fn same_scalar(a: &Scalar<'_>, b: &Scalar<'_>) -> bool {
    match (a.number(), b.number()) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a == b,
        _ => false,
    }
}

fn same_entries(a: &[Entry], b: &[Entry]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    // Most often the order is the same too.
    let in_order = a.iter().zip(b).take_while(|(a, b)| a.name() == b.name()).count();
    let (Some(rest_a), Some(rest_b)) = (a.get(in_order..), b.get(in_order..)) else { return false };
    let is_same_start = a.iter().zip(b).take(in_order).all(|(a, b)| a.value.same(&b.value));
    if !is_same_start || rest_a.is_empty() {
        return is_same_start;
    }
    let others: HashMap<_, _> = rest_b.iter().map(|entry| (entry.name(), &entry.value)).collect();
    others.len() == rest_a.len()
        && rest_a.iter().all(|entry| others.get(&entry.name()).is_some_and(|it| entry.value.same(it)))
}
