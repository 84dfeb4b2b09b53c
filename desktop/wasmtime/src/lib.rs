//! The machine on wasmtime: compiled code for the desktop, behind the engine's `Machine` seam.
//!
//! Accepts what wasmi accepts, counts memory as it does, and ends guests in the same words; only fuel is counted
//! in wasmtime's own units. Knows no ABI, and reads or writes no file but its cache.

mod cache;
mod compile;
mod guest;
mod instance;
mod limits;
mod thread;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use engine::host::Host;
use engine::machine::kept::{Kept, Key};
use engine::machine::{
    Args, HostFunction, Instance, Machine, PrepareError, Prepared, Trap, Value, ValueType, rules,
};
use engine::report::MachineIdentity;
use engine::request::Budget;
use wasmtime::{
    Caller, Config, Engine, Error, ExternType, FuncType, InstancePre, Linker, Module, Val, ValType,
    WasmFeatures,
};

use crate::guest::{WasmtimeGuest, exported_memory};
use crate::instance::State;
use crate::thread::MAX_STACK_BYTES;

/// How long a module may be compiled: the largest real guests, Go with a scripting language, take a few seconds.
const COMPILE_LIMIT: Duration = Duration::from_secs(30);

/// The compiling machine. Makes native code of a module when it is prepared, and keeps the last ones by digest;
/// with a cache directory, code outlives the process. May be shared by threads.
pub struct WasmtimeMachine {
    engine: Engine,
    metering: Metering,
    compile_limit: Duration,
    kept: Mutex<Kept<Linked>>,
}

/// Whether fuel is counted. It is compiled into the guest's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metering {
    /// The budget's fuel is a limit, and reports name what was used.
    On,
    /// No fuel is counted: reports say 0, and only time limits a guest. Faster.
    Off,
}

/// wasmtime cannot run on this system.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("wasmtime cannot run here: {0}; wasmi runs everywhere")]
pub struct Unavailable(String);

/// A module with the host functions it imports, ready to be instantiated.
#[derive(Clone)]
struct Linked {
    pre: InstancePre<State>,
    metering: Metering,
}

impl WasmtimeMachine {
    /// A machine with nothing prepared. `cache` is a directory for compiled code, made when it is missing; where
    /// it cannot be, nothing is kept beyond the process. What stands there is run as native code: it must not be
    /// writable by others. Default: none.
    ///
    /// # Errors
    /// [`Unavailable`] on systems that wasmtime has no compiler for.
    pub fn new(metering: Metering, cache: Option<&Path>) -> Result<Self, Unavailable> {
        let mut config = config(metering);
        config.cache(cache.and_then(cache::open));
        let engine = Engine::new(&config).map_err(|error| Unavailable(format!("{error:#}")))?;
        Ok(Self { engine, metering, compile_limit: COMPILE_LIMIT, kept: Mutex::default() })
    }

    /// How long a module may be compiled before it is refused. Default: 30 s.
    #[must_use]
    pub fn with_compile_limit(mut self, limit: Duration) -> Self {
        self.compile_limit = limit;
        self
    }

    fn kept(&self) -> MutexGuard<'_, Kept<Linked>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Machine for WasmtimeMachine {
    fn identity(&self) -> MachineIdentity {
        MachineIdentity { name: "wasmtime".into(), version: "48.0".into() }
    }

    fn counts_fuel(&self) -> bool {
        self.metering == Metering::On
    }

    fn prepare(&self, module: &[u8], table: &[HostFunction]) -> Result<Box<dyn Prepared>, PrepareError> {
        let key = Key::new(module, table);
        if let Some(linked) = self.kept().find(&key) {
            return Ok(Box::new(linked));
        }
        let module = compile::compile(&self.engine, module, self.compile_limit)?;
        let pre = link(&module, table)?;
        let linked = Linked { pre, metering: self.metering };
        self.kept().keep(key, linked.clone());
        Ok(Box::new(linked))
    }
}

impl Prepared for Linked {
    fn instantiate(&self, host: Host, budget: &Budget) -> Result<Box<dyn Instance>, (Trap, Box<Host>)> {
        instance::start(&self.pre, self.metering, host, budget)
            .map(|instance| Box::new(instance) as Box<dyn Instance>)
    }
}

