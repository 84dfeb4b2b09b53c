//! What expressions can name, and JSON as CEL's values.
//!
//! A variable that is not known is an error that says what is missing, and only where an expression asks for it.

use std::collections::HashMap;
use std::sync::Arc;

use kube_cel::cel::objects::Key;
use kube_cel::cel::{ExecutionError, Value};
use serde_json::Value as Json;

/// What expressions can name.
#[derive(Clone, Debug)]
pub(crate) struct Variables {
    /// The object; null where there is none.
    pub(crate) object: Json,
    /// The object as it was; null where there is none.
    pub(crate) old_object: Json,
    /// The request, without its objects.
    pub(crate) request: Json,
    /// The object's namespace, null where it is in none, or why it is not known.
    pub(crate) namespace_object: Result<Json, String>,
}

/// The names of the variables.
pub(super) const NAMES: [&str; 4] = ["object", "oldObject", "request", "namespaceObject"];

impl Variables {
    /// The value at a path that begins with a variable.
    ///
    /// # Errors
    /// When something of the path is not there.
    pub(super) fn at<'a>(&'a self, path: &[&str]) -> Result<&'a Json, ExecutionError> {
        let (name, fields) = path.split_first().ok_or_else(|| ExecutionError::no_such_key(""))?;
        let root = match *name {
            "object" => &self.object,
            "oldObject" => &self.old_object,
            "request" => &self.request,
            "namespaceObject" => self
                .namespace_object
                .as_ref()
                .map_err(|cause| ExecutionError::function_error("namespaceObject", cause))?,
            other => return Err(ExecutionError::undeclared_reference(other)),
        };
        fields.iter().try_fold(root, |value, field| field_of(value, field))
    }

    /// Whether the last of a path is there. What is before it must be.
    ///
    /// # Errors
    /// As [`Variables::at`].
    pub(super) fn has(&self, path: &[&str]) -> Result<bool, ExecutionError> {
        let (last, before) = path.split_last().ok_or_else(|| ExecutionError::no_such_key(""))?;
        match self.at(before)? {
            Json::Object(fields) => Ok(fields.contains_key(*last)),
            _ => Err(ExecutionError::no_such_key(last)),
        }
    }
}

fn field_of<'a>(value: &'a Json, field: &str) -> Result<&'a Json, ExecutionError> {
    value.as_object().and_then(|fields| fields.get(field)).ok_or_else(|| ExecutionError::no_such_key(field))
}

/// JSON as a value. Its numbers without a fraction are integers.
pub(super) fn to_cel(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => Value::Int(value),
            (None, Some(value)) => Value::UInt(value),
            (None, None) => Value::Float(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(to_cel).collect())),
        Json::Object(fields) => {
            let fields: HashMap<Key, Value> =
                fields.iter().map(|(key, value)| (Key::from(key.clone()), to_cel(value))).collect();
            Value::from(fields)
        }
    }
}

/// What a value is called.
pub(super) fn kind(value: &Value) -> String {
    value.type_of().to_string()
}
