//! Places in JSON by their paths, as `who.user.groups`; the empty path is the whole.
//!
//! Refuses indices: a list is read and written as a whole.

use serde_json::{Map, Value as Json};

/// What stands at a path; null where nothing does.
#[must_use]
pub fn get<'a>(json: &'a Json, path: &str) -> &'a Json {
    keys(path).fold(json, |json, key| json.get(key).unwrap_or(&Json::Null))
}

/// The text at a path; empty where there is none.
#[must_use]
pub fn text<'a>(json: &'a Json, path: &str) -> &'a str {
    get(json, path).as_str().unwrap_or_default()
}

/// The list at a path; empty where there is none.
#[must_use]
pub fn list<'a>(json: &'a Json, path: &str) -> &'a [Json] {
    get(json, path).as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The text at a path, to be changed. Anything else that stands there is replaced.
pub fn text_mut<'a>(json: &'a mut Json, path: &str) -> Option<&'a mut String> {
    let place = place(json, path)?;
    if !place.is_string() {
        *place = Json::String(String::new());
    }
    match place {
        Json::String(text) => Some(text),
        _ => None,
    }
}

/// The list at a path, to be changed. Anything else that stands there is replaced.
pub fn list_mut<'a>(json: &'a mut Json, path: &str) -> Option<&'a mut Vec<Json>> {
    let place = place(json, path)?;
    if !place.is_array() {
        *place = Json::Array(Vec::new());
    }
    place.as_array_mut()
}

/// Puts something at a path. Where it is empty, nothing stands there after; what holds nothing else goes too.
pub fn set(json: &mut Json, path: &str, value: Json) {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let Some(object) = object(json) else { return };
    let mut inner = value;
    if let Some(rest) = rest {
        let value = inner;
        inner = object.get(first).cloned().unwrap_or_default();
        set(&mut inner, rest, value);
    }
    if is_empty(&inner) {
        object.shift_remove(first);
    } else {
        object.insert(first.to_owned(), inner);
    }
}

/// What stands at a path, to be changed; null where nothing did.
pub fn place<'a>(json: &'a mut Json, path: &str) -> Option<&'a mut Json> {
    keys(path).try_fold(json, |json, key| Some(object(json)?.entry(key).or_insert(Json::Null)))
}

fn keys(path: &str) -> impl Iterator<Item = &str> {
    path.split('.').filter(|key| !key.is_empty())
}

/// Anything else than an object becomes one.
fn object(json: &mut Json) -> Option<&mut Map<String, Json>> {
    if !json.is_object() {
        *json = Json::Object(Map::new());
    }
    json.as_object_mut()
}

fn is_empty(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_written_and_emptied() {
        let mut json = json!({"a": 1});
        set(&mut json, "b.c.d", "x".into());
        set(&mut json, "b.e", json!(["y"]));
        assert_eq!(json, json!({"a": 1, "b": {"c": {"d": "x"}, "e": ["y"]}}));
        assert_eq!((text(&json, "b.c.d"), list(&json, "b.e").len(), text(&json, "a.d")), ("x", 1, ""));
        set(&mut json, "b.c.d", Json::Null);
        assert_eq!(json, json!({"a": 1, "b": {"e": ["y"]}}));
        set(&mut json, "b.e", json!([]));
        assert_eq!(json, json!({"a": 1}));
    }

    #[test]
    fn what_is_something_else_gives_way() {
        let mut json = json!({"a": 1});
        *text_mut(&mut json, "a.b").unwrap_or(&mut String::new()) = "x".into();
        list_mut(&mut json, "c").into_iter().for_each(|list| list.push(json!({})));
        assert_eq!(json, json!({"a": {"b": "x"}, "c": [{}]}));
    }
}
