//! The rules of a policy, asked.
//!
//! A policy without a rule that can refuse is refused itself: it would let everything through.

use policy::Failure;
use regorus::{Engine, Value as Rego};
use serde_json::Value;

use crate::Settings;

/// What messages call the source.
const FILE: &str = "policy.rego";
/// The rules that refuse.
const REFUSING: [&str; 2] = ["deny", "violation"];
/// The rule that warns.
const WARNING: &str = "warn";

/// What the rules said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Answers {
    pub(crate) refused: Vec<String>,
    pub(crate) warned: Vec<String>,
    /// What `print` said.
    pub(crate) prints: Vec<String>,
}

/// Asks every rule.
///
/// # Errors
/// When the source cannot be read, has no rule that refuses, or a rule fails or answers with anything but messages.
pub(crate) fn ask(settings: &Settings, input: &Value) -> Result<Answers, Failure> {
    let mut engine = Engine::new();
    engine.set_rego_v0(settings.v0);
    engine.set_strict_builtin_errors(true);
    engine.set_gather_prints(true);
    let package = engine.add_policy(FILE.into(), settings.rego.clone()).map_err(sentence)?;
    if !settings.data.is_null() {
        engine.add_data_json(&settings.data.to_string()).map_err(sentence)?;
    }
    engine.set_input_json(&input.to_string()).map_err(sentence)?;
    let mut declared = Vec::new();
    for name in REFUSING.into_iter().chain([WARNING]) {
        if engine.has_declared_rule_rooted_at(FILE, name).map_err(sentence)? {
            declared.push(name);
        }
    }
    if !declared.iter().any(|name| REFUSING.contains(name)) {
        return Err(format!("{FILE}: package `{package}` has no rule `deny` and no rule `violation`").into());
    }
    let mut answers = Answers::default();
    for name in declared {
        let value = engine.eval_rule(format!("{package}.{name}")).map_err(sentence)?;
        let list = if name == WARNING { &mut answers.warned } else { &mut answers.refused };
        list.extend(messages(name, &value)?);
    }
    answers.prints = engine.take_prints().map_err(sentence)?;
    Ok(answers)
}

/// The messages of a rule: a set or a list of texts, or of objects with `msg`; or one text.
fn messages(rule: &str, value: &Rego) -> Result<Vec<String>, Failure> {
    if *value == Rego::Undefined {
        return Ok(Vec::new());
    }
    let odd =
        |what: &Value| Failure::from(format!("rule `{rule}` answered with {what}, and not with messages"));
    let text = value.to_json_str().map_err(sentence)?;
    let json: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    match &json {
        Value::Bool(false) => Ok(Vec::new()),
        Value::Bool(true) => Ok(vec![format!("rule `{rule}` holds")]),
        Value::String(message) => Ok(vec![message.clone()]),
        Value::Array(entries) => entries
            .iter()
            .map(|entry| {
                let message = entry.as_str().or_else(|| entry.get("msg")?.as_str());
                message.map(str::to_owned).ok_or_else(|| odd(entry))
            })
            .collect(),
        other => Err(odd(other)),
    }
}

/// What went wrong, on one line: the engine draws its place over several.
fn sentence(error: impl std::fmt::Display) -> Failure {
    let text = error.to_string();
    let lines = text.lines().map(|line| line.trim().trim_start_matches(['|', '-', '>']).trim());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ").into()
}
