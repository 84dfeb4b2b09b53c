//! KubeStellar's dashboard plugins: functions that are handed the body of an HTTP request, and five host functions in
//! the import module `env`.
//!
//! Upstream's host functions are stubs; here they do what their names say, and only within what the manifest allows. An
//! answer lies where the plugin's own `allocate` puts it, so nothing that it says is believed. Sources: KubeStellar's
//! `pkg/plugins/wasm_runtime.go` and `manager.go`.

pub(crate) mod host;
pub(crate) mod manifest;
pub(crate) mod permissions;
pub(crate) mod routes;
pub(crate) mod signature;
mod storage;
mod url;

use std::borrow::Cow::Borrowed;
use std::sync::LazyLock;

use self::host::Dashboard;
use crate::machine::ValueType::{self, I32};
use crate::machine::memory::{check, read_bytes};
use crate::machine::{Args, Guest, HostFunction, Trap, Value};
use crate::module::inspect::ModuleInfo;
use crate::plugin::calls::Calls;
use crate::report::{HostCall, MAX_CALL_TEXT};
use crate::wasi;
use crate::words;

/// The import module.
const MODULE: &str = "env";

/// The plugin's allocator: a size in, an address out.
pub(crate) const ALLOCATE: &str = "allocate";

/// The way out for a plugin that imports something else.
pub(crate) const IMPORTS: &str = "a dashboard plugin may import `wasi_snapshot_preview1`, and of `env` the functions `host_k8s_api_call`, `host_log`, `host_get_config`, `host_storage_get` and `host_storage_set`";

macro_rules! entry {
    ($function:ident, $params:expr, $result:expr) => {
        HostFunction {
            module: Borrowed(MODULE),
            name: Borrowed(stringify!($function)),
            params: $params,
            result: $result,
            call: $function,
        }
    };
}

static OWN: [HostFunction; 5] = [
    entry!(host_k8s_api_call, &[I32; 2], Some(I32)),
    entry!(host_log, &[I32; 2], None),
    entry!(host_get_config, &[I32], Some(I32)),
    entry!(host_storage_get, &[I32; 2], Some(I32)),
    entry!(host_storage_set, &[I32; 4], Some(I32)),
];

static FUNCTIONS: LazyLock<Vec<HostFunction>> =
    LazyLock::new(|| OWN.iter().chain(wasi::functions()).cloned().collect());

/// All that a plugin may import.
///
/// # Errors
/// A sentence when it imports one of the functions with a signature that KubeStellar does not have.
pub(crate) fn functions(info: &ModuleInfo) -> Result<&'static [HostFunction], String> {
    for import in info.imports.iter().filter(|import| import.module == MODULE) {
        let Some(function) = OWN.iter().find(|function| function.name == import.name) else { continue };
        let expected = signature(function);
        if import.kind != expected {
            return Err(format!(
                "it imports `{MODULE}.{}` as `{}`, and the function is `{expected}`",
                import.name, import.kind
            ));
        }
    }
    Ok(&FUNCTIONS)
}

/// A signature as modules are described.
fn signature(function: &HostFunction) -> String {
    let params = function.params.iter().map(spelled).collect::<Vec<_>>().join(", ");
    match function.result {
        Some(result) => format!("func ({params}) -> {}", spelled(&result)),
        None => format!("func ({params})"),
    }
}

fn spelled(kind: &ValueType) -> &'static str {
    match kind {
        ValueType::I32 => "i32",
        ValueType::I64 => "i64",
        ValueType::F32 => "f32",
        ValueType::F64 => "f64",
    }
}

type Called = Result<Option<Value>, Trap>;

/// `host_k8s_api_call(path) -> answer`
fn host_k8s_api_call(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    let mut call = begin(guest, "env.host_k8s_api_call")?;
    let answer = match text(guest, args, 0, MAX_CALL_TEXT, "the path")? {
        Ok(path) => Ok(dashboard(guest)?.ask(&mut call, &path)),
        Err(cause) => Err(cause),
    };
    give(guest, call, answer)
}

