//! Looks up the types that a parsed `.proto` names, and checks what its fields say.
//!
//! A name is looked for from the innermost message outwards, as the language has it. What is not found, or stands twice,
//! is refused by its name.

use std::collections::{BTreeMap, BTreeSet};

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto};

use super::super::wire::MAX_NUMBER;
use super::{
    EnumType, FieldType, Kind, MAX_FIELDS, MAX_SERVICES, MessageType, ProtoError, Schema, ServiceType,
    Special, method_type, roles,
};
use crate::words;

/// What JSON has a form for, and `Any` and `Empty`.
const GOOGLE: &str = include_str!("google.proto");

/// The files that it is spread over elsewhere. `descriptor.proto` is for options, which are passed over.
const IMPORTS: [&str; 8] =
    ["any", "descriptor", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers"];

type Read<T> = Result<T, ProtoError>;

/// The schema of a file.
pub(super) fn schema(file: &FileDescriptorProto) -> Read<Schema> {
    let mut names = Names::default();
    if imports_google(file)? {
        let google = protox_parse::parse("google.proto", GOOGLE)
            .map_err(|error| ProtoError::new(error.to_string()))?;
        names.collect(&google)?;
        names.collect(file)?;
        return names.schema(&[&google, file]);
    }
    names.collect(file)?;
    names.schema(&[file])
}

/// Whether a file imports some of what is known.
fn imports_google(file: &FileDescriptorProto) -> Read<bool> {
    for import in &file.dependency {
        let name = import.strip_prefix("google/protobuf/").and_then(|name| name.strip_suffix(".proto"));
        if !name.is_some_and(|name| IMPORTS.contains(&name)) {
            return Err(ProtoError::new(format!(
                "it imports `{import}`, which is not here: put the messages that it needs into this text"
            )));
        }
    }
    Ok(!file.dependency.is_empty())
}

/// A type's place in the schema.
#[derive(Clone, Copy, Debug)]
enum Place {
    Message(usize),
    Enum(usize),
}

/// All types by their whole names.
#[derive(Debug, Default)]
struct Names {
    places: BTreeMap<String, Place>,
    messages: usize,
    enums: usize,
    fields: usize,
}

/// Counts what a text may have so much of.
fn count(all: &mut usize, more: usize, what: &str, limit: usize) -> Read<()> {
    *all = all.saturating_add(more);
    if *all <= limit {
        return Ok(());
    }
    let limit = words::grouped(limit as u64);
    Err(ProtoError::new(format!("it has more than the {limit} {what} that a .proto may have")))
}

/// A name inside of another.
fn within(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}

impl Names {
    fn collect(&mut self, file: &FileDescriptorProto) -> Read<()> {
        self.scope(file.package(), &file.message_type, &file.enum_type)
    }

    /// The parser bounds how deep messages stand in each other.
    fn scope(
        &mut self,
        scope: &str,
        messages: &[DescriptorProto],
        enums: &[EnumDescriptorProto],
    ) -> Read<()> {
        for message in messages {
            let name = within(scope, message.name());
            count(&mut self.fields, message.field.len(), "fields", MAX_FIELDS)?;
            let place = Place::Message(self.messages);
            self.messages += 1;
            self.add(name.clone(), place)?;
            self.scope(&name, &message.nested_type, &message.enum_type)?;
        }
        for enumeration in enums {
            let place = Place::Enum(self.enums);
            self.enums += 1;
            self.add(within(scope, enumeration.name()), place)?;
        }
        Ok(())
    }

    fn add(&mut self, name: String, place: Place) -> Read<()> {
        match self.places.insert(name.clone(), place) {
            None => Ok(()),
            Some(_) => Err(ProtoError::new(format!("`{name}` is there twice"))),
        }
    }

    /// The type that a name means in a scope.
    fn find(&self, scope: &str, name: &str) -> Option<Place> {
        if let Some(whole) = name.strip_prefix('.') {
            return self.places.get(whole).copied();
        }
        let mut scope = scope;
        loop {
            if let Some(place) = self.places.get(&within(scope, name)) {
                return Some(*place);
            }
            if scope.is_empty() {
                return None;
            }
            scope = scope.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
    }

    fn schema(&self, files: &[&FileDescriptorProto]) -> Read<Schema> {
        let mut schema = Schema::default();
        for file in files {
            let is_proto2 = file.syntax.is_none() || file.syntax() == "proto2";
            for message in &file.message_type {
                self.message(file.package(), message, is_proto2, &mut schema)?;
            }
            schema.enums.extend(file.enum_type.iter().map(|it| enumeration(file.package(), it)));
            self.services(file, &mut schema)?;
        }
        Ok(schema)
    }

    /// In the order of [`Names::scope`], by which types have their places.
    fn message(
        &self,
        scope: &str,
        message: &DescriptorProto,
        is_proto2: bool,
        schema: &mut Schema,
    ) -> Read<()> {
        let name = within(scope, message.name());
        let mut fields = Vec::with_capacity(message.field.len());
        for field in &message.field {
            fields.push(self.field(&name, field, is_proto2)?);
        }
        fields.sort_by_key(|field| field.number);
        if let Some((one, other)) =
            fields.iter().zip(fields.iter().skip(1)).find(|(one, other)| one.number == other.number)
        {
            let cause =
                format!("fields `{}` and `{}` of `{name}` have the same number", one.name, other.name);
            return Err(ProtoError::new(cause));
        }
        let is_entry = message.options.as_ref().is_some_and(|options| options.map_entry());
        let required = |(place, field): (usize, &FieldType)| field.is_required.then_some(place);
        schema.messages.push(MessageType {
            special: special(&name),
            name: name.clone(),
            by_name: by_name(&name, &fields)?,
            required: fields.iter().enumerate().filter_map(required).collect(),
            fields,
            is_entry,
        });
        for nested in &message.nested_type {
            self.message(&name, nested, is_proto2, schema)?;
        }
        schema.enums.extend(message.enum_type.iter().map(|it| enumeration(&name, it)));
        Ok(())
    }

    fn field(&self, scope: &str, field: &FieldDescriptorProto, is_proto2: bool) -> Read<FieldType> {
        let name = field.name();
        let whole = within(scope, name);
        let number = u32::try_from(field.number()).ok().filter(|number| (1..=MAX_NUMBER).contains(number));
        let number = number.ok_or_else(|| {
            ProtoError::new(format!("field `{whole}` has the number {}, which is none", field.number()))
        })?;
        let kind = self.kind(scope, field)?;
        let is_repeated = field.label() == Label::Repeated;
        let is_message = matches!(kind, Kind::Message(_) | Kind::Group(_));
        let has_presence = !is_repeated
            && (is_message || is_proto2 || field.proto3_optional() || field.oneof_index.is_some());
        let is_number = !is_message && !matches!(kind, Kind::String | Kind::Bytes);
        Ok(FieldType {
            name: name.to_owned(),
            json: field.json_name.clone().unwrap_or_else(|| camel(name)),
            number,
            kind,
            is_repeated,
            is_required: field.label() == Label::Required,
            has_presence,
            is_packed: is_repeated && is_number && !is_proto2,
            oneof: field
                .oneof_index
                .filter(|_| !field.proto3_optional())
                .and_then(|index| usize::try_from(index).ok()),
        })
    }

    fn kind(&self, scope: &str, field: &FieldDescriptorProto) -> Read<Kind> {
        let plain = match field.r#type.and_then(|kind| Type::try_from(kind).ok()) {
            Some(Type::Double) => Kind::Double,
            Some(Type::Float) => Kind::Float,
            Some(Type::Int32) => Kind::Int32,
            Some(Type::Int64) => Kind::Int64,
            Some(Type::Uint32) => Kind::Uint32,
            Some(Type::Uint64) => Kind::Uint64,
            Some(Type::Sint32) => Kind::Sint32,
            Some(Type::Sint64) => Kind::Sint64,
            Some(Type::Fixed32) => Kind::Fixed32,
            Some(Type::Fixed64) => Kind::Fixed64,
            Some(Type::Sfixed32) => Kind::Sfixed32,
            Some(Type::Sfixed64) => Kind::Sfixed64,
            Some(Type::Bool) => Kind::Bool,
            Some(Type::String) => Kind::String,
            Some(Type::Bytes) => Kind::Bytes,
            Some(Type::Message | Type::Group | Type::Enum) | None => {
                let is_group = field.r#type == Some(Type::Group.into());
                return match self.find(scope, field.type_name()) {
                    Some(Place::Message(place)) if is_group => Ok(Kind::Group(place)),
                    Some(Place::Message(place)) => Ok(Kind::Message(place)),
                    Some(Place::Enum(place)) => Ok(Kind::Enum(place)),
                    None => Err(ProtoError::new(format!(
                        "field `{}` is of the type `{}`, which nothing defines",
                        within(scope, field.name()),
                        field.type_name()
                    ))),
                };
            }
        };
        Ok(plain)
    }

    fn services(&self, file: &FileDescriptorProto, schema: &mut Schema) -> Read<()> {
        count(&mut 0, file.service.len(), "services", MAX_SERVICES)?;
        count(&mut 0, file.service.iter().map(|it| it.method.len()).sum(), "methods", MAX_FIELDS)?;
        let mut roles = roles(file);
        for (index, service) in file.service.iter().enumerate() {
            let whole = within(file.package(), service.name());
            let mut methods = Vec::with_capacity(service.method.len());
            for described in &service.method {
                let message = |name: &str| match self.find(&whole, name) {
                    Some(Place::Message(place)) => {
                        Ok((place, schema.message(place).map_or("", |it| &it.name).to_owned()))
                    }
                    _ => Err(ProtoError::new(format!(
                        "method `{whole}.{}` names the message `{name}`, which nothing defines",
                        described.name()
                    ))),
                };
                let mut method = method_type(service, described.name());
                (method.request, method.request_name) = message(described.input_type())?;
                (method.reply, method.reply_name) = message(described.output_type())?;
                methods.push(method);
            }
            let role = roles.remove(&index).unwrap_or_default();
            schema.services.push(ServiceType { name: service.name().to_owned(), role, methods });
        }
        Ok(())
    }
}

/// The places of fields by their names; those of JSON give way to the others.
fn by_name(message: &str, fields: &[FieldType]) -> Read<BTreeMap<String, usize>> {
    let mut places: BTreeMap<String, usize> =
        fields.iter().enumerate().map(|(place, field)| (field.json.clone(), place)).collect();
    let mut names = BTreeSet::new();
    for (place, field) in fields.iter().enumerate() {
        if !names.insert(&field.name) {
            return Err(ProtoError::new(format!("`{message}` has two fields `{}`", field.name)));
        }
        places.insert(field.name.clone(), place);
    }
    Ok(places)
}

fn enumeration(scope: &str, described: &EnumDescriptorProto) -> EnumType {
    let value = |value: &prost_types::EnumValueDescriptorProto| (value.name().to_owned(), value.number());
    EnumType { name: within(scope, described.name()), values: described.value.iter().map(value).collect() }
}

fn special(name: &str) -> Option<Special> {
    Some(match name.strip_prefix("google.protobuf.")? {
        "Struct" => Special::Struct,
        "Value" => Special::Value,
        "ListValue" => Special::ListValue,
        "Timestamp" => Special::Timestamp,
        "Duration" => Special::Duration,
        "FieldMask" => Special::FieldMask,
        wrapper if wrapper.ends_with("Value") && !wrapper.contains('.') => Special::Wrapper,
        _ => return None,
    })
}

/// `my_data` as `myData`.
pub(super) fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut is_next_upper = false;
    for c in name.chars() {
        match c {
            '_' => is_next_upper = true,
            c if is_next_upper => {
                camel.push(c.to_ascii_uppercase());
                is_next_upper = false;
            }
            c => camel.push(c),
        }
    }
    camel
}
