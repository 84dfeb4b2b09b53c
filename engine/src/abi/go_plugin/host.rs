//! What a service's host keeps during a run: who answers, what was asked, what is declared.
//!
//! One gate for every question: the declared answer, else the cluster's, else none, which ends the call with the way
//! out.

use std::sync::Arc;

use super::answers::Answers;
use super::kubernetes::{self, Refused};
use super::proto::{self, Schema};
use super::raw;
use crate::machine::Trap;
use crate::plugin::calls::Calls;
use crate::report::HostCall;
use crate::words;

/// The most questions that are answered: as many as of a kubectl plugin.
const MAX_QUESTIONS: u64 = 10_000;

/// A service's side of its host.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) calls: Calls,
    answers: Arc<Answers>,
    schema: Option<Arc<Schema>>,
    /// Whether the guest is making room for an answer, and may ask nothing.
    pub(crate) is_allocating: bool,
}

impl Service {
    pub(crate) fn new(calls: Calls, answers: Arc<Answers>, schema: Option<Arc<Schema>>) -> Self {
        Self { calls, answers, schema, is_allocating: false }
    }

    /// Asks, and keeps what came of it.
    ///
    /// # Errors
    /// Whatever is no answer, as the one that ends the guest; and as [`Calls::end`].
    pub(super) fn ask(&mut self, module: &str, name: &str, request: &[u8]) -> Result<Vec<u8>, Trap> {
        let called = format!("{module}.{name}");
        let mut call = self.calls.begin(&called);
        let result = self.answer((module, name), request, &mut call);
        if let Err(cause) = &result {
            Calls::refuses(&mut call, "trapped", cause.clone());
        }
        self.calls.end(call)?;
        result.map_err(|cause| Trap::Host(format!("`{called}`: {cause}")))
    }

    fn answer(
        &mut self,
        (module, name): (&str, &str),
        request: &[u8],
        call: &mut HostCall,
    ) -> Result<Vec<u8>, String> {
        let answers = Arc::clone(&self.answers);
        let declared = answers.of(module, name);
        if declared.is_none() && module == kubernetes::MODULE {
            self.check_count()?;
            return kubernetes::ask(&mut self.calls, call, name, request).map_err(|refused| match refused {
                Refused::Said(cause) => cause,
                Refused::Unknown => undeclared(module, name),
            });
        }
        let shown = self.shown(module, name, request);
        self.calls.asks(call, "", &shown, request);
        self.check_count()?;
        match declared {
            Some(Ok(answer)) => {
                self.calls.says(call, answer);
                Ok(answer.to_vec())
            }
            Some(Err(cause)) => Err(cause.to_owned()),
            None => Err(undeclared(module, name)),
        }
    }

    fn check_count(&self) -> Result<(), String> {
        match self.calls.count() > MAX_QUESTIONS {
            true => Err(format!("more than {} questions are not answered", words::grouped(MAX_QUESTIONS))),
            false => Ok(()),
        }
    }

    /// A request as a person reads it.
    fn shown(&self, module: &str, name: &str, request: &[u8]) -> String {
        let described =
            self.schema.as_deref().and_then(|schema| Some((schema, schema.host_method(module, name)?)));
        let read = described
            .and_then(|(schema, method)| proto::decode::message(schema, method.request, request).ok());
        match read {
            Some(read) => read.json.to_string(),
            None => raw::tree(request).unwrap_or_default().trim_end().replace('\n', " "),
        }
    }
}

/// What nothing answers, and the way out.
fn undeclared(module: &str, name: &str) -> String {
    let verbs = kubernetes::VERBS.join("`, `");
    let known = match module {
        kubernetes::MODULE => format!("of `{module}` there is `{verbs}`; "),
        _ => String::new(),
    };
    format!(
        "nothing answers it; {known}declare it: `hosts: [{{module: {module}, name: {name}, answer: {{}}}}]`"
    )
}
