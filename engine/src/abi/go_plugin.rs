//! go-plugin: services that are called with messages of protocol buffers, and may ask their host in the same way.
//!
//! A method is an export that takes the place and the size of a message, and returns those of its reply. Every import
//! that is no WASI function is a host function: one of the cluster, one that the person declared, or one that ends the
//! call and says how to declare it. Sources: go-plugin's `gen/host.go` and `gen/plugin.go`, and wasm-k8s-host-proxy.

mod answers;
mod go_json;
pub(crate) mod host;
mod kubernetes;
pub(crate) mod names;
pub(crate) mod proto;
pub(crate) mod raw;
mod wire;

use std::borrow::Cow::Owned;

pub(crate) use self::answers::{Answers, Given};
use self::host::Service;
use crate::machine::ValueType::{self, I32, I64};
use crate::machine::memory::{check, read_bytes};
use crate::machine::{Args, Fault, Guest, HostFunction, Trap, Value};
use crate::module::inspect::ModuleInfo;
use crate::wasi;

/// Makes room in the guest's memory.
pub(crate) const MALLOC: &str = "malloc";

/// Gives it back.
pub(crate) const FREE: &str = "free";

/// What a service is set up by: a reactor's, or a program's, whichever it has first.
pub(crate) const SETUP: [&str; 2] = ["_initialize", "_start"];

/// WASI's modules: what of them is not offered is not a host service either.
const WASI: [&str; 2] = ["wasi_snapshot_preview1", "wasi_unstable"];

/// Place and size of a message.
const PARAMS: [ValueType; 2] = [I32, I32];

/// How modules are described that import a host function.
const KIND: &str = "func (i32, i32) -> i64";

/// The way out for a module that imports something else.
pub(crate) const IMPORTS: &str = "a service may import `wasi_snapshot_preview1`, and functions that take two numbers of 32 bits and return one of 64: those of `kubernetes`, and those that `hosts` declares";

/// What a service may import: WASI, and whatever it imports that has the form of a host function.
pub(crate) fn functions(info: &ModuleInfo) -> Vec<HostFunction> {
    let is_host = |module: &str, kind: &str| !WASI.contains(&module) && kind == KIND;
    let imports = info.imports.iter().filter(|import| is_host(&import.module, &import.kind));
    let function = |module: &str, name: &str| HostFunction {
        module: Owned(module.to_owned()),
        name: Owned(name.to_owned()),
        params: &PARAMS,
        result: Some(I64),
        call: ask,
    };
    wasi::functions().iter().cloned().chain(imports.map(|it| function(&it.module, &it.name))).collect()
}

/// Every host function: a message in, a message out. There is no error in between: what fails ends the call.
fn ask(guest: &mut dyn Guest, args: Args<'_>) -> Result<Option<Value>, Trap> {
    let (module, name) = guest.host().gate.current();
    let (module, name) = (module.to_owned(), name.to_owned());
    let called = format!("{module}.{name}");
    let service = service(guest, &called)?;
    if service.is_allocating {
        let cause = format!("`{MALLOC}` calls `{called}`, which asks for room by `{MALLOC}`");
        return Err(Trap::Host(cause));
    }
    let outside = |error| Trap::Host(format!("`{called}`: the request: {error}"));
    let (pointer, size) = (args.u32(0), args.u32(1));
    check(guest, pointer, u64::from(size)).map_err(outside)?;
    guest.host().gate.charge(u64::from(size))?;
    let request = read_bytes(guest, pointer, size).map_err(outside)?;
    let answer = self::service(guest, &called)?.ask(&module, &name, &request)?;
    if answer.is_empty() {
        return Ok(Some(Value::I64(0)));
    }
    let (pointer, size) = give(guest, &called, &answer)?;
    Ok(Some(Value::I64((u64::from(pointer) << 32 | u64::from(size)).cast_signed())))
}

/// The state behind a guest that is a service.
fn service<'a>(guest: &'a mut dyn Guest, called: &str) -> Result<&'a mut Service, Trap> {
    let none = || Trap::Host(format!("`{called}`: nothing answers in this run"));
    guest.host().service.as_deref_mut().ok_or_else(none)
}

/// Copies an answer to where the guest's own allocator puts it. It is the guest's, so nothing that it says is believed.
fn give(guest: &mut dyn Guest, called: &str, answer: &[u8]) -> Result<(u32, u32), Trap> {
    let large = || Trap::Host(format!("`{called}`: an answer of 2 GiB or more"));
    let size = u32::try_from(answer.len()).ok().filter(|size| *size < 1 << 31).ok_or_else(large)?;
    guest.host().gate.charge(u64::from(size))?;
    service(guest, called)?.is_allocating = true;
    let room = guest.call(MALLOC, &[Value::I32(size.cast_signed())]);
    service(guest, called)?.is_allocating = false;
    let pointer = room_at(room, size)?;
    guest.write(u64::from(pointer), answer).map_err(|error| nonsense(&error))?;
    Ok((pointer, size))
}

/// The room that [`MALLOC`] answered.
pub(crate) fn room_at(room: Result<Option<Value>, Trap>, size: u32) -> Result<u32, Trap> {
    match room {
        Ok(Some(Value::I32(0))) => Err(nonsense(&format!("it has no room for {size} bytes"))),
        Ok(Some(Value::I32(pointer))) => Ok(pointer.cast_unsigned()),
        // A machine has no name for a call with other types.
        Ok(_) | Err(Trap::Fault(Fault::Other)) => {
            Err(nonsense(&"it takes one number of 32 bits and returns one, and this one does not"))
        }
        Err(trap) => Err(trap),
    }
}

/// Why what [`MALLOC`] says cannot be.
pub(crate) fn nonsense(cause: &dyn std::fmt::Display) -> Trap {
    Trap::Host(format!("`{MALLOC}`: {cause}"))
}
