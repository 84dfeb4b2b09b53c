//! The built-in functions that OPA leaves to the host.
//!
//! What reaches out, draws by chance, or whose work nothing bounds is not there: a policy that needs it is refused before
//! it runs. Most come from regorus; sets reach the host as lists, as OPA's ABI hands them over.

use regorus::{Engine, Value};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::sprintf::sprintf;
use crate::abi::fields::shape;
use crate::abi::policy::sentence;

/// Functions of regorus that look at nothing but their arguments, and the number of these.
const PURE: [(&str, usize); 41] = [
    ("array.reverse", 1),
    ("base64url.encode_no_pad", 1),
    ("glob.quote_meta", 1),
    ("hex.decode", 1),
    ("hex.encode", 1),
    ("indexof_n", 2),
    ("json.is_valid", 1),
    ("object.keys", 1),
    ("object.subset", 2),
    ("object.union_n", 1),
    ("regex.find_n", 3),
    ("regex.match", 2),
    ("regex.is_valid", 1),
    ("regex.split", 2),
    ("regex.template_match", 4),
    ("glob.match", 3),
    ("json.marshal", 1),
    ("json.unmarshal", 1),
    ("semver.compare", 2),
    ("semver.is_valid", 1),
    ("strings.any_prefix_match", 2),
    ("strings.any_suffix_match", 2),
    ("strings.count", 2),
    ("strings.reverse", 1),
    ("time.add_date", 4),
    ("time.clock", 1),
    ("time.date", 1),
    ("time.diff", 2),
    ("time.format", 1),
    ("time.parse_duration_ns", 1),
    ("time.parse_ns", 2),
    ("time.parse_rfc3339_ns", 1),
    ("time.weekday", 1),
    ("units.parse", 1),
    ("units.parse_bytes", 1),
    ("urlquery.decode", 1),
    ("urlquery.decode_object", 1),
    ("urlquery.encode", 1),
    ("urlquery.encode_object", 1),
    ("yaml.marshal", 1),
    ("yaml.unmarshal", 1),
];

/// Those that are answered here.
const OWN: [(&str, usize); 7] = [
    ("crypto.sha256", 1),
    ("json.patch", 2),
    ("opa.runtime", 0),
    ("sprintf", 2),
    ("time.now_ns", 0),
    ("trace", 1),
    ("yaml.is_valid", 1),
];

/// What functions may know beside their arguments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surroundings {
    /// The run's clock, in nanoseconds since 1970.
    pub(super) now_ns: u64,
}

/// Whether there is such a function.
pub(super) fn is_known(name: &str) -> bool {
    PURE.iter().chain(&OWN).any(|(known, _)| *known == name)
}

