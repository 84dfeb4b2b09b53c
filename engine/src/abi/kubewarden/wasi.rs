//! Policies that are WASI programs: the one function they import beside WASI, and how their end is read.
//!
//! The answer to a question goes to the end of stdin, so that stdin ends and later has more. Source: Kubewarden's
//! `runtimes/wasi_cli`.

use std::borrow::Cow::Borrowed;
use std::sync::LazyLock;

use super::detect::WASI_HOSTS;
use super::wapc::asked;
use crate::abi::command::Ended;
use crate::abi::policy::{Failure, sentence};
use crate::machine::ValueType::I32;
use crate::machine::{Args, Guest, HostFunction, Trap, Value};
use crate::report::{Outcome, OutcomeKind};
use crate::wasi;

/// A policy's own name, its first argument.
pub(crate) const NAME: &str = "policy.wasm";

/// WASI, and `call` under both names of its module.
static FUNCTIONS: LazyLock<Vec<HostFunction>> = LazyLock::new(|| {
    let call = |module| HostFunction {
        module: Borrowed(module),
        name: Borrowed("call"),
        params: &[I32, I32, I32, I32, I32, I32, I32, I32],
        result: Some(I32),
        call,
    };
    wasi::functions().iter().cloned().chain(WASI_HOSTS.into_iter().map(call)).collect()
});

/// The table.
pub(crate) fn functions() -> &'static [HostFunction] {
    &FUNCTIONS
}

/// `call(binding, namespace, operation, payload)`, a pointer and a length each. Unlike over waPC, 0 is an answer and 1
/// an error.
fn call(guest: &mut dyn Guest, args: Args<'_>) -> Result<Option<Value>, Trap> {
    let result = asked(guest, "call", args)?;
    let code = i32::from(result.is_err());
    let bytes = result.unwrap_or_else(String::into_bytes);
    guest.host().gate.charge(bytes.len() as u64)?;
    guest.host().wasi.push_stdin(&bytes);
    Ok(Some(Value::I32(code)))
}

/// What a policy printed; how it failed, when it did, in the words it wrote to stderr.
pub(crate) fn response(ended: &mut Ended) -> Result<Vec<u8>, Failure> {
    let trap = match &ended.result {
        Ok(()) => return Ok(std::mem::take(&mut ended.stdout)),
        Err(trap) => trap,
    };
    let said = ended.stderr_text();
    match trap {
        Trap::Exit(code) if !said.trim().is_empty() => {
            let said = sentence(said.trim());
            let mut outcome = Outcome::new(OutcomeKind::Exited, format!("exited with code {code}: {said}"));
            outcome.code = Some(*code);
            Err(Failure(outcome))
        }
        trap => Err(trap.into()),
    }
}
