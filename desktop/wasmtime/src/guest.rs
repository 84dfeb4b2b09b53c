//! What a host function sees of a guest on wasmtime: its memory by copies, its exports, the host.

use engine::host::Host;
use engine::machine::rules::{self, MAX_REENTRY, MEMORY_NAMES};
use engine::machine::{Guest, OutOfBounds, Trap, Value};
use wasmtime::{AsContextMut, Caller, Extern, Memory, Store, Val};

use crate::instance::{State, to_trap};
use crate::{from_wasmtime, to_wasmtime};

/// The memory that an ABI reads and writes.
pub(crate) fn exported_memory(mut export: impl FnMut(&str) -> Option<Extern>) -> Option<Memory> {
    MEMORY_NAMES.into_iter().find_map(|name| export(name).and_then(Extern::into_memory))
}

/// Where a guest is reached from: a host call, or the store between calls.
pub(crate) trait Context: AsContextMut<Data = State> {
    /// What the store holds beside the guest.
    fn state(&mut self) -> &mut State;
}

impl Context for Caller<'_, State> {
    fn state(&mut self) -> &mut State {
        self.data_mut()
    }
}

impl Context for &mut Store<State> {
    fn state(&mut self) -> &mut State {
        self.data_mut()
    }
}

/// A guest during a host call, or between calls.
pub(crate) struct WasmtimeGuest<C> {
    pub(crate) context: C,
    pub(crate) memory: Option<Memory>,
}

impl<C: Context> WasmtimeGuest<C> {
    fn out_of_bounds(&self, address: u64, length: usize) -> OutOfBounds {
        OutOfBounds { address, length: length as u64, size: self.memory_size() }
    }
}

impl<C: Context> Guest for WasmtimeGuest<C> {
    fn memory_size(&self) -> u64 {
        self.memory.map_or(0, |memory| memory.data_size(&self.context) as u64)
    }

    fn read(&self, address: u64, into: &mut [u8]) -> Result<(), OutOfBounds> {
        if into.is_empty() && address <= self.memory_size() {
            return Ok(());
        }
        let (memory, start) = self
            .memory
            .zip(usize::try_from(address).ok())
            .ok_or_else(|| self.out_of_bounds(address, into.len()))?;
        memory.read(&self.context, start, into).map_err(|_| self.out_of_bounds(address, into.len()))
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        if bytes.is_empty() && address <= self.memory_size() {
            return Ok(());
        }
        let (memory, start) = self
            .memory
            .zip(usize::try_from(address).ok())
            .ok_or_else(|| self.out_of_bounds(address, bytes.len()))?;
        memory.write(&mut self.context, start, bytes).map_err(|_| self.out_of_bounds(address, bytes.len()))
    }

    fn call(&mut self, export: &str, args: &[Value]) -> Result<Option<Value>, Trap> {
        let instance = self.context.state().instance;
        let function = instance
            .and_then(|instance| instance.get_func(&mut self.context, export))
            .ok_or_else(|| rules::no_callback(export))?;
        let inputs: Vec<Val> = args.iter().copied().map(to_wasmtime).collect();
        let mut outputs = vec![Val::I32(0); function.ty(&self.context).results().len()];
        let state = self.context.state();
        if state.reentry >= MAX_REENTRY {
            return Err(rules::too_deep());
        }
        state.reentry += 1;
        let called = function.call(&mut self.context, &inputs, &mut outputs);
        let state = self.context.state();
        state.reentry -= 1;
        match called {
            Ok(()) => Ok(outputs.first().and_then(from_wasmtime)),
            Err(error) => Err(to_trap(&error, state)),
        }
    }

    fn host(&mut self) -> &mut Host {
        &mut self.context.state().host
    }
}
