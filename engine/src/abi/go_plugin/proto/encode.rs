//! JSON as a message, by proto3's mapping. Every error names the field, as in `spec.ports[0].name`.
//!
//! Both names of a field are taken, the one of JSON and the one of the `.proto`. `Any` is taken as its two fields.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value as Json;

use super::super::wire::{self, Value};
use super::{FieldType, Kind, MessageType, Schema, Special, numbers, time};
use crate::abi::fields::shape;

/// How deep messages may be nested: as deep as they are read back.
const MAX_DEPTH: usize = 64;

/// Base64 with either alphabet's last two characters, padded or not.
const LAX: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, LAX);

/// The names of a few fields, for an error.
const MAX_NAMES: usize = 20;

/// Where a value stands.
#[derive(Clone, Copy)]
struct At<'a> {
    outer: Option<&'a At<'a>>,
    part: Part<'a>,
    depth: usize,
}

#[derive(Clone, Copy)]
enum Part<'a> {
    Field(&'a str),
    Item(usize),
}

impl<'a> At<'a> {
    fn of(outer: Option<&'a At<'a>>, part: Part<'a>) -> Self {
        Self { outer, part, depth: outer.map_or(0, |outer| outer.depth) + 1 }
    }

    fn path(&self) -> String {
        let outer = self.outer.map(At::path).unwrap_or_default();
        match self.part {
            Part::Field(name) if outer.is_empty() => name.to_owned(),
            Part::Field(name) => format!("{outer}.{name}"),
            Part::Item(index) => format!("{outer}[{index}]"),
        }
    }
}

/// What is wrong, behind where it stands.
fn fail<T>(at: Option<&At<'_>>, cause: impl std::fmt::Display) -> Result<T, String> {
    Err(match at {
        Some(at) => format!("`{}` is {cause}", at.path()),
        None => format!("the message is {cause}"),
    })
}

type Done = Result<(), String>;

/// The bytes of a message of the type at this place in the schema.
///
/// # Errors
/// A sentence that names the field.
pub(crate) fn message(schema: &Schema, place: usize, value: &Json) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    put(schema, place, value, None, &mut bytes)?;
    Ok(bytes)
}

fn put(schema: &Schema, place: usize, value: &Json, at: Option<&At<'_>>, into: &mut Vec<u8>) -> Done {
    let Some(message) = schema.message(place) else { return fail(at, "of no type") };
    if at.is_some_and(|at| at.depth > MAX_DEPTH) {
        return fail(at, format!("nested deeper than {MAX_DEPTH}"));
    }
    match message.special {
        Some(special) => put_special(schema, message, (special, value), at, into),
        None => put_fields(schema, message, value, at, into),
    }
}

fn put_fields(
    schema: &Schema,
    message: &MessageType,
    value: &Json,
    at: Option<&At<'_>>,
    into: &mut Vec<u8>,
) -> Done {
    let Json::Object(given) = value else { return fail(at, format!("{}, not an object", shape(value))) };
    let mut values: BTreeMap<usize, &Json> = BTreeMap::new();
    let mut oneofs: Vec<(usize, &str)> = Vec::new();
    for (key, value) in given {
        let here = At::of(at, Part::Field(key));
        let found = message.by_name.get(key).and_then(|place| Some((*place, message.fields.get(*place)?)));
        let Some((place, field)) = found else {
            return fail(Some(&here), format!("no field of `{}`{}", message.name, has(message)));
        };
        if values.insert(place, value).is_some() {
            return fail(Some(&here), "given twice");
        }
        if let Some(oneof) = field.oneof.filter(|_| !value.is_null()) {
            match oneofs.iter().find(|(other, _)| *other == oneof) {
                Some((_, other)) => {
                    return fail(Some(&here), format!("given beside `{other}`: only one of them may be"));
                }
                None => oneofs.push((oneof, key)),
            }
        }
    }
    // Null is for a value that may be null itself.
    values.retain(|place, value| {
        !value.is_null() || message.fields.get(*place).is_some_and(|it| takes_null(schema, it))
    });
    if let Some(field) = message.required.iter().find(|place| !values.contains_key(place)) {
        let name = message.fields.get(*field).map_or("", |field| &field.json);
        return fail(Some(&At::of(at, Part::Field(name))), "missing, and the message must have it");
    }
    // By their places, which are in the order of their numbers.
    for (place, value) in values {
        let Some(field) = message.fields.get(place) else { continue };
        put_field(schema, field, value, &At::of(at, Part::Field(&field.json)), into)?;
    }
    Ok(())
}

fn has(message: &MessageType) -> String {
    let names: Vec<String> =
        message.fields.iter().take(MAX_NAMES).map(|field| format!("`{}`", field.json)).collect();
    let more = message.fields.len() - names.len();
    match names.as_slice() {
        [] => "; it has none".into(),
        names if more > 0 => format!("; it has {} and {more} more", names.join(", ")),
        names => format!("; it has {}", names.join(", ")),
    }
}

