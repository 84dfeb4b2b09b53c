//! A live guest on wasmi: called, paused between slices of fuel, resumed.

use wasmi::errors::{ErrorKind, HostError, InstantiationError};
use wasmi::{Error, Linker, Module, ResumableCall, ResumableCallOutOfFuel, Store, TrapCode, Val};

use super::guest::{WasmiGuest, exported_memory};
use super::{from_wasmi, to_wasmi};
use crate::host::Host;
use crate::machine::limits::Limits;
use crate::machine::rules::{self, START_FUEL};
use crate::machine::{Fault, Guest, Instance, Step, Trap, Value};
use crate::request::Budget;

/// Fuel between two pauses: some 10 ms natively and 20 ms in a page, so that a worker hears Stop soon and
/// pausing costs nothing that can be measured.
pub(super) const SLICE: u64 = 2_000_000;

/// What the store holds beside the guest.
#[derive(Debug)]
pub(super) struct State {
    pub(super) host: Host,
    pub(super) limits: Limits,
    pub(super) instance: Option<wasmi::Instance>,
    /// Fuel of the budget that is not in the store yet.
    pub(super) fuel_reserve: u64,
    pub(super) reentry: u32,
    fuel_budget: u64,
}

impl HostError for Trap {}

/// A live guest.
#[derive(Debug)]
pub(super) struct WasmiInstance {
    store: Store<State>,
    instance: wasmi::Instance,
    paused: Option<ResumableCallOutOfFuel>,
    outputs: Vec<Val>,
}

/// Instantiates and runs the start function.
pub(super) fn start(
    module: &Module,
    linker: &Linker<State>,
    host: Host,
    budget: &Budget,
) -> Result<WasmiInstance, (Trap, Box<Host>)> {
    let start_fuel = budget.fuel.min(START_FUEL);
    let state = State {
        host,
        limits: Limits::new(budget),
        instance: None,
        fuel_reserve: budget.fuel - start_fuel,
        reentry: 0,
        fuel_budget: budget.fuel,
    };
    let mut store = Store::new(module.engine(), state);
    store.limiter(|state| &mut state.limits);
    let _ = store.set_fuel(start_fuel);
    match linker.instantiate_and_start(&mut store, module) {
        Ok(instance) => {
            store.data_mut().instance = Some(instance);
            let left = store.get_fuel().unwrap_or(0);
            store.data_mut().fuel_reserve += left;
            let _ = store.set_fuel(0);
            Ok(WasmiInstance { store, instance, paused: None, outputs: Vec::new() })
        }
        Err(error) => {
            let trap = start_trap(error, store.data());
            Err((trap, Box::new(store.into_data().host)))
        }
    }
}

fn start_trap(error: Error, state: &State) -> Trap {
    if error.as_trap_code() == Some(TrapCode::OutOfFuel) {
        return rules::start_out_of_fuel();
    }
    match state.limits.refused() {
        Some(stopped) => Trap::Stopped(stopped),
        None => to_trap(error, state),
    }
}

/// One name for each way a call can end, whatever wasmi calls it.
pub(super) fn to_trap(error: Error, state: &State) -> Trap {
    if let Some(trap) = error.downcast_ref::<Trap>() {
        return trap.clone();
    }
    let fault = match error.as_trap_code() {
        Some(TrapCode::OutOfFuel) => return rules::out_of_fuel(state.fuel_budget),
        Some(TrapCode::UnreachableCodeReached) => Fault::Unreachable,
        Some(TrapCode::MemoryOutOfBounds) => Fault::MemoryOutOfBounds,
        Some(TrapCode::TableOutOfBounds) => Fault::TableOutOfBounds,
        Some(TrapCode::IndirectCallToNull) => Fault::IndirectCallToNull,
        Some(TrapCode::IntegerDivisionByZero) => Fault::DivisionByZero,
        Some(TrapCode::IntegerOverflow) => Fault::IntegerOverflow,
        Some(TrapCode::BadConversionToInteger) => Fault::BadConversion,
        Some(TrapCode::StackOverflow) => Fault::StackExhausted,
        Some(TrapCode::BadSignature) => Fault::BadSignature,
        _ => match error.kind() {
            ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. }) => {
                Fault::TableOutOfBounds
            }
            ErrorKind::Instantiation(error) => return Trap::Host(error.to_string()),
            _ => Fault::Other,
        },
    };
    state.limits.explain(fault)
}