/// `host_log(message)`
fn host_log(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    let mut call = begin(guest, "env.host_log")?;
    match bytes(guest, args, 0, MAX_MESSAGE_BYTES, "the message")? {
        Ok(message) => dashboard(guest)?.log(&mut call, &message),
        Err(cause) => Calls::refuses(&mut call, "ignored", cause),
    }
    dashboard(guest)?.end(call)?;
    Ok(None)
}

/// `host_get_config(anything) -> settings`
fn host_get_config(guest: &mut dyn Guest, _: Args<'_>) -> Called {
    let mut call = begin(guest, "env.host_get_config")?;
    let answer = dashboard(guest)?.config(&mut call);
    give(guest, call, Ok(answer))
}

/// `host_storage_get(key) -> value`
fn host_storage_get(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    let mut call = begin(guest, "env.host_storage_get")?;
    let answer = match text(guest, args, 0, storage::MAX_KEY_BYTES as usize, "the key")? {
        Ok(key) => Ok(dashboard(guest)?.get(&mut call, &key)),
        Err(cause) => Err(cause),
    };
    give(guest, call, answer)
}

/// `host_storage_set(key, value) -> 1 or 0`
fn host_storage_set(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    let mut call = begin(guest, "env.host_storage_set")?;
    let key = text(guest, args, 0, storage::MAX_KEY_BYTES as usize, "the key")?;
    let value = bytes(guest, args, 2, storage::MAX_VALUE_BYTES as usize, "the value")?;
    let is_stored = match (key, value) {
        (Ok(key), Ok(value)) => dashboard(guest)?.set(&mut call, &key, &value),
        (Err(cause), _) | (_, Err(cause)) => {
            Calls::refuses(&mut call, REFUSED, cause);
            false
        }
    };
    dashboard(guest)?.end(call)?;
    Ok(Some(Value::I32(is_stored.into())))
}

/// The longest message that is read, in bytes: more than a log keeps of it.
const MAX_MESSAGE_BYTES: usize = 64 << 10;

/// What a plugin is told where there is no answer.
const REFUSED: &str = "0";

fn begin(guest: &mut dyn Guest, function: &str) -> Result<HostCall, Trap> {
    Ok(dashboard(guest)?.begin(function))
}

fn dashboard(guest: &mut dyn Guest) -> Result<&mut Dashboard, Trap> {
    let dashboard = guest.host().dashboard.as_deref_mut();
    dashboard.ok_or_else(|| Trap::Host("this run is none of a dashboard plugin".into()))
}

/// What a guest points at, or why it is not read. KubeStellar too tells a plugin and goes on.
fn bytes(
    guest: &mut dyn Guest,
    args: Args<'_>,
    index: usize,
    limit: usize,
    what: &str,
) -> Result<Result<Vec<u8>, String>, Trap> {
    let (pointer, length) = (args.u32(index), args.u32(index + 1));
    if let Err(error) = check(guest, pointer, length.into()) {
        return Ok(Err(format!("{what}: {error}")));
    }
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    if let Err(cause) = storage::check(length.into(), limit, what) {
        return Ok(Err(cause));
    }
    guest.host().gate.charge(length.into())?;
    Ok(read_bytes(guest, pointer, length).map_err(|error| format!("{what}: {error}")))
}

fn text(
    guest: &mut dyn Guest,
    args: Args<'_>,
    index: usize,
    limit: usize,
    what: &str,
) -> Result<Result<String, String>, Trap> {
    let bytes = bytes(guest, args, index, limit, what)?;
    let text = |bytes| {
        String::from_utf8(bytes).map_err(|error| format!("{what} is not UTF-8: {}", error.utf8_error()))
    };
    Ok(bytes.and_then(text))
}

/// Ends a call whose answer lies in the guest's memory: its address, or 0 where there is none.
fn give(guest: &mut dyn Guest, mut call: HostCall, answer: Result<Vec<u8>, String>) -> Called {
    let placed = match answer {
        Ok(answer) => place(guest, &answer),
        Err(cause) => Ok(Err(cause)),
    };
    let cause = match &placed {
        Ok(Ok(_)) => None,
        Ok(Err(cause)) => Some(cause.clone()),
        Err(trap) => Some(format!("`{ALLOCATE}`: {trap}")),
    };
    if let Some(cause) = cause {
        let earlier = std::mem::take(&mut call.cause);
        let cause = if earlier.is_empty() { cause } else { format!("{earlier}; and {cause}") };
        Calls::refuses(&mut call, REFUSED, cause);
    }
    dashboard(guest)?.end(call)?;
    let pointer = placed?.unwrap_or(0);
    Ok(Some(Value::I32(pointer.cast_signed())))
}

