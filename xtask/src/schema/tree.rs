//! Schemas as the editor reads them: the fields of every type that a kind leads to, types named by their number.
//!
//! Refuses what an editor does not ask for: formats, lists of objects, and long descriptions. The form is read by
//! `app/editor/src/schema/kubernetes.ts`:
//!
//! - `kinds`: API version, kind, number of its type, description.
//! - `types`: for each, field names with type, description, `1` where it is required, and values where known.
//! - A field's type is the number of another, or a letter: `s`tring, `i`nteger, `n`umber, `b`oolean, `q`uantity,
//!   `x` for an integer or a string, `t`ime, `o` for anything. `[` before it makes a list of it, `{` a map.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::literal::Type;
use super::{prose, values};

/// How deep lists and maps may stand in one another; no field of Kubernetes has more than two.
const DEEPEST: usize = 8;

/// Types that are more, or less, than what their schema says.
const SPECIAL: &[(&str, &str)] = &[
    ("apimachinery.pkg.api.resource.Quantity", "q"),
    ("apimachinery.pkg.util.intstr.IntOrString", "x"),
    ("apimachinery.pkg.apis.meta.v1.Time", "t"),
    ("apimachinery.pkg.apis.meta.v1.MicroTime", "t"),
];

/// What the metadata of an object is.
const METADATA: &str = "apimachinery.pkg.apis.meta.v1.ObjectMeta";

/// The compact form of one version.
///
/// # Errors
/// When a type is named that is not there, or has a form that is not understood.
pub(super) fn compact(version: &str, types: &[Type]) -> Result<Value, String> {
    let mut all = Numbered {
        types: types.iter().map(|one| (one.name.as_str(), one)).collect(),
        numbers: BTreeMap::new(),
        order: Vec::new(),
    };
    let mut kinds: Vec<&Type> = types.iter().filter(|one| one.kind.is_some() && is_object(one)).collect();
    kinds.sort_by_key(|one| &one.kind);
    let mut listed = Vec::new();
    for one in kinds {
        if let Some((api_version, kind)) = &one.kind {
            listed.push(json!([api_version, kind, all.number(&one.name), description(&one.schema)]));
        }
    }
    let mut fields = Vec::new();
    // Reading a type may number others: the list grows until all are read.
    while let Some(name) = all.order.get(fields.len()).cloned() {
        fields.push(all.fields(&name).map_err(|why| format!("{name}: {why}"))?);
    }
    Ok(json!({ "version": version, "kinds": listed, "types": fields }))
}

struct Numbered<'a> {
    types: BTreeMap<&'a str, &'a Type>,
    numbers: BTreeMap<String, usize>,
    order: Vec<String>,
}

