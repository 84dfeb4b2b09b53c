//! The seam between the engine and whatever executes WebAssembly: prepare a module, link a table of host
//! functions, call an export, lend memory, meter, stop.
//!
//! Implementations: [`wasmi::WasmiMachine`] (an interpreter, everywhere), and on the desktop a machine on wasmtime
//! in a crate of its own, which the engine does not know. The seam has room for the browser's own engine:
//! `ARCHITECTURE.md` says how. A machine knows nothing of any ABI; an ABI names no machine.

pub mod kept;
pub mod limits;
pub mod memory;
pub mod rules;
pub mod wasmi;

use std::borrow::Cow;

use crate::host::Host;
use crate::report::{Limit, MachineIdentity};
use crate::request::Budget;

/// A WebAssembly value that crosses the seam. Floats travel as their bits, so that a NaN keeps its payload on
/// every machine. References and vectors do not cross: no hosted ABI uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A 32-bit integer, signless as in WebAssembly.
    I32(i32),
    /// A 64-bit integer, signless as in WebAssembly.
    I64(i64),
    /// The bits of a 32-bit float.
    F32(u32),
    /// The bits of a 64-bit float.
    F64(u64),
}

impl Value {
    /// The type of this value.
    #[must_use]
    pub fn kind(self) -> ValueType {
        match self {
            Self::I32(_) => ValueType::I32,
            Self::I64(_) => ValueType::I64,
            Self::F32(_) => ValueType::F32,
            Self::F64(_) => ValueType::F64,
        }
    }
}

/// The type of a [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f32`
    F32,
    /// `f64`
    F64,
}

/// A function that the host offers to guests: data and a plain function, so that an ABI is written once and
/// linked by every machine.
#[derive(Clone, Debug)]
pub struct HostFunction {
    /// The import's module name, such as `wasi_snapshot_preview1`.
    pub module: Name,
    /// The import's field name, such as `fd_write`.
    pub name: Name,
    /// The parameters' types; a machine refuses a guest that imports the name with another signature.
    pub params: &'static [ValueType],
    /// The result's type, if there is one. No hosted ABI has a function with several.
    pub result: Option<ValueType>,
    /// What to do. Runs on the guest's stack: it must not recurse without bound.
    pub call: fn(&mut dyn Guest, Args<'_>) -> Result<Option<Value>, Trap>,
}

/// A part of an import's name: fixed where an ABI fixes it, owned where a person declares the function for a run.
pub type Name = Cow<'static, str>;

/// The arguments of one host call. The machine has checked number and types against the signature, so a
/// missing or differently typed argument is a defect of the host function's table entry and reads as zero.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a>(pub &'a [Value]);

impl Args<'_> {
    /// Argument `index` as an unsigned 32-bit number: how every guest pointer and length arrives.
    #[must_use]
    pub fn u32(self, index: usize) -> u32 {
        match self.0.get(index) {
            Some(Value::I32(value)) => value.cast_unsigned(),
            _ => 0,
        }
    }

    /// Argument `index` as an unsigned 64-bit number.
    #[must_use]
    pub fn u64(self, index: usize) -> u64 {
        match self.0.get(index) {
            Some(Value::I64(value)) => value.cast_unsigned(),
            _ => 0,
        }
    }
}

/// What a host function may do with the guest that called it.
///
/// Memory is copied, never lent: a machine on the browser's own engine has no slice to lend. Checked reads and
/// writes with lengths from the guest are in [`memory`]; nothing else adds a guest pointer to a length.
pub trait Guest {
    /// The size of the guest's memory in bytes, or 0 when it exports none under the name `memory`.
    fn memory_size(&self) -> u64;

    /// Fills `into` from guest address `address`.
    ///
    /// # Errors
    /// [`OutOfBounds`] when the range does not lie inside the memory; `into` is then unspecified.
    fn read(&self, address: u64, into: &mut [u8]) -> Result<(), OutOfBounds>;

    /// Writes `bytes` at guest address `address`.
    ///
    /// # Errors
    /// [`OutOfBounds`] when the range does not lie inside the memory; nothing is written then.
    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds>;

    /// Calls an export of the guest from inside a host call (an allocator, a callback). Not resumable: it runs
    /// to its end within the run's fuel.
    ///
    /// # Errors
    /// Any [`Trap`], and [`Trap::Host`] when there is no such function.
    fn call(&mut self, export: &str, args: &[Value]) -> Result<Option<Value>, Trap>;

    /// The host's state: the gate, WASI, and what an ABI keeps between calls.
    fn host(&mut self) -> &mut Host;
}

/// A guest's range that does not lie inside its memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("address {address} and length {length} lie outside the guest's memory of {size} bytes")]
pub struct OutOfBounds {
    /// Where the range begins.
    pub address: u64,
    /// How long it is, in bytes.
    pub length: u64,
    /// The size of the memory at that moment, in bytes.
    pub size: u64,
}

