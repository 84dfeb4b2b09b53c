//! Compiling within a time: a module of a few kilobytes can keep the compiler busy for hours, and nothing stops a
//! compiler.
//!
//! Refuses to wait: what takes too long is left to itself, on threads of its own, so that the next module finds
//! others free.

use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use engine::machine::wasmi::WasmiMachine;
use engine::machine::{Machine, PrepareError};
use engine::words;
use rayon::ThreadPoolBuilder;
use wasmtime::{Engine, Error, Module};

/// The native code of a module, or what the cache has of it.
pub(crate) fn compile(engine: &Engine, bytes: &[u8], limit: Duration) -> Result<Module, PrepareError> {
    let (done, result) = sync_channel(1);
    let (engine, binary) = (engine.clone(), bytes.to_vec());
    let work = move || {
        // Nobody listens any more when it took too long.
        let _ = done.send(on_own_threads(|| Module::from_binary(&engine, &binary)));
    };
    Builder::new()
        .name("compile".into())
        .spawn(work)
        .map_err(|error| PrepareError::Refused(format!("no thread can be made for the compiler: {error}")))?;
    match result.recv_timeout(limit) {
        Ok(compiled) => compiled.map_err(|error| refused(bytes, &error)),
        Err(RecvTimeoutError::Timeout) => Err(too_slow(limit)),
        Err(RecvTimeoutError::Disconnected) => Err(PrepareError::Refused(
            "the compiler failed: a defect, please report it; wasmi runs the module without one".into(),
        )),
    }
}

/// Runs a compiler that shares its work with the threads of a pool made for it alone.
fn on_own_threads<T: Send>(compile: impl FnOnce() -> T + Send) -> T {
    match ThreadPoolBuilder::new().thread_name(|_| "compile".into()).build() {
        Ok(pool) => pool.install(compile),
        Err(_) => compile(),
    }
}

/// Why a module is refused, in wasmi's words where it refuses it too: one module, one sentence.
fn refused(bytes: &[u8], error: &Error) -> PrepareError {
    match WasmiMachine::new().prepare(bytes, &[]) {
        Err(refused @ PrepareError::Refused(_)) => refused,
        _ => PrepareError::Refused(format!("{error:#}")),
    }
}

fn too_slow(limit: Duration) -> PrepareError {
    let limit = words::millis(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX));
    PrepareError::Refused(format!("compiling it takes longer than {limit}; wasmi runs it without compiling"))
}