fn takes_null(schema: &Schema, field: &FieldType) -> bool {
    let is_value = |place| schema.message(place).is_some_and(|it| it.special == Some(Special::Value));
    match field.kind {
        Kind::Message(place) => !field.is_repeated && is_value(place),
        Kind::Enum(place) => {
            schema.enumeration(place).is_some_and(|it| it.name == "google.protobuf.NullValue")
                && field.has_presence
        }
        _ => false,
    }
}

/// The message of a map's entries.
fn entry<'a>(schema: &'a Schema, field: &FieldType) -> Option<&'a MessageType> {
    match field.kind {
        Kind::Message(place) if field.is_repeated => schema.message(place).filter(|it| it.is_entry),
        _ => None,
    }
}

fn put_field(schema: &Schema, field: &FieldType, value: &Json, at: &At<'_>, into: &mut Vec<u8>) -> Done {
    if let Some(entry) = entry(schema, field) {
        return put_map(schema, (field, entry), value, at, into);
    }
    if !field.is_repeated {
        return put_value(schema, field, value, at, into);
    }
    let Json::Array(items) = value else { return fail(Some(at), format!("{}, not a list", shape(value))) };
    let mut packed = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let here = At::of(Some(at), Part::Item(index));
        if field.is_packed {
            put_bare(&mut packed, scalar(schema, field.kind, item, &here)?);
        } else {
            put_value(schema, field, item, &here, into)?;
        }
    }
    if !packed.is_empty() {
        wire::write(field.number, Value::Bytes(&packed), into);
    }
    Ok(())
}

fn put_map(
    schema: &Schema,
    (field, entry): (&FieldType, &MessageType),
    value: &Json,
    at: &At<'_>,
    into: &mut Vec<u8>,
) -> Done {
    let Json::Object(entries) = value else {
        return fail(Some(at), format!("{}, not an object", shape(value)));
    };
    let [key_type, value_type] = entry.fields.as_slice() else { return fail(Some(at), "of no type") };
    for (key, value) in entries {
        let here = At::of(Some(at), Part::Field(key));
        let mut bytes = Vec::new();
        let key = match (key_type.kind, key.as_str()) {
            (Kind::Bool, "true") => Json::Bool(true),
            (Kind::Bool, "false") => Json::Bool(false),
            _ => Json::from(key.as_str()),
        };
        put_value(schema, key_type, &key, &here, &mut bytes)?;
        put_value(schema, value_type, value, &here, &mut bytes)?;
        wire::write(field.number, Value::Bytes(&bytes), into);
    }
    Ok(())
}

/// A value of one field; a default one is left out where nobody can tell it from none.
fn put_value(schema: &Schema, field: &FieldType, value: &Json, at: &At<'_>, into: &mut Vec<u8>) -> Done {
    let mut inner = Vec::new();
    match field.kind {
        Kind::Message(place) => {
            put(schema, place, value, Some(at), &mut inner)?;
            wire::write(field.number, Value::Bytes(&inner), into);
        }
        Kind::Group(place) => {
            put(schema, place, value, Some(at), &mut inner)?;
            wire::write(field.number, Value::Group(&inner), into);
        }
        kind => {
            let scalar = scalar(schema, kind, value, at)?;
            if field.has_presence || field.is_repeated || !scalar.is_default() {
                wire::write(field.number, scalar.value(), into);
            }
        }
    }
    Ok(())
}

/// A value that is no message.
enum Scalar {
    Varint(u64),
    Fixed32(u32),
    Fixed64(u64),
    Bytes(Vec<u8>),
}

impl Scalar {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Varint(value) => Value::Varint(*value),
            Self::Fixed32(value) => Value::Fixed32(*value),
            Self::Fixed64(value) => Value::Fixed64(*value),
            Self::Bytes(bytes) => Value::Bytes(bytes),
        }
    }

    fn is_default(&self) -> bool {
        match self {
            Self::Varint(value) | Self::Fixed64(value) => *value == 0,
            Self::Fixed32(value) => *value == 0,
            Self::Bytes(bytes) => bytes.is_empty(),
        }
    }
}

fn put_bare(into: &mut Vec<u8>, scalar: Scalar) {
    match scalar {
        Scalar::Varint(value) => wire::write_varint(value, into),
        Scalar::Fixed32(value) => into.extend(value.to_le_bytes()),
        Scalar::Fixed64(value) => into.extend(value.to_le_bytes()),
        Scalar::Bytes(bytes) => into.extend(bytes),
    }
}