impl WasmiInstance {
    /// Puts the next slice into the store; false when the budget is used up. `needed` is what the next
    /// instruction asks for at once: a large `memory.fill` costs more than a slice.
    fn refuel(&mut self, needed: u64) -> bool {
        let inside = self.store.get_fuel().unwrap_or(0);
        let state = self.store.data_mut();
        let slice = SLICE.max(needed).saturating_sub(inside).min(state.fuel_reserve);
        state.fuel_reserve -= slice;
        let fuel = inside.saturating_add(slice);
        fuel >= needed.max(1) && self.store.set_fuel(fuel).is_ok()
    }

    fn step(&mut self, called: Result<ResumableCall, Error>) -> Step {
        match called {
            Ok(ResumableCall::Finished) => Step::Returned(self.outputs.first().and_then(from_wasmi)),
            Ok(ResumableCall::OutOfFuel(call)) => {
                self.paused = Some(call);
                Step::Paused
            }
            Ok(ResumableCall::HostTrap(call)) => {
                Step::Trapped(to_trap(call.into_host_error(), self.store.data()))
            }
            Err(error) => Step::Trapped(to_trap(error, self.store.data())),
        }
    }
}

impl Instance for WasmiInstance {
    fn call(&mut self, export: &str, args: &[Value]) -> Step {
        let Some(function) = self.instance.get_func(&self.store, export) else {
            return Step::Trapped(rules::not_exported(export));
        };
        let signature = function.ty(&self.store);
        let inputs: Vec<Val> = args.iter().copied().map(to_wasmi).collect();
        self.outputs = signature.results().iter().map(|kind| Val::default_for_ty(*kind)).collect();
        if signature.params().len() != inputs.len() {
            let (has, given) = (signature.params().len(), inputs.len());
            return Step::Trapped(rules::other_parameters(export, has, given));
        }
        if !self.refuel(1) {
            return Step::Trapped(rules::out_of_fuel(self.store.data().fuel_budget));
        }
        let mut outputs = std::mem::take(&mut self.outputs);
        let called = function.call_resumable(&mut self.store, &inputs, &mut outputs);
        self.outputs = outputs;
        self.step(called)
    }

    fn resume(&mut self) -> Step {
        let Some(call) = self.paused.take() else {
            return Step::Trapped(rules::not_paused());
        };
        if !self.refuel(call.required_fuel()) {
            return Step::Trapped(rules::out_of_fuel(self.store.data().fuel_budget));
        }
        let mut outputs = std::mem::take(&mut self.outputs);
        let called = call.resume(&mut self.store, &mut outputs);
        self.outputs = outputs;
        self.step(called)
    }

    fn exports(&self, function: &str) -> bool {
        self.instance.get_func(&self.store, function).is_some()
    }

    fn guest(&mut self) -> Box<dyn Guest + '_> {
        let memory = exported_memory(|name| self.instance.get_export(&self.store, name));
        Box::new(WasmiGuest { context: &mut self.store, memory })
    }

    fn fuel_used(&self) -> u64 {
        let inside = self.store.get_fuel().unwrap_or(0);
        let state = self.store.data();
        state.fuel_budget.saturating_sub(state.fuel_reserve).saturating_sub(inside)
    }

    fn memory_peak(&self) -> u64 {
        self.store.data().limits.memory.peak()
    }

    fn into_host(self: Box<Self>) -> Host {
        drop(self.paused);
        self.store.into_data().host
    }
}
