//! What host services answer, as a person declares it: read and encoded before the service runs.
//!
//! It answers nothing of the cluster: a declared function takes the place of one that the cluster has.

use serde_json::Value as Json;

use super::names::snake;
use super::proto::{self, Schema};
use super::raw;
use crate::request::{HostAnswer, RawField};

/// The declared functions, with their answers as bytes, or the errors that end a call.
#[derive(Debug, Default)]
pub(crate) struct Answers(Vec<Answer>);

#[derive(Debug)]
struct Answer {
    module: String,
    name: String,
    answer: Result<Vec<u8>, String>,
}

/// The most functions that are declared: a module rarely imports ten.
const MAX_ANSWERS: usize = 1_000;

impl Answers {
    /// Reads what is declared.
    ///
    /// # Errors
    /// A sentence that names the function and the field.
    pub(crate) fn read(declared: &[HostAnswer], schema: Option<&Schema>) -> Result<Self, String> {
        if declared.len() > MAX_ANSWERS {
            return Err(format!("`hosts` declares more than {MAX_ANSWERS} functions"));
        }
        let mut answers = Self::default();
        for declared in declared {
            let (module, name) = (declared.module().to_owned(), snake(&declared.name));
            let answer = answer(declared, &name, schema)
                .map_err(|cause| format!("`hosts`: `{module}.{}`: {cause}", declared.name))?;
            if answers.of(&module, &name).is_some() {
                return Err(format!("`hosts` declares `{module}.{name}` twice"));
            }
            answers.0.push(Answer { module, name, answer });
        }
        Ok(answers)
    }

    /// What a function answers; nothing when it is not declared.
    pub(super) fn of(&self, module: &str, name: &str) -> Option<Result<&[u8], &str>> {
        let found = self.0.iter().find(|it| it.module == module && it.name == snake(name))?;
        Some(found.answer.as_deref().map_err(String::as_str))
    }
}

fn answer(
    declared: &HostAnswer,
    name: &str,
    schema: Option<&Schema>,
) -> Result<Result<Vec<u8>, String>, String> {
    let HostAnswer { answer, raw, fields, error, .. } = declared;
    let reply = schema.and_then(|schema| schema.host_method(declared.module(), name));
    let given = Given { json: answer.as_ref(), raw: raw.as_deref(), fields: fields.as_deref() };
    if let Some(error) = error {
        return match given.count() {
            0 => Ok(Err(error.clone())),
            _ => Err("it has an answer and an `error`: give one".into()),
        };
    }
    let no_type = || {
        match schema {
        None => "`answer` is JSON, for which its messages must be known: paste their `proto`, or give `raw` or `fields`".into(),
        Some(_) => format!(
            "the `proto` has no method for it: a service with the comment `go:plugin type=host module={}` must have one",
            declared.module()
        ),
    }
    };
    given.bytes("answer", reply.map(|method| method.reply).zip(schema), no_type).map(Ok)
}

/// A message in one of the ways that it can be given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    pub(crate) json: Option<&'a Json>,
    pub(crate) raw: Option<&'a str>,
    pub(crate) fields: Option<&'a [RawField]>,
}

impl Given<'_> {
    fn count(&self) -> usize {
        [self.json.is_some(), self.raw.is_some(), self.fields.is_some()].into_iter().filter(|it| *it).count()
    }

    /// The message. `name` is what its JSON stands under, `kind` its type and the schema that has it.
    ///
    /// # Errors
    /// A sentence; `no_type` is the one for JSON without a type.
    pub(crate) fn bytes(
        self,
        name: &str,
        kind: Option<(usize, &Schema)>,
        no_type: impl FnOnce() -> String,
    ) -> Result<Vec<u8>, String> {
        if self.count() > 1 {
            return Err(format!("it has more than one of `{name}`, `raw` and `fields`: give one"));
        }
        let under = |name: &str, cause: String| format!("{name}: {cause}");
        match (self.json, self.raw, self.fields) {
            (Some(json), ..) => {
                let (place, schema) = kind.ok_or_else(no_type)?;
                proto::encode::message(schema, place, json).map_err(|cause| under(name, cause))
            }
            (_, Some(text), _) => raw::bytes(text).map_err(|cause| under("raw", cause)),
            (.., Some(fields)) => raw::message(fields).map_err(|cause| under("fields", cause)),
            (None, None, None) => Ok(Vec::new()),
        }
    }
}