fn scalar(schema: &Schema, kind: Kind, value: &Json, at: &At<'_>) -> Result<Scalar, String> {
    let or = |cause| fail::<Scalar>(Some(at), cause);
    let whole = |low: i128, high: i128| numbers::whole(value, low, high);
    let (i32s, i64s) = ((i32::MIN.into(), i32::MAX.into()), (i64::MIN.into(), i64::MAX.into()));
    // What a bound has let through fits.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the bounds that were asked for"
    )]
    let read = match kind {
        Kind::Int32 => whole(i32s.0, i32s.1).map(|it| Scalar::Varint(it as u64)),
        Kind::Int64 => whole(i64s.0, i64s.1).map(|it| Scalar::Varint(it as u64)),
        Kind::Uint32 => whole(0, u32::MAX.into()).map(|it| Scalar::Varint(it as u64)),
        Kind::Uint64 => whole(0, u64::MAX.into()).map(|it| Scalar::Varint(it as u64)),
        Kind::Sint32 => whole(i32s.0, i32s.1).map(|it| Scalar::Varint(wire::zigzag(it as i64))),
        Kind::Sint64 => whole(i64s.0, i64s.1).map(|it| Scalar::Varint(wire::zigzag(it as i64))),
        Kind::Fixed32 => whole(0, u32::MAX.into()).map(|it| Scalar::Fixed32(it as u32)),
        Kind::Sfixed32 => whole(i32s.0, i32s.1).map(|it| Scalar::Fixed32(it as u32)),
        Kind::Fixed64 => whole(0, u64::MAX.into()).map(|it| Scalar::Fixed64(it as u64)),
        Kind::Sfixed64 => whole(i64s.0, i64s.1).map(|it| Scalar::Fixed64(it as u64)),
        Kind::Float => numbers::float(value).and_then(|it| match it as f32 {
            small if small.is_infinite() && it.is_finite() => {
                Err(format!("{value}, too large for four bytes"))
            }
            small => Ok(Scalar::Fixed32(small.to_bits())),
        }),
        Kind::Double => numbers::float(value).map(|it| Scalar::Fixed64(it.to_bits())),
        Kind::Bool => match value {
            Json::Bool(value) => Ok(Scalar::Varint(u64::from(*value))),
            other => Err(format!("{}, not true or false", shape(other))),
        },
        Kind::String => text(value).map(|it| Scalar::Bytes(it.as_bytes().to_vec())),
        Kind::Bytes => text(value).and_then(bytes),
        Kind::Enum(place) => enumeration(schema, place, value),
        Kind::Message(_) | Kind::Group(_) => Err("of no type".into()),
    };
    read.or_else(or)
}

fn text(value: &Json) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("{}, not text", shape(value)))
}

fn bytes(text: &str) -> Result<Scalar, String> {
    let text = text.replace('-', "+").replace('_', "/");
    BASE64.decode(text).map(Scalar::Bytes).map_err(|error| format!("no base64: {error}"))
}

fn enumeration(schema: &Schema, place: usize, value: &Json) -> Result<Scalar, String> {
    let Some(kind) = schema.enumeration(place) else { return Err("of no type".into()) };
    let number = match value {
        Json::Null => Some(0),
        Json::String(name) => kind.values.iter().find(|(it, _)| it == name).map(|(_, number)| *number),
        // Numbers without a name are taken: a newer version may have one.
        value => numbers::whole(value, i32::MIN.into(), i32::MAX.into())?.try_into().ok(),
    };
    let number = number.ok_or_else(|| {
        let names: Vec<&str> = kind.values.iter().take(MAX_NAMES).map(|(name, _)| name.as_str()).collect();
        format!("{value}, none of `{}`: {}", kind.name, names.join(", "))
    })?;
    Ok(Scalar::Varint(i64::from(number).cast_unsigned()))
}

fn put_special(
    schema: &Schema,
    message: &MessageType,
    (special, value): (Special, &Json),
    at: Option<&At<'_>>,
    into: &mut Vec<u8>,
) -> Done {
    let first = message.fields.first();
    let here = At::of(at, Part::Field("value"));
    let at_or_here = at.unwrap_or(&here);
    let numbers = |read: Result<(i64, i64), String>, into: &mut Vec<u8>| match read {
        Ok((seconds, nanos)) => {
            for (number, value) in [(1, seconds), (2, nanos)] {
                if value != 0 {
                    wire::write(number, Value::Varint(value.cast_unsigned()), into);
                }
            }
            Ok(())
        }
        Err(cause) => fail(at, cause),
    };
    match (special, first) {
        (Special::Timestamp, _) => numbers(time::read_time(value), into),
        (Special::Duration, _) => numbers(time::read_duration(value), into),
        (Special::FieldMask, _) => {
            let paths = text(value).or_else(|cause| fail(at, cause))?;
            for path in paths.split(',').filter(|path| !path.is_empty()) {
                wire::write(1, Value::Bytes(snake(path).as_bytes()), into);
            }
            Ok(())
        }
        (Special::Wrapper | Special::Struct | Special::ListValue, Some(field)) => {
            put_field(schema, field, value, at_or_here, into)
        }
        (Special::Value, _) => {
            let name = match value {
                Json::Null => "null_value",
                Json::Bool(_) => "bool_value",
                Json::Number(_) => "number_value",
                Json::String(_) => "string_value",
                Json::Array(_) => "list_value",
                Json::Object(_) => "struct_value",
            };
            match message.fields.iter().find(|field| field.name == name) {
                Some(field) => put_value(schema, field, value, at_or_here, into),
                None => fail(at, "of no type"),
            }
        }
        (_, None) => fail(at, "of no type"),
    }
}

/// `myField` as `my_field`.
fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
