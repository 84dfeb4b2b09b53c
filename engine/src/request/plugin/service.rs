//! A go-plugin service: the module, the calls that are made of it, and what the host functions answer that no cluster
//! does.
//!
//! It holds text only: messages are JSON, hexadecimal digits or single fields, and are read when the service runs.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::request::File;

/// A service of go-plugin, as wasm-k8s-host-proxy runs them: its methods are called, and it may ask the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ServicePlugin {
    /// The name of its module.
    pub module: String,
    /// The text of a `.proto` that describes its messages. Empty: none, and messages are single fields.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub proto: String,
    /// The service that the calls are of, as the `.proto` names it or as its exports begin. Empty: whichever has the
    /// method.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub service: String,
    /// The version of the interface that the host speaks; a module of another one is refused. Default: what the
    /// `.proto` says beside its service; without one, whatever the module is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The calls, in the order they are made.
    pub calls: Vec<ServiceCall>,
    /// What its host services answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<HostAnswer>,
    /// What the cluster holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<File>,
    /// What a real cluster answered, as `drydock record` writes it: the service is answered from it, and not from
    /// `objects`. Empty: none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub session: String,
}

/// A call of a method. Its message is given in one way, or is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ServiceCall {
    /// The method, as in `GetConfigMap`, or its export, as in `getter_get_config_map`.
    pub method: String,
    /// The message as JSON, by the `.proto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Json>,
    /// The message as it is sent: hexadecimal digits, or `base64:` and base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// The message field by field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<RawField>>,
}

/// What a host function answers, always the same. One of the last four is given, or the answer is an empty message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct HostAnswer {
    /// The import's module. Empty: `env`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub module: String,
    /// The import's name, as in `get_time`, or the method's, as in `GetTime`.
    pub name: String,
    /// The answer as JSON, by the `.proto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Json>,
    /// The answer as it is sent: hexadecimal digits, or `base64:` and base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// The answer field by field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<RawField>>,
    /// Why there is no answer: it ends the call, as in every host of go-plugin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl HostAnswer {
    /// The import's module.
    #[must_use]
    pub fn module(&self) -> &str {
        if self.module.is_empty() { "env" } else { &self.module }
    }
}

/// A field of a message that nothing describes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RawField {
    /// Its number.
    pub number: u32,
    /// How its value is written. Default: as a text.
    #[serde(rename = "type", skip_serializing_if = "RawType::is_string")]
    pub kind: RawType,
    /// Its value: a number, a text, hexadecimal digits, or a list of fields.
    pub value: Json,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RawType {
    /// A text.
    #[default]
    String,
    /// Bytes, as hexadecimal digits, or `base64:` and base64.
    Bytes,
    /// A message: a list of fields.
    Message,
    /// A number of as few bytes as it needs: `int32` to `uint64`, `bool` and enumerations.
    Varint,
    /// The same for numbers below 0: `sint32` and `sint64`.
    Zigzag,
    /// Four bytes.
    Fixed32,
    /// Eight bytes.
    Fixed64,
    /// A number of four bytes with a fraction.
    Float,
    /// A number of eight bytes with a fraction.
    Double,
}

impl RawType {
    fn is_string(&self) -> bool {
        *self == Self::String
    }
}
