//! waPC, the calls between a policy and its host: the nine functions a guest imports, and the call that asks it.
//!
//! The host writes only where the guest says, and a pointer outside the guest's memory ends the guest. Source: wapc,
//! `wapc_functions.rs`, and wasmtime-provider's `callbacks.rs`.

use std::borrow::Cow::Borrowed;
use std::sync::LazyLock;

use super::Operation;
use super::capabilities::{self, Question};
use super::host::Policy;
use crate::abi::command::Ended;
use crate::abi::policy::Failure;
use crate::machine::ValueType::I32;
use crate::machine::memory::{check, read_bytes};
use crate::machine::{Args, Guest, HostFunction, OutOfBounds, Trap, Value};
use crate::wasi;

/// What a guest is set up by, in this order, where it exports it.
pub(crate) const BEFORE: [&str; 3] = ["_initialize", "_start", "wapc_init"];

/// What a guest is asked by: the lengths of the operation's name and of the payload; 1 says that it answered.
pub(crate) const CALL: &str = "__guest_call";

const MODULE: &str = "wapc";

macro_rules! entry {
    ($name:literal, $params:expr, $result:expr, $function:path) => {
        HostFunction {
            module: Borrowed(MODULE),
            name: Borrowed($name),
            params: $params,
            result: $result,
            call: $function,
        }
    };
}

static OWN: [HostFunction; 9] = [
    entry!("__guest_request", &[I32, I32], None, guest_request),
    entry!("__guest_response", &[I32, I32], None, guest_response),
    entry!("__guest_error", &[I32, I32], None, guest_error),
    entry!("__host_call", &[I32, I32, I32, I32, I32, I32, I32, I32], Some(I32), host_call),
    entry!("__host_response_len", &[], Some(I32), host_response_len),
    entry!("__host_response", &[I32], None, host_response),
    entry!("__host_error_len", &[], Some(I32), host_error_len),
    entry!("__host_error", &[I32], None, host_error),
    entry!("__console_log", &[I32, I32], None, console_log),
];

/// All that a policy over waPC may import: waPC, WASI, and the one function that old guests have under WASI's first
/// name.
static FUNCTIONS: LazyLock<Vec<HostFunction>> = LazyLock::new(|| {
    let write = wasi::functions().iter().filter(|function| function.name == "fd_write");
    let unstable =
        write.map(|function| HostFunction { module: Borrowed("wasi_unstable"), ..function.clone() });
    OWN.iter().chain(wasi::functions()).cloned().chain(unstable).collect()
});

/// The table.
pub(crate) fn functions() -> &'static [HostFunction] {
    &FUNCTIONS
}

/// The arguments of [`CALL`].
pub(crate) fn lengths(operation: Operation, payload: &[u8]) -> [Value; 2] {
    let length = |bytes: &[u8]| Value::I32(u32::try_from(bytes.len()).unwrap_or(u32::MAX).cast_signed());
    [length(operation.wapc().as_bytes()), length(payload)]
}

/// What a guest handed over in a call that ended.
pub(crate) fn response(ended: &mut Ended) -> Result<Vec<u8>, Failure> {
    if let Err(trap) = &ended.result {
        return Err(trap.into());
    }
    let error = ended.policy.error.take().map(|error| String::from_utf8_lossy(&error).into_owned());
    let reported = |error: Option<String>, otherwise: &str| match error {
        Some(error) => Failure::reported(&error),
        None => Failure::malformed(otherwise),
    };
    match (ended.returned, ended.policy.response.take()) {
        (None, _) => Err(Failure::malformed("exited before it answered")),
        (Some(Value::I32(0)), _) => Err(reported(error, "said that it failed, without an error message")),
        (Some(Value::I32(_)), Some(response)) => Ok(response),
        (Some(Value::I32(_)), None) => {
            Err(reported(error, "said that it succeeded, and handed no answer over"))
        }
        (Some(_), _) => Err(Failure::malformed("returned something else than a number of 32 bits")),
    }
}

fn policy(guest: &mut dyn Guest) -> &mut Policy {
    &mut guest.host().policy
}