/// Puts an answer where the guest's allocator wants it. A guest that is asked for room may ask again, but gets no
/// answer then: it would be asked for room without end.
fn place(guest: &mut dyn Guest, answer: &[u8]) -> Result<Result<u32, String>, Trap> {
    if answer.is_empty() {
        return Ok(Err("the answer is empty".into()));
    }
    let Ok(length) = u32::try_from(answer.len()) else { return Ok(Err("the answer is beyond 4 GiB".into())) };
    let dashboard = dashboard(guest)?;
    if dashboard.is_allocating {
        return Ok(Err(format!("`{ALLOCATE}` is making room for another answer, and asks meanwhile")));
    }
    let Some(signature) = dashboard.allocate else {
        return Ok(Err(format!("the module exports no function `{ALLOCATE}`, which makes room for answers")));
    };
    let args = match signature.args(&[length]) {
        Ok(args) => args,
        Err(cause) => return Ok(Err(format!("`{ALLOCATE}`: {cause}"))),
    };
    dashboard.is_allocating = true;
    guest.host().gate.charge(length.into())?;
    let called = guest.call(ALLOCATE, &args);
    self::dashboard(guest)?.is_allocating = false;
    let pointer = address(called?);
    if pointer == 0 {
        return Ok(Err(format!(
            "`{ALLOCATE}` has no room for {} bytes: it answers 0",
            words::grouped(length.into())
        )));
    }
    let written = guest.write(pointer.into(), answer);
    Ok(written.map(|()| pointer).map_err(|error| format!("`{ALLOCATE}`: {error}")))
}

/// The address that an allocator answers: as upstream, the lower half of what it returns, and 0 when it returns nothing.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
pub(crate) fn address(returned: Option<Value>) -> u32 {
    returned.map_or(0, |value| signature::bits(value) as u32)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::abi::{Abi, DASHBOARD};
    use crate::module::{Module, to_binary};

    fn info(text: &str) -> ModuleInfo {
        Module::load(&to_binary(text.as_bytes()).unwrap()).unwrap().info
    }

    #[test]
    fn what_detection_knows_is_what_is_offered() {
        let mut names = OWN.clone().map(|function| function.name);
        names.sort_unstable();
        assert_eq!(names, DASHBOARD);
    }

    #[test]
    fn plugins_are_told_from_other_modules() {
        let function = |name: &str| format!("(func (export \"{name}\"))");
        let (allocate, start) = (function("allocate"), function("_start"));
        for (text, expected) in [
            ("(import \"env\" \"host_log\" (func (param i32 i32)))".to_owned(), Abi::Kubestellar),
            (allocate.clone() + &function("deallocate"), Abi::Kubestellar),
            (start.clone() + &function("handle_status") + &allocate, Abi::Kubestellar),
            (allocate.clone(), Abi::Unknown),
            (start.clone() + &allocate, Abi::Wasi),
            (start + &function("handle_status"), Abi::Wasi),
            (allocate + "(memory (export \"deallocate\") 1)", Abi::Unknown),
        ] {
            assert_eq!(info(&format!("(module {text})")).abi.abi, expected, "{text}");
        }
    }

    #[test]
    fn other_signatures_are_named() {
        let import = |name: &str, kind: &str| {
            functions(&info(&format!("(module (import \"env\" \"{name}\" (func {kind})))"))).map(|_| ())
        };
        assert_eq!(import("host_log", "(param i32 i32)"), Ok(()));
        assert_eq!(import("host_get_config", "(param i32) (result i32)"), Ok(()));
        assert_eq!(
            import("host_get_config", "(param i32 i32) (result i64)").unwrap_err(),
            "it imports `env.host_get_config` as `func (i32, i32) -> i64`, and the function is `func (i32) -> i32`"
        );
    }
}