/// How a call into a guest ended when it did not return. Typed here, so that nothing above compares texts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trap {
    /// The guest ended itself through `proc_exit`. Exit code 0 is a success.
    #[error("exit code {0}")]
    Exit(i32),
    /// A limit of the budget ended it.
    #[error("{0}")]
    Stopped(Stopped),
    /// The guest broke a rule of WebAssembly, or executed `unreachable` (an abort or a panic).
    #[error("{0}")]
    Fault(Fault),
    /// A host function found the guest's request impossible.
    #[error("{0}")]
    Host(String),
}

/// A limit that ended a run, and by how much: enough to print a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Stopped {
    /// Which limit.
    pub limit: Limit,
    /// What the guest did and what the limit is, as in `used 5,000,000,000 of 5,000,000,000 fuel`.
    pub detail: String,
}

/// The rules of WebAssembly that a guest can break at run time. One name on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// `unreachable` was executed.
    #[error("unreachable executed (an abort or a panic in the guest)")]
    Unreachable,
    /// A load or store outside the memory.
    #[error("memory access out of bounds")]
    MemoryOutOfBounds,
    /// A table access outside the table.
    #[error("table access out of bounds")]
    TableOutOfBounds,
    /// An indirect call through an empty table entry.
    #[error("indirect call to a null function")]
    IndirectCallToNull,
    /// An indirect call with another signature.
    #[error("indirect call with the wrong signature")]
    BadSignature,
    /// Integer division by zero.
    #[error("integer division by zero")]
    DivisionByZero,
    /// Integer overflow in a division.
    #[error("integer overflow")]
    IntegerOverflow,
    /// A float that does not fit the integer it is converted to.
    #[error("invalid conversion from float to integer")]
    BadConversion,
    /// Calls nested too deeply.
    #[error("call stack exhausted (recursion without end?)")]
    StackExhausted,
    /// A rule that this list does not name.
    #[error("the machine reported a trap without a name")]
    Other,
}

/// Why a module could not be prepared for running. A run that meets this never began.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    /// The machine does not accept the module: malformed, or it needs a proposal that is switched off.
    #[error("{0}")]
    Refused(String),
    /// The module imports a name that the table offers with another signature.
    #[error("import `{module}.{name}` has another signature than the host's")]
    Signature {
        /// The import's module name.
        module: String,
        /// The import's field name.
        name: String,
    },
    /// The module imports something that the table does not offer.
    #[error("nothing provides the import `{module}.{name}`")]
    Missing {
        /// The import's module name.
        module: String,
        /// The import's field name.
        name: String,
    },
}

/// What executes WebAssembly.
pub trait Machine {
    /// The machine's name and version, as reports print them.
    fn identity(&self) -> MachineIdentity;

    /// Whether it counts fuel. Where it does not, the budget's fuel is no limit, and time is. Default: it does.
    fn counts_fuel(&self) -> bool {
        true
    }

    /// Validates and translates a binary module and links it to the host functions it imports. Functions of
    /// the table that the module does not import cost nothing. A machine may keep the result and give it again
    /// for the same bytes.
    ///
    /// # Errors
    /// [`PrepareError`] when the bytes are no module that this machine runs, or an import is not in the table.
    fn prepare(&self, module: &[u8], table: &[HostFunction]) -> Result<Box<dyn Prepared>, PrepareError>;
}

/// A module that is ready to be instantiated any number of times.
pub trait Prepared {
    /// A new instance with its own memory, holding `host`. Nothing is shared between instances.
    ///
    /// # Errors
    /// The [`Trap`] that the module's start function or its segments ended with, or [`Trap::Stopped`] when it
    /// asks for more memory or table entries at its start than the budget grants; the host comes back with it,
    /// so that what was printed until then is kept.
    fn instantiate(&self, host: Host, budget: &Budget) -> Result<Box<dyn Instance>, (Trap, Box<Host>)>;
}

/// What a step of a call came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The function returned.
    Returned(Option<Value>),
    /// A slice of fuel was used up; [`Instance::resume`] goes on. A machine that cannot pause never says this.
    Paused,
    /// The function did not return. The instance must not be called again, but after an exit with code 0 of what
    /// only set it up.
    Trapped(Trap),
}

/// A live guest.
pub trait Instance {
    /// Begins a call of an exported function.
    fn call(&mut self, export: &str, args: &[Value]) -> Step;

    /// Goes on after [`Step::Paused`]. Without a paused call: a trap that says so.
    fn resume(&mut self) -> Step;

    /// Whether a function of this name is exported.
    fn exports(&self, function: &str) -> bool;

    /// The guest's memory and host, between calls.
    fn guest(&mut self) -> Box<dyn Guest + '_>;

    /// Fuel used so far, in the machine's own units: never compare two machines' figures. 0 where it is not counted.
    fn fuel_used(&self) -> u64;

    /// The most memory that all memories held together, in bytes.
    fn memory_peak(&self) -> u64;

    /// Ends the instance and gives the host back, with all that the guest printed.
    fn into_host(self: Box<Self>) -> Host;
}
