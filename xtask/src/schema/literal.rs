//! Reads the literal in a type's `JsonSchema` implementation, as `k8s-openapi` generates it, into JSON.
//!
//! Refuses any form that its generator does not write.

use serde_json::{Map, Value, json};

/// How deep a literal may nest; the deepest one has nine levels.
const DEEPEST: usize = 32;

/// A type with a schema.
pub(super) struct Type {
    /// Its name as a path, such as `api.apps.v1.Deployment`.
    pub(super) name: String,
    /// API version and kind, when objects of it stand by themselves.
    pub(super) kind: Option<(String, String)>,
    /// The schema; another type is `{"$ref": name}`.
    pub(super) schema: Value,
}

/// The type in a source file, when it has one.
///
/// # Errors
/// When its literal is not understood, with the place.
pub(super) fn read(source: &str) -> Result<Option<Type>, String> {
    let Some((head, tail)) = source.split_once("crate::schemars::JsonSchema for ") else { return Ok(None) };
    let name = between(tail, "-> std::borrow::Cow<'static, str> {", "}")
        .and_then(|body| between(body, "\"", "\""))
        .ok_or("its schema has no name")?;
    let body = tail.split_once("crate::schemars::json_schema!(").ok_or("its schema is no literal")?.1;
    let mut reader = Reader { rest: body };
    let schema = reader
        .value(0)
        .map_err(|why| format!("{why} at `{}`", reader.rest.chars().take(60).collect::<String>()))?;
    Ok(Some(Type { name: plain(name.trim_start_matches("io.k8s.")), kind: kind(head), schema }))
}

/// API version and kind from the type's `Resource` implementation.
fn kind(source: &str) -> Option<(String, String)> {
    let body = source.split_once("impl crate::Resource for ")?.1;
    let constant = |name: &str| between(body, &format!("const {name}: &'static str = \""), "\"");
    Some((constant("API_VERSION")?.to_owned(), constant("KIND")?.to_owned()))
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}

/// Names of packages have hyphens where paths have underscores.
fn plain(name: &str) -> String {
    name.replace('-', "_")
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > DEEPEST {
            return Err("a literal nests too deep".to_owned());
        }
        self.rest = self.rest.trim_start();
        match self.rest.chars().next() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"') => self.string().map(Value::String),
            Some('(' | '_') => self.expression(),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        let mut object = Map::new();
        self.expect("{")?;
        while !self.takes("}") {
            self.rest = self.rest.trim_start();
            let name = self.string()?;
            self.expect(":")?;
            object.insert(name, self.value(depth + 1)?);
            self.takes(",");
        }
        Ok(Value::Object(object))
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        let mut array = Vec::new();
        self.expect("[")?;
        while !self.takes("]") {
            array.push(self.value(depth + 1)?);
            self.takes(",");
        }
        Ok(Value::Array(array))
    }

    fn word(&mut self) -> Result<Value, String> {
        for (word, value) in [("true", Value::Bool(true)), ("false", Value::Bool(false))] {
            if self.takes(word) {
                return Ok(value);
            }
        }
        Err("this is no value".to_owned())
    }

    /// Code that asks for another type's schema, and may give it a description of its own.
    fn expression(&mut self) -> Result<Value, String> {
        let code = self.code()?;
        let path =
            between(code, "__gen.subschema_for::<crate::", ">()").ok_or("this code asks for no type")?;
        let mut found = json!({ "$ref": path.replace("::", ".") });
        if let Some((_, text)) = code.split_once(".insert(\"description\".into(), ") {
            let description = Reader { rest: text }.string()?;
            if let Some(object) = found.as_object_mut() {
                object.insert("description".to_owned(), Value::String(description));
            }
        }
        Ok(found)
    }

    /// Code up to the comma or bracket that ends it.
    fn code(&mut self) -> Result<&'a str, String> {
        let start = self.rest;
        let mut depth = 0_usize;
        while let Some(next) = self.rest.chars().next() {
            match next {
                '"' => {
                    self.string()?;
                    continue;
                }
                '(' | '{' | '[' => depth += 1,
                ')' | '}' | ']' if depth > 0 => depth -= 1,
                ')' | '}' | ']' => break,
                ',' if depth == 0 => break,
                _ => {}
            }
            self.rest = self.rest.get(next.len_utf8()..).unwrap_or_default();
        }
        let length = start.len() - self.rest.len();
        start.get(..length).ok_or_else(|| "code ends inside a character".to_owned())
    }

    fn string(&mut self) -> Result<String, String> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip_while(|(place, _)| *place == 0);
        if !self.rest.starts_with('"') {
            return Err("a string should be here".to_owned());
        }
        while let Some((place, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = self.rest.get(place + 1..).unwrap_or_default();
                    return Ok(text);
                }
                '\\' => match characters.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, same @ ('"' | '\\' | '\''))) => text.push(same),
                    other => return Err(format!("an escape is not known: {:?}", other.map(|(_, is)| is))),
                },
                other => text.push(other),
            }
        }
        Err("a string has no end".to_owned())
    }

    fn takes(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.takes(token) { Ok(()) } else { Err(format!("`{token}` should be here")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
impl crate::Resource for Thing {
    const API_VERSION: &'static str = "apps/v1";
    const KIND: &'static str = "Thing";
}
#[cfg(feature = "schemars")]
impl crate::schemars::JsonSchema for Thing {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "io.k8s.api-x.apps.v1.Thing".into()
    }

    fn json_schema(__gen: &mut crate::schemars::SchemaGenerator) -> crate::schemars::Schema {
        crate::schemars::json_schema!({
            "description": "A \"thing\", {.\n",
            "properties": {
                "plain": {
                    "type": "string",
                },
                "other": __gen.subschema_for::<crate::api::apps::v1::Other>(),
                "told": ({
                    let mut schema_obj = __gen.subschema_for::<crate::api::apps::v1::Other>();
                    schema_obj.ensure_object().insert("description".into(), "With ) and \\.".into());
                    schema_obj
                }),
                "items": (__gen.subschema_for::<crate::api::apps::v1::Item>()),
            },
            "required": [
                "plain",
            ],
            "x-flag": true,
        })
    }
}
"#;

    #[test]
    fn a_type_is_read_with_its_kind_and_its_schema() {
        let found = read(SOURCE).unwrap().unwrap();
        assert_eq!(found.name, "api_x.apps.v1.Thing");
        assert_eq!(found.kind, Some(("apps/v1".to_owned(), "Thing".to_owned())));
        assert_eq!(
            found.schema,
            json!({
                "description": "A \"thing\", {.\n",
                "properties": {
                    "plain": { "type": "string" },
                    "other": { "$ref": "api.apps.v1.Other" },
                    "told": { "$ref": "api.apps.v1.Other", "description": "With ) and \\." },
                    "items": { "$ref": "api.apps.v1.Item" },
                },
                "required": ["plain"],
                "x-flag": true,
            })
        );
    }

    #[test]
    fn a_file_without_a_schema_has_none() {
        assert!(read("pub struct Thing;").unwrap().is_none());
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (from, to, expected) in [
            ("\"type\": \"string\"", "\"type\": 7", "no value"),
            ("A \\\"", "A \\q", "escape"),
            ("__gen.subschema_for::<crate::api::apps::v1::Other>(),", "(other()),", "no type"),
            ("crate::schemars::json_schema!", "build", "no literal"),
        ] {
            let error = read(&SOURCE.replacen(from, to, 1)).err().unwrap_or_default();
            assert!(error.contains(expected), "{from}: {error}");
        }
    }
}
