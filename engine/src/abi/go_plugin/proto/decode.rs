//! A message as JSON, by proto3's mapping: default values are left out, numbers of 64 bits are texts.
//!
//! Fields that the `.proto` does not describe are passed over and told. `Any` is shown as its two fields.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use super::super::wire::{self, Fields, Value, packed_varints};
use super::{FieldType, Kind, MessageType, Schema, Special, numbers, time};

/// How deep messages may be nested: readers stop at a hundred at most.
const MAX_DEPTH: usize = 64;

/// The most values that are read: a hundred bytes each make 10 MiB, and nobody reads more.
const MAX_VALUES: usize = 100_000;

/// The most numbers of unknown fields that are told.
const MAX_UNKNOWN: usize = 20;

/// Why a message is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is none of its type.
    Broken(String),
    /// It may be one, and is larger than anybody reads.
    TooLarge,
}

/// A message as it was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Read {
    pub(crate) json: Json,
    /// The numbers of fields that the `.proto` does not describe, each with the message that it stands in.
    pub(crate) unknown: Vec<String>,
}

/// Reads a message of the type at this place in the schema.
///
/// # Errors
/// [`Unread`], which names the field.
pub(crate) fn message(schema: &Schema, place: usize, bytes: &[u8]) -> Result<Read, Unread> {
    let mut reader = Reader { schema, left: MAX_VALUES, unknown: Vec::new() };
    let json = reader.message(place, bytes, 0)?;
    Ok(Read { json, unknown: reader.unknown })
}

struct Reader<'a> {
    schema: &'a Schema,
    left: usize,
    unknown: Vec<String>,
}

/// What was found of one field.
enum Found {
    None,
    /// The last value counts.
    One(Json),
    Many(Vec<Json>),
    Map(Map<String, Json>),
    /// The bytes of a message that may come in several pieces, which make one.
    Message(Vec<u8>),
}

fn broken<T>(what: &str, cause: impl std::fmt::Display) -> Result<T, Unread> {
    Err(Unread::Broken(format!("`{what}`: {cause}")))
}

