//! The machine on wasmi: an interpreter that runs everywhere, meters fuel, and pauses between slices of it.
//!
//! It promises no speed, and no proposals beyond those listed in `config`: threads, exceptions, vectors, garbage
//! collection, 64-bit memories and components are refused when the module is prepared. Vectors alone would make
//! the page's worker a third larger, and no hosted system's toolchain emits them unasked.

mod guest;
mod instance;
mod limits;

use std::cell::RefCell;
use std::rc::Rc;

use wasmi::{
    Caller, CompilationMode, Config, CustomFuelCosts, Engine, Error, ExternType, FuncType, Linker, Module,
    Val, ValType,
};

use self::guest::WasmiGuest;
use self::instance::State;
use super::kept::{Kept, Key};
use super::{Args, HostFunction, Instance, Machine, PrepareError, Prepared, Trap, Value, ValueType, rules};
use crate::host::Host;
use crate::module::inspect::in_words;
use crate::report::MachineIdentity;
use crate::request::Budget;

/// Calls nested deeper than this end in a trap. Deep enough for recursive parsers and interpreters in guests;
/// a frame costs the host some 100 bytes, so the whole stack stays under a few MiB.
const MAX_RECURSION: usize = 50_000;

/// The value stack of a guest, in bytes: what the recursion above needs with 160 bytes a frame.
const MAX_STACK_BYTES: usize = 8 << 20;

/// Translating a function costs no fuel. It happens at the function's first call, so that a module that is
/// kept would use less fuel the second time; and a call that runs out of fuel there cannot be resumed. Its work
/// is bounded by the module's size. The copied bytes' price is wasmi's own.
const FUEL_COSTS: CustomFuelCosts =
    CustomFuelCosts { bytes_copied_per_fuel: 64, fuel_per_bytes_translated: 0, fuel_per_bytes_validated: 0 };

/// The interpreter. Cheap to make; keeps the modules that it prepared last, by digest.
#[derive(Debug, Default)]
pub struct WasmiMachine {
    kept: RefCell<Kept<Rc<Linked>>>,
}

/// A module with the host functions it imports.
#[derive(Debug)]
struct Linked {
    module: Module,
    linker: Linker<State>,
}

impl WasmiMachine {
    /// A machine with nothing prepared.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Machine for WasmiMachine {
    fn identity(&self) -> MachineIdentity {
        MachineIdentity { name: "wasmi".into(), version: "2.0".into() }
    }

    fn prepare(&self, module: &[u8], table: &[HostFunction]) -> Result<Box<dyn Prepared>, PrepareError> {
        let key = Key::new(module, table);
        if let Some(linked) = self.kept.borrow_mut().find(&key) {
            return Ok(Box::new(linked));
        }
        let linked = Rc::new(link(module, table)?);
        self.kept.borrow_mut().keep(key, Rc::clone(&linked));
        Ok(Box::new(linked))
    }
}

impl Prepared for Rc<Linked> {
    fn instantiate(&self, host: Host, budget: &Budget) -> Result<Box<dyn Instance>, (Trap, Box<Host>)> {
        instance::start(&self.module, &self.linker, host, budget)
            .map(|instance| Box::new(instance) as Box<dyn Instance>)
    }
}

/// One engine for each module: an engine keeps the code of its modules for as long as it lives, and a session
/// in a page may load hundreds.
fn link(bytes: &[u8], table: &[HostFunction]) -> Result<Linked, PrepareError> {
    let engine = Engine::new(&config());
    let module = Module::new(&engine, bytes).map_err(|error| PrepareError::Refused(cause(&error)))?;
    let mut linker = Linker::new(&engine);
    for import in module.imports() {
        let ExternType::Func(wanted) = import.ty() else {
            return Err(rules::missing(import.module(), import.name()));
        };
        let function = rules::offered(table, import.module(), import.name())?;
        let offered = signature(&function);
        if *wanted != offered {
            return Err(rules::other_signature(&function));
        }
        // A module may import one name twice: the second definition is the first.
        let _ = linker.func_new(import.module(), import.name(), offered, move |caller, inputs, outputs| {
            call_host(&function, caller, inputs, outputs)
        });
    }
    Ok(Linked { module, linker })
}

/// Why a module is refused, with its place first as everywhere: wasmi gives it at the end of its text only.
fn cause(error: &Error) -> String {
    let text = error.to_string();
    let placed = text.trim_end_matches(')').rsplit_once(" (at offset 0x");
    let offset =
        placed.and_then(|(message, offset)| Some((message, usize::from_str_radix(offset, 16).ok()?)));
    match offset {
        Some((message, offset)) => format!("at byte {offset}: {}", in_words(message)),
        None => text,
    }
}

/// What is on: what today's compilers emit by default, and several memories, whose sizes count together.
fn config() -> Config {
    let mut config = Config::default();
    config
        .consume_fuel(true)
        .fuel_cost(FUEL_COSTS)
        .compilation_mode(CompilationMode::LazyTranslation)
        .set_max_stack_height(MAX_STACK_BYTES)
        .set_max_recursion_depth(MAX_RECURSION)
        .wasm_wide_arithmetic(false)
        .wasm_custom_page_sizes(false);
    config
}

fn signature(function: &HostFunction) -> FuncType {
    let value_type = |kind: &ValueType| match kind {
        ValueType::I32 => ValType::I32,
        ValueType::I64 => ValType::I64,
        ValueType::F32 => ValType::F32,
        ValueType::F64 => ValType::F64,
    };
    FuncType::new(function.params.iter().map(value_type), function.result.iter().map(value_type))
}

fn call_host(
    function: &HostFunction,
    mut caller: Caller<'_, State>,
    inputs: &[Val],
    outputs: &mut [Val],
) -> Result<(), Error> {
    let args: Vec<Value> = inputs.iter().filter_map(from_wasmi).collect();
    let result = if caller.data_mut().host.gate.enter(&function.module, &function.name) {
        let memory = guest::exported_memory(|name| caller.get_export(name));
        let mut guest = WasmiGuest { context: caller, memory };
        (function.call)(&mut guest, Args(&args))
    } else {
        rules::denied(function)
    };
    let result = result.map_err(Error::host)?;
    if let (Some(slot), Some(value)) = (outputs.first_mut(), result) {
        *slot = to_wasmi(value);
    }
    Ok(())
}

fn from_wasmi(value: &Val) -> Option<Value> {
    match value {
        Val::I32(value) => Some(Value::I32(*value)),
        Val::I64(value) => Some(Value::I64(*value)),
        Val::F32(value) => Some(Value::F32(value.to_bits())),
        Val::F64(value) => Some(Value::F64(value.to_bits())),
        _ => None,
    }
}

fn to_wasmi(value: Value) -> Val {
    match value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(bits) => Val::F32(wasmi::F32::from_bits(bits)),
        Value::F64(bits) => Val::F64(wasmi::F64::from_bits(bits)),
    }
}
