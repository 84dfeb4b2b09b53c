//! What must come of one call of a service.
//!
//! It judges only what a report says; it runs nothing.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::some;
use crate::report::{CallReport, CallState};

/// What must come of a call. Everything that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ReplyExpect {
    /// How it ends. Default: with an error when one is expected, else with a reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<CallState>,
    /// Its reply: as JSON, of which every field that is given must be there with its value; or as a text that the reply
    /// must hold, written as JSON or as a tree. Of a list every item is given; null: the field is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Json>,
    /// Its error: a text that it must hold, or a regular expression between two `/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl ReplyExpect {
    /// What a call falls short of.
    pub(super) fn shortfalls(&self, index: usize, call: Option<&CallReport>, missing: &mut Vec<String>) {
        let what = format!("call {}", index + 1);
        let Some(call) = call else {
            missing.push(format!("there is no {what}"));
            return;
        };
        let is_expected = |state| match self.state {
            Some(expected) => state == expected,
            None if self.error.is_some() => !matches!(state, CallState::Returned | CallState::NotReached),
            None => state == CallState::Returned,
        };
        if !is_expected(call.state) {
            missing.push(format!("{what} ended as {:?}: {}", call.state, call.error));
        }
        if let Some(pattern) = &self.error {
            some(pattern, [call.error.clone()], &format!("error of {what}"), missing);
        }
        match (&self.reply, &call.reply.json) {
            (None, _) => {}
            (Some(Json::String(pattern)), json) => {
                let text = json.as_ref().map_or_else(|| call.reply.tree.clone(), Json::to_string);
                some(pattern, [text], &format!("reply of {what}"), missing);
            }
            (Some(expected), Some(json)) => {
                if let Some(path) = difference(expected, json) {
                    missing.push(format!("the reply of {what} differs at `{path}`; it is {json}"));
                }
            }
            (Some(_), None) => missing.push(format!(
                "the reply of {what} is not known as JSON: give the workspace the `proto`, or expect a text; it is {}",
                call.reply.tree.trim_end()
            )),
        }
    }
}

/// Where something that is expected is not there.
fn difference(expected: &Json, found: &Json) -> Option<String> {
    let within =
        |part: String, inner: String| if inner.is_empty() { part } else { format!("{part}.{inner}") };
    match (expected, found) {
        (Json::Object(expected), Json::Object(found)) => expected.iter().find_map(|(key, expected)| {
            let found = found.get(key).unwrap_or(&Json::Null);
            difference(expected, found).map(|inner| within(key.clone(), inner))
        }),
        (Json::Array(expected), Json::Array(found)) if expected.len() == found.len() => {
            let mut pairs = expected.iter().zip(found).enumerate();
            pairs.find_map(|(index, (expected, found))| {
                difference(expected, found).map(|inner| within(index.to_string(), inner))
            })
        }
        (Json::Number(expected), Json::Number(found)) if expected.as_f64() == found.as_f64() => None,
        (expected, found) => (expected != found).then(String::new),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_expected_is_compared() {
        let found = json!({"a": 1, "b": {"c": [1, {"d": 2, "e": 3}]}});
        for (expected, at) in [
            (json!({}), None),
            (json!({"a": 1.0}), None),
            (json!({"x": null, "b": {}}), None),
            (json!({"b": {"c": [1, {"d": 2}]}}), None),
            (json!({"a": 2}), Some("a")),
            (json!({"x": 1}), Some("x")),
            (json!({"b": {"c": [1, {"d": 3}]}}), Some("b.c.1.d")),
            (json!({"b": {"c": [1]}}), Some("b.c")),
            (json!({"b": 1}), Some("b")),
        ] {
            assert_eq!(difference(&expected, &found).as_deref(), at, "{expected}");
        }
    }
}