/// A pointer outside the memory: the guest cannot be told, so it ends.
fn outside(function: &str) -> impl Fn(OutOfBounds) -> Trap {
    move |error| Trap::Host(format!("`{function}`: {error}"))
}

/// Copies what the guest points at, charged before.
fn take(guest: &mut dyn Guest, function: &str, pointer: u32, length: u32) -> Result<Vec<u8>, Trap> {
    check(guest, pointer, u64::from(length)).map_err(outside(function))?;
    guest.host().gate.charge(u64::from(length))?;
    read_bytes(guest, pointer, length).map_err(outside(function))
}

/// Copies bytes to where the guest wants them.
fn give(guest: &mut dyn Guest, function: &str, pointer: u32, bytes: &[u8]) -> Result<(), Trap> {
    check(guest, pointer, bytes.len() as u64).map_err(outside(function))?;
    guest.host().gate.charge(bytes.len() as u64)?;
    guest.write(u64::from(pointer), bytes).map_err(outside(function))
}

type Called = Result<Option<Value>, Trap>;

fn guest_request(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    let name = "__guest_request";
    let (operation, payload) = (policy(guest).operation.clone(), policy(guest).payload.clone());
    give(guest, name, args.u32(0), &operation)?;
    give(guest, name, args.u32(1), &payload)?;
    Ok(None)
}

fn guest_response(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    policy(guest).check_answer(u64::from(args.u32(1)))?;
    let bytes = take(guest, "__guest_response", args.u32(0), args.u32(1))?;
    let policy = policy(guest);
    if policy.response.is_some() {
        return Err(Trap::Host("`__guest_response`: it answers a second time".into()));
    }
    policy.response = Some(bytes);
    Ok(None)
}

fn guest_error(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    policy(guest).check_answer(u64::from(args.u32(1)))?;
    let bytes = take(guest, "__guest_error", args.u32(0), args.u32(1))?;
    policy(guest).error = Some(bytes);
    Ok(None)
}

fn host_call(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    let name = "__host_call";
    policy(guest).host_response.clear();
    policy(guest).host_error.clear();
    let result = asked(guest, name, args)?;
    let is_answer = result.is_ok();
    let bytes = result.unwrap_or_else(String::into_bytes);
    guest.host().gate.charge(bytes.len() as u64)?;
    let policy = policy(guest);
    match is_answer {
        true => policy.host_response = bytes,
        false => policy.host_error = bytes,
    }
    Ok(Some(Value::I32(i32::from(is_answer))))
}

/// Reads a question's eight arguments, and asks.
pub(super) fn asked(
    guest: &mut dyn Guest,
    name: &str,
    args: Args<'_>,
) -> Result<Result<Vec<u8>, String>, Trap> {
    let mut parts = Vec::with_capacity(4);
    for index in [0, 2, 4, 6] {
        parts.push(take(guest, name, args.u32(index), args.u32(index + 1))?);
    }
    let [binding, namespace, operation, payload] = parts.as_slice() else { return Ok(Err(String::new())) };
    let (binding, namespace, operation) = (
        String::from_utf8_lossy(binding),
        String::from_utf8_lossy(namespace),
        String::from_utf8_lossy(operation),
    );
    let question = Question { binding: &binding, namespace: &namespace, operation: &operation, payload };
    Ok(capabilities::ask(policy(guest), question))
}

fn host_response_len(guest: &mut dyn Guest, _: Args<'_>) -> Called {
    length(policy(guest).host_response.len())
}

fn host_response(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    let bytes = policy(guest).host_response.clone();
    give(guest, "__host_response", args.u32(0), &bytes).map(|()| None)
}

fn host_error_len(guest: &mut dyn Guest, _: Args<'_>) -> Called {
    length(policy(guest).host_error.len())
}

fn host_error(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    let bytes = policy(guest).host_error.clone();
    give(guest, "__host_error", args.u32(0), &bytes).map(|()| None)
}

fn length(length: usize) -> Called {
    Ok(Some(Value::I32(u32::try_from(length).unwrap_or(u32::MAX).cast_signed())))
}

fn console_log(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    let bytes = take(guest, "__console_log", args.u32(0), args.u32(1))?;
    policy(guest).logs.add(String::from_utf8_lossy(&bytes).into_owned());
    Ok(None)
}