impl Reader<'_> {
    fn message(&mut self, place: usize, bytes: &[u8], depth: usize) -> Result<Json, Unread> {
        let schema = self.schema;
        let Some(message) = schema.message(place) else { return broken("?", "of no type") };
        if depth > MAX_DEPTH {
            return broken(&message.name, format!("nested deeper than {MAX_DEPTH}"));
        }
        // By their places: what is not there costs nothing, however many fields a message may have.
        let mut found: BTreeMap<usize, Found> = BTreeMap::new();
        for field in Fields::of(bytes) {
            let (number, value) = field.or_else(|error| broken(&message.name, error))?;
            self.left = self.left.checked_sub(1).ok_or(Unread::TooLarge)?;
            let index = message.fields.binary_search_by_key(&number, |field| field.number);
            let known = index.ok().and_then(|index| Some((index, message.fields.get(index)?)));
            let is_taken = match known {
                Some((index, field)) => {
                    let slot = found.entry(index).or_insert(Found::None);
                    self.field(message, field, value, slot, depth)?
                }
                None => false,
            };
            if !is_taken {
                self.unknown(message, number);
            }
        }
        self.json(message, found, depth)
    }

    fn unknown(&mut self, message: &MessageType, number: u32) {
        let name = format!("{number} of `{}`", message.name);
        if self.unknown.len() < MAX_UNKNOWN && !self.unknown.contains(&name) {
            self.unknown.push(name);
        }
    }

    /// Takes a value of a field; false when it is written as no value of its type is.
    fn field(
        &mut self,
        message: &MessageType,
        field: &FieldType,
        value: Value<'_>,
        slot: &mut Found,
        depth: usize,
    ) -> Result<bool, Unread> {
        let inner = match (field.kind, value) {
            (Kind::Message(place), Value::Bytes(bytes)) | (Kind::Group(place), Value::Group(bytes)) => {
                (place, bytes)
            }
            (Kind::Message(_) | Kind::Group(_), _) => return Ok(false),
            _ => return self.scalars(message, field, value, slot),
        };
        match inner {
            (place, bytes)
                if self.schema.message(place).is_some_and(|it| it.is_entry) && field.is_repeated =>
            {
                let (key, value) = self.entry(place, bytes, depth + 1)?;
                match slot {
                    Found::Map(map) => drop(map.insert(key, value)),
                    slot => *slot = Found::Map(Map::from_iter([(key, value)])),
                }
            }
            (place, bytes) if field.is_repeated => {
                let item = self.message(place, bytes, depth + 1)?;
                add(slot, item);
            }
            (_, bytes) => match slot {
                Found::Message(before) => before.extend(bytes),
                slot => *slot = Found::Message(bytes.to_vec()),
            },
        }
        Ok(true)
    }

    fn scalars(
        &mut self,
        message: &MessageType,
        field: &FieldType,
        value: Value<'_>,
        slot: &mut Found,
    ) -> Result<bool, Unread> {
        let is_packable = !matches!(field.kind, Kind::String | Kind::Bytes);
        if let (true, true, Value::Bytes(bytes)) = (field.is_repeated, is_packable, value) {
            return self.packed(message, field, bytes, slot);
        }
        let Some(json) = self.scalar(message, field, value)? else { return Ok(false) };
        match field.is_repeated {
            true => add(slot, json),
            false => *slot = Found::One(json),
        }
        Ok(true)
    }

    fn packed(
        &mut self,
        message: &MessageType,
        field: &FieldType,
        bytes: &[u8],
        slot: &mut Found,
    ) -> Result<bool, Unread> {
        let size = match field.kind {
            Kind::Fixed32 | Kind::Sfixed32 | Kind::Float => 4,
            Kind::Fixed64 | Kind::Sfixed64 | Kind::Double => 8,
            _ => 0,
        };
        let whole = format!("{}.{}", message.name, field.name);
        let mut take = |reader: &mut Self, value: Value<'_>| {
            reader.left = reader.left.checked_sub(1).ok_or(Unread::TooLarge)?;
            if let Some(json) = reader.scalar(message, field, value)? {
                add(slot, json);
            }
            Ok(())
        };
        if size == 0 {
            for number in packed_varints(bytes) {
                let number = number.or_else(|error| broken(&whole, error))?;
                take(self, Value::Varint(number))?;
            }
            return Ok(true);
        }
        if !bytes.len().is_multiple_of(size) {
            return broken(&whole, format!("{} bytes are no numbers of {size} bytes", bytes.len()));
        }
        for number in bytes.chunks_exact(size) {
            let value = match (<[u8; 4]>::try_from(number), <[u8; 8]>::try_from(number)) {
                (Ok(number), _) => Value::Fixed32(u32::from_le_bytes(number)),
                (_, Ok(number)) => Value::Fixed64(u64::from_le_bytes(number)),
                _ => continue,
            };
            take(self, value)?;
        }
        Ok(true)
    }

    /// A value that is no message; nothing when it is written as none of its type is.
    #[expect(clippy::cast_possible_truncation, reason = "readers cut what is too long for its type")]
    fn scalar(
        &self,
        message: &MessageType,
        field: &FieldType,
        value: Value<'_>,
    ) -> Result<Option<Json>, Unread> {
        let text = |number: String| Json::String(number);
        Ok(Some(match (field.kind, value) {
            (Kind::Int32, Value::Varint(bits)) => (bits as i32).into(),
            (Kind::Int64, Value::Varint(bits)) => text(bits.cast_signed().to_string()),
            (Kind::Uint32, Value::Varint(bits)) => (bits as u32).into(),
            (Kind::Uint64, Value::Varint(bits)) => text(bits.to_string()),
            (Kind::Sint32, Value::Varint(bits)) => (wire::unzigzag(bits) as i32).into(),
            (Kind::Sint64, Value::Varint(bits)) => text(wire::unzigzag(bits).to_string()),
            (Kind::Bool, Value::Varint(bits)) => (bits != 0).into(),
            (Kind::Enum(place), Value::Varint(bits)) => self.enumeration(place, bits as i32),
            (Kind::Fixed32, Value::Fixed32(bits)) => bits.into(),
            (Kind::Sfixed32, Value::Fixed32(bits)) => bits.cast_signed().into(),
            (Kind::Float, Value::Fixed32(bits)) => numbers::json32(f32::from_bits(bits)),
            (Kind::Fixed64, Value::Fixed64(bits)) => text(bits.to_string()),
            (Kind::Sfixed64, Value::Fixed64(bits)) => text(bits.cast_signed().to_string()),
            (Kind::Double, Value::Fixed64(bits)) => numbers::json(f64::from_bits(bits)),
            (Kind::String, Value::Bytes(bytes)) => match str::from_utf8(bytes) {
                Ok(it) => it.into(),
                Err(error) => {
                    return broken(
                        &format!("{}.{}", message.name, field.name),
                        format!("not UTF-8: {error}"),
                    );
                }
            },
            (Kind::Bytes, Value::Bytes(bytes)) => STANDARD.encode(bytes).into(),
            _ => return Ok(None),
        }))
    }

    fn enumeration(&self, place: usize, number: i32) -> Json {
        let kind = self.schema.enumeration(place);
        if kind.is_some_and(|kind| kind.name == "google.protobuf.NullValue") {
            return Json::Null;
        }
        let name = kind.and_then(|kind| kind.values.iter().find(|(_, it)| *it == number));
        name.map_or_else(|| number.into(), |(name, _)| name.as_str().into())
    }

    fn entry(&mut self, place: usize, bytes: &[u8], depth: usize) -> Result<(String, Json), Unread> {
        let entry = self.message(place, bytes, depth)?;
        let Json::Object(mut entry) = entry else { return broken("?", "of no type") };
        let of = |number: usize| self.schema.message(place).and_then(|it| it.fields.get(number));
        let mut take = |name: &str, number| match (entry.shift_remove(name), of(number)) {
            (Some(value), _) => value,
            (None, Some(field)) => self.default(field),
            (None, None) => Json::Null,
        };
        let (key, value) = (take("key", 0), take("value", 1));
        Ok((key.as_str().map_or_else(|| key.to_string(), str::to_owned), value))
    }

    /// What a value that was left out is, where something must stand.
    fn default(&self, field: &FieldType) -> Json {
        match field.kind {
            Kind::Message(place) | Kind::Group(place) => {
                match self.schema.message(place).and_then(|it| it.special) {
                    None | Some(Special::Struct) => Json::Object(Map::new()),
                    Some(Special::ListValue) => Json::Array(Vec::new()),
                    Some(Special::Value) => Json::Null,
                    Some(Special::Timestamp) => "1970-01-01T00:00:00Z".into(),
                    Some(Special::Duration) => "0s".into(),
                    Some(Special::FieldMask) => "".into(),
                    Some(Special::Wrapper) => {
                        let inner = self.schema.message(place).and_then(|it| it.fields.first());
                        inner.map_or(Json::Null, |inner| self.default(inner))
                    }
                }
            }
            Kind::Bool => false.into(),
            Kind::String | Kind::Bytes => "".into(),
            Kind::Int64 | Kind::Uint64 | Kind::Sint64 | Kind::Fixed64 | Kind::Sfixed64 => "0".into(),
            Kind::Double | Kind::Float => numbers::json(0.0),
            Kind::Enum(place) => self.enumeration(place, 0),
            Kind::Int32 | Kind::Uint32 | Kind::Sint32 | Kind::Fixed32 | Kind::Sfixed32 => 0.into(),
        }
    }

    fn json(
        &mut self,
        message: &MessageType,
        found: BTreeMap<usize, Found>,
        depth: usize,
    ) -> Result<Json, Unread> {
        let mut fields = Map::new();
        for (place, found) in found {
            let Some(field) = message.fields.get(place) else { continue };
            let json = match found {
                Found::None => continue,
                Found::Message(bytes) => match field.kind {
                    Kind::Message(place) | Kind::Group(place) => self.message(place, &bytes, depth + 1)?,
                    _ => continue,
                },
                // Some write defaults too: nobody can tell them from none.
                Found::One(json) if !field.has_presence && json == self.default(field) => continue,
                Found::One(json) => json,
                Found::Many(items) => items.into(),
                Found::Map(entries) => entries.into(),
            };
            fields.insert(field.json.clone(), json);
        }
        let Some(special) = message.special else { return Ok(fields.into()) };
        self.special(message, special, &fields)
    }

    fn special(
        &self,
        message: &MessageType,
        special: Special,
        fields: &Map<String, Json>,
    ) -> Result<Json, Unread> {
        let first = || message.fields.first();
        let number = |name: &str| match fields.get(name) {
            Some(Json::String(text)) => text.parse().unwrap_or(0),
            other => other.and_then(Json::as_i64).unwrap_or(0),
        };
        let timed = |form: Option<String>| match form {
            Some(form) => Ok(form.into()),
            None => broken(&message.name, "outside of what such a value may be"),
        };
        match special {
            Special::Timestamp => timed(time::write_time(number("seconds"), number("nanos"))),
            Special::Duration => timed(time::write_duration(number("seconds"), number("nanos"))),
            Special::FieldMask => {
                let paths = fields.get("paths").and_then(Json::as_array);
                let paths: Vec<String> =
                    paths.into_iter().flatten().filter_map(Json::as_str).map(super::resolve::camel).collect();
                Ok(paths.join(",").into())
            }
            Special::Value => Ok(fields.values().next().cloned().unwrap_or_default()),
            Special::Struct => Ok(fields.get("fields").cloned().unwrap_or_else(|| Map::new().into())),
            Special::ListValue => {
                Ok(fields.get("values").cloned().unwrap_or_else(|| Vec::<Json>::new().into()))
            }
            Special::Wrapper => {
                let value = fields.get("value").cloned();
                Ok(value.or_else(|| first().map(|field| self.default(field))).unwrap_or_default())
            }
        }
    }
}

fn add(slot: &mut Found, item: Json) {
    match slot {
        Found::Many(items) => items.push(item),
        slot => *slot = Found::Many(vec![item]),
    }
}
