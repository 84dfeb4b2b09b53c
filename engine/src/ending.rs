//! How a guest ended before it came to its end, or was refused, in words: the same for every scenario.
//!
//! It gives no way out but where that is the same everywhere; the scenario knows the rest, and a face knows which
//! of its own controls sets a field of the budget.

use crate::machine::{PrepareError, Trap};
use crate::report::{Limit, Outcome, OutcomeKind};

/// The outcome of a module that the machine does not take. `imports` is the way out of an import that nothing
/// provides.
pub(crate) fn refused(name: &str, error: &PrepareError, imports: &str) -> Outcome {
    match error {
        PrepareError::Missing { module, name: field } => {
            let message = format!("module `{name}` imports `{module}.{field}`, which nothing here provides");
            Outcome::new(OutcomeKind::Invalid, message).with_hint(imports)
        }
        PrepareError::Signature { module, name: field } => {
            let message =
                format!("module `{name}` imports `{module}.{field}` with another signature than WASI's");
            Outcome::new(OutcomeKind::Invalid, message).with_hint("build it with a current WASI SDK")
        }
        PrepareError::Refused(cause) => {
            let message = format!("module `{name}` is not valid WebAssembly here: {cause}");
            Outcome::new(OutcomeKind::Invalid, message).with_hint(
                "threads, exceptions, vectors (SIMD), garbage collection and 64-bit memories are off; build without them",
            )
        }
    }
}

/// The outcome of a guest that did not return. `subject` begins the sentence.
pub(crate) fn trapped(subject: &str, trap: &Trap) -> Outcome {
    let mut outcome = predicate(trap);
    outcome.message = format!("{subject} {}", outcome.message);
    outcome
}

/// The same without its subject: `trapped: …`.
pub(crate) fn predicate(trap: &Trap) -> Outcome {
    match trap {
        Trap::Exit(code) => {
            let mut outcome = Outcome::new(OutcomeKind::Exited, format!("exited with code {code}"));
            outcome.code = Some(*code);
            outcome
        }
        Trap::Stopped(stopped) => {
            let outcome = Outcome::new(OutcomeKind::Stopped, format!("was stopped: {}", stopped.detail));
            stopped_by(outcome, stopped.limit)
        }
        Trap::Fault(fault) => Outcome::new(OutcomeKind::Trapped, format!("trapped: {fault}")),
        Trap::Host(cause) => Outcome::new(OutcomeKind::Trapped, format!("cannot go on: {cause}")),
    }
}

/// The outcome with the limit that ended it, and the way out where there is one.
pub(crate) fn stopped_by(mut outcome: Outcome, limit: Limit) -> Outcome {
    outcome.limit = Some(limit);
    match limit.field() {
        Some(field) => {
            outcome.with_hint(format!("if the guest is right to need more, raise `budget.{field}`"))
        }
        None => outcome,
    }
}