/// Calls a function: its value, and a line for the log.
///
/// # Errors
/// Why it has no value.
pub(super) fn call(
    name: &str,
    args: &[Json],
    surroundings: &Surroundings,
) -> Result<(Json, Option<String>), String> {
    let known = PURE.iter().chain(&OWN).find(|(known, _)| *known == name);
    let (_, count) = known.ok_or_else(|| "it is not provided here".to_owned())?;
    if args.len() != *count {
        return Err(format!("it takes {count} arguments, and was given {}", args.len()));
    }
    let text = |index: usize| match args.get(index) {
        Some(Json::String(text)) => Ok(text.as_str()),
        other => Err(format!("argument {} is {}, not text", index + 1, other.map_or("missing", shape))),
    };
    let value = match name {
        "crypto.sha256" => {
            json!(Sha256::digest(text(0)?).iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
        "json.patch" => patched(args)?,
        "opa.runtime" => json!({}),
        "sprintf" => match args {
            [Json::String(format), Json::Array(values)] => json!(sprintf(format, values)?),
            _ => return Err("it takes a text and a list".into()),
        },
        "time.now_ns" => json!(surroundings.now_ns),
        "trace" => return Ok((json!(true), Some(text(0)?.to_owned()))),
        "yaml.is_valid" => json!(pure("yaml.unmarshal", args).is_ok()),
        _ => pure(name, args)?,
    };
    Ok((value, None))
}

/// Asks regorus. It must not ask which time zone the machine is in.
fn pure(name: &str, args: &[Json]) -> Result<Json, String> {
    let is_local = |arg: &Json| arg.get(1).is_some_and(|zone| zone == "Local");
    if name.starts_with("time.") && args.iter().any(is_local) {
        return Err("the time zone `Local` is not known here".into());
    }
    let places: Vec<_> = (0..args.len()).map(|index| format!("input[{index}]")).collect();
    let mut engine = Engine::new();
    let input = Value::from_json_str(&Json::from(args).to_string()).map_err(|error| why(&error))?;
    engine.set_input(input);
    let query = format!("{name}({})", places.join(", "));
    let results = engine.eval_query(query, false).map_err(|error| why(&error))?;
    let expression = results.result.first().and_then(|result| result.expressions.first());
    let value = expression.map(|expression| &expression.value).filter(|value| **value != Value::Undefined);
    let value = value.ok_or_else(|| "it is undefined for its arguments".to_owned())?;
    let json = value.to_json_str().map_err(|error| why(&error))?;
    serde_json::from_str(&json).map_err(|error| error.to_string())
}

/// The last line of an error, without the place in a query that nobody wrote.
fn why(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    sentence(line.trim().trim_start_matches("error: "))
}

fn patched(args: &[Json]) -> Result<Json, String> {
    let [value, patch] = args else { return Err("it takes a value and a patch".into()) };
    super::verdict::apply(value.clone(), &patch.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    /// Arguments of each pure function, and its value.
    const CALLS: &str = r#"[
        ["array.reverse", [[1, 2]], [2, 1]],
        ["base64url.encode_no_pad", ["a?>"], "YT8-"],
        ["glob.quote_meta", ["*.x"], "\\*.x"],
        ["hex.decode", ["6869"], "hi"],
        ["hex.encode", ["hi"], "6869"],
        ["indexof_n", ["abab", "b"], [1, 3]],
        ["json.is_valid", ["{"], false],
        ["object.keys", [{"a": 1}], ["a"]],
        ["object.subset", [{"a": 1, "b": 2}, {"a": 1}], true],
        ["object.union_n", [[{"a": 1}, {"b": 2}]], {"a": 1, "b": 2}],
        ["regex.find_n", ["[a-z]+", "ab 1 cd", -1], ["ab", "cd"]],
        ["regex.match", ["^a+$", "aa"], true],
        ["regex.is_valid", ["("], false],
        ["regex.split", [",", "a,b"], ["a", "b"]],
        ["regex.template_match", ["urn:{[a-z]+}", "urn:abc", "{", "}"], true],
        ["glob.match", ["*.example.com", ["."], "a.example.com"], true],
        ["json.marshal", [{"a": 1}], "{\"a\":1}"],
        ["json.unmarshal", ["[1]"], [1]],
        ["semver.compare", ["1.2.3", "1.10.0"], -1],
        ["semver.is_valid", ["1.2"], false],
        ["strings.any_prefix_match", ["abc", ["x", "ab"]], true],
        ["strings.any_suffix_match", ["abc", ["x", "bc"]], true],
        ["strings.count", ["cheese", "e"], 3],
        ["strings.reverse", ["abc"], "cba"],
        ["time.add_date", [0, 1, 0, 0], 31536000000000000],
        ["time.clock", [0], [0, 0, 0]],
        ["time.date", [0], [1970, 1, 1]],
        ["time.diff", [1000000000, 0], [0, 0, 0, 0, 0, 1]],
        ["time.format", [0], "1970-01-01T00:00:00Z"],
        ["time.parse_duration_ns", ["1m"], 60000000000],
        ["time.parse_ns", ["2006-01-02", "1970-01-02"], 86400000000000],
        ["time.parse_rfc3339_ns", ["1970-01-01T00:00:01Z"], 1000000000],
        ["time.weekday", [0], "Thursday"],
        ["units.parse", ["100m"], 0.1],
        ["units.parse_bytes", ["1Ki"], 1024],
        ["urlquery.decode", ["a%20b"], "a b"],
        ["urlquery.decode_object", ["a=1&a=2"], {"a": ["1", "2"]}],
        ["urlquery.encode", ["a b"], "a+b"],
        ["urlquery.encode_object", [{"a": "1"}], "a=1"],
        ["yaml.marshal", [{"a": 1}], "a: 1\n"],
        ["yaml.unmarshal", ["a: 1"], {"a": 1}]
    ]"#;

    #[test]
    fn every_function_of_the_list_is_there_and_right() {
        let calls: Vec<(String, Vec<Json>, Json)> = serde_json::from_str(CALLS).unwrap();
        let names: Vec<_> = calls.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, PURE.map(|(name, _)| name));
        let mut wrong = Vec::new();
        for (name, args, value) in &calls {
            let now = call(name, args, &Surroundings { now_ns: 7 });
            if now.as_ref() != Ok(&(value.clone(), None)) {
                wrong.push(format!("{name}: {now:?}, not {value}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn own_functions_answer_or_say_why_not() {
        let call = |name: &str, args: Json| {
            let args: Vec<Json> = serde_json::from_value(args).unwrap();
            call(name, &args, &Surroundings { now_ns: 7 })
        };
        assert_eq!(call("time.now_ns", json!([])), Ok((json!(7), None)));
        assert_eq!(call("trace", json!(["x"])), Ok((json!(true), Some("x".into()))));
        assert_eq!(call("opa.runtime", json!([])), Ok((json!({}), None)));
        assert_eq!(call("yaml.is_valid", json!(["a: ["])), Ok((json!(false), None)));
        assert_eq!(call("sprintf", json!(["%d of %v", [1, "x"]])), Ok((json!("1 of x"), None)));
        let patch = json!([{"a": 1}, [{"op": "add", "path": "/b", "value": 2}]]);
        assert_eq!(call("json.patch", patch), Ok((json!({"a": 1, "b": 2}), None)));
        let hash = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
        assert_eq!(call("crypto.sha256", json!(["x"])), Ok((json!(hash), None)));
        assert_eq!(call("sprintf", json!(["x"])).unwrap_err(), "it takes 2 arguments, and was given 1");
        assert_eq!(call("http.send", json!([{}])).unwrap_err(), "it is not provided here");
        assert!(call("hex.decode", json!(["zz"])).is_err());
        assert!(call("units.parse", json!([{}])).is_err());
    }
}
