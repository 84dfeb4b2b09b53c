//! What a host function sees of a guest on wasmi: its memory by copies, its exports, the host.

use wasmi::{AsContextMut, Caller, Extern, Memory, Store};

use super::instance::{State, to_trap};
use super::{from_wasmi, to_wasmi};
use crate::host::Host;
use crate::machine::rules::{self, MAX_REENTRY, MEMORY_NAMES};
use crate::machine::{Guest, OutOfBounds, Trap, Value};

/// The memory that an ABI reads and writes.
pub(super) fn exported_memory(export: impl Fn(&str) -> Option<Extern>) -> Option<Memory> {
    MEMORY_NAMES.into_iter().find_map(|name| export(name).and_then(Extern::into_memory))
}

/// Where a guest is reached from: a host call, or the store between calls.
pub(super) trait Context: AsContextMut<Data = State> {
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
pub(super) struct WasmiGuest<C> {
    pub(super) context: C,
    pub(super) memory: Option<Memory>,
}

impl<C: Context> WasmiGuest<C> {
    fn out_of_bounds(&self, address: u64, length: usize) -> OutOfBounds {
        OutOfBounds { address, length: length as u64, size: self.memory_size() }
    }
}

impl<C: Context> Guest for WasmiGuest<C> {
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
        let state = self.context.state().instance;
        let function = state
            .and_then(|instance| instance.get_func(&self.context, export))
            .ok_or_else(|| rules::no_callback(export))?;
        let inputs: Vec<_> = args.iter().copied().map(to_wasmi).collect();
        let mut outputs: Vec<_> = function
            .ty(&self.context)
            .results()
            .iter()
            .map(|kind| wasmi::Val::default_for_ty(*kind))
            .collect();
        self.enter()?;
        let called = function.call(&mut self.context, &inputs, &mut outputs);
        self.leave();
        match called {
            Ok(()) => Ok(outputs.first().and_then(from_wasmi)),
            Err(error) => Err(to_trap(error, self.context.state())),
        }
    }

    fn host(&mut self) -> &mut Host {
        &mut self.context.state().host
    }
}

impl<C: Context> WasmiGuest<C> {
    /// A call from inside a host call cannot be paused, so it gets all the fuel that is left.
    fn enter(&mut self) -> Result<(), Trap> {
        let mut context = self.context.as_context_mut();
        let state = context.data_mut();
        if state.reentry >= MAX_REENTRY {
            return Err(rules::too_deep());
        }
        state.reentry += 1;
        let reserve = std::mem::take(&mut state.fuel_reserve);
        let fuel = context.get_fuel().unwrap_or(0).saturating_add(reserve);
        let _ = context.set_fuel(fuel);
        Ok(())
    }

    fn leave(&mut self) {
        let mut context = self.context.as_context_mut();
        let left = context.get_fuel().unwrap_or(0);
        let slice = left.min(super::instance::SLICE);
        let state = context.data_mut();
        state.reentry -= 1;
        if state.reentry == 0 {
            state.fuel_reserve = left - slice;
            let _ = context.set_fuel(slice);
        }
    }
}
