//! The text of a `.proto` as messages, enumerations and services: parsed by `protox-parse`, names and types looked up
//! here.
//!
//! It imports nothing from outside: of `google/protobuf` it knows what JSON has a form for, and every other import is
//! refused by its name. Options are passed over.

pub(crate) mod decode;
pub(crate) mod encode;
mod nesting;
mod numbers;
mod resolve;
mod time;

use std::collections::BTreeMap;

use prost_types::{FileDescriptorProto, ServiceDescriptorProto};

use super::names::snake;
use crate::words;

/// The largest text that is read, in bytes: the longest files of Kubernetes itself are half of it.
const MAX_PROTO_BYTES: usize = 512 << 10;

/// How deep braces and the like may be nested: the parser and all that walks its result go one call deeper for each.
const MAX_NESTING: usize = 50;

/// The most fields over all messages, with those that belong to a map, and the most methods: nobody reads more.
const MAX_FIELDS: usize = 20_000;

/// The most services: a text has one or two.
const MAX_SERVICES: usize = 1_000;

/// What a `.proto` describes.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    pub(super) messages: Vec<MessageType>,
    pub(super) enums: Vec<EnumType>,
    pub(crate) services: Vec<ServiceType>,
}

/// A message.
#[derive(Debug, Default)]
pub(super) struct MessageType {
    /// With its package and the messages that it stands in.
    pub(super) name: String,
    /// By their numbers.
    pub(super) fields: Vec<FieldType>,
    /// The places of the fields by their names, those of JSON with them.
    pub(super) by_name: BTreeMap<String, usize>,
    /// The places of the fields that must be there.
    pub(super) required: Vec<usize>,
    /// Whether it is an entry of a map.
    pub(super) is_entry: bool,
    /// How JSON writes it, where that is not as an object of its fields.
    pub(super) special: Option<Special>,
}

/// Messages of `google.protobuf` that JSON writes in a way of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    /// `StringValue` and its like: the value alone.
    Wrapper,
    Struct,
    Value,
    ListValue,
    Timestamp,
    Duration,
    FieldMask,
}

/// A field.
#[derive(Debug)]
pub(super) struct FieldType {
    pub(super) name: String,
    /// Its name in JSON.
    pub(super) json: String,
    pub(super) number: u32,
    pub(super) kind: Kind,
    pub(super) is_repeated: bool,
    pub(super) is_required: bool,
    /// Whether a value that is the default is written too.
    pub(super) has_presence: bool,
    /// Whether several numbers are written as one value.
    pub(super) is_packed: bool,
    /// Of several fields with one of these at most one is there.
    pub(super) oneof: Option<usize>,
}

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Double,
    Float,
    Int32,
    Int64,
    Uint32,
    Uint64,
    Sint32,
    Sint64,
    Fixed32,
    Fixed64,
    Sfixed32,
    Sfixed64,
    Bool,
    String,
    Bytes,
    /// By its place in the schema.
    Message(usize),
    /// A message between a beginning and an end.
    Group(usize),
    /// By its place in the schema.
    Enum(usize),
}

/// An enumeration.
#[derive(Debug, Default)]
pub(super) struct EnumType {
    pub(super) name: String,
    /// The first is the default.
    pub(super) values: Vec<(String, i32)>,
}

/// A service.
#[derive(Debug, Default)]
pub(crate) struct ServiceType {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) methods: Vec<MethodType>,
}

/// Which side a service is on, by the annotation above it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Role {
    /// No annotation.
    #[default]
    Unsaid,
    /// `go:plugin type=plugin version=N`: the module has it.
    Plugin(u64),
    /// `go:plugin type=host module=NAME`: the host has it.
    Host(String),
}

/// A method.
#[derive(Debug, Default)]
pub(crate) struct MethodType {
    pub(crate) name: String,
    /// Its name among a module's exports.
    pub(crate) export: String,
    /// Its name among the imports, which has no service.
    pub(crate) import: String,
    /// The place of the message in the schema, and its name.
    pub(crate) request: usize,
    pub(crate) request_name: String,
    pub(crate) reply: usize,
    pub(crate) reply_name: String,
}

/// Why a text is no `.proto`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProtoError {
    /// The line, from 1, where it is known.
    pub(crate) line: Option<usize>,
    pub(crate) message: String,
}

impl ProtoError {
    fn new(message: impl Into<String>) -> Self {
        Self { line: None, message: message.into() }
    }
}

impl Schema {
    /// Reads a text.
    ///
    /// # Errors
    /// [`ProtoError`], with the line where there is one.
    pub(crate) fn read(text: &str) -> Result<Self, ProtoError> {
        if text.len() > MAX_PROTO_BYTES {
            let (size, limit) = (words::grouped(text.len() as u64), words::grouped(MAX_PROTO_BYTES as u64));
            return Err(ProtoError::new(format!(
                "{size} bytes are more than the {limit} that a .proto may have"
            )));
        }
        if let Some(line) = nesting::too_deep(text, MAX_NESTING) {
            let message = format!("braces are nested deeper than {MAX_NESTING}");
            return Err(ProtoError { line: Some(line), message });
        }
        let file = protox_parse::parse("proto", text).map_err(|error| {
            let start = error.span().map(|span| span.start);
            let before = start.and_then(|start| text.get(..start));
            ProtoError {
                line: before.map(|before| before.matches('\n').count() + 1),
                message: error.to_string(),
            }
        })?;
        resolve::schema(&file)
    }

