//! What a policy may ask its host: to log, and for objects of the cluster.
//!
//! Outside a host every question fails.

use policy::Failure;
use serde_json::{Value, json};

use crate::Answer;

/// The host that runs the policy.
#[derive(Debug)]
pub struct Host(());

impl Host {
    pub(crate) fn new() -> Self {
        Self(())
    }

    /// Logs a line. `level` is `trace`, `debug`, `info`, `warning` or `error`.
    pub fn log(&self, level: &str, message: &str) {
        // Nothing depends on whether anybody listens.
        let _ = call("tracing", "log", &json!({ "level": level, "message": message }));
    }

    /// All objects of a kind, in all namespaces.
    ///
    /// # Errors
    /// When the host refuses: the policy must be granted the kind.
    pub fn list(&self, api_version: &str, kind: &str) -> Result<Vec<Value>, Failure> {
        let question = json!({ "api_version": api_version, "kind": kind });
        let mut list = self.ask("kubernetes", "list_resources_all", &question)?;
        match list.get_mut("items").map(Value::take) {
            Some(Value::Array(items)) => Ok(items),
            _ => Err(format!("the host's list of {api_version} {kind} has no items").into()),
        }
    }

    /// Asks for anything that a host of Kubewarden's may answer.
    ///
    /// # Errors
    /// When the host refuses, or answers with anything but JSON.
    pub fn ask(&self, namespace: &str, operation: &str, question: &Value) -> Result<Value, Failure> {
        let answer = call(namespace, operation, question).map_err(|error| error.to_string())?;
        serde_json::from_slice(&answer)
            .map_err(|error| format!("the host's answer to {namespace}/{operation}: {error}").into())
    }
}

#[cfg(target_family = "wasm")]
fn call(namespace: &str, operation: &str, question: &Value) -> Answer {
    wapc_guest::host_call("kubewarden", namespace, operation, question.to_string().as_bytes())
}

#[cfg(not(target_family = "wasm"))]
fn call(namespace: &str, operation: &str, _: &Value) -> Answer {
    Err(format!("there is no host here to ask for {namespace}/{operation}").into())
}

/// Tells the host which function answers an operation.
#[cfg(target_family = "wasm")]
pub(crate) fn register(operation: &str, function: fn(&[u8]) -> Answer) {
    wapc_guest::register_function(operation, function);
}

#[cfg(not(target_family = "wasm"))]
pub(crate) fn register(_: &str, _: fn(&[u8]) -> Answer) {}
