//! Reads and writes JSON by way of its values: one way for every type, whatever it comes from.
//!
//! serde_json's own reader makes code for a struct that comes as a list too, and a parser for every type: a tenth of the
//! page, for what nobody sends. Refuses what serde_json refuses, and structs that are no objects.

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::ser::Serialize;
use serde_json::{Error, Map, Value};

/// Reads a text.
///
/// # Errors
/// When it is no JSON, or no such value.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    of(serde_json::from_str(text)?)
}

/// Reads a value.
///
/// # Errors
/// When it is not of that type.
pub fn of<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    T::deserialize(Reader(value))
}

/// Writes a text. What has no JSON, such as a map with keys that are no texts, gives an empty one.
#[must_use]
pub fn write<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).map(|value| value.to_string()).unwrap_or_default()
}

struct Reader(Value);

fn wrong(value: &Value, expected: &dyn Expected) -> Error {
    let found = match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(it) => Unexpected::Bool(*it),
        Value::Number(_) => Unexpected::Other("number"),
        Value::String(it) => Unexpected::Str(it),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    };
    Error::invalid_type(found, expected)
}

/// The methods that read a number, each by what the value is.
macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match (self.0.as_u64(), self.0.as_i64(), self.0.as_f64()) {
                (Some(it), ..) => visitor.visit_u64(it),
                (_, Some(it), _) => visitor.visit_i64(it),
                (.., Some(it)) => visitor.visit_f64(it),
                _ => Err(wrong(&self.0, &visitor)),
            }
        }
    )*};
}

/// The methods that read what another one reads.
macro_rules! same {
    ($($method:ident($($name:ident: $type:ty),*) as $other:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, Error> {
            self.$other(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Reader {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Bool(it) => visitor.visit_bool(it),
            other => Err(wrong(&other, &visitor)),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16 deserialize_u32
        deserialize_u64 deserialize_f32 deserialize_f64
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(it) => visitor.visit_string(it),
            other => Err(wrong(&other, &visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_unit() } else { Err(wrong(&self.0, &visitor)) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            other => Err(wrong(&other, &visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(fields) => {
                visitor.visit_map(Fields { rest: fields.into_iter(), value: Value::Null })
            }
            other => Err(wrong(&other, &visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(fields) if fields.len() == 1 => match fields.into_iter().next() {
                Some((name, content)) => visitor.visit_enum(Variant(Value::String(name), content)),
                None => Err(Error::custom("a variant without a name")),
            },
            name @ Value::String(_) => visitor.visit_enum(Variant(name, Value::Null)),
            other => Err(wrong(&other, &visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    same! {
        deserialize_char() as deserialize_string;
        deserialize_str() as deserialize_string;
        deserialize_identifier() as deserialize_string;
        deserialize_bytes() as deserialize_seq;
        deserialize_byte_buf() as deserialize_seq;
        deserialize_unit_struct(_name: &'static str) as deserialize_unit;
        deserialize_tuple(_length: usize) as deserialize_seq;
        deserialize_tuple_struct(_name: &'static str, _length: usize) as deserialize_seq;
        deserialize_struct(_name: &'static str, _fields: &'static [&'static str]) as deserialize_map;
    }
}

struct Items(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|item| seed.deserialize(Reader(item))).transpose()
    }
}

struct Fields {
    rest: <Map<String, Value> as IntoIterator>::IntoIter,
    value: Value,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(Reader(Value::String(key))).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(Reader(self.value.take()))
    }
}

/// A variant's name and content.
struct Variant(Value, Value);

impl<'de> EnumAccess<'de> for Variant {
    type Error = Error;
    type Variant = Reader;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Reader), Error> {
        Ok((seed.deserialize(Reader(self.0))?, Reader(self.1)))
    }
}

impl<'de> VariantAccess<'de> for Reader {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        if self.0.is_null() { Ok(()) } else { Err(wrong(&self.0, &"a variant without content")) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct All {
        numbers: (u64, i32, f64),
        flag: bool,
        #[serde(default)]
        text: Option<Box<str>>,
        map: BTreeMap<String, Vec<Kind>>,
        any: Value,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Kind {
        Plain,
        Of(u8),
        Both(u8, String),
        Named { it: Option<u8> },
    }

    #[test]
    fn reads_what_is_written() {
        let kinds = vec![Kind::Plain, Kind::Of(1), Kind::Both(2, "ü".into()), Kind::Named { it: None }];
        let all = All {
            numbers: (u64::MAX, -5, 0.5),
            flag: true,
            text: Some("x".into()),
            map: BTreeMap::from([("a".into(), kinds)]),
            any: serde_json::json!({"deep": [1, null, "x"]}),
        };
        assert_eq!(write(&all), serde_json::to_string(&all).unwrap());
        assert_eq!(read::<All>(&write(&all)).unwrap(), all);
    }

    #[test]
    fn refuses_what_is_something_else() {
        for (text, cause) in [
            ("{", "EOF"),
            ("[]", "invalid type"),
            ("{}", "missing field `numbers`"),
            (r#"{"more": 1}"#, "unknown field `more`"),
            (r#"{"flag": "true"}"#, "expected a boolean"),
        ] {
            let error = read::<All>(text).unwrap_err().to_string();
            assert!(error.contains(cause), "{text}: {error}");
        }
        for text in [r#""Of""#, r#"{"Plain": 1}"#, r#"{"Of": 1, "Plain": null}"#, r#"{"Of": 256}"#, "1"] {
            assert!(read::<Kind>(text).is_err(), "{text}");
        }
    }
}