    /// The method of a host service behind an import.
    pub(crate) fn host_method(&self, module: &str, import: &str) -> Option<&MethodType> {
        let is_host = |it: &&ServiceType| matches!(&it.role, Role::Host(name) if name == module);
        let methods = self.services.iter().filter(is_host).flat_map(|service| &service.methods);
        methods.into_iter().find(|method| method.import == import)
    }

    pub(super) fn message(&self, place: usize) -> Option<&MessageType> {
        self.messages.get(place)
    }

    pub(super) fn enumeration(&self, place: usize) -> Option<&EnumType> {
        self.enums.get(place)
    }
}

/// The number of a service's place in a file's description.
const SERVICE_TAG: i32 = 6;

/// What the comments above services say of them, by their places in the file. Source: go-plugin, `gen/options.go`.
fn roles(file: &FileDescriptorProto) -> BTreeMap<usize, Role> {
    let locations = file.source_code_info.iter().flat_map(|info| &info.location);
    let role = |location: &prost_types::source_code_info::Location| {
        let [SERVICE_TAG, index] = location.path.as_slice() else { return None };
        let comment = location.leading_comments.as_deref()?;
        Some((usize::try_from(*index).ok()?, comment.lines().find_map(annotation)?))
    };
    locations.filter_map(role).collect()
}

fn annotation(line: &str) -> Option<Role> {
    let (_, said) = line.split_once("go:plugin")?;
    let mut role = Role::Unsaid;
    for word in said.split_whitespace() {
        match (word.split_once('='), &mut role) {
            (Some(("type", "plugin")), role) => *role = Role::Plugin(1),
            (Some(("type", "host")), role) => *role = Role::Host("env".into()),
            (Some(("version", number)), Role::Plugin(version)) => {
                *version = number.parse().unwrap_or(*version)
            }
            (Some(("module", name)), Role::Host(module)) => name.clone_into(module),
            _ => {}
        }
    }
    Some(role)
}

/// A method by its description, with the places of its messages.
fn method_type(service: &ServiceDescriptorProto, name: &str) -> MethodType {
    MethodType {
        name: name.to_owned(),
        export: snake(&format!("{}{name}", service.name())),
        import: snake(name),
        ..MethodType::default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn comments_say_on_which_side_a_service_is() {
        let text = r#"syntax = "proto3";
            // Nothing of it.
            service A {}
            // What it is for.
            // go:plugin type=plugin version=3
            service B {}
            /* go:plugin type=host module=kubernetes */
            service C {}
            // go:plugin type=host
            service D {}
            // go:plugin module=lost type=host version=9
            service E {}
            // go:plugin type=plugin version=x
            service F {}
            // go:plugin version=5 type=plugin

            service G {} // go:plugin type=host
        "#;
        let schema = Schema::read(text).unwrap();
        let roles: Vec<_> = schema.services.iter().map(|it| (it.name.as_str(), it.role.clone())).collect();
        let host = |name: &str| Role::Host(name.into());
        assert_eq!(
            roles,
            [
                ("A", Role::Unsaid),
                ("B", Role::Plugin(3)),
                ("C", host("kubernetes")),
                ("D", host("env")),
                ("E", host("env")),
                ("F", Role::Plugin(1)),
                // A blank line parts a comment from what follows.
                ("G", Role::Unsaid),
            ]
        );
    }

    #[test]
    fn a_flood_of_anything_is_read_or_refused() {
        let names = |count: usize, of: &dyn Fn(usize) -> String| (0..count).map(of).collect::<String>();
        for (text, is_read) in [
            (names(20_000, &|n| format!("message A{n} {{}}\n")), true),
            (names(1_000, &|n| format!("service A{n} {{}}\n")), true),
            (names(1_001, &|n| format!("service A{n} {{}}\n")), false),
            (
                format!(
                    "message M {{}} service S {{{}}}",
                    names(20_001, &|n| format!("rpc A{n}(M) returns(M);"))
                ),
                false,
            ),
            (format!("enum E {{{}}}", names(30_000, &|n| format!("A{n}={n};"))), true),
            (format!("message M {{{}}}", names(5_000, &|n| format!("map<string,M> a{n}={};", n + 1))), true),
            (names(20_000, &|n| format!("option a{n}=1;")), true),
        ] {
            let read = Schema::read(&format!("syntax = \"proto3\";\n{text}"));
            assert_eq!(read.is_ok(), is_read, "{:?}", read.err());
        }
    }
}
