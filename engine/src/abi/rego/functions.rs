//! What a policy imports: abort, print, and its built-in functions, by number.
//!
//! A text of the guest ends at its first zero byte and must end inside the memory; a built-in function that fails
//! ends the evaluation, as in Kubewarden, since "undefined" can turn a no into a yes.

use std::borrow::Cow::Borrowed;

use serde_json::Value as Json;

use super::builtins;
use crate::machine::ValueType::I32;
use crate::machine::memory::{check, read_bytes};
use crate::machine::{Args, Guest, HostFunction, Trap, Value};

macro_rules! entry {
    ($name:literal, $params:expr, $result:expr, $function:path) => {
        HostFunction {
            module: Borrowed("env"),
            name: Borrowed($name),
            params: $params,
            result: $result,
            call: $function,
        }
    };
}

static FUNCTIONS: [HostFunction; 7] = [
    entry!("opa_abort", &[I32], None, abort),
    entry!("opa_println", &[I32], None, println),
    entry!("opa_builtin0", &[I32, I32], Some(I32), builtin),
    entry!("opa_builtin1", &[I32, I32, I32], Some(I32), builtin),
    entry!("opa_builtin2", &[I32, I32, I32, I32], Some(I32), builtin),
    entry!("opa_builtin3", &[I32, I32, I32, I32, I32], Some(I32), builtin),
    entry!("opa_builtin4", &[I32, I32, I32, I32, I32, I32], Some(I32), builtin),
];

/// The table.
pub(super) fn functions() -> &'static [HostFunction] {
    &FUNCTIONS
}

/// How many bytes of a text are looked at at once.
const PIECE: u64 = 4096;

/// The text that ends at the first zero byte behind `address`.
pub(super) fn text(guest: &mut dyn Guest, what: &str, address: u32) -> Result<Vec<u8>, Trap> {
    let outside = |error| Trap::Host(format!("{what}: {error}"));
    check(guest, address, 1).map_err(outside)?;
    let mut bytes = Vec::new();
    let mut at = u64::from(address);
    loop {
        let length = guest.memory_size().saturating_sub(at).min(PIECE);
        if length == 0 {
            return Err(Trap::Host(format!("{what}: its text does not end before the memory does")));
        }
        guest.host().gate.charge(length)?;
        let (from, many) = (u32::try_from(at).unwrap_or(u32::MAX), u32::try_from(length).unwrap_or(u32::MAX));
        let piece = read_bytes(guest, from, many).map_err(outside)?;
        if let Some(end) = piece.iter().position(|byte| *byte == 0) {
            bytes.extend(piece.into_iter().take(end));
            guest.host().policy.check_answer(bytes.len() as u64)?;
            return Ok(bytes);
        }
        bytes.extend(piece);
        guest.host().policy.check_answer(bytes.len() as u64)?;
        at += length;
    }
}

type Called = Result<Option<Value>, Trap>;

fn abort(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    let message = text(guest, "`opa_abort`", args.u32(0))?;
    let message = String::from_utf8_lossy(&message).into_owned();
    Err(Trap::Host(format!("it aborts: {}", crate::abi::policy::sentence(&message))))
}

fn println(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    let line = text(guest, "`opa_println`", args.u32(0))?;
    let line = String::from_utf8_lossy(&line).into_owned();
    guest.host().policy.logs.add(line);
    Ok(None)
}

/// Calls an export that takes and returns addresses.
fn called(guest: &mut dyn Guest, export: &str, args: &[u32]) -> Result<u32, Trap> {
    let args: Vec<_> = args.iter().map(|arg| Value::I32(arg.cast_signed())).collect();
    match guest.call(export, &args)? {
        Some(Value::I32(address)) => Ok(address.cast_unsigned()),
        _ => Err(Trap::Host(format!("`{export}` did not return an address"))),
    }
}

fn builtin(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    let id = args.u32(0).cast_signed();
    let Some(name) = guest.host().rego.builtins.get(&id).cloned() else {
        return Err(Trap::Host(format!(
            "it calls the built-in function {id}, which its `builtins` do not name"
        )));
    };
    let what = format!("an argument of `{name}`");
    let mut given = Vec::new();
    for index in 2..args.0.len() {
        let address = called(guest, "opa_json_dump", &[args.u32(index)])?;
        let bytes = text(guest, &what, address)?;
        let value: Json = serde_json::from_slice(&bytes)
            .map_err(|error| Trap::Host(format!("{what} is not JSON: {error}")))?;
        given.push(value);
    }
    let rego = builtins::Surroundings { now_ns: guest.host().rego.now_ns };
    let (value, line) = builtins::call(&name, &given, &rego)
        .map_err(|cause| Trap::Host(format!("its built-in function `{name}` fails: {cause}")))?;
    if let Some(line) = line {
        guest.host().policy.logs.add(line);
    }
    let json = value.to_string();
    let length = u32::try_from(json.len()).unwrap_or(u32::MAX);
    guest.host().gate.charge(u64::from(length))?;
    let address = called(guest, "opa_malloc", &[length])?;
    guest
        .write(u64::from(address), json.as_bytes())
        .map_err(|error| Trap::Host(format!("`opa_malloc`: {error}")))?;
    match called(guest, "opa_json_parse", &[address, length])? {
        0 => Err(Trap::Host(format!("it cannot read the result of `{name}`"))),
        value => Ok(Some(Value::I32(value.cast_signed()))),
    }
}
