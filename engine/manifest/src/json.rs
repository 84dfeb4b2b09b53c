//! JSON out of a tree and a tree out of JSON, as kubectl converts between them.
//!
//! JSON has no comments and no styles; going this way and back loses them.

use serde_json::{Map, Number, Value as Json};

use crate::node::{Entry, Node, Value};
use crate::scalar::Scalar;

/// The JSON kubectl makes of a tree: `yes` is `true`, `0777` is `511`, the key `n` is `"false"`.
///
/// A number beyond 64 bits signed is a float, a whole float is an integer, as in kubectl. Infinities, which
/// the parser refuses, become null. Of two equal keys, which the parser refuses too, the last one counts.
pub fn to_json(node: &Node) -> Json {
    match &node.value {
        Value::Scalar(_) => scalar(&node.resolve()),
        Value::Sequence(items) => Json::Array(items.iter().map(to_json).collect()),
        Value::Mapping(entries) => {
            let pairs = entries.iter().map(|entry| (entry.name().into_owned(), to_json(&entry.value)));
            Json::Object(pairs.collect::<Map<_, _>>())
        }
    }
}

fn scalar(scalar: &Scalar<'_>) -> Json {
    match scalar {
        Scalar::Null => Json::Null,
        Scalar::Bool(value) => Json::Bool(*value),
        Scalar::String(text) => Json::String(text.clone().into_owned()),
        Scalar::Int(_) | Scalar::Float(_) => match scalar.number() {
            Some(Scalar::Int(value)) => i64::try_from(value).map_or(Json::Null, Json::from),
            Some(Scalar::Float(value)) => Number::from_f64(value).map_or(Json::Null, Json::Number),
            _ => Json::Null,
        },
    }
}

/// A tree in block style with the values of `json`. Strings are quoted where kubectl needs it.
pub fn from_json(json: &Json) -> Node {
    match json {
        Json::Null => Node::null(),
        Json::Bool(value) => Node::boolean(*value),
        Json::Number(number) => Node::plain(number.to_string()),
        Json::String(text) => Node::string(text.as_str()),
        Json::Array(items) => Node::sequence(items.iter().map(from_json).collect()),
        Json::Object(entries) => {
            let mut node = Node::mapping();
            node.value = Value::Mapping(
                entries.iter().map(|(key, value)| Entry::new(key, from_json(value))).collect(),
            );
            node
        }
    }
}

/// The JSON text of a tree, without a line break at the end; `pretty` indents by two spaces.
pub fn emit_json(node: &Node, pretty: bool) -> String {
    let json = to_json(node);
    if pretty { format!("{json:#}") } else { json.to_string() }
}