impl Numbered<'_> {
    fn number(&mut self, name: &str) -> usize {
        let next = self.order.len();
        let number = *self.numbers.entry(name.to_owned()).or_insert(next);
        if number == next {
            self.order.push(name.to_owned());
        }
        number
    }

    fn schema(&self, name: &str) -> Result<&Value, String> {
        self.types.get(name).map(|one| &one.schema).ok_or_else(|| format!("there is no type {name}"))
    }

    fn fields(&mut self, name: &str) -> Result<Value, String> {
        let schema = self.schema(name)?.clone();
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut fields = Map::new();
        for (field, is) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let full = self.full_description(is);
            let type_of = self.type_of(is, 0).map_err(|why| format!("{field}: {why}"))?;
            let is_text = type_of.ends_with('s') && is.get("format").is_none();
            let listed = || if is_text { prose::values(&full) } else { Vec::new() };
            let known = values::of(name, field).unwrap_or_else(listed);
            let mut entry = vec![Value::String(type_of), Value::String(prose::first_sentences(&full))];
            if required.contains(&field.as_str()) || !known.is_empty() {
                entry.push(json!(u8::from(required.contains(&field.as_str()))));
            }
            if !known.is_empty() {
                entry.push(json!(known));
            }
            fields.insert(field.clone(), Value::Array(entry));
        }
        Ok(Value::Object(fields))
    }

    /// A field's own description, or that of its type.
    fn full_description(&self, schema: &Value) -> String {
        let text = |schema: &Value| schema.get("description").and_then(Value::as_str).map(str::to_owned);
        let of_type = || text(self.types.get(schema.get("$ref")?.as_str()?).map(|one| &one.schema)?);
        text(schema).or_else(of_type).unwrap_or_default()
    }

    fn type_of(&mut self, schema: &Value, depth: usize) -> Result<String, String> {
        if depth > DEEPEST {
            return Err("lists stand in lists too deep".to_owned());
        }
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            return self.reference(name, depth);
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") if schema.get("format") == Some(&json!("date-time")) => Ok("t".to_owned()),
            Some("string") => Ok("s".to_owned()),
            Some("integer") => Ok("i".to_owned()),
            Some("number") => Ok("n".to_owned()),
            Some("boolean") => Ok("b".to_owned()),
            Some("array") => {
                let items = schema.get("items").ok_or("a list says nothing of its items")?;
                Ok(format!("[{}", self.type_of(items, depth + 1)?))
            }
            Some("object") => match schema.get("additionalProperties") {
                Some(values) => Ok(format!("{{{}", self.type_of(values, depth + 1)?)),
                None => Ok("o".to_owned()),
            },
            other => Err(format!("the type {other:?} is not known")),
        }
    }

    fn reference(&mut self, name: &str, depth: usize) -> Result<String, String> {
        if let Some((_, letter)) = SPECIAL.iter().find(|(special, _)| *special == name) {
            return Ok((*letter).to_owned());
        }
        let schema = self.schema(name)?.clone();
        if schema.get("properties").is_some() {
            return Ok(self.number(name).to_string());
        }
        // "A schema, or a boolean": the schema is what has fields.
        match schema.get("oneOf").and_then(Value::as_array).and_then(|all| all.first()) {
            Some(first) => self.type_of(first, depth + 1),
            None => self.type_of(&schema, depth + 1),
        }
    }
}

/// Whether objects of it are stored by name, or asked for as if they were: the others are answers of a server.
fn is_object(one: &Type) -> bool {
    one.schema.pointer("/properties/metadata/$ref") == Some(&json!(METADATA))
}

fn description(schema: &Value) -> String {
    prose::first_sentences(schema.get("description").and_then(Value::as_str).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, kind: Option<&str>, schema: Value) -> Type {
        Type { name: name.to_owned(), kind: kind.map(|kind| ("v1".to_owned(), kind.to_owned())), schema }
    }

    #[test]
    fn types_are_numbered_as_kinds_lead_to_them() {
        let types = [
            one(METADATA, None, json!({ "properties": {} })),
            one("answer", Some("Answer"), json!({ "properties": {} })),
            one("b", None, json!({ "description": "B.", "properties": { "again": { "$ref": "b" } } })),
            one("unused", None, json!({ "properties": {} })),
            one("either", None, json!({ "oneOf": [{ "$ref": "b" }, { "type": "boolean" }] })),
            one(
                "a",
                Some("A"),
                json!({
                    "description": "A. Second.",
                    "required": ["policy", "b"],
                    "properties": {
                        "metadata": { "$ref": METADATA },
                        "policy": { "type": "string", "description": "One of Yes, No." },
                        "b": { "$ref": "b" },
                        "list": { "type": "array", "items": { "type": "integer" } },
                        "map": { "type": "object", "additionalProperties": { "$ref": "either" } },
                        "any": { "type": "object" },
                    },
                }),
            ),
        ];
        assert_eq!(
            compact("1.0", &types).unwrap(),
            json!({
                "version": "1.0",
                "kinds": [["v1", "A", 0, "A. Second."]],
                "types": [
                    {
                        "metadata": ["1", ""],
                        "policy": ["s", "One of Yes, No.", 1, ["Yes", "No"]],
                        "b": ["2", "B.", 1],
                        "list": ["[i", ""],
                        "map": ["{2", ""],
                        "any": ["o", ""],
                    },
                    {},
                    { "again": ["2", "B."] },
                ],
            })
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let fields = json!({ "x": { "$ref": "gone" }, "metadata": { "$ref": METADATA } });
        let types = [one("a", Some("A"), json!({ "properties": fields }))];
        assert_eq!(compact("1.0", &types).unwrap_err(), "a: x: there is no type gone");
    }
}