fn link(module: &Module, table: &[HostFunction]) -> Result<InstancePre<State>, PrepareError> {
    let engine = module.engine();
    let mut linker = Linker::new(engine);
    for import in module.imports() {
        let ExternType::Func(wanted) = import.ty() else {
            return Err(rules::missing(import.module(), import.name()));
        };
        let function = rules::offered(table, import.module(), import.name())?;
        let offered = signature(engine, &function);
        if !wanted.matches(&offered) {
            return Err(rules::other_signature(&function));
        }
        // A module may import one name twice: the second definition is the first.
        let _ = linker.func_new(import.module(), import.name(), offered, move |caller, inputs, outputs| {
            call_host(&function, caller, inputs, outputs)
        });
    }
    linker.instantiate_pre(module).map_err(|error| PrepareError::Refused(format!("{error:#}")))
}

/// What wasmi refuses.
const OFF: WasmFeatures = WasmFeatures::SIMD
    .union(WasmFeatures::RELAXED_SIMD)
    .union(WasmFeatures::MEMORY64)
    .union(WasmFeatures::THREADS)
    .union(WasmFeatures::EXCEPTIONS)
    .union(WasmFeatures::FUNCTION_REFERENCES)
    .union(WasmFeatures::GC)
    .union(WasmFeatures::WIDE_ARITHMETIC)
    .union(WasmFeatures::CUSTOM_PAGE_SIZES);

/// What is on: what wasmi has on, and nothing else. NaNs have one shape, so that a run is repeatable on every
/// processor. Nobody reads a backtrace: outcomes are told by their kind.
fn config(metering: Metering) -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(metering == Metering::On)
        .epoch_interruption(true)
        .max_wasm_stack(MAX_STACK_BYTES)
        .async_stack_size(MAX_STACK_BYTES)
        .cranelift_nan_canonicalization(true)
        .wasm_backtrace_max_frames(None)
        .wasm_features(OFF, false);
    config
}

fn signature(engine: &Engine, function: &HostFunction) -> FuncType {
    let value_type = |kind: &ValueType| match kind {
        ValueType::I32 => ValType::I32,
        ValueType::I64 => ValType::I64,
        ValueType::F32 => ValType::F32,
        ValueType::F64 => ValType::F64,
    };
    FuncType::new(engine, function.params.iter().map(value_type), function.result.iter().map(value_type))
}

/// The most parameters that a host function may have, so that a call of it allocates nothing: WASI has nine.
const MOST_PARAMETERS: usize = 16;

fn call_host(
    function: &HostFunction,
    mut caller: Caller<'_, State>,
    inputs: &[Val],
    outputs: &mut [Val],
) -> Result<(), Error> {
    let mut values = [Value::I32(0); MOST_PARAMETERS];
    for (slot, value) in values.iter_mut().zip(inputs.iter().filter_map(from_wasmtime)) {
        *slot = value;
    }
    let args = Args(values.get(..inputs.len()).unwrap_or(&values));
    let result = if caller.data_mut().host.gate.enter(&function.module, &function.name) {
        // A start function runs before the instance is there to be asked.
        let memory = caller.data().memory.or_else(|| exported_memory(|name| caller.get_export(name)));
        let mut guest = WasmtimeGuest { context: caller, memory };
        (function.call)(&mut guest, args)
    } else {
        rules::denied(function)
    };
    let result = result.map_err(Error::new)?;
    if let (Some(slot), Some(value)) = (outputs.first_mut(), result) {
        *slot = to_wasmtime(value);
    }
    Ok(())
}

fn from_wasmtime(value: &Val) -> Option<Value> {
    match value {
        Val::I32(value) => Some(Value::I32(*value)),
        Val::I64(value) => Some(Value::I64(*value)),
        Val::F32(bits) => Some(Value::F32(*bits)),
        Val::F64(bits) => Some(Value::F64(*bits)),
        _ => None,
    }
}

fn to_wasmtime(value: Value) -> Val {
    match value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(bits) => Val::F32(bits),
        Value::F64(bits) => Val::F64(bits),
    }
}
